"""What has been done, or rests, or has another day, asks nobody to acknowledge it any more (签收)."""

from datetime import date

from django.db import connection
from django.test.utils import CaptureQueriesContext

from arrears import casework, escalation
from arrears.models import Clock, Event, Watch
from arrears.timing import clocks, extending, suspending
from grid.alerts import acknowledge, unanswered
from grid.models import Notice
from tests.arrears.test_unacked import march
from tests.base import NOW, TODAY, CastTestCase


class SettledAlerts(CastTestCase):
    """The decision on acceptance is due on Monday 9 March; that day's alert asks handler and chief to acknowledge it."""

    def setUp(self) -> None:
        self.claim = self.make_claim(person=self.grid_worker)
        self.clock = self.claim.clocks.get(rule_id="JC-ACCEPT")

    def asked(self, now: int = 9, rule: str = "JC-ACCEPT") -> set[str]:
        """Who is still to acknowledge something about the rule's clock."""
        clock = self.claim.clocks.filter(rule_id=rule).latest("started_on")
        rows = Notice.objects.filter(channel="in_app", key__startswith=f"{clock.pk}:").to_acknowledge()
        return set(rows.values_list("recipient__username", flat=True))

    def test_the_step_is_done(self) -> None:
        escalation.sweep(march(9))
        self.assertEqual(self.asked(), {"wangge", "zhangzhen"})
        casework.advance(self.claim, "accept", self.chief, now=march(9, 15), conditions=True)
        self.assertEqual(self.asked(), set())
        self.assertFalse(unanswered(self.chief).exists())
        self.assertTrue(Event.objects.filter(kind="alerted", facts__ack_by__isnull=False).exists())

    def test_the_case_is_over(self) -> None:
        escalation.sweep(march(9))
        casework.advance(self.claim, "withdraw", self.grid_worker, now=march(9, 15), reason="本人撤回", confirmed=True)
        self.assertEqual(self.asked(), set())

    def test_what_somebody_has_acknowledged_stands_and_other_clocks_still_ask(self) -> None:
        other = clocks.start(self.claim, "HANDLE-START-3", TODAY, now=NOW)
        Clock.objects.filter(pk=other.pk).update(due_on=date(2026, 3, 9))
        Watch.objects.filter(pk=other.pk).update(rung=1, next_at=march(9, 9, 0))
        escalation.sweep(march(9))
        mine = Notice.objects.get(recipient=self.chief, channel="in_app", key__startswith=f"{self.clock.pk}:")
        acknowledge(mine, self.chief, march(9, 10), "今天受理")
        clocks.stop(self.claim, ["JC-ACCEPT"], now=march(9, 11))
        mine.refresh_from_db()
        self.assertEqual((mine.acknowledged_at, mine.reply, mine.ack_by is None), (march(9, 10), "今天受理", False))
        self.assertEqual((self.asked(), self.asked(rule="HANDLE-START-3")), (set(), {"wangge", "zhangzhen"}))

    def test_the_case_rests_or_has_more_time(self) -> None:
        casework.advance(self.claim, "accept", self.chief, now=NOW, conditions=True)
        investigation = self.claim.clocks.get(rule_id="JC-INVEST")
        for act in ("suspend", "extend"):
            Clock.objects.filter(pk=investigation.pk).update(due_on=date(2026, 3, 9))
            clocks.pass_over(Clock.objects.get(pk=investigation.pk), clocks.calendar_now(), march(9, 8))
            escalation.sweep(march(9))
            self.assertTrue(self.asked(rule="JC-INVEST"), act)
            if act == "suspend":
                suspending.suspend(self.claim, self.county, march(9, 10), "appraisal", date(2026, 4, 9), "已委托鉴定机构")
            else:
                clock = Clock.objects.select_related("claim").get(pk=investigation.pk)
                asked = extending.ask(clock, self.chief, march(9, 10), 30, "涉及三个项目部，账目复杂")
                extending.grant(asked, self.county, march(9, 11))
            self.assertEqual(self.asked(rule="JC-INVEST"), set(), act)
            if act == "suspend":
                suspending.resume(self.claim, self.county, march(9, 12))
                Notice.objects.filter(key__startswith=f"{investigation.pk}:").delete()

    def test_it_finds_them_by_the_case(self) -> None:
        for _n in range(30):
            self.make_claim()
        with CaptureQueriesContext(connection) as seen:
            clocks.stop(self.claim, ["*"], now=march(9))
        [release] = [row["sql"] for row in seen if "ack_by" in row["sql"]]
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("EXPLAIN " + release)
            self.assertIn("notice_asked_about", "".join(line for (line,) in cursor.fetchall()))
