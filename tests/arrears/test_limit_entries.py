"""What makes the year for arbitration stand still, and from when the general limit runs: with proof, on the record."""

from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from arrears.limitation.entries import clear, enter, withdraw_entry
from arrears.limitation.interrupting import interrupt
from arrears.models import Claim, Clock, Event, LimitEntry
from arrears.situation.recording import Said, state_facts
from arrears.timing import clocks
from grid.models import Person
from grid.refused import Refused
from tests.arrears.pages import PagesTestCase
from tests.base import NOW, TODAY

LAST = date(2025, 6, 30)  # a year later: Tuesday 2026-06-30


class EntriesCase(PagesTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.claim = cls.make_claim(person=cls.grid_worker, last_working_day=LAST)

    def clock(self, rule: str = "ARB-LIMIT-1Y") -> Clock | None:
        return Clock.objects.running().filter(claim=self.claim, rule_id=rule).first()

    def enter(self, starts_on: date, ended_on: date | None = None, person: Person | None = None, **more: Any) -> LimitEntry:
        said = {"kind": "force_majeure", "proof": "防汛指挥部通告", **more}
        return enter(self.claim, person or self.grid_worker, now=NOW, starts_on=starts_on, ended_on=ended_on, **said)

    def refused(self, code: str, *given: Any, **more: Any) -> None:
        with self.assertRaises(Refused) as caught:
            self.enter(*given, **more)
        self.assertEqual(caught.exception.code, code)


class ObstacleTest(EntriesCase):
    def test_the_days_of_an_obstacle_do_not_count_and_the_day_it_is_gone_does(self) -> None:
        self.assertEqual(self.clock().due_on, date(2026, 6, 30))
        clock = self.clock().pk
        self.enter(date(2026, 1, 10), date(2026, 1, 20))  # ten days: the 10th to the 19th
        self.assertEqual((self.clock().pk, self.clock().started_on, self.clock().due_on), (clock, LAST, date(2026, 7, 10)))
        self.assertEqual(self.clock("JC-LIMIT-2Y").due_on, date(2027, 6, 30))  # inspection knows none
        kinds = list(Event.objects.filter(claim=self.claim).order_by("seq").values_list("kind", flat=True))
        self.assertEqual(kinds[-2:], ["obstacle", "clock_moved"])

    def test_several_add_up_and_the_end_rolls_over_a_weekend(self) -> None:
        self.enter(date(2026, 1, 10), date(2026, 1, 20))
        self.enter(date(2026, 2, 2), date(2026, 2, 3), kind="just_cause", proof="住院记录")  # 11 July is a Saturday
        self.assertEqual(self.clock().due_on, date(2026, 7, 13))

    def test_what_lay_before_the_limit_ran_or_after_it_ended_changes_nothing(self) -> None:
        self.enter(date(2025, 6, 1), date(2025, 6, 20))
        self.assertEqual(self.clock().due_on, date(2026, 6, 30))
        self.enter(date(2025, 6, 25), date(2025, 7, 6))  # of these the five days of July count
        self.assertEqual(self.clock().due_on, date(2026, 7, 6))  # 5 July is a Sunday

    def test_while_it_lasts_the_limit_does_not_run_and_then_runs_on(self) -> None:
        entry = self.enter(date(2026, 2, 20))
        self.assertIsNone(self.clock())
        clear(entry, self.grid_worker, now=NOW, ended_on=date(2026, 3, 2))  # nine days of February, one of March
        self.assertEqual((self.clock().started_on, self.clock().due_on), (LAST, date(2026, 7, 10)))
        with self.assertRaises(Refused) as caught:
            clear(entry, self.grid_worker, now=NOW, ended_on=date(2026, 3, 2))
        self.assertEqual(caught.exception.code, "not_on")

    def test_an_interruption_in_the_days_it_has_gained_still_counts(self) -> None:
        self.enter(date(2025, 8, 1), date(2026, 2, 1))  # 184 days: to the end of December 2026
        self.assertEqual(self.clock().due_on, date(2026, 12, 31))
        interrupt(self.claim, self.grid_worker, now=NOW, kind="demand", happened_on=date(2026, 3, 1), proof="微信催要")
        self.assertEqual((self.clock().started_on, self.clock().due_on), (date(2026, 3, 1), date(2027, 3, 1)))

    def test_one_that_is_withdrawn_stays_in_the_log_and_counts_no_more(self) -> None:
        entry = self.enter(date(2026, 1, 10), date(2026, 1, 20))
        withdraw_entry(entry, self.grid_worker, now=NOW, reason="日期登记错误")
        self.assertEqual((self.clock().due_on, LimitEntry.objects.count()), (date(2026, 6, 30), 1))
        with self.assertRaises(Refused) as caught:
            withdraw_entry(entry, self.grid_worker, now=NOW, reason="再撤")
        self.assertEqual(caught.exception.code, "stale")

    def test_a_calendar_that_is_loaded_later_counts_with_the_obstacles(self) -> None:
        self.enter(date(2026, 1, 10), date(2026, 1, 20))
        Clock.objects.filter(pk=self.clock().pk).update(due_on=date(2026, 6, 30))
        clocks.recount([self.claim.pk], clocks.Q(rule_id="ARB-LIMIT-1Y"), NOW)
        self.assertEqual(self.clock().due_on, date(2026, 7, 10))

    def test_what_cannot_be_entered(self) -> None:
        day = date(2026, 1, 10)
        self.refused("no_proof", day, proof=" ")
        self.refused("in_future", TODAY + timedelta(days=1))
        self.refused("in_future", day, TODAY + timedelta(days=1))
        self.refused("ends_before", day, day)
        self.refused("unknown_kind", day, kind="nonsense")
        self.refused("not_your_role", day, person=self.auditor)
        self.refused("no_end", day, date(2026, 2, 1), kind="known")
        self.enter(day, date(2026, 1, 20))
        self.refused("overlaps", date(2026, 1, 19), date(2026, 1, 30))
        self.refused("overlaps", date(2026, 1, 1))
        self.enter(date(2026, 1, 20), date(2026, 1, 30))


class CivilTest(EntriesCase):
    def test_nobody_knows_when_it_begins_until_somebody_says_so_with_proof(self) -> None:
        self.assertIsNone(self.clock("CIV-LIMIT-3Y"))
        entry = self.enter(date(2025, 3, 10), kind="iou_day", proof="欠条")
        self.assertEqual((self.clock("CIV-LIMIT-3Y").started_on, self.clock("CIV-LIMIT-3Y").due_on), (date(2025, 3, 10), date(2028, 3, 10)))
        self.assertEqual(self.clock().due_on, date(2026, 6, 30))  # the other limits stay
        self.refused("started_already", date(2025, 4, 1), kind="known")
        withdraw_entry(entry, self.grid_worker, now=NOW, reason="还款日看错")
        self.assertIsNone(self.clock("CIV-LIMIT-3Y"))
        self.enter(date(2026, 5, 1), kind="iou_day", proof="欠条")  # still to come
        self.assertEqual(self.clock("CIV-LIMIT-3Y").started_on, date(2026, 5, 1))

    def test_a_suit_meets_it(self) -> None:
        self.enter(date(2025, 3, 10), kind="refused", proof="通话录音")
        state_facts(Claim.objects.get(pk=self.claim.pk), self.grid_worker, now=NOW, said=Said(("suing",)))
        ended = Clock.objects.get(claim=self.claim, rule_id="CIV-LIMIT-3Y")
        self.assertEqual((ended.ended_on, ended.was_met), (TODAY, True))


class PageTest(EntriesCase):
    def url(self, name: str = "claim_limits", pk: Any = None) -> str:
        return reverse(name, args=[pk or self.claim.pk])

    def test_an_officer_enters_it_sees_what_it_changes_and_takes_it_back(self) -> None:
        self.sign_in(self.grid_worker)
        page = self.client.get(self.url("limit_enter"))
        self.assertContains(page, "劳动争议调解仲裁法第二十七条第三款")
        self.client.post(self.url("limit_enter"), {"kind": "force_majeure", "starts_on": "2026-01-10", "ended_on": "2026-01-20", "proof": "通告"})
        page = self.client.get(self.url())
        self.assertContains(page, '2026-01-10</time> 起中止，<time datetime="2026-01-20">2026-01-20</time> 继续计算')
        self.assertContains(page, "届满日因此后移 10 日")
        why = self.client.get(self.url("clock_why", self.clock().pk))
        self.assertContains(why, "2026-01-10至2026-01-19：中止（不可抗力（自然灾害、疫情封控等）），共10日，不计入")
        entry = LimitEntry.objects.get()
        self.client.post(self.url("limit_withdraw", entry.pk), {"reason": "日期有误"})
        self.assertContains(self.client.get(self.url()), "已撤销：日期有误")

    def test_one_that_lasts_is_said_and_ended(self) -> None:
        self.sign_in(self.grid_worker)
        self.client.post(self.url("limit_enter"), {"kind": "just_cause", "starts_on": "2026-02-20", "proof": "住院"})
        self.assertContains(self.client.get(self.url()), "时效中止：原因还没有消除，消除之后继续计算")
        entry = LimitEntry.objects.get()
        self.client.post(self.url("limit_clear", entry.pk), {"ended_on": "2026-03-02"})
        self.assertEqual(self.clock().due_on, date(2026, 7, 10))

    def test_the_general_limit_stands_beside_the_others_once_it_has_a_start(self) -> None:
        self.sign_in(self.grid_worker)
        self.assertNotContains(self.client.get(self.url()), "普通诉讼时效（欠条、劳务）")
        self.client.post(self.url("limit_enter"), {"kind": "iou_day", "starts_on": "2025-03-10", "proof": "欠条"})
        page = self.client.get(self.url())
        self.assertContains(page, "普通诉讼时效（欠条、劳务）")
        self.assertContains(page, "2028年3月10日")

    def test_bad_input_comes_back_with_its_reason_and_nothing_is_lost(self) -> None:
        self.sign_in(self.grid_worker)
        page = self.client.post(self.url("limit_enter"), {"kind": "force_majeure", "starts_on": "2030-01-01", "proof": "通告"})
        self.assertContains(page, "日期不能晚于今天")
        self.assertContains(page, "通告</textarea>")
        self.assertContains(self.client.post(self.url("limit_enter"), {"kind": "force_majeure", "starts_on": "2026-01-01"}), "请写明凭什么证明")

    def test_who_may_not_and_who_does_not_see_it(self) -> None:
        entry = self.enter(date(2026, 2, 20))
        for person, status in ((self.auditor, 409), (self.county_b, 404), (self.partner, 404)):
            self.sign_in(person)
            for name, pk, said in (("limit_enter", None, {"kind": "iou_day", "starts_on": "2026-01-01", "proof": "x"}),
                                   ("limit_clear", entry.pk, {"ended_on": "2026-03-01"}), ("limit_withdraw", entry.pk, {"reason": "x"})):  # fmt: skip
                self.assertEqual(self.client.post(self.url(name, pk), said).status_code, status, (person, name))
        self.assertTrue(LimitEntry.objects.get().is_on)

    def test_three_and_thirty_cost_the_same(self) -> None:
        def cost() -> int:
            with CaptureQueriesContext(connection) as found:
                self.client.get(self.url())
            return len(found)

        self.sign_in(self.grid_worker)
        for number in range(3):
            self.enter(date(2025, 7, 1) + timedelta(days=3 * number), date(2025, 7, 2) + timedelta(days=3 * number))
        few = cost()
        for number in range(3, 30):
            self.enter(date(2025, 7, 1) + timedelta(days=3 * number), date(2025, 7, 2) + timedelta(days=3 * number))
        self.assertEqual(cost(), few)
