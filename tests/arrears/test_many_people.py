"""A claim of hundreds opens like a claim of one: its referral, its mediation and the API show the first of them, and the
others a page at a time."""

from decimal import Decimal
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from rest_framework.test import APIClient

from arrears import casework, referrals
from arrears.groups.representing import authorise, choose
from arrears.intake import ClaimantFacts, LineFacts
from arrears.models import Claim, Referral
from grid.models import Person
from tests.arrears.pages import PagesTestCase
from tests.arrears.test_splitting import crew
from tests.base import NOW, TODAY


def two_lines_each(count: int) -> list[ClaimantFacts]:
    return [ClaimantFacts(f"工友{n}", f"138{n:08d}", lines=[LineFacts(Decimal(100)), LineFacts(Decimal(n + 1))]) for n in range(count)]


class ReferralOfMany(PagesTestCase):
    def referred(self, count: int) -> Referral:
        claim = self.make_claim(claimants=two_lines_each(count))
        casework.advance(claim, "accept", None, now=NOW)
        return referrals.refer(claim, self.county, now=NOW, kind="support", body=self.procuratorate, summary="x")

    def test_the_body_sees_all_of_them_a_hundred_at_a_time(self) -> None:
        referral = self.referred(230)
        self.sign_in(self.partner)
        address = reverse("referral_detail", args=[referral.pk])
        seen = []
        for number, last in (("1", "工友99"), ("2", "工友199"), ("3", "工友229")):
            page = self.client.get(address, {"people": number})
            self.assertContains(page, f"{number} / 3")
            people = page.context["page"].claimants
            seen += [worker["name"] for worker in people]
            self.assertEqual(people[-1]["name"], last)
            self.assertEqual(len(page.context["page"].shared.lines), 2 * len(people))
        self.assertEqual(seen, [f"工友{n}" for n in range(230)])
        self.assertEqual(self.client.get(address, {"people": "9"}).context["page"].number, 3)
        self.assertEqual(self.client.get(address, {"people": "x"}).context["page"].number, 1)

    def test_every_page_is_frozen_when_it_is_sent(self) -> None:
        referral = self.referred(120)
        referral.claim.claimants.update(name="改过的")
        self.sign_in(self.partner)
        page = self.client.get(reverse("referral_detail", args=[referral.pk]), {"people": "2"})
        self.assertContains(page, "工友119")
        self.assertNotContains(page, "改过的")

    def test_it_asks_the_database_as_often_for_many_as_for_one(self) -> None:
        few, many = self.referred(1), self.referred(230)
        self.assertEqual(*(self.queries(reverse("referral_detail", args=[one.pk])) for one in (few, many)))
        self.assertNotContains(self.client.get(reverse("referral_detail", args=[few.pk])), "1 / 1")

    def test_one_that_was_sent_before_shows_all_it_holds(self) -> None:
        referral = self.referred(3)
        shared = {name: value for name, value in referral.shared.items() if name != "claimant_count"}
        Referral.objects.update(shared=shared)
        page = self.client.get(reverse("referral_detail", args=[referral.pk]))
        for name in ("工友0", "工友2"):
            self.assertContains(page, name)

    def test_the_api_gives_them_by_page_and_whole_phones_to_whoever_works_on_it(self) -> None:
        referral = self.referred(230)
        told = self.api(self.partner, f"referrals/{referral.pk}/")
        self.assertEqual((len(told["shared"]["claimants"]), told["shared"]["claimant_count"]), (100, 230))
        self.assertEqual(told["shared"]["claimants"][1]["phone"], "13800000001")
        people = self.api(self.partner, f"referrals/{referral.pk}/people/?page=3")
        self.assertEqual((people["page"], people["pages"], len(people["claimants"]), len(people["lines"])), (3, 3, 30, 60))
        self.assertEqual(people["claimants"][0]["phone"], "13800000200")
        self.assertEqual(self.api(self.auditor, f"referrals/{referral.pk}/")["shared"]["claimants"][1]["phone"], "138****0001")
        self.assertEqual(self.api(self.auditor, f"referrals/{referral.pk}/people/?page=3")["claimants"][0]["phone"], "138****0200")
        self.assertEqual(self.answer(self.chief_a2, f"referrals/{referral.pk}/people/").status_code, 404)

    def answer(self, person: Person, address: str) -> Any:
        client = APIClient()
        client.force_authenticate(person)
        return client.get(f"/api/v1/{address}")

    def api(self, person: Person, address: str) -> Any:
        answer = self.answer(person, address)
        self.assertEqual(answer.status_code, 200, answer.content)
        return answer.json()


class ClaimOfMany(ReferralOfMany):
    def test_the_api_gives_the_first_of_them_with_the_claim_and_all_by_page(self) -> None:
        few, many = self.make_claim(), self.make_claim(claimants=two_lines_each(230))
        told = self.api(self.chief, f"claims/{many.pk}/")
        self.assertEqual((len(told["claimants"]), told["claimant_count"], len(told["lines"])), (50, 230, 50))
        names, address = [], f"claims/{many.pk}/workers/?size=100"
        while address:
            page = self.api(self.chief, address)
            names += [worker["name"] for worker in page["results"]]
            self.assertEqual({len(worker["lines"]) for worker in page["results"]}, {2})
            address = (page["next"] or "").partition("/api/v1/")[2]
        self.assertEqual(names, [f"工友{n}" for n in range(230)])
        self.assertEqual(self.answer(self.chief_a2, f"claims/{many.pk}/workers/").status_code, 404)
        self.assertEqual(*(self.api_queries(f"claims/{one.pk}/") for one in (few, many)))
        self.assertEqual(*(self.api_queries(f"claims/{one.pk}/workers/") for one in (few, many)))

    def api_queries(self, address: str) -> int:
        with CaptureQueriesContext(connection) as found:
            self.api(self.chief, address)
        return len(found)


class GroupOfMany(PagesTestCase):
    def test_representatives_are_counted_without_reading_their_people(self) -> None:
        few, many = (self.represented(number) for number in (12, 120))
        self.assertEqual(self.asked(few), self.asked(many))

    def represented(self, count: int) -> Claim:
        claim = self.make_claim(claimants=crew(count))
        workers = list(claim.claimants.all())
        (one,) = choose(claim, self.chief, [workers[0].pk], TODAY, now=NOW, reason="推不出三名")
        authorise(claim, self.chief, one.pk, [worker.pk for worker in workers[1:7]], "general", TODAY, now=NOW)
        return claim

    def asked(self, claim: Claim) -> tuple[int, int]:
        """How many queries the page takes, and how many workers it reads."""
        with CaptureQueriesContext(connection) as found:
            page = self.client.get(reverse("claim_detail", args=[claim.pk]))
        self.assertContains(page, "一般授权 6 人")
        self.assertContains(page, f"还没有授权 {claim.worker_count - 7} 人")
        of_claim = f"\"claim_id\" = '{claim.pk.hex}'"
        whole = [one["sql"] for one in found if '"id_sealed"' in one["sql"] and of_claim in one["sql"] and "LIMIT" not in one["sql"]]
        return len(found), len(whole)


class FewQuestionsTest(PagesTestCase):
    """What a page asks is worth asking: raise these numbers only for something every reader of the page sees."""

    def test_the_page_of_a_plain_claim(self) -> None:
        address = reverse("claim_detail", args=[self.make_claim().pk])
        self.client.get(address)
        self.assertLessEqual(self.queries(address), 37)

    def test_the_list(self) -> None:
        self.make_claim()
        self.client.get(reverse("claim_list"))
        self.assertLessEqual(self.queries(reverse("claim_list")), 13)
