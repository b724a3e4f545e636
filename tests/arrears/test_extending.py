"""More time for a clock: asked for in time, decided by another person of the right level, counted from the old start."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from arrears import casework, escalation
from arrears.models import Clock, Event, Extension, Watch
from arrears.telling import tell
from arrears.timing import clocks, extending, suspending
from arrears.timing.extension_reminders import remind_due
from grid import roles
from grid.days import SHANGHAI
from grid.models import Duty, Notice, Posting, Task
from grid.refused import Refused
from tests.base import NOW, TODAY, CastTestCase, make_person


class Extending(CastTestCase):
    """The investigation of a claim, from Monday 2 March to Thursday 28 May 2026."""

    def setUp(self) -> None:
        self.claim = self.make_claim(person=self.chief)
        casework.advance(self.claim, "accept", self.county, now=NOW, conditions=True)
        self.clock = self.claim.clocks.get(rule_id="JC-INVEST")

    def refusal(self, act: Any, *given: Any) -> str:
        with self.assertRaises(Refused) as caught:
            act(*given)
        return caught.exception.code

    def ask(self, length: int = 30, now: datetime = NOW, clock: Clock | None = None) -> Extension:
        return extending.ask(clock or self.clock, self.chief, now, length, "涉及三个项目部，账目复杂")

    def again(self) -> Clock:
        """The clock as somebody finds it who reads it now."""
        return Clock.objects.select_related("claim").get(pk=self.clock.pk)


class Asking(Extending):
    def test_it_is_on_the_record_and_the_county_is_told(self) -> None:
        extension = self.ask()
        self.assertEqual((extension.state, extension.length, extension.asked_by), ("asked", 30, self.chief))
        told = tell(Event.objects.get(kind="extension_asked"))
        self.assertEqual(told.title, "申请将“劳动保障监察调查期限（自立案之日起）”延长30个工作日，现届满日 2026-05-28")
        self.assertEqual(told.quotes, ["涉及三个项目部，账目复杂"])
        notice = Notice.objects.get(kind="extension_asked", channel="in_app")
        self.assertEqual((notice.recipient, notice.path), (self.county, f"/extensions/{extension.pk}/"))

    def test_the_city_is_told_when_the_county_asks_itself(self) -> None:
        extending.ask(self.clock, self.county, NOW, 10, "需要复核账目")
        self.assertEqual([n.recipient for n in Notice.objects.filter(kind="extension_asked", channel="in_app")], [self.city])

    def test_only_on_the_last_day_or_before(self) -> None:
        last = datetime(2026, 5, 28, 17, tzinfo=SHANGHAI)
        self.assertEqual(self.refusal(self.ask, 30, last + timedelta(days=1)), "too_late")
        self.assertEqual(self.ask(now=last).state, "asked")

    def test_what_the_rule_does_not_allow(self) -> None:
        whole = self.claim.clocks.get(rule_id="CASE-WHOLE-60")
        self.assertEqual(self.refusal(self.ask, 5, NOW, whole), "no_extension")
        self.assertEqual(self.refusal(self.ask, 31), "too_long")
        self.assertEqual(self.refusal(self.ask, 0), "too_long")
        self.assertEqual(self.refusal(extending.ask, self.clock, self.chief, NOW, 30, "  "), "no_reason")
        self.assertFalse(Extension.objects.exists())

    def test_who_may_not(self) -> None:
        for person in (self.mediator, self.auditor, self.chief_a2, self.county_b):
            self.assertEqual(self.refusal(extending.ask, self.clock, person, NOW, 30, "理由"), "not_your_role")

    def test_a_township_asks_no_more_when_the_county_has_the_case(self) -> None:
        casework.advance(self.claim, "escalate", self.chief, now=NOW, reason="涉及多个乡镇")
        self.assertEqual(self.refusal(self.ask, 30, NOW, self.again()), "not_in_charge")
        self.assertEqual(extending.ask(self.again(), self.county, NOW, 30, "账目复杂").state, "asked")

    def test_one_open_request_at_a_time(self) -> None:
        self.ask()
        self.assertEqual(self.refusal(self.ask, 30, NOW, self.again()), "already_asked")

    def test_not_while_the_case_rests_and_not_when_the_clock_has_ended(self) -> None:
        suspending.suspend(self.claim, self.county, NOW, "appraisal", date(2026, 3, 30), "鉴定")
        self.assertEqual(self.refusal(self.ask, 30, NOW, self.again()), "claim_suspended")
        suspending.resume(self.claim, self.county, NOW)
        clocks.stop(self.claim, ["JC-INVEST"], now=NOW)
        self.assertEqual(self.refusal(self.ask, 30, NOW, self.again()), "clock_ended")

    def test_a_clock_that_ends_lets_the_request_lapse(self) -> None:
        extension = self.ask()
        clocks.stop(self.claim, ["JC-INVEST"], now=NOW)
        extension.refresh_from_db()
        self.assertEqual((extension.state, extension.decided_by), ("lapsed", None))
        self.assertEqual(self.refusal(extending.grant, extension, self.county, NOW), "wrong_state")


class Reminding(Extending):
    """Asked on Monday 2 March: on Wednesday and on Friday morning somebody is told again."""

    def sweep(self, day: int, hour: int = 10) -> int:
        return remind_due(datetime(2026, 3, day, hour, tzinfo=SHANGHAI))

    def told(self, kind: str = "extension_waits") -> list[Any]:
        return [one.recipient for one in Notice.objects.filter(kind=kind, channel="in_app").order_by("created_at", "recipient__username")]

    def test_who_does_not_decide_hears_again_and_then_their_superior_too(self) -> None:
        extension = self.ask()
        self.assertEqual((self.sweep(3), self.sweep(4, 8)), (0, 0))
        self.assertEqual((self.sweep(4), self.sweep(4), self.sweep(5)), (1, 0, 0))
        self.assertEqual(self.told(), [self.county])
        self.assertEqual(self.sweep(6), 1)
        self.assertEqual(self.told(), [self.county, self.city, self.county])  # the first, then both
        self.assertEqual(Extension.objects.get().reminded, 2)
        event = tell(Event.objects.filter(kind="extension_reminded").first())
        self.assertEqual(event.title, "提醒审批：将“劳动保障监察调查期限（自立案之日起）”延长30个工作日的申请尚无决定")
        self.assertEqual(Notice.objects.filter(kind="extension_waits").values("path").distinct().get()["path"], f"/extensions/{extension.pk}/")

    def test_what_is_decided_or_lapsed_is_reminded_of_no_more(self) -> None:
        for end in (
            lambda one: extending.grant(one, self.county, NOW), lambda one: extending.refuse(one, self.county, NOW, "事实清楚"),
            lambda one: clocks.stop(self.claim, ["JC-INVEST"], now=NOW),
        ):  # fmt: skip
            with transaction.atomic():
                end(self.ask())
                self.assertEqual(self.sweep(30), 0)
                transaction.set_rollback(True)
        self.ask()
        suspending.suspend(self.claim, self.county, NOW, "appraisal", date(2026, 3, 30), "鉴定")
        self.assertEqual(self.sweep(6), 0)

    def test_a_vacant_approver_leaves_it_to_the_next_level(self) -> None:
        self.county.postings.update(ends_on=TODAY - timedelta(days=1))
        self.ask()
        self.assertEqual(self.told("extension_asked"), [self.city])

    def test_what_nobody_can_decide_is_somebodys_task_and_whoever_comes_hears_of_it(self) -> None:
        Posting.objects.filter(person__in=[self.county, self.city]).update(ends_on=TODAY - timedelta(days=1))
        extension = self.ask()
        self.assertEqual(self.told("extension_asked"), [])
        self.assertEqual(self.sweep(2, 11), 0)
        task = Task.objects.get(kind="extension_undecidable")
        self.assertEqual((task.owner, task.facts, task.path), (self.administrator, {"number": self.claim.number}, "/people/vacancies/"))
        self.assertEqual((self.sweep(3), self.sweep(4)), (0, 0))
        self.assertEqual(Task.objects.count(), 1)
        other = make_person("fuxian", "傅县", roles.COUNTY_OFFICER, "321322")
        self.assertEqual(self.sweep(5), 1)
        self.assertEqual(self.told(), [other])
        self.client.force_login(self.chief)
        self.assertContains(self.client.get(f"/extensions/{extension.pk}/"), "傅县")

    def test_the_page_says_who_decides_or_that_nobody_can(self) -> None:
        extension = self.ask()
        self.client.force_login(self.chief)
        page = self.client.get(f"/extensions/{extension.pk}/")
        self.assertContains(page, "由谁审批")
        self.assertContains(page, "冼安")
        Posting.objects.filter(person__in=[self.county, self.city]).update(ends_on=TODAY - timedelta(days=1))
        self.assertContains(self.client.get(f"/extensions/{extension.pk}/"), "目前没有人可以审批")

    def test_who_is_only_on_call_and_could_not_decide_is_not_asked(self) -> None:
        self.county.postings.update(ends_on=TODAY - timedelta(days=1))
        Duty.objects.create(region_id="321322", day=TODAY, person=self.mediator)
        self.ask()
        self.assertEqual(self.told("extension_asked"), [self.city])

    def test_many_requests_cost_no_more_queries_to_look_through(self) -> None:
        with CaptureQueriesContext(connection) as idle:
            remind_due(NOW)
        self.assertEqual(len(idle), 1)


class Deciding(Extending):
    def setUp(self) -> None:
        super().setUp()
        self.extension = self.ask()

    def test_granted_the_clock_runs_longer_from_its_old_start(self) -> None:
        extending.grant(self.extension, self.county, NOW, "情况属实")
        clock = self.again()
        self.assertEqual((clock.extended_by, clock.started_on, clock.due_on), (30, TODAY, date(2026, 7, 10)))
        event = Event.objects.get(kind="clock_moved")
        self.assertEqual((event.actor, event.facts["old"], event.facts["new"], event.facts["cause"], event.facts["asked_by"]),
                         (self.county, "2026-05-28", "2026-07-10", "extension", "章镇"))  # fmt: skip
        self.assertEqual(tell(event).title, "批准延长30个工作日，“劳动保障监察调查期限（自立案之日起）”的期限由 2026-05-28 改为 2026-07-10")
        notice = Notice.objects.get(kind="extension_decided", channel="in_app")
        self.assertEqual((notice.recipient, notice.facts["verdict_msgid"], notice.facts["due"]), (self.chief, "已批准", "2026-07-10"))

    def test_the_citys_own_target_stays_where_it_is(self) -> None:
        extending.grant(self.extension, self.county, NOW)
        self.claim.refresh_from_db()
        self.assertEqual(self.claim.clocks.get(rule_id="JC-INVEST-30").due_on, date(2026, 4, 14))

    def test_refused_nothing_moves_and_the_asker_hears_why(self) -> None:
        self.assertEqual(self.refusal(extending.refuse, self.extension, self.county, NOW, ""), "no_reason")
        extending.refuse(self.extension, self.county, NOW, "事实清楚，无需延长")
        self.assertEqual((self.again().due_on, self.again().extended_by), (date(2026, 5, 28), 0))
        self.assertEqual(tell(Event.objects.get(kind="extension_refused")).quotes, ["事实清楚，无需延长"])
        self.assertEqual(Notice.objects.get(kind="extension_decided", channel="in_app").facts["verdict_msgid"], "未批准")
        self.assertEqual(self.ask(10).state, "asked")  # a refused one does not use up the number of times

    def test_whoever_asked_decides_nothing(self) -> None:
        self.extension.delete()
        own = extending.ask(self.clock, self.county, NOW, 10, "需要复核账目")
        self.assertEqual(self.refusal(extending.grant, own, self.county, NOW), "own_request")
        self.assertEqual(extending.grant(own, self.city, NOW).state, "granted")

    def test_a_level_below_decides_nothing(self) -> None:
        self.assertEqual(self.refusal(extending.grant, self.extension, self.chief, NOW), "not_your_level")
        self.assertEqual(self.refusal(extending.grant, self.extension, self.county_b, NOW), "not_your_level")

    def test_who_comes_second_finds_the_result(self) -> None:
        stale = Extension.objects.get(pk=self.extension.pk)
        extending.grant(self.extension, self.county, NOW)
        self.assertEqual(self.refusal(extending.refuse, stale, self.city, NOW, "不同意"), "stale")
        self.assertEqual(self.refusal(extending.grant, stale, self.city, NOW), "stale")
        self.assertEqual(self.again().extended_by, 30)

    def test_not_more_often_than_the_rule_says(self) -> None:
        extending.grant(self.extension, self.county, NOW)
        self.assertEqual(self.refusal(self.ask, 1, NOW, self.again()), "no_times_left")

    def test_asked_in_time_it_may_be_granted_after_the_day_and_the_clock_is_late_no_more(self) -> None:
        later = datetime(2026, 5, 29, 10, tzinfo=SHANGHAI)
        escalation.sweep(later)
        extending.grant(self.extension, self.county, later)
        self.assertEqual((self.again().due_on, self.again().ended_on), (date(2026, 7, 10), None))
        self.assertGreater(Watch.objects.get(clock=self.clock).next_at, later)

    def test_the_rungs_are_planned_anew_and_what_was_said_for_the_old_day_is_said_for_the_new(self) -> None:
        near = Watch.objects.get(clock=self.clock).next_at
        escalation.sweep(near + timedelta(minutes=1))
        extending.grant(self.extension, self.county, near + timedelta(hours=2))
        watch = Watch.objects.get(clock=self.clock)
        self.assertEqual((watch.rung, watch.next_at.date()), (0, date(2026, 6, 15)))  # 72 of 90 working days

    def test_a_pause_and_an_extension_add_up(self) -> None:
        extending.grant(self.extension, self.county, NOW)
        suspending.suspend(self.claim, self.county, NOW, "appraisal", date(2026, 3, 9), "鉴定")
        self.assertEqual(self.again().due_on, date(2026, 7, 16))

    def test_a_new_lead_of_the_level_decides_as_well(self) -> None:
        other = make_person("fuxian", "傅县", roles.COUNTY_OFFICER, "321322")
        Posting.objects.filter(person=self.county).update(ends_on=TODAY - timedelta(days=1))
        self.assertEqual(extending.grant(self.extension, other, NOW).decided_by, other)


class OutsideTheGrid(Extending):
    """What a commission's director has granted is written down with the paper's number."""

    def setUp(self) -> None:
        super().setUp()
        self.award = clocks.start(self.claim, "ARB-AWARD-45", TODAY, now=NOW)

    def test_a_county_officer_records_it(self) -> None:
        extending.record_granted(self.award, self.county, NOW, 15, "沭劳人仲延〔2026〕3号")
        clock = Clock.objects.get(pk=self.award.pk)
        self.assertEqual((clock.extended_by, clock.due_on), (15, date(2026, 5, 6)))  # 1 May is Labour Day
        self.assertEqual(Event.objects.get(kind="clock_moved").facts["note"], "沭劳人仲延〔2026〕3号")

    def test_it_is_not_asked_for_here_and_not_recorded_by_a_township(self) -> None:
        self.assertEqual(self.refusal(extending.ask, self.award, self.county, NOW, 15, "复杂"), "outside_the_grid")
        self.assertEqual(self.refusal(extending.record_granted, self.award, self.chief, NOW, 15, "3号"), "not_your_role")
        self.assertEqual(self.refusal(extending.record_granted, self.award, self.county, NOW, 15, ""), "no_reason")

    def test_what_is_granted_in_the_grid_cannot_be_written_down_as_granted(self) -> None:
        self.assertEqual(self.refusal(extending.record_granted, self.clock, self.county, NOW, 30, "1号"), "in_the_grid")
