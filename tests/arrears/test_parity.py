"""For every role the list, its count, the export and the API hold the same claims; the rest is absent everywhere."""

import csv
import io
from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlencode

from django.core.files.base import ContentFile
from django.urls import reverse

from arrears import casework
from arrears.intake import ClaimantFacts, LineFacts
from arrears.models import Claim, Evidence
from grid.models import Person
from tests.arrears.pages import PagesTestCase
from tests.base import NOW, TODAY

# What each of the cast sees, written by hand: numbers of the claims made below.
SEES = {
    "grid_worker": {1, 2, 3}, "chief": {1, 2, 3}, "chief_a2": {4}, "county": {1, 2, 3, 4}, "county_b": {5},
    "city": {1, 2, 3, 4, 5}, "mediator": {1, 2, 3, 4}, "partner": set(), "auditor": {1, 2, 3, 4, 5},
    "administrator": set(), "outsider": set(),
}  # fmt: skip
ASKED = (
    {}, {"state": "open"}, {"state": "ended"}, {"due": "overdue", "sort": "due"}, {"due": "past_target"}, {"handler": "me"}, {"handler": "nobody"},
    {"q": "宏远"}, {"collective": "yes"}, {"channel": "phone"}, {"level": "county"}, {"amount_from": "9000", "sort": "amount"},
    {"stage": ["registered", "withdrawn"]}, {"received_to": (TODAY - timedelta(days=5)).isoformat()},
)  # fmt: skip


class ParityTest(PagesTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        dear = [ClaimantFacts("钱多", lines=[LineFacts(Decimal(90000))])]
        cls.claims = {
            1: cls.make_claim(person=cls.grid_worker, received_on=TODAY - timedelta(days=20)),
            2: cls.make_claim(worker_count=12, claimants=dear),
            3: cls.make_claim(channel="phone"),
            4: cls.make_claim(region="321322102", channel="phone", received_on=TODAY - timedelta(days=20)),
            5: cls.make_claim(region="321323101", worker_count=30, claimants=dear),
        }
        casework.advance(cls.claims[2], "escalate", cls.chief, now=NOW, reason="集体案件")
        casework.advance(cls.claims[3], "withdraw", cls.chief, now=NOW, reason="已私下解决", confirmed=True)
        for claim in cls.claims.values():
            Evidence.objects.create(
                claim=claim, kind="iou", title="欠条", original_name="a.jpg", file=ContentFile(b"", name="a"), extension="jpg",
                mime="image/jpeg", size=0, sha256="0", added_at=NOW,
            )  # fmt: skip
        cls.names = {claim.number: name for name, claim in cls.claims.items()}

    def listed(self, query: str) -> tuple[list[int], int]:
        response = self.client.get(f"{reverse('claim_list')}?{query}")
        if response.status_code == 404:  # bodies have their inbox and nothing else
            return [], 0
        return [self.names[number] for number in self.numbers(response)], response.context["count"].number

    def exported(self, query: str) -> list[int]:
        content = b"".join(self.client.get(f"{reverse('claim_export')}?{query}").streaming_content)
        return [self.names[row["案号"]] for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig")))]

    def served(self, query: str) -> list[int]:
        return [self.names[row["number"]] for row in self.client.get(f"/api/v1/claims/?{query}").json()["results"]]

    def test_each_role_sees_what_its_posts_cover(self) -> None:
        for name, person in self.everybody().items():
            with self.subTest(who=name):
                self.sign_in(person)
                self.assertEqual(set(self.listed("")[0]), SEES[name])

    def test_list_count_export_and_api_agree_for_every_role_and_question(self) -> None:
        for name, person in self.everybody().items():
            self.sign_in(person)
            if name == "partner":
                for address in (reverse("claim_list"), reverse("claim_export"), "/api/v1/claims/"):
                    self.assertEqual(self.client.get(address).status_code, 404)
                continue
            for asked in ASKED if name in ("grid_worker", "city") else ASKED[:2]:
                query = urlencode(asked, doseq=True)
                with self.subTest(who=name, asked=query):
                    rows, number = self.listed(query)
                    self.assertEqual((number, self.exported(query), self.served(query)), (len(rows), rows, rows))

    def test_a_region_out_of_reach_finds_nothing_on_any_way(self) -> None:
        for name, person in self.everybody().items():
            self.sign_in(person)
            with self.subTest(who=name):
                rows, number = self.listed("region=321323101")
                self.assertEqual(set(rows), SEES[name] & {5})
                self.assertEqual(number, len(rows))

    def addresses(self, claim: Claim) -> list[tuple[str, str]]:
        """Every way to one claim that only looks: page, form, files, clocks, and the API's."""
        clock, evidence = claim.clocks.first(), claim.evidence.first()
        return [
            reverse("claim_detail", args=[claim.pk]), reverse("claim_move", args=[claim.pk, "note"]),
            reverse("evidence_add", args=[claim.pk]), reverse("evidence_file", args=[evidence.pk]),
            reverse("clock_why", args=[clock.pk]), reverse("id_number_reveal", args=[claim.claimants.first().pk]),
            reverse("claim_refer", args=[claim.pk]), reverse("claim_mediate", args=[claim.pk]),
            f"/api/v1/claims/{claim.pk}/", f"/api/v1/clocks/{clock.pk}/",
        ]  # fmt: skip

    def test_what_is_not_listed_is_absent_on_every_way_and_what_is_listed_is_not(self) -> None:
        for name, person in self.everybody().items():
            self.sign_in(person)
            for number in (1, 4, 5):
                claim = self.claims[number]
                found = {address: self.client.get(address).status_code != 404 for address in self.addresses(claim)}
                with self.subTest(who=name, claim=number):
                    self.assertEqual(found, dict.fromkeys(found, number in SEES[name]))

    def test_an_inactive_person_sees_nothing_and_is_sent_away(self) -> None:
        self.sign_in(self.city)
        Person.objects.filter(pk=self.city.pk).update(is_active=False)
        self.assertEqual(self.client.get(reverse("claim_list")).status_code, 302)
