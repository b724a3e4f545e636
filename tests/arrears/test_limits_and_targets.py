"""已逾期 is said past a limit that binds (of the law, or of an agreement); past the city's own target it is 已过内部目标.
Whichever day is earlier gives the colour. Lists, tiles, filter, sums, export and API say the same."""

import csv
import io
from datetime import date, datetime, timedelta
from importlib import import_module

from django.db import connection
from django.urls import reverse

from arrears import casework, referrals
from arrears.calendars import calendar_now
from arrears.claim_rows import rows_of, running_clocks
from arrears.export import STANDINGS
from arrears.filters import DUES
from arrears.ladders import DUE, LADDERS, day_of_what, family_of, notice_kind
from arrears.models import Claim
from arrears.supervision import orders
from arrears.supervision.rows import rows_of as order_rows
from arrears.timing import clocks
from arrears.workload import Load, workload
from config.metrics import claims_overdue, claims_past_target
from grid.days import SHANGHAI
from tests.arrears.pages import PagesTestCase
from tests.base import NOW, TODAY

# Received on Monday 2 March: the city decides by the 5th, the law asks for it by the 9th.
LATE_DAY = datetime(2026, 3, 10, 10, tzinfo=SHANGHAI)
MISSED_DAY = datetime(2026, 3, 6, 10, tzinfo=SHANGHAI)


class WordsTest(PagesTestCase):
    """What each rule's day is, for whoever is past it."""

    def test_only_what_binds_is_overdue(self) -> None:
        for rule, what in (
            ("JC-ACCEPT", "limit"), ("JC-INVEST", "limit"), ("MED-15", "limit"), ("AGREED-PAY", "limit"), ("PAPER-PROMISE", "limit"),
            ("JC-ACCEPT-3", "target"), ("HANDLE-START-3", "target"), ("CLOSE-5", "target"), ("MED-ARRANGE-5", "target"),
            ("ORDER-REPLY", "answer"), ("SUPPORT-COUNTY-3", "answer"), ("FIND-RESPONDENT-15", "answer"), ("REF-RECEIVE-2", "answer"), ("REF-ANSWER-5", "answer"), ("REF-CONCLUDE-60", "answer"),
        ):  # fmt: skip
            self.assertEqual(day_of_what(rule), what, rule)

    def test_past_the_day_of_an_answer_nothing_is_overdue_in_lists_and_on_pages(self) -> None:
        claim = self.make_claim(person=self.grid_worker)
        order = orders.issue(claim, self.county, now=NOW, demand="约谈。", reply_by=date(2026, 3, 6))
        self.now = MISSED_DAY + timedelta(days=3)
        self.sign_in(self.county)
        self.assertEqual(order_rows([order], self.now.date(), calendar_now())[0].due.text, "已过答复日1个工作日")
        page = self.client.get(reverse("order_detail", args=[order.pk]))
        self.assertContains(page, "已过答复日1个工作日")
        self.assertNotContains(page, "已逾期")
        listed = self.client.get(reverse("order_list"))
        self.assertContains(listed, "已过答复日1个工作日")
        self.assertNotContains(listed, "逾期")

    def test_a_referral_too(self) -> None:
        claim = self.make_claim(person=self.grid_worker)
        casework.advance(claim, "accept", self.county, now=NOW, conditions=True)
        referrals.refer(claim, self.county, now=NOW, kind="support", body=self.procuratorate, summary="请支持起诉。")
        self.now = MISSED_DAY
        self.sign_in(self.county)
        listed = self.client.get(reverse("referral_list"))
        self.assertContains(listed, "已过答复日2个工作日")
        self.assertNotContains(listed, "逾期")


