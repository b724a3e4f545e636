"""Who stands in for somebody is named as such on the claim, and finds the claim on their desk."""

from datetime import timedelta
from unittest.mock import patch

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from arrears import casework
from grid import roles
from grid.models import Duty, Leave, Notice, Person
from tests.base import NOW, TODAY, CastTestCase, make_person

A1 = "321322101"


class StandingInTest(CastTestCase):
    def setUp(self) -> None:
        clock = patch("django.utils.timezone.now", return_value=NOW)
        clock.start()
        self.addCleanup(clock.stop)
        self.claim = self.make_claim()

    def away(self, person: Person, deputy: Person | None = None) -> None:
        Leave.objects.create(person=person, starts_on=TODAY, ends_on=TODAY + timedelta(days=3), deputy=deputy)

    def page(self, reader: Person):
        self.client.force_login(reader)
        return self.client.get(reverse("claim_detail", args=[self.claim.pk]))

    def my_turns(self, person: Person) -> list[object]:
        self.client.force_login(person)
        panels = {shown.panel.name: shown.facts for shown in self.client.get("/").context["main"]}
        return [turn.row.claim.pk for turn in panels["own_claims"]["mine"]]

    def test_the_deputy_of_the_handler(self) -> None:
        second = make_person("zhenger", "镇二", roles.TOWNSHIP_CHIEF, A1)
        casework.advance(self.claim, "assign", None, now=NOW, handler=self.chief)
        self.assertNotContains(self.page(self.county), "代章镇")
        self.away(self.chief, second)
        self.assertContains(self.page(self.county), "镇二（代章镇）")
        self.assertEqual(self.my_turns(second), [self.claim.pk])

    def test_the_deputy_of_the_lead(self) -> None:
        self.away(self.chief, self.county)
        self.assertContains(self.page(self.city), "冼安（代章镇）")
        self.assertEqual(self.my_turns(self.county), [self.claim.pk])

    def test_who_is_on_call(self) -> None:
        Duty.objects.create(region_id=A1, day=TODAY, person=self.grid_worker)
        self.assertEqual(self.my_turns(self.grid_worker), [])
        self.away(self.chief)
        self.assertContains(self.page(self.county), "王格（值班）")
        self.assertEqual(self.my_turns(self.grid_worker), [self.claim.pk])

    def told_of_accepting(self) -> list[str]:
        claim = self.make_claim(person=self.grid_worker)
        casework.advance(claim, "assign", None, now=NOW, handler=self.grid_worker)
        casework.advance(claim, "accept", self.county, now=NOW, conditions=True)
        rows = Notice.objects.filter(kind="claim_moved", subject_id=claim.pk, facts__move_msgid="受理", channel="in_app")
        return sorted(rows.values_list("recipient__username", flat=True))

    def test_a_move_is_told_to_the_handler_or_to_whoever_stands_in_for_them(self) -> None:
        self.assertEqual(self.told_of_accepting(), ["wangge"])
        second = make_person("wanger", "网二", roles.GRID_WORKER, A1)
        self.away(self.grid_worker, second)
        self.assertEqual(self.told_of_accepting(), ["wanger"])

    def test_a_move_is_told_to_the_chief_of_a_handler_who_is_away_without_a_deputy(self) -> None:
        self.away(self.grid_worker)
        self.assertEqual(self.told_of_accepting(), ["zhangzhen"])

    def test_it_costs_the_same_for_one_and_for_many_claims(self) -> None:
        self.away(self.chief, self.county)
        few = self.cost()
        for _n in range(6):
            casework.advance(self.make_claim(), "assign", None, now=NOW, handler=self.chief)
        self.assertEqual(self.cost(), few)

    def cost(self) -> int:
        self.client.force_login(self.county)
        with CaptureQueriesContext(connection) as asked:
            self.client.get("/")
        return len(asked)
