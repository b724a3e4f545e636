"""The day promised to the office a work order came from, once it is a claim: a clock that somebody answers for until that
office knows, whatever becomes of the claim."""

from datetime import timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from arrears import casework, integrity, tasks
from arrears.calendars import calendar_now
from arrears.escalation import sweep
from arrears.groups.splitting import split
from arrears.intake import ClaimantFacts, LineFacts
from arrears.models import Claim, Clock, Event, Report, Returned
from arrears.reports import deciding
from arrears.sources import promised
from arrears.sources.page import orders_behind
from grid.models import Notice
from grid.refused import Refused
from tests.arrears.orders import OrdersTestCase, day
from tests.base import NOW

DAY = timedelta(days=1)


class PromisedTest(OrdersTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.source = self.make_source()
        self.report = self.take(self.source, answer_by=day(9)).report

    def clock(self, **asked: Any) -> Clock:
        return Clock.objects.get(rule_id="SOURCE-ANSWER", about_id=self.report.pk, **asked)

    def test_it_runs_from_the_claim_on_to_the_day_the_order_names(self) -> None:
        claim = self.accept(self.report)
        clock = self.clock()
        self.assertEqual((clock.claim, clock.started_on, clock.due_on, clock.ended_on), (claim, NOW.date(), day(9), None))
        self.sign_in(self.grid_worker)
        page = self.client.get(reverse("claim_detail", args=[claim.pk]))
        self.assertContains(page, "hotline 热线 GD001")
        self.assertContains(self.client.get(reverse("clock_why", args=[clock.pk])), "hotline 热线 GD001")

    def test_no_clock_where_nobody_was_promised_a_day(self) -> None:
        self.accept(self.take(self.source, "GD002", answer_by=None).report)
        self.assertFalse(Clock.objects.filter(rule_id="SOURCE-ANSWER").exists())

    def test_it_calls_and_the_claim_climbs_the_day_after(self) -> None:
        claim = self.accept(self.take(self.source, "GD002", answer_by=day(5), phone="13900000002").report)
        sweep(NOW + 2 * DAY)
        self.assertTrue(Notice.objects.filter(kind="source_near", recipient=self.chief, subject_id=claim.pk).exists())
        sweep(NOW + 4 * DAY)  # 6 March, before the limit for accepting it
        self.assertIn(("SOURCE-ANSWER", "late1"), {(e.facts["rule"], e.facts["rung"]) for e in Event.objects.filter(claim=claim, kind="climbed")})
        claim.refresh_from_db()
        self.assertEqual(claim.level, "county")

    def test_an_answer_meets_it_and_goes_to_its_source(self) -> None:
        claim = self.accept(self.report)
        promised.answer(self.report, self.grid_worker, now=NOW + DAY, text="已联系老板，周五前付清。")
        self.assertEqual((self.clock().was_met, self.clock().ended_on), (True, day(3)))
        told = Returned.objects.get(state="answered")
        self.assertEqual((told.report, told.facts, told.claim), (self.report, {"text": "已联系老板，周五前付清。"}, claim))
        self.assertTrue(Event.objects.filter(claim=claim, kind="source_answered", facts__external="GD001").exists())

    def test_an_answer_is_refused_to_strangers_without_words_and_before_or_behind_the_claim(self) -> None:
        with self.assertRaises(Refused) as caught:
            promised.answer(self.report, self.grid_worker, now=NOW, text="在办")
        self.assertEqual(caught.exception.code, "no_source")
        claim = self.accept(self.report)
        self.report.refresh_from_db()
        for person, text, code in ((self.chief_a2, "在办", "not_your_role"), (self.auditor, "在办", "not_your_role"), (self.chief, " ", "no_text")):
            with self.assertRaises(Refused) as caught:
                promised.answer(self.report, person, now=NOW, text=text)
            self.assertEqual(caught.exception.code, code)
        casework.advance(claim, "withdraw", self.chief, now=NOW, reason="已付", confirmed=True)
        with self.assertRaises(Refused) as caught:
            promised.answer(self.report, self.chief, now=NOW, text="在办")
        self.assertEqual(caught.exception.code, "claim_closed")
        self.assertEqual(self.clock().ended_on, NOW.date())

    def test_its_page_says_how_long_it_is_only_while_it_is_owed(self) -> None:
        claim = self.accept(self.report)
        for today in (NOW.date(), day(20)):
            (order,) = orders_behind(claim, self.chief, today, calendar_now())
            self.assertTrue(order.due)
        promised.answer(self.report, self.chief, now=NOW, text="已约谈。")
        (order,) = orders_behind(claim, self.chief, day(20), calendar_now())
        self.assertIsNone(order.due)

    def untold(self) -> Report:
        return self.take(self.make_source("silent", return_way="none"), answer_by=day(9), phone="13900000002").report

    def test_to_a_source_the_system_tells_nothing_only_an_answer_somebody_gave_counts(self) -> None:
        report, clock = self.untold(), Clock.objects.filter(rule_id="SOURCE-ANSWER")
        claim = self.accept(report)
        with self.assertRaises(Refused) as caught:
            promised.answer(report, self.chief, now=NOW, text="已经约谈。")
        self.assertEqual((caught.exception.code, clock.get().ended_on), ("not_given", None))
        self.sign_in(self.chief)
        self.assertContains(self.client.get(reverse("claim_detail", args=[claim.pk])), "系统不向这个来源回传，答复和结果由承办人另行告知。")
        url = reverse("report_answer", args=[report.pk])
        self.assertContains(self.client.get(url), "系统不向这个来源回传")
        self.assertContains(self.client.post(url, {"text": "已经约谈。"}), "必填")
        page = self.client.post(url, {"text": "已经约谈。", "given": "phone"}, follow=True)
        self.assertContains(page, "已登记对来源单位的答复。")
        self.assertEqual((clock.get().was_met, clock.get().ended_on), (True, NOW.date()))
        self.assertContains(self.client.get(reverse("claim_detail", args=[claim.pk])), "怎样告诉来源单位：打电话告诉的")
        api = f"/api/v1/reports/{report.pk}/answer/"
        for said, code in (({}, 409), ({"given": "smoke"}, 400), ({"given": "paper"}, 200)):
            self.assertEqual(self.client.post(api, {"text": "又付了。", **said}, content_type="application/json").status_code, code)

    def test_the_end_of_the_claim_tells_nothing_to_such_a_source_and_what_came_out_is_told_afterwards(self) -> None:
        report = self.untold()
        casework.advance(self.accept(report), "withdraw", self.chief, now=NOW, reason="已付", confirmed=True)
        clock = Clock.objects.get(rule_id="SOURCE-ANSWER")
        self.assertEqual((clock.was_met, clock.ended_on), (False, NOW.date()))
        promised.answer(Report.objects.get(pk=report.pk), self.chief, now=NOW, text="已付清，劳动者撤回。", given="system")
        self.assertEqual(Event.objects.get(kind="source_answered").facts["given"], "system")

    def test_a_source_the_system_tells_is_asked_nothing_about_the_way(self) -> None:
        self.accept(self.report)
        self.sign_in(self.chief)
        self.assertNotContains(self.client.get(reverse("report_answer", args=[self.report.pk])), "系统不向这个来源回传")
        promised.answer(self.report, self.chief, now=NOW, text="已约谈。", given="phone")
        self.assertNotIn("given", Event.objects.get(kind="source_answered").facts)

    def test_by_page_and_api(self) -> None:
        self.accept(self.report)
        url = reverse("report_answer", args=[self.report.pk])
        self.sign_in(self.county_b)
        self.assertEqual(self.client.get(url).status_code, 404)
        self.sign_in(self.auditor)
        self.assertEqual(self.client.get(url).status_code, 409)
        self.sign_in(self.chief)
        self.assertContains(self.client.post(url, {"text": ""}), "必填")
        self.assertContains(self.client.post(url, {"text": "已经约谈。"}, follow=True), "已答复")
        again = self.client.post(f"/api/v1/reports/{self.report.pk}/answer/", {"text": "又付了一笔。"}, content_type="application/json")
        self.assertEqual(again.status_code, 200)
        self.assertEqual(self.told(self.report)[-2:], ["answered", "answered"])
        self.sign_in(self.auditor)
        self.assertEqual(self.client.post(f"/api/v1/reports/{self.report.pk}/answer/", {"text": "x"}, content_type="application/json").status_code, 409)

    def test_joined_and_merged_it_runs_on_in_the_claim_that_goes_on(self) -> None:
        claim, target = self.make_claim(), self.make_claim()
        deciding.join(self.report, self.chief, now=NOW, claim=claim)
        casework.advance(claim, "merge", self.chief, now=NOW, merged_into=target, reason="同一工地")
        clock = self.clock()
        self.assertEqual((clock.claim, clock.ended_on), (target, None))
        self.assertTrue(clock.watch)
        promised.answer(Report.objects.get(pk=self.report.pk), self.chief, now=NOW, text="已约谈。")
        self.assertTrue(self.clock().was_met)

    def test_split_it_goes_with_its_worker(self) -> None:
        big = self.make_claim(claimants=[ClaimantFacts("王五", "13900000009", lines=[LineFacts(1000)])])
        claim = self.accept(self.report)
        casework.advance(claim, "merge", self.chief, now=NOW, merged_into=big, reason="同一工地")
        with CaptureQueriesContext(connection) as asked:
            new = split(Claim.objects.get(pk=big.pk), self.county, [big.claimants.get(phone="13800000001").pk], "另一班组", now=NOW)
        (moved,) = [query["sql"] for query in asked if query["sql"].startswith('UPDATE "arrears_clock"') and self.report.pk.hex in query["sql"]]
        self.assertIn(big.pk.hex, moved)  # found by its claim, which an index knows, and not among all clocks
        self.assertEqual(self.clock(ended_on=None).claim, new)

    def test_its_source_moves_the_day_or_asks_again_after_an_answer(self) -> None:
        self.accept(self.report)
        self.take(self.source, answer_by=day(12))
        self.assertEqual(self.clock().due_on, day(12))
        promised.answer(Report.objects.get(pk=self.report.pk), self.chief, now=NOW, text="在办。")
        self.take(self.source, answer_by=day(16))
        self.assertEqual(self.clock(ended_on=None).due_on, day(16))
        self.take(self.source, answer_by=None)
        self.assertFalse(Clock.objects.running().filter(rule_id="SOURCE-ANSWER").exists())

    def test_a_claim_opened_again_before_the_day_owes_it_again_and_behind_it_not(self) -> None:
        for now, count in ((NOW + DAY, 1), (NOW + 20 * DAY, 0)):
            claim = self.accept(self.take(self.source, f"GD1{count}", answer_by=day(9), phone=f"1390000001{count}").report)
            casework.advance(claim, "withdraw", self.chief, now=NOW, reason="已付", confirmed=True)
            casework.advance(claim, "reopen", self.county, now=now, reason="付款被退回")
            self.assertEqual(claim.clocks.running().filter(rule_id="SOURCE-ANSWER").count(), count)

    def locked(self, **said: Any) -> tuple[str, list[str]]:
        """What came out of the order sent again, and what was held for it, in that order."""
        with CaptureQueriesContext(connection) as asked:
            result = self.take(self.source, **said).result
        return result, [query["sql"] for query in asked if "FOR UPDATE" in query["sql"] or "FOR NO KEY" in query["sql"]]

    def test_an_update_holds_the_claim_that_goes_on_and_then_the_report(self) -> None:
        claim, target = self.accept(self.report), self.make_claim()
        casework.advance(claim, "merge", self.chief, now=NOW, merged_into=target, reason="同一工地")
        result, (first, second, *more) = self.locked(answer_by=day(12))
        self.assertEqual(result, "updated")
        self.assertIn(target.pk.hex, first)
        self.assertIn('FROM "arrears_report"', second)
        self.assertFalse([sql for sql in (first, *more) if claim.pk.hex in sql or 'FROM "arrears_claim"' in sql and sql is not first])

    def test_what_has_not_changed_holds_nothing(self) -> None:
        self.accept(self.report)
        self.assertEqual(self.locked(answer_by=day(9)), ("known", []))


class ToldCheckTest(OrdersTestCase):
    def found(self, name: str) -> int:
        return integrity.run(NOW, [name])[0].found.count

    def test_what_a_source_is_to_be_told_and_is_not_written_is_found(self) -> None:
        source = self.make_source()
        report = self.take(source, now=NOW + DAY, answer_by=day(9)).report
        claim = deciding.accept(report, self.grid_worker, now=NOW + 2 * DAY)
        casework.advance(claim, "accept", self.chief, now=NOW + 3 * DAY, conditions=True, note="")
        target = self.make_claim()
        casework.advance(target, "accept", self.chief, now=NOW + 3 * DAY, conditions=True, note="")  # before it had to do with the report
        casework.advance(claim, "merge", self.chief, now=NOW + 4 * DAY, merged_into=target, reason="同一工地")
        casework.advance(target, "handle", self.chief, now=NOW + 5 * DAY, note="")
        self.assertEqual((self.found("sources_untold"), self.found("promises_without_clock")), (0, 0))
        Returned.objects.filter(state__in=("registered", "accepted", "handling")).delete()
        self.assertEqual(self.found("sources_untold"), 3)

    def test_what_was_told_of_nothing_is_found(self) -> None:
        report = self.take(self.make_source()).report
        Returned.objects.filter(report=report).update(cause=report.pk)
        self.assertEqual(self.found("sources_untold"), 1)

    def test_before_a_source_was_told_anything_nothing_is_missing(self) -> None:
        self.take(self.make_source("silent", return_way="none"), now=NOW + DAY)
        self.assertEqual(self.found("sources_untold"), 0)

    def test_a_promise_without_its_clock_is_found(self) -> None:
        claim = self.accept(self.take(self.make_source(), answer_by=day(9)).report)
        self.assertEqual(self.found("promises_without_clock"), 0)
        claim.clocks.filter(rule_id="SOURCE-ANSWER").delete()
        self.assertEqual(self.found("promises_without_clock"), 1)

    def test_what_was_promised_before_there_were_such_clocks_is_pursued_from_the_night_on(self) -> None:
        source = self.make_source()
        (open_one, ended, gone_in), target = [
            self.accept(self.take(source, f"GD{n}", answer_by=day(9), phone=f"1390000001{n}").report) for n in range(3)
        ], self.make_claim()  # fmt: skip
        answered = self.take(source, "GD9", answer_by=day(9), phone="13900000019").report
        self.accept(answered)
        casework.advance(ended, "withdraw", self.chief, now=NOW, reason="已付", confirmed=True)
        casework.advance(gone_in, "merge", self.chief, now=NOW, merged_into=target, reason="同一工地")
        Clock.objects.filter(rule_id="SOURCE-ANSWER").delete()
        promised.answer(answered, self.chief, now=NOW, text="已付清。")
        self.assertEqual(self.found("promises_without_clock"), 2)
        tasks.check_integrity()
        begun = Clock.objects.running().filter(rule_id="SOURCE-ANSWER", claim__in=[open_one, target])
        self.assertEqual({(clock.claim, clock.due_on, bool(clock.watch)) for clock in begun}, {(open_one, day(9), True), (target, day(9), True)})
        self.assertEqual(begun.count(), Clock.objects.filter(rule_id="SOURCE-ANSWER").count())
        self.assertEqual((self.found("promises_without_clock"), promised.begin_lost(NOW)), (0, 0))