class StandingTest(PagesTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.claim = cls.make_claim(person=cls.grid_worker)

    def row(self, today: date):
        claim = Claim.objects.for_list().prefetch_related(running_clocks()).get(pk=self.claim.pk)
        return rows_of([claim], today, calendar_now(), self.county)[0]

    def test_a_claim_keeps_the_earlier_day_and_that_of_the_limit(self) -> None:
        self.assertEqual((self.claim.due_on, self.claim.limit_on), (date(2026, 3, 5), date(2026, 3, 9)))

    def test_it_is_overdue_only_after_the_limit(self) -> None:
        said = {day: self.claim.standing_on(date(2026, 3, day)) for day in (2, 5, 6, 9, 10)}
        self.assertEqual(said, {2: "near", 5: "near", 6: "past_target", 9: "past_target", 10: "overdue"})

    def test_a_claim_without_a_limit_of_its_own_passes_a_target_and_is_not_overdue(self) -> None:
        Claim.objects.filter(pk=self.claim.pk).update(due_on=TODAY, limit_on=None)
        self.assertEqual(Claim.objects.get(pk=self.claim.pk).standing_on(TODAY + timedelta(days=40)), "past_target")

    def test_the_day_of_an_agreement_binds_like_a_limit(self) -> None:
        clocks.stop(self.claim, ["*"], now=NOW)
        clocks.start(self.claim, "AGREED-PAY", TODAY, now=NOW, due_on=date(2026, 3, 12))
        clocks.refresh_due(self.claim)
        self.assertEqual((self.claim.due_on, self.claim.limit_on), (date(2026, 3, 12), date(2026, 3, 12)))
        self.assertEqual(self.claim.standing_on(date(2026, 3, 13)), "overdue")

    def test_the_row_says_the_limit_in_the_colour_of_the_earlier_day(self) -> None:
        row = self.row(MISSED_DAY.date())
        self.assertEqual((row.due.text, row.due.tone), ("还剩1个工作日", "bad"))
        self.assertEqual([(day.label, day.on.day) for day in row.days], [("法定", 9), ("目标已过", 5)])
        self.assertEqual(self.row(LATE_DAY.date()).due.text, "已逾期1个工作日")

    def test_a_target_that_stands_alone_says_that_it_is_one_and_the_limit_stands_beside_it(self) -> None:
        casework.advance(self.claim, "accept", self.chief, now=NOW, reason="")
        row = self.row(date(2026, 3, 9))  # work was to begin by the 5th; the inspection ends by law on 28 May
        self.assertEqual((row.due.text, row.due.tone), ("已过内部目标2个工作日", "bad"))
        self.assertEqual([(day.label, day.on) for day in row.days], [("目标已过", date(2026, 3, 5)), ("法定", date(2026, 5, 28))])

    def test_a_limit_that_has_passed_speaks_before_a_target_that_passed_earlier(self) -> None:
        casework.advance(self.claim, "accept", self.chief, now=NOW, reason="")
        row = self.row(date(2026, 5, 29))  # the whole case was to be closed by 28 May, work to begin by 5 March
        self.assertEqual((row.due.text, row.due.tone), ("已逾期1个工作日", "bad"))

    def test_words_and_standing_never_part(self) -> None:
        for moves in ((), ("accept",), ("accept", "handle")):
            claim = self.make_claim()
            for name in moves:
                casework.advance(claim, name, self.chief, now=NOW)
            fresh = Claim.objects.for_list().prefetch_related(running_clocks()).get(pk=claim.pk)
            for days in range(0, 130):
                today = TODAY + timedelta(days=days)
                row = rows_of([fresh], today, calendar_now(), self.county)[0]
                with self.subTest(moves=moves, today=today):
                    self.assertEqual(row.due.text.startswith("已逾期"), fresh.standing_on(today) == "overdue")
                    self.assertEqual(row.due.tone == "bad", fresh.standing_on(today) in ("overdue", "past_target"))


class EverywhereTest(PagesTestCase):
    """One claim past its limit, one past its target only, one in time, one that rests."""

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.late = cls.make_claim(person=cls.grid_worker)
        cls.missed = cls.make_claim(person=cls.grid_worker, received_on=date(2026, 3, 4), now=datetime(2026, 3, 4, 9, tzinfo=SHANGHAI))
        cls.fresh = cls.make_claim(person=cls.grid_worker, now=LATE_DAY)
        cls.now = LATE_DAY

    def numbers_of(self, query: str) -> list[str]:
        return self.numbers(self.client.get(f"{reverse('claim_list')}?{query}"))

    def test_the_filter_parts_them(self) -> None:
        self.assertEqual([name for name, _label in DUES], ["overdue", "past_target", "near", "on_time"])
        self.assertEqual(self.numbers_of("due=overdue"), [self.late.number])
        self.assertEqual(self.numbers_of("due=past_target"), [self.missed.number])
        self.assertEqual(self.numbers_of("due=near"), [self.fresh.number])

    def test_tiles_of_the_desk_count_them_apart(self) -> None:
        for person, late, missed in ((self.grid_worker, "my_overdue", "my_past_target"), (self.county, "overdue", "past_target")):
            self.sign_in(person)
            tiles = {shown.tile.name: (shown.count.number, shown.tone) for shown in self.client.get(reverse("desk")).context["tiles"]}
            self.assertEqual((tiles[late], tiles[missed]), ((1, "bad"), (1, "bad")))

    def test_no_tile_of_missed_targets_while_there_is_none(self) -> None:
        self.now = NOW
        self.assertNotIn("past_target", {shown.tile.name for shown in self.client.get(reverse("desk")).context["tiles"]})

    def test_regions_count_them_apart(self) -> None:
        load = workload(self.county, LATE_DAY.date())["321322101"]
        self.assertEqual(load, Load(open=3, overdue=1, past_target=1))
        page = self.client.get(reverse("region_detail", args=["321322101"]))
        self.assertContains(page, "已过内部目标")
        self.sign_in(self.county)
        self.assertContains(self.client.get(reverse("region_tree")), "1 件已过内部目标")

    def test_the_export_has_both_days_and_says_which_has_passed(self) -> None:
        content = b"".join(self.client.get(reverse("claim_export")).streaming_content).decode("utf-8-sig")
        rows = {row["案号"]: (row["最近到期"], row["法定或约定期限"], row["时限状态"]) for row in csv.DictReader(io.StringIO(content))}
        self.assertEqual(rows[self.late.number], ("2026-03-05", "2026-03-09", "已逾期"))
        self.assertEqual(rows[self.missed.number], ("2026-03-09", "2026-03-11", "已过内部目标"))
        self.assertEqual(set(STANDINGS), {"overdue", "past_target", "near", "on_time", "none", "suspended"})

    def test_the_api_has_both_days_and_says_which_has_passed(self) -> None:
        rows = {row["number"]: row for row in self.client.get("/api/v1/claims/").json()["results"]}
        said = {number: (row["due_on"], row["limit_on"], row["standing"]) for number, row in rows.items()}
        self.assertEqual(said[self.late.number], ("2026-03-05", "2026-03-09", "overdue"))
        self.assertEqual(said[self.missed.number], ("2026-03-09", "2026-03-11", "past_target"))

    def test_a_claim_that_rests_is_neither(self) -> None:
        Claim.objects.filter(pk__in=[self.late.pk, self.missed.pk]).update(suspended_until=LATE_DAY.date())
        self.assertEqual(self.numbers_of("due=overdue") + self.numbers_of("due=past_target"), [])
        self.assertEqual(workload(self.county, LATE_DAY.date())["321322101"], Load(open=3))

    def test_the_metrics_count_them_apart(self) -> None:
        self.assertEqual((list(claims_overdue(LATE_DAY)), list(claims_past_target(LATE_DAY))), ([((), 1)], [((), 1)]))
        Claim.objects.update(suspended_until=LATE_DAY.date())
        self.assertEqual((list(claims_overdue(LATE_DAY)), list(claims_past_target(LATE_DAY))), ([((), 0)], [((), 0)]))


class BackfillTest(PagesTestCase):
    def test_claims_that_were_there_before_get_the_day_that_binds(self) -> None:
        registered, agreed, closed = (self.make_claim() for _claim in range(3))
        for claim, rules in ((agreed, ["*"]), (closed, ["*"])):
            clocks.stop(claim, rules, now=NOW)
        clocks.start(agreed, "AGREED-PAY", TODAY, now=NOW, due_on=date(2026, 3, 12))
        clocks.start(closed, "CLOSE-5", TODAY, now=NOW)
        Claim.objects.update(limit_on=None)
        with connection.cursor() as cursor:
            cursor.execute(import_module("arrears.migrations.0010_claim_limit").BACKFILL)
        days = [Claim.objects.get(pk=claim.pk).limit_on for claim in (registered, agreed, closed)]
        self.assertEqual(days, [date(2026, 3, 9), date(2026, 3, 12), None])


class WordsOfNoticesTest(PagesTestCase):
    def test_a_notice_about_a_target_does_not_say_overdue(self) -> None:
        late = {rule: notice_kind(rule, LADDERS[family_of(rule)][-1]) for rule in ("JC-ACCEPT", "JC-ACCEPT-3", "CLOSE-5", "MED-15", "MED-ARRANGE-5")}
        self.assertEqual(late, {
            "JC-ACCEPT": "clock_late", "JC-ACCEPT-3": "target_late", "CLOSE-5": "target_late", "MED-15": "clock_late",
            "MED-ARRANGE-5": "target_late",
        })  # fmt: skip
        self.assertEqual(notice_kind("JC-ACCEPT-3", DUE), "clock_near")

    def test_the_rungs_of_a_target_do_not_say_overdue(self) -> None:
        self.assertFalse([rung.label for family in ("local", "target") for rung in LADDERS[family] if "逾期" in rung.label])
