"""A claim rests and wakes: who may, on what ground, for how long, and what becomes of its clocks."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

from django.db import connections, transaction
from django.test import TransactionTestCase

from arrears import casework, escalation
from arrears.models import Claim, Clock, Event, Pause, Suspension, Watch
from arrears.supervision import orders
from arrears.telling import tell
from arrears.timing import clocks, suspending
from arrears.timing.grounds import GROUNDS
from grid.days import SHANGHAI
from grid.models import Notice, Person
from grid.refused import Refused
from tests.base import NOW, TODAY, Cast, CastTestCase

LATER = date(2026, 3, 30)  # four weeks after NOW


def at(day: date, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI)


class Suspended(CastTestCase):
    """An accepted claim whose investigation runs since Monday 2 March 2026."""

    def setUp(self) -> None:
        self.claim = self.make_claim(person=self.chief)
        casework.advance(self.claim, "accept", self.county, now=NOW, conditions=True)
        casework.advance(self.claim, "handle", self.county, now=NOW)

    def wake(self, now: datetime) -> None:
        self.assertEqual(suspending.wake_due(now), 1)
        self.claim.refresh_from_db()

    def suspend(self, now: datetime = NOW, person: Person | None = None, **asked: Any) -> Claim:
        asked = {"ground": "appraisal", "planned_end": LATER, "note": "已委托鉴定机构，委托书第12号", **asked}
        return suspending.suspend(self.claim, person or self.county, now, **asked)

    def clock(self, rule: str) -> Clock:
        return self.claim.clocks.get(rule_id=rule, ended_on=None)

    def due(self, rule: str) -> date:
        return self.clock(rule).due_on

    def refusal(self, act: Any, *given: Any, **asked: Any) -> str:
        with self.assertRaises(Refused) as caught:
            act(*given, **asked)
        return caught.exception.code


class Suspending(Suspended):
    def test_the_offices_clocks_rest_and_the_workers_do_not(self) -> None:
        before = {clock.rule_id: clock.due_on for clock in self.claim.clocks.filter(ended_on=None)}
        self.suspend()
        after = {clock.rule_id: clock.due_on for clock in self.claim.clocks.filter(ended_on=None)}
        moved = {rule: after[rule] for rule in after if after[rule] != before[rule]}
        # nineteen working days later, each: the day it rests from is the one the count starts behind
        self.assertEqual(moved, {
            "JC-INVEST": date(2026, 6, 25), "JC-INVEST-30": date(2026, 5, 13), "CASE-WHOLE-60": date(2026, 6, 25),
        })  # fmt: skip
        self.assertIn("ARB-LIMIT-1Y", after)
        watched = set(Watch.objects.filter(clock__claim=self.claim).values_list("clock__rule_id", flat=True))
        self.assertEqual(watched, {"ARB-LIMIT-1Y"})
        self.claim.refresh_from_db()
        self.assertEqual((self.claim.suspended_until, self.claim.due_on), (LATER, date(2026, 5, 13)))

    def test_the_event_says_why_until_when_and_every_day_that_moved(self) -> None:
        self.suspend()
        event = Event.objects.get(claim=self.claim, kind="suspend")
        self.assertEqual((event.actor, event.facts["ground"], event.facts["planned_end"]), (self.county, "appraisal", "2026-03-30"))
        days = {row["rule"]: (row["old"], row["new"]) for row in event.facts["clocks"]}
        self.assertEqual(days["JC-INVEST"], ("2026-05-28", "2026-06-25"))
        told = tell(event)
        self.assertEqual(told.title, "中止办理：等待鉴定、审计或者评估结论，预计 2026-03-30 恢复")
        self.assertIn("“劳动保障监察调查期限（自立案之日起）”：2026-05-28 → 2026-06-25", told.notes)
        self.assertEqual(told.quotes, ["已委托鉴定机构，委托书第12号"])

    def test_the_township_is_told(self) -> None:
        self.suspend()
        told = Notice.objects.filter(kind="claim_moved", channel="in_app", facts__move_msgid="中止办理")
        self.assertEqual([notice.recipient for notice in told], [self.chief])

    def test_who_may_not(self) -> None:
        self.assertEqual(self.refusal(self.suspend, person=self.chief), "not_your_role")
        self.assertEqual(self.refusal(self.suspend, person=self.county_b), "not_your_role")
        Claim.objects.filter(pk=self.claim.pk).update(level="city")
        self.claim.refresh_from_db()
        self.assertEqual(self.refusal(self.suspend), "not_in_charge")
        self.assertFalse(Suspension.objects.exists() or Pause.objects.exists())

    def test_a_ground_has_its_level_and_its_longest_time(self) -> None:
        longest = TODAY + timedelta(days=GROUNDS["appraisal"].max_days)
        self.assertEqual(self.refusal(self.suspend, planned_end=longest + timedelta(days=1)), "suspension_too_long")
        self.assertEqual(self.refusal(self.suspend, planned_end=TODAY), "end_not_ahead")
        self.assertEqual(self.refusal(self.suspend, ground="holiday"), "no_ground")
        self.assertEqual(self.refusal(self.suspend, ground="force_majeure"), "ground_not_yours")
        self.suspend(ground="force_majeure", person=self.city)
        self.assertEqual(Suspension.objects.get().planned_end, LATER)

    def test_the_longest_time_itself_is_allowed(self) -> None:
        longest = TODAY + timedelta(days=GROUNDS["appraisal"].max_days)
        self.assertEqual(self.suspend(planned_end=longest).suspended_until, longest)

    def test_only_once_at_a_time(self) -> None:
        stale = Claim.objects.get(pk=self.claim.pk)
        self.suspend()
        self.assertEqual(self.refusal(self.suspend), "claim_suspended")
        self.assertEqual(self.refusal(suspending.suspend, stale, self.county, NOW, "appraisal", LATER, "又一次"), "already_suspended")

    def test_what_takes_the_case_on_waits_and_what_keeps_it_does_not(self) -> None:
        self.suspend()
        self.assertEqual(self.refusal(casework.advance, self.claim, "verify", self.county, now=NOW, verified_amount=1, basis="x"), "claim_suspended")
        self.assertEqual(self.refusal(orders.issue, self.claim, self.county, now=NOW, demand="催", reply_by=LATER), "claim_suspended")
        casework.advance(self.claim, "note", self.county, now=NOW, note="鉴定机构来电")
        casework.advance(self.claim, "assign", self.county, now=NOW, handler=self.county)
        self.assertEqual(self.claim.suspended_until, LATER)

    def test_somebody_who_read_the_claim_before_cannot_pass_by(self) -> None:
        stale = Claim.objects.get(pk=self.claim.pk)
        self.suspend()
        self.assertEqual(self.refusal(casework.advance, stale, "verify", self.county, now=NOW, verified_amount=1, basis="x"), "stale")

    def test_an_order_rests_with_its_reply_day(self) -> None:
        order = orders.issue(self.claim, self.county, now=NOW, demand="尽快核实", reply_by=date(2026, 3, 10))
        self.suspend(planned_end=date(2026, 3, 16))
        order.refresh_from_db()
        self.assertEqual(order.reply_by, date(2026, 3, 23))  # its eight days, from the 16th on
        self.assertFalse(Watch.objects.filter(clock__about_id=order.pk).exists())

    def test_no_rung_is_told_while_it_rests(self) -> None:
        self.suspend()
        done = escalation.sweep(at(date(2026, 3, 27)))
        self.assertEqual(done.counts["rungs"], 0)


class Waking(Suspended):
    def test_by_itself_on_the_planned_day(self) -> None:
        self.suspend()
        self.assertEqual(suspending.wake_due(at(LATER - timedelta(days=1), 23, 59)), 0)
        self.assertEqual(suspending.wake_due(at(LATER, 0, 1)), 1)
        self.claim.refresh_from_db()
        rest = self.claim.suspensions.get()
        self.assertEqual((self.claim.suspended_until, rest.ended_on, rest.ended_by), (None, LATER, None))
        event = Event.objects.get(claim=self.claim, kind="resume")
        self.assertEqual((event.actor, event.facts["days"]), (None, 28))
        self.assertFalse(Event.objects.filter(kind="clock_moved").exists())  # it was as planned
        told = Notice.objects.filter(kind="claim_woke", channel="in_app")
        self.assertEqual([notice.recipient for notice in told], [self.chief])
        self.assertEqual(set(Watch.objects.filter(clock__claim=self.claim).values_list("clock__rule_id", flat=True)),
                         {"ARB-LIMIT-1Y", "JC-INVEST", "JC-INVEST-30", "CASE-WHOLE-60"})  # fmt: skip

    def test_twice_or_late_is_the_same(self) -> None:
        self.suspend()
        late = at(LATER + timedelta(days=9))
        self.assertEqual((suspending.wake_due(late), suspending.wake_due(late)), (1, 0))
        self.assertEqual(self.claim.suspensions.get().ended_on, LATER)
        self.assertEqual(self.due("JC-INVEST"), date(2026, 6, 25))
        self.assertEqual(Event.objects.filter(kind="resume").count(), 1)

    def test_by_hand_before_and_the_days_are_those_really_used(self) -> None:
        self.suspend()
        suspending.resume(self.claim, self.county, at(date(2026, 3, 9)), "鉴定意见已收到")
        self.assertEqual(self.due("JC-INVEST"), date(2026, 6, 3))  # four working days
        moved = {e.facts["rule"]: e.facts for e in Event.objects.filter(kind="clock_moved")}
        self.assertEqual(moved["JC-INVEST"]["old"], "2026-06-25")
        self.assertEqual((moved["JC-INVEST"]["new"], moved["JC-INVEST"]["cause"]), ("2026-06-03", "suspension"))
        self.claim.refresh_from_db()
        self.assertEqual(self.claim.due_on, self.due("JC-INVEST-30"))
        self.assertEqual([n.recipient for n in Notice.objects.filter(kind="claim_woke", channel="in_app")], [self.chief])

    def test_whoever_wakes_their_own_case_needs_no_notice_of_it(self) -> None:
        casework.advance(self.claim, "assign", self.county, now=NOW, handler=self.county)
        self.suspend()
        suspending.resume(self.claim, self.county, at(date(2026, 3, 9)))
        self.assertFalse(Notice.objects.filter(kind="claim_woke").exists())

    def test_on_the_day_of_suspension_everything_is_as_it_was(self) -> None:
        before = dict(self.claim.clocks.values_list("rule_id", "due_on"))
        watched = dict(Watch.objects.values_list("clock", "next_at"))
        self.suspend()
        suspending.resume(self.claim, self.county, NOW + timedelta(hours=2))
        self.assertEqual(dict(self.claim.clocks.values_list("rule_id", "due_on")), before)
        self.assertEqual(dict(Watch.objects.values_list("clock", "next_at")), watched)

    def test_who_may_not(self) -> None:
        self.assertEqual(self.refusal(suspending.resume, self.claim, self.county, NOW), "not_suspended")
        self.suspend()
        self.assertEqual(self.refusal(suspending.resume, self.claim, self.chief, NOW), "not_your_role")

    def test_a_rung_that_was_told_is_not_told_again_and_one_still_owed_is(self) -> None:
        near = self.clock("JC-INVEST-30").watch.next_at
        escalation.sweep(near + timedelta(minutes=1))
        told = Notice.objects.filter(key__contains=":near").count()
        self.assertTrue(told)
        rest_from = near + timedelta(days=1)
        self.suspend(rest_from, planned_end=rest_from.date() + timedelta(days=60))
        suspending.wake_due(rest_from + timedelta(days=60))
        self.assertEqual(self.clock("JC-INVEST-30").watch.rung, 1)
        done = escalation.sweep(rest_from + timedelta(days=60, minutes=1))
        self.assertEqual((done.counts["rungs"], Notice.objects.filter(key__contains=":near").count()), (0, told))
        self.assertGreater(self.clock("JC-INVEST-30").watch.next_at, rest_from + timedelta(days=60))

    def test_rungs_behind_the_due_day_wait_as_well(self) -> None:
        target = self.clock("JC-INVEST-30")  # due 15 April 2026
        escalation.sweep(at(date(2026, 4, 17), 9, 1))  # two working days late: told above; five: it climbs
        self.claim.refresh_from_db()
        self.suspend(at(date(2026, 4, 17)), planned_end=date(2026, 5, 18))
        suspending.wake_due(at(date(2026, 5, 18), 0, 1))
        target.refresh_from_db()
        self.assertEqual(target.due_on, date(2026, 4, 14))
        self.assertEqual(escalation.sweep(at(date(2026, 5, 18), 8)).counts["rungs"], 0)
        self.assertEqual(target.watch.next_at, at(date(2026, 5, 20), 9))  # three working days were left

    def test_a_second_suspension_is_another_row_and_adds_up(self) -> None:
        self.suspend()
        self.wake(at(LATER))
        self.suspend(at(LATER), planned_end=date(2026, 4, 13), ground="other_case")
        self.assertEqual(self.claim.suspensions.count(), 2)
        suspending.wake_due(at(date(2026, 4, 13)))
        # 19 + 9 working days (Qingming is off)
        self.assertEqual(self.due("JC-INVEST"), date(2026, 7, 8))

    def test_one_that_cannot_be_woken_stops_no_other(self) -> None:
        other = self.make_claim(person=self.chief)
        casework.advance(other, "accept", self.county, now=NOW, conditions=True)
        self.suspend()
        suspending.suspend(other, self.county, NOW, "appraisal", LATER, "同案鉴定")
        Clock.objects.filter(claim=self.claim, rule_id="JC-INVEST").update(rule_id="NO-SUCH-RULE")
        with self.assertLogs("arrears.timing.suspending", "ERROR"):
            self.assertEqual(suspending.wake_due(at(LATER)), 1)
        other.refresh_from_db()
        self.assertIsNone(other.suspended_until)


    def test_many_at_once_do_not_keep_the_sweep_waiting(self) -> None:
        other = self.make_claim(person=self.chief)
        casework.advance(other, "accept", self.county, now=NOW, conditions=True)
        self.suspend()
        suspending.suspend(other, self.county, NOW, "appraisal", LATER, "已委托鉴定机构，委托书第13号")
        self.assertEqual([suspending.wake_due(at(LATER, 0, n), seconds=0) for n in range(3)], [1, 1, 0])


class Endings(Suspended):
    def test_the_last_payment_ends_the_suspension_and_the_case_goes_on(self) -> None:
        self.suspend()
        day = at(date(2026, 3, 9))
        casework.advance(self.claim, "record_payment", self.county, now=day, amount=self.claim.owed, paid_on=TODAY, method="bank")
        self.claim.refresh_from_db()
        self.assertEqual((self.claim.stage, self.claim.suspended_until), ("paid", None))
        self.assertEqual(self.claim.suspensions.get().ended_on, day.date())
        self.assertEqual(self.due("CASE-WHOLE-60"), date(2026, 6, 3))
        self.assertTrue(Watch.objects.filter(clock=self.clock("CLOSE-5")).exists())

    def test_a_withdrawal_ends_it_too(self) -> None:
        self.suspend()
        casework.advance(self.claim, "withdraw", self.chief, now=at(date(2026, 3, 9)), reason="已私下解决", confirmed=True)
        self.claim.refresh_from_db()
        self.assertEqual((self.claim.stage, self.claim.suspended_until), ("withdrawn", None))
        self.assertFalse(Watch.objects.filter(clock__claim=self.claim).exists())
        self.assertEqual(suspending.wake_due(at(LATER)), 0)

    def test_the_whole_case_clock_never_begins_anew(self) -> None:
        """Rested for five working days, withdrawn, reopened, rested again: one clock, one start, all its pauses."""
        whole = self.clock("CASE-WHOLE-60")
        self.suspend(planned_end=date(2026, 3, 9))
        suspending.wake_due(at(date(2026, 3, 9)))
        self.claim.refresh_from_db()
        casework.advance(self.claim, "withdraw", self.chief, now=at(date(2026, 3, 11)), reason="对方答应付款", confirmed=True)
        casework.advance(self.claim, "reopen", self.county, now=at(date(2026, 3, 25)), reason="对方没有付款")
        self.suspend(at(date(2026, 3, 25)), planned_end=date(2026, 4, 1))
        suspending.wake_due(at(date(2026, 4, 1)))
        found = self.claim.clocks.get(rule_id="CASE-WHOLE-60")
        self.assertEqual((found.pk, found.started_on, found.ended_on), (whole.pk, TODAY, None))
        self.assertEqual(found.pauses.count(), 2)
        self.assertEqual(found.due_on, date(2026, 6, 10))  # 28 May and nine working days
        self.assertEqual(self.clock("JC-INVEST").started_on, date(2026, 3, 25))

    def test_a_calendar_that_arrives_counts_the_pause_and_wakes_nothing(self) -> None:
        self.suspend()
        Clock.objects.filter(claim=self.claim).update(is_provisional=True)
        clocks.recompute_provisional(NOW, 2026)
        self.assertEqual(self.due("JC-INVEST"), date(2026, 6, 25))
        self.assertEqual(list(Watch.objects.filter(clock__claim=self.claim).values_list("clock__rule_id", flat=True)), ["ARB-LIMIT-1Y"])


class AtTheSameTime(Cast, TransactionTestCase):
    """Two real connections."""

    def setUp(self) -> None:
        self.make_cast()
        self.claim = self.make_claim(person=self.chief)
        casework.advance(self.claim, "accept", self.county, now=NOW, conditions=True)
        suspending.suspend(self.claim, self.county, NOW, "appraisal", LATER, "已委托鉴定")

    def run_beside(self, act: Callable[[], object]) -> object:
        """In another thread, with a connection of its own."""
        found: list[object] = []

        def run() -> None:
            try:
                found.append(act())
            finally:
                connections.close_all()

        thread = Thread(target=run)
        thread.start()
        thread.join(20)
        return found[0]

    def test_a_claim_somebody_has_in_hand_is_woken_a_minute_later(self) -> None:
        with transaction.atomic():
            Claim.objects.select_for_update().get(pk=self.claim.pk)
            self.assertEqual(self.run_beside(lambda: suspending.wake_due(at(LATER))), 0)
        self.assertEqual(suspending.wake_due(at(LATER)), 1)

    def test_two_workers_wake_it_once(self) -> None:
        gate, woken = Barrier(2), []

        def wake() -> None:
            gate.wait()
            try:
                woken.append(suspending.wake_due(at(LATER)))
            finally:
                connections.close_all()

        threads = [Thread(target=wake) for _number in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        self.assertEqual(sorted(woken), [0, 1])
        self.assertEqual(Event.objects.filter(kind="resume").count(), 1)
        self.assertEqual(Notice.objects.filter(kind="claim_woke", channel="in_app").count(), 1)
