"""催办: who may, how often, who hears of it, and where it is seen."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from arrears import casework
from arrears.models import Claim, Event, Nudge
from arrears.supervision import nudges
from arrears.supervision.nudges import may_nudge, worker_may_again
from arrears.telling import tell
from grid.models import Notice, Person, Posting
from grid.refused import Refused
from tests.arrears.pages import PagesTestCase
from tests.arrears.test_api import ApiTestCase
from tests.base import NOW, TODAY, CastTestCase, make_person

HOURS = timedelta(hours=1)


class NudgeTest(CastTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.claim = cls.make_claim(person=cls.grid_worker)

    def nudge(self, person: Person | None, now: Any = NOW, **said: str) -> Nudge:
        return nudges.nudge(self.claim, person, now=now, **said)

    def refused(self, code: str, person: Person | None, now: Any = NOW) -> str:
        with self.assertRaises(Refused) as caught:
            self.nudge(person, now)
        self.assertEqual(caught.exception.code, code)
        return caught.exception.message

    def told(self) -> set[str]:
        rows = Notice.objects.filter(kind="nudged", channel="in_app")
        return set(rows.values_list("recipient__username", flat=True))

    def test_a_superior_nudges_and_the_hand_and_its_lead_hear_of_it(self) -> None:
        nudged = self.nudge(self.county, text=" 劳动者来电两次。 ")
        self.assertEqual((nudged.by, nudged.text), (self.county, "劳动者来电两次。"))
        self.assertEqual(self.told(), {"wangge", "zhangzhen"})
        told = tell(Event.objects.get(kind="nudged"))
        self.assertEqual((told.title, told.quotes, told.notes), ("上级催办", ["劳动者来电两次。"], ["已通知：王格、章镇"]))
        self.assertEqual(told.event.actor, self.county)

    def test_who_may_while_the_township_has_it_in_hand(self) -> None:
        for name, person in self.everybody().items():
            with self.subTest(name):
                self.assertEqual(bool(may_nudge(self.claim, person, TODAY)), name in ("chief", "county", "city"))
        self.refused("not_your_role", self.grid_worker)
        self.refused("not_your_role", self.county_b)

    def test_whose_own_turn_it_is_cannot_nudge_but_can_nudge_the_handler(self) -> None:
        self.nudge(self.chief)  # 王格 has it
        Claim.objects.filter(pk=self.claim.pk).update(handler=self.chief)
        self.claim.refresh_from_db()
        self.refused("not_above", self.chief, NOW + 25 * HOURS)
        casework.advance(self.claim, "escalate", self.chief, now=NOW, reason="集体案件")
        self.refused("not_above", self.county)
        self.nudge(self.city)
        self.assertIn("xianan", self.told())

    def test_once_a_person_in_twenty_four_hours(self) -> None:
        self.nudge(self.county)
        self.refused("nudged_already", self.county, NOW + 23 * HOURS)
        self.nudge(self.city, NOW + HOURS)
        self.nudge(self.county, NOW + 24 * HOURS)

    def test_five_a_day_of_all_superiors_together(self) -> None:
        others = [make_person(f"xian{number}", f"县{number}", "county_officer", "321322") for number in range(6)]
        for person in others[:5]:
            self.nudge(person)
        self.assertIn("5", self.refused("nudged_enough", others[5]))
        self.nudge(None)  # the worker has a measure of their own
        self.nudge(others[5], NOW + 14 * HOURS)  # the next day

    def test_the_worker_once_in_three_working_days_and_on_the_record(self) -> None:
        self.assertIsNone(worker_may_again(self.claim))
        self.nudge(None)
        self.assertEqual(worker_may_again(self.claim), date(2026, 3, 5))
        self.assertIn("2026-03-05", self.refused("nudged_already", None, NOW + 48 * HOURS))
        self.nudge(None, NOW + 72 * HOURS)
        event = Event.objects.filter(kind="nudged").first()
        self.assertEqual((event.actor, event.actor_post, tell(event).title), (None, "劳动者", "劳动者催办"))
        self.assertEqual(self.told(), {"wangge", "zhangzhen"})

    def test_a_vacant_post_leaves_it_to_the_next_one(self) -> None:
        Posting.objects.filter(person__in=[self.chief, self.grid_worker]).delete()
        self.nudge(None)
        self.assertEqual(self.told(), {"xianan"})

    def test_claims_that_ended_or_rest_are_left_alone(self) -> None:
        Claim.objects.filter(pk=self.claim.pk).update(suspended_until=date(2026, 4, 1))
        self.claim.refresh_from_db()
        self.assertIn("2026-04-01", self.refused("claim_suspended", self.county))
        self.refused("claim_suspended", None)
        Claim.objects.filter(pk=self.claim.pk).update(suspended_until=None, stage="closed")
        self.claim.refresh_from_db()
        self.refused("claim_closed", self.county)
        self.assertFalse(Nudge.objects.exists())


class NudgePagesTest(PagesTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.claim = cls.make_claim(person=cls.grid_worker, received_on=TODAY - timedelta(days=20))

    def post(self, person: Person, **said: str) -> HttpResponse:
        self.sign_in(person)
        return self.client.post(reverse("claim_nudge", args=[self.claim.pk]), said)

    def test_from_the_page_of_the_claim(self) -> None:
        self.sign_in(self.county)
        page = reverse("claim_detail", args=[self.claim.pk])
        self.assertContains(self.client.get(page), reverse("claim_nudge", args=[self.claim.pk]))
        self.assertRedirects(self.post(self.county, text="请尽快。"), page)
        response = self.client.get(page)
        self.assertContains(response, "已催办 1 次")
        self.assertContains(response, "请尽快。")

    def test_from_the_list_and_back_to_it_as_it_was(self) -> None:
        self.sign_in(self.county)
        asked = reverse("claim_list") + "?due=overdue&sort=due"
        self.assertContains(self.client.get(asked), reverse("claim_nudge", args=[self.claim.pk]))
        self.assertRedirects(self.post(self.county, next=asked), asked)
        self.assertContains(self.client.get(asked), "催 1")
        self.sign_in(self.grid_worker)
        self.assertNotContains(self.client.get(asked), reverse("claim_nudge", args=[self.claim.pk]))

    def test_only_back_into_this_house(self) -> None:
        self.assertRedirects(self.post(self.county, next="https://evil.example/"), reverse("claim_detail", args=[self.claim.pk]))

    def test_refusals(self) -> None:
        self.post(self.county)
        self.assertContains(self.post(self.county), "二十四小时内已经催办过", status_code=409)
        self.assertContains(self.post(self.mediator), "您的岗位不能催办", status_code=409)
        self.assertEqual(self.post(self.county_b).status_code, 404)

    def test_many_nudged_rows_cost_as_many_queries_as_few(self) -> None:
        def listed(count: int) -> int:
            for _number in range(count):
                nudges.nudge(self.make_claim(received_on=TODAY - timedelta(days=20)), self.county, now=NOW)
            self.sign_in(self.county)
            return self.queries(reverse("claim_list"), due="overdue")

        self.assertEqual(listed(2), listed(15))


class NudgeApiTest(ApiTestCase):
    def test_a_claim_is_nudged_once(self) -> None:
        claim = self.make_claim(person=self.grid_worker)
        answer = self.post(f"claims/{claim.pk}/nudge/", self.county, {"text": "请办。"})
        self.assertEqual((answer.status_code, answer.json()["text"]), (201, "请办。"))
        again = self.post(f"claims/{claim.pk}/nudge/", self.county, {})
        self.assertEqual((again.status_code, again.json()["code"]), (409, "nudged_already"))
        self.assertEqual(self.post(f"claims/{claim.pk}/nudge/", self.county_b, {}).status_code, 404)
