"""Claims that are merged: whoever waited longest keeps the day from which the whole case is counted."""

from datetime import date, datetime, timedelta
from threading import Barrier, Thread

from django.db import connections
from django.test import TransactionTestCase

from arrears import casework, escalation
from arrears.models import Claim, Clock, Event, Watch
from arrears.telling import tell
from arrears.timing import suspending
from grid.days import SHANGHAI
from grid.refused import Refused
from tests.base import NOW, TODAY, Cast, CastTestCase

LATER = datetime(2026, 3, 16, 10, 0, tzinfo=SHANGHAI)  # a Monday, ten working days after NOW


class Merging(CastTestCase):
    def setUp(self) -> None:
        self.older = self.make_claim()
        self.younger = self.make_claim(now=LATER, last_working_day=date(2026, 2, 10))

    def merge(self, claim: Claim, into: Claim, now: datetime = LATER) -> None:
        casework.advance(claim, "merge", self.chief, now=now, merged_into=into, reason="同一工地")

    def running(self, claim: Claim, rule: str) -> Clock:
        return Clock.objects.running().get(claim=claim, rule_id=rule)

    def test_the_younger_claim_takes_over_the_older_ones_whole_case_clock_and_limit(self) -> None:
        own = self.running(self.younger, "CASE-WHOLE-60")
        self.assertEqual((own.due_on, self.running(self.younger, "ARB-LIMIT-1Y").due_on), (date(2026, 6, 11), date(2027, 2, 11)))
        self.merge(self.older, self.younger)
        whole, right = self.running(self.younger, "CASE-WHOLE-60"), self.running(self.younger, "ARB-LIMIT-1Y")
        self.assertEqual((whole.pk, whole.started_on, whole.due_on), (own.pk, TODAY, date(2026, 5, 28)))
        self.assertEqual((right.started_on, right.due_on), (date(2026, 1, 20), date(2027, 1, 20)))
        self.assertEqual(whole.watch.next_at.date(), date(2026, 5, 12))  # 48 of 60 working days
        event = Event.objects.get(claim=self.younger, kind="clock_moved", facts__rule="CASE-WHOLE-60")
        self.assertEqual((event.facts["old"], event.facts["new"], event.actor), ("2026-06-11", "2026-05-28", self.chief))
        self.assertEqual(tell(event).title, f"并入的案件 {self.older.number} 起算更早，“全案办结”的期限由 2026-06-11 改为 2026-05-28")

    def test_an_older_claim_keeps_its_own(self) -> None:
        before = dict(self.older.clocks.values_list("rule_id", "due_on"))
        self.merge(self.younger, self.older)
        self.assertEqual(dict(self.older.clocks.values_list("rule_id", "due_on")), before)
        self.assertFalse(Event.objects.filter(kind="clock_moved").exists())

    def test_what_ran_out_for_the_older_worker_is_watched_where_nobody_knew_a_day(self) -> None:
        unknown = self.make_claim(now=LATER, last_working_day=None)
        self.assertFalse(unknown.clocks.filter(rule_id="ARB-LIMIT-1Y").exists())
        self.merge(self.older, unknown)
        self.assertEqual(self.running(unknown, "ARB-LIMIT-1Y").due_on, date(2027, 1, 20))

    def test_the_office_clocks_of_the_claim_go_on_as_they_were(self) -> None:
        """Its decision is counted from the day it came itself, and is soonest due."""
        self.merge(self.older, self.younger)
        self.younger.refresh_from_db()
        self.assertEqual(self.running(self.younger, "JC-ACCEPT").started_on, LATER.date())
        self.assertEqual(self.younger.due_on, self.running(self.younger, "JC-ACCEPT-3").due_on)

    def test_days_on_which_the_older_one_rested_before_the_younger_came_do_not_count(self) -> None:
        claim = self.make_claim(now=NOW)
        casework.advance(claim, "accept", self.county, now=NOW, conditions=True)
        suspending.suspend(claim, self.county, NOW + timedelta(days=7), "appraisal", date(2026, 3, 23), "鉴定")
        self.merge(claim, self.younger, LATER + timedelta(days=2))
        # 9 to 13 March are out; from Monday 16 March on the younger one was being worked on
        self.assertEqual(self.running(self.younger, "CASE-WHOLE-60").due_on, date(2026, 6, 4))

    def test_a_claim_that_rests_gets_the_day_and_no_watch(self) -> None:
        casework.advance(self.younger, "accept", self.county, now=LATER, conditions=True)
        suspending.suspend(self.younger, self.county, LATER, "appraisal", date(2026, 3, 23), "鉴定")
        self.merge(self.older, self.younger)
        whole = self.running(self.younger, "CASE-WHOLE-60")
        self.assertEqual(whole.due_on, date(2026, 6, 4))  # 28 May and five working days
        self.assertFalse(Watch.objects.filter(clock=whole).exists())

    def test_a_day_that_is_past_by_then_calls_at_once(self) -> None:
        late = datetime(2026, 6, 1, 10, 0, tzinfo=SHANGHAI)
        young = self.make_claim(now=late)
        Watch.objects.exclude(clock__claim=young).delete()
        self.merge(self.older, young, late)
        escalation.sweep(late)
        told = Event.objects.filter(claim=young, facts__rule="CASE-WHOLE-60").exclude(kind="clock_moved")
        self.assertEqual({event.facts["rung"] for event in told}, {"near", "due", "late2"})

    def test_merging_is_no_way_to_meet_the_whole_case_limit(self) -> None:
        self.merge(self.older, self.younger)
        self.assertEqual(set(self.older.clocks.values_list("was_met", flat=True)), {False})


class AtTheSameTime(Cast, TransactionTestCase):
    def test_two_claims_merged_into_each_other_leave_one_open(self) -> None:
        self.make_cast()
        first, second = self.make_claim(), self.make_claim(now=LATER)
        gate, said = Barrier(2), []

        def merge(claim: Claim, into: Claim) -> None:
            gate.wait()
            try:
                casework.advance(claim, "merge", self.chief, now=LATER, merged_into=into, reason="同一工地")
                said.append("merged")
            except Refused as refused:
                said.append(refused.code)
            finally:
                connections.close_all()

        threads = [Thread(target=merge, args=pair) for pair in ((first, second), (second, first))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        self.assertEqual(sorted(said), ["merge_target_closed", "merged"])
        self.assertEqual(Claim.objects.open().count(), 1)
