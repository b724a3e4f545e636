"""The clocks of a mediation call its mediator, then the claim's own people."""

from datetime import timedelta

from arrears.answerable import Places, calls_to_come
from arrears.escalation import sweep
from arrears.models import Clock
from arrears.timing.clocks import recompute_provisional
from arrears.workdays import PUBLISHED
from grid.duty import Roster
from grid.models import Leave, Notice
from mediation.models import Mediation
from tests.base import NOW, TODAY
from tests.mediation.base import MediationTestCase, at


class SweepTest(MediationTestCase):
    def told(self) -> set[str]:
        rows = Notice.objects.filter(kind__in=["clock_near", "clock_late"], channel="in_app")
        return set(rows.values_list("recipient__username", flat=True))

    def sweep_near(self, mediation: Mediation) -> None:
        """At the hour at which four fifths of the five days for arranging are used."""
        day = Clock.objects.get(about_id=mediation.pk, rule_id="MED-ARRANGE-5").due_on
        Clock.objects.exclude(rule_id="MED-ARRANGE-5").delete()
        sweep(at("09:00", PUBLISHED.add(day, -1)) + timedelta(minutes=1))

    def test_the_mediator_is_told_although_the_claim_has_a_handler(self) -> None:
        mediation = self.make_mediation("accepted", self.make_handled_claim(person=self.grid_worker))
        self.sweep_near(mediation)
        self.assertEqual(self.told(), {"tiaohe"})

    def test_a_mediator_who_is_away_leaves_it_to_the_handler(self) -> None:
        mediation = self.make_mediation("accepted", self.make_handled_claim(person=self.grid_worker))
        Leave.objects.create(person=self.mediator, starts_on=TODAY, ends_on=TODAY + timedelta(days=30))
        self.sweep_near(mediation)
        self.assertEqual(self.told(), {"wangge"})

    def test_the_page_of_the_clock_names_the_same_people(self) -> None:
        mediation = self.make_mediation("accepted", self.make_handled_claim(person=self.grid_worker))
        clock = Clock.objects.get(about_id=mediation.pk, rule_id="MED-ARRANGE-5")
        calls = calls_to_come(clock, clock.claim, Roster(NOW.date()), Places(clock.claim.region_id), PUBLISHED)
        self.assertEqual(list(calls[0].people), [self.mediator])

    def test_a_calendar_that_moves_a_clock_moves_the_day_the_list_shows(self) -> None:
        mediation = self.make_mediation("accepted", self.make_handled_claim(person=self.grid_worker))
        Clock.objects.filter(about_id=mediation.pk).update(is_provisional=True, due_on=TODAY)
        Mediation.objects.update(due_on=TODAY)
        recompute_provisional(NOW)
        shown = mediation.due_on
        mediation.refresh_from_db()
        self.assertEqual(mediation.due_on, shown)
        self.assertEqual(mediation.due_on, min(Clock.objects.filter(about_id=mediation.pk).values_list("due_on", flat=True)))
