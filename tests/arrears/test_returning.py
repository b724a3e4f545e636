"""What a source is told: every change of state of its report and afterwards of its claim, once each, whatever becomes of it."""

import csv
import io
from datetime import timedelta
from typing import Any

from django.urls import reverse

from arrears import casework, referrals
from arrears.groups.splitting import split
from arrears.intake import ClaimantFacts, LineFacts
from arrears.models import Claim, Event, Report, Returned
from arrears.reports import deciding
from arrears.reports.record import KINDS as REPORT_KINDS
from arrears.sheets.reading import read_file
from arrears.sources import handing, keeping
from arrears.sources.states import OF_CLAIM, OF_REPORT
from grid.models import Notice
from grid.refused import Refused
from tests.arrears.orders import OrdersTestCase
from tests.base import NOW, TODAY

DAY = timedelta(days=1)


class ToldTest(OrdersTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.source = self.make_source()
        self.report = self.take(self.source).report

    def move(self, claim: Claim, *moves: str, **answers: Any) -> None:
        for name in moves:
            casework.advance(claim, name, None, now=NOW, **answers)

    def last(self) -> Returned:
        return self.report.returned.order_by("-id").first()

    def test_from_receipt_to_the_end_and_back(self) -> None:
        claim = self.accept(self.report)
        self.assertEqual((self.last().state, self.last().facts), ("registered", {"claim": claim.number}))
        self.move(claim, "accept", "handle")
        self.move(claim, "settle", agreed_amount=8000, pay_by=TODAY + DAY, terms="一次付清")
        self.move(claim, "breach", reason="没有付")
        self.move(claim, "settle", agreed_amount=8000, pay_by=TODAY + DAY, terms="一次付清")
        self.move(claim, "record_payment", amount=8000, paid_on=TODAY, method="bank")
        claim.refresh_from_db()
        self.move(claim, "close", result="paid_in_full", note="已经给钱")
        self.assertEqual(self.last().facts, {"result": "paid_in_full"})
        self.move(claim, "reopen", reason="付款被退回")
        self.assertEqual(self.told(self.report), [
            "received", "registered", "accepted", "handling", "settled", "breached", "settled", "paid", "closed", "reopened",
        ])  # fmt: skip

    def test_refused_with_ground_and_reason(self) -> None:
        claim = self.accept(self.report)
        self.move(claim, "reject", ground="out_of_scope", reason="属于劳务合同纠纷。")
        self.assertEqual(self.last().facts, {"ground": "out_of_scope", "reason": "属于劳务合同纠纷。"})

    def test_declined_and_undone_by_hand(self) -> None:
        deciding.decline(self.report, self.chief, now=NOW, reason="重复。")
        self.assertEqual(self.last().facts, {"reason": "重复。"})
        with self.assertRaises(Refused):
            deciding.reopen(self.report, self.chief, now=NOW, reason=" ")
        later = NOW + 5 * DAY
        deciding.reopen(self.report, self.chief, now=later, reason="不是重复。")
        self.report.refresh_from_db()
        self.assertTrue(self.report.is_waiting and self.report.next_at)
        self.assertEqual(self.report.due_on, later.date() + 3 * DAY)  # a Saturday, and two working days
        self.assertEqual(self.told(self.report), ["received", "declined", "reconsidered"])
        with self.assertRaises(Refused):
            deciding.reopen(self.report, self.chief, now=later, reason="还要")

    def test_declined_and_told_other_words_it_is_looked_at_again(self) -> None:
        deciding.decline(self.report, self.chief, now=NOW, reason="没有内容。")
        self.take(self.source, story="补充：有欠条。")
        self.report.refresh_from_db()
        self.assertTrue(self.report.is_waiting)
        self.assertEqual(self.told(self.report), ["received", "declined", "reconsidered"])

    def test_routed_to_another_township(self) -> None:
        deciding.route(self.report, self.chief, now=NOW, region=self.regions["321322102"])
        self.assertEqual((self.last().state, self.last().facts), ("routed", {"to": "胡集镇"}))

    def test_joined_it_follows_the_claim_it_went_into(self) -> None:
        claim = self.make_claim()
        deciding.join(self.report, self.chief, now=NOW, claim=claim)
        self.move(claim, "accept")
        self.assertEqual(self.told(self.report), ["received", "joined", "accepted"])

    def test_merged_it_follows_the_claim_that_goes_on_however_often(self) -> None:
        claim, second, third = self.accept(self.report), self.make_claim(), self.make_claim()
        self.move(claim, "merge", merged_into=second, reason="同一工地")
        self.assertEqual(self.last().facts, {"merged_into": second.number})
        self.move(second, "merge", merged_into=third, reason="同一工地")
        self.move(third, "accept")
        self.assertEqual(self.told(self.report), ["received", "registered", "merged", "merged", "accepted"])
        self.assertEqual(self.last().claim, third)

    def test_split_it_goes_with_its_worker(self) -> None:
        other = [ClaimantFacts("王五", "13900000009", lines=[LineFacts(1000)])]
        big = self.make_claim(claimants=other)
        claim = self.accept(self.report)
        self.move(claim, "merge", merged_into=big, reason="同一工地")
        worker = big.claimants.get(phone="13800000001")
        new = split(big, self.county, [worker.pk], "另一班组", now=NOW)
        self.move(new, "accept")
        self.report.refresh_from_db()
        self.assertEqual(self.report.claim, new)
        self.assertEqual(self.told(self.report), ["received", "registered", "merged", "split", "accepted"])
        stays = self.take(self.source, "GD002", phone="13900000009").report
        deciding.join(stays, self.chief, now=NOW, claim=big)
        extra = big.claimants.create(name="赵六", phone="13900000010")
        split(Claim.objects.get(pk=big.pk), self.county, [extra.pk], "另一班组", now=NOW)
        stays.refresh_from_db()
        self.assertEqual(stays.claim, big)

    def test_referred_recalled_declined_and_concluded_elsewhere(self) -> None:
        claim = self.accept(self.report)
        self.move(claim, "accept")
        refer = {"now": NOW, "kind": "support", "body": self.procuratorate, "summary": "请支持起诉。", "evidence": []}
        for last, person, answers in (
            ("recall", self.city, {"reason": "先调解"}), ("decline", self.partner, {"ground": "evidence", "reason": "材料不足"}),
            ("conclude", self.partner, {"outcome": "sued", "docket_number": "1", "note": ""}),
        ):  # fmt: skip
            referral = referrals.refer(claim, self.city, **refer)
            if last != "recall":
                referrals.advance(referral, "receive", self.partner, now=NOW)
            if last == "conclude":
                for move in ("accept", "begin"):
                    referrals.advance(referral, move, self.partner, now=NOW, note="")
            referrals.advance(referral, last, person, now=NOW, **answers)
            self.assertEqual(self.last().facts, {"body": "沭阳县人民检察院"})
        self.assertEqual(self.told(self.report)[3:], [
            "referred", "referral_recalled", "referred", "referral_declined", "referred", "referral_concluded",
        ])  # fmt: skip

    def test_suspended_and_resumed(self) -> None:
        claim = self.accept(self.report)
        self.move(claim, "accept")
        answers = {"ground": "appraisal", "planned_end": TODAY + 20 * DAY, "reason": "鉴定"}
        casework.advance(claim, "suspend", self.county, now=NOW, **answers)
        casework.advance(claim, "resume", self.county, now=NOW + DAY)
        self.assertEqual(self.told(self.report)[-2:], ["suspended", "resumed"])

    def test_a_claim_nobody_sent_and_a_source_that_is_told_nothing_have_no_rows(self) -> None:
        before = Returned.objects.count()
        self.move(self.make_claim(), "accept")
        silent = self.make_source("silent", return_way="none")
        self.accept(self.take(silent).report)
        self.assertEqual(Returned.objects.count(), before)

    def test_each_event_is_told_once(self) -> None:
        claim = self.accept(self.report)
        self.move(claim, "accept")
        causes = list(self.report.returned.values_list("cause", flat=True))
        self.assertEqual(len(causes), len(set(causes)))
        events = {*self.report.events.values_list("pk", flat=True), *Event.objects.filter(claim=claim).values_list("pk", flat=True)}
        self.assertLessEqual(set(causes), events)

    def test_every_state_of_the_tables_is_brought_about_by_an_event_that_exists(self) -> None:
        """A move that is renamed must not fall silent."""
        known = {move.name for move in casework.CLAIM.moves} | {f"referral.{move.name}" for move in referrals.REFERRAL.moves}
        self.assertLessEqual(OF_CLAIM.keys(), known)
        self.assertLessEqual(OF_REPORT.keys(), REPORT_KINDS.keys())


class UpdatesTest(OrdersTestCase):
    """Another version of an order is never lost, whenever it comes."""

    def setUp(self) -> None:
        super().setUp()
        self.source = self.make_source()
        self.report = self.take(self.source).report

    def test_waiting_it_is_shown_and_taken_over_by_somebody(self) -> None:
        self.take(self.source, phone="13900000002", amount=None, address="沭阳县陇集镇二期")
        address = reverse("report_detail", args=[self.report.pk])
        page = self.client.get(address)
        self.assertContains(page, "13900000002")
        self.assertContains(page, "13800000001")
        response = self.client.post(reverse("report_adopt", args=[self.report.pk]), follow=True)
        self.assertContains(response, "已采用")
        self.report.refresh_from_db()
        self.assertEqual((self.report.phone, self.report.amount, self.report.place), ("13900000002", None, "沭阳县陇集镇二期"))
        self.assertContains(self.client.post(reverse("report_adopt", args=[self.report.pk]), follow=True), "没有还未采用的更新")
        claim = self.accept(self.report)
        self.assertFalse(Event.objects.filter(claim=claim, kind="source_updated").exists())

    def test_not_taken_over_it_stands_in_the_history_of_the_claim(self) -> None:
        self.take(self.source, story="已经四个月，还有三名工友。")
        claim = self.accept(self.report)
        event = Event.objects.get(claim=claim, kind="source_updated")
        self.assertEqual((event.facts["changed"], event.facts["text"]), (["story"], "已经四个月，还有三名工友。"))
        self.assertContains(self.client.get(reverse("claim_detail", args=[claim.pk])), "已经四个月，还有三名工友。")

    def test_after_it_was_accepted_it_is_an_event_of_the_claim_and_its_handler_hears(self) -> None:
        claim = self.accept(self.report)
        self.take(self.source, story="老板跑了。")
        self.assertEqual(Event.objects.get(claim=claim, kind="source_updated").facts["external"], "GD001")
        self.assertTrue(Notice.objects.filter(kind="order_changed", recipient=self.grid_worker, subject_id=claim.pk).exists())
        page = self.client.get(reverse("claim_detail", args=[claim.pk]))
        self.assertContains(page, "hotline 热线更新了工单 GD001：事情经过")
        self.assertContains(page, "老板跑了。")

    def test_merged_since_it_reaches_the_claim_that_goes_on(self) -> None:
        claim, other = self.accept(self.report), self.make_claim()
        casework.advance(claim, "merge", None, now=NOW, merged_into=other, reason="同一工地")
        self.take(self.source, story="老板跑了。")
        self.assertTrue(Event.objects.filter(claim=other, kind="source_updated").exists())

    def test_a_sooner_day_counts_at_once(self) -> None:
        self.take(self.source, answer_by=TODAY + DAY)
        self.report.refresh_from_db()
        self.assertEqual((self.report.answer_by, self.report.due_on), (TODAY + DAY, TODAY + DAY))

    def test_an_auditor_reads_both_telephones_masked(self) -> None:
        self.take(self.source, phone="13900000002")
        self.sign_in(self.auditor)
        page = self.client.get(reverse("report_detail", args=[self.report.pk]))
        self.assertContains(page, "139****0002")
        self.assertNotContains(page, "13900000002")
        self.assertNotContains(page, reverse("report_adopt", args=[self.report.pk]))

    def test_out_of_sight_is_404_and_whoever_may_not_decide_changes_nothing(self) -> None:
        self.take(self.source, phone="13900000002")
        for person, status in ((self.chief_a2, 404), (self.auditor, 302), (self.mediator, 302)):
            self.sign_in(person)
            self.assertEqual(self.client.post(reverse("report_adopt", args=[self.report.pk])).status_code, status)
        self.report.refresh_from_db()
        self.assertEqual(self.report.phone, "13800000001")

    def test_reopening_on_the_page(self) -> None:
        self.assertEqual(self.client.get(reverse("report_reopen", args=[self.report.pk])).status_code, 409)
        deciding.decline(self.report, self.chief, now=NOW, reason="重复。")
        self.assertContains(self.client.get(reverse("report_detail", args=[self.report.pk])), reverse("report_reopen", args=[self.report.pk]))
        response = self.client.post(reverse("report_reopen", args=[self.report.pk]), {"reason": "看错了。"}, follow=True)
        self.assertContains(response, "重新进入收件箱")
        self.sign_in(self.chief_a2)
        self.assertEqual(self.client.get(reverse("report_reopen", args=[self.report.pk])).status_code, 404)


class InboxTest(OrdersTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.source, self.other = self.make_source(), self.make_source("platform")
        self.first = self.take(self.source, "GD001", answer_by=TODAY + DAY).report
        self.second = self.take(self.other, "GD001").report
        self.third = self.take(self.other, "XS-77/2026").report

    def found(self, **query: str) -> set[Report]:
        return {row.report for row in self.client.get("/reports/", query).context["rows"]}

    def test_by_source_and_by_either_number(self) -> None:
        self.assertEqual(self.found(), {self.first, self.second, self.third})
        self.assertEqual(self.found(source="platform"), {self.second, self.third})
        self.assertEqual(self.found(source="-"), set())
        self.assertEqual(self.found(q="GD001"), {self.first, self.second})
        self.assertEqual(self.found(q="GD001", source="hotline"), {self.first})
        self.assertEqual(self.found(q=" XS-77/2026 "), {self.third})
        self.assertEqual(self.found(q=self.second.public_number.lower()), {self.second})
        self.assertEqual(self.found(source="nobody"), set())
        self.sign_in(self.chief_a2)
        self.assertEqual(self.found(q="GD001"), set())

    def test_it_shows_source_number_and_days_left(self) -> None:
        page = self.client.get("/reports/")
        self.assertContains(page, "hotline 热线")
        self.assertContains(page, "XS-77/2026")
        self.assertContains(page, "来源要求")
        self.assertContains(self.client.get("/reports/", {"source": "hotline"}), "?show=late&amp;source=hotline")

    def test_claims_are_found_by_the_number_of_the_order_in_sight_alone(self) -> None:
        claim = self.accept(self.third)
        self.assertEqual(self.numbers(self.client.get("/claims/", {"q": "XS-77/2026"})), [claim.number])
        self.sign_in(self.chief_a2)
        self.assertEqual(self.numbers(self.client.get("/claims/", {"q": "XS-77/2026"})), [])

    def test_an_address_is_no_site_and_is_not_lost(self) -> None:
        claim = self.accept(self.first)
        self.assertEqual((claim.site, claim.story), (None, "干了三个月没有给钱。\n地址：沭阳县陇集镇翰林雅苑二期工地"))
        named = self.accept(self.take(self.source, "GD009", place="翰林雅苑二期").report)
        self.assertEqual((named.site.name, named.story), ("翰林雅苑二期", "干了三个月没有给钱。"))

    def test_the_page_of_the_claim_it_was_merged_into_shows_it_too_with_the_days_left(self) -> None:
        claim, other = self.accept(self.first), self.make_claim()
        casework.advance(claim, "merge", None, now=NOW, merged_into=other, reason="同一工地")
        page = self.client.get(reverse("claim_detail", args=[other.pk]))
        self.assertContains(page, reverse("report_detail", args=[self.first.pk]))
        self.assertEqual([one.due.text for one in page.context["page"].orders_behind], ["还剩1个工作日"])

    def test_an_order_that_still_waits_is_offered_where_claims_are_searched(self) -> None:
        address = reverse("report_detail", args=[self.third.pk])
        self.assertContains(self.client.get("/claims/", {"q": "XS-77/2026"}), address)
        self.assertNotContains(self.client.get("/claims/", {"q": "XS-77"}), address)
        self.sign_in(self.chief_a2)
        self.assertNotContains(self.client.get("/claims/", {"q": "XS-77/2026"}), address)

    def test_the_page_of_the_claim_shows_where_it_came_from_and_what_went_back(self) -> None:
        claim = self.accept(self.first)
        page = self.client.get(reverse("claim_detail", args=[claim.pk]))
        self.assertContains(page, reverse("report_detail", args=[self.first.pk]))
        self.assertContains(page, "已登记为案件")
        self.assertContains(page, "待回传")

    def test_it_asks_as_often_for_three_as_for_thirty(self) -> None:
        few = self.queries("/reports/")
        for number in range(27):
            self.take(self.source, f"N{number}")
        self.assertEqual(self.queries("/reports/"), few)
        claim = self.accept(self.first)
        for move in ("accept", "handle"):
            casework.advance(claim, move, None, now=NOW)
        self.settle_and_break(claim, 1)
        few = self.queries(f"/claims/{claim.pk}/")
        self.settle_and_break(claim, 14)
        self.assertEqual(self.queries(f"/claims/{claim.pk}/"), few)

    def settle_and_break(self, claim: Claim, times: int) -> None:
        for _turn in range(times):
            casework.advance(claim, "settle", None, now=NOW, agreed_amount=8000, pay_by=TODAY, terms="x")
            casework.advance(claim, "breach", None, now=NOW, reason="x")


class FileTest(OrdersTestCase):
    """Exchange by file: what is new since the last one, and no cell that computes."""

    def setUp(self) -> None:
        super().setUp()
        self.source = self.make_source(return_way="file", wording={"received": "=1+1"})
        self.take(self.source, "=cmd|'/c calc'!A1")
        self.take(self.source, "GD002")
        self.sign_in(self.city)

    def hand_out(self) -> Any:
        return self.client.post(reverse("source_hand_out", args=[self.source.pk]), follow=True)

    def test_what_is_new_since_the_last_one(self) -> None:
        self.assertContains(self.hand_out(), "已导出 2 条变更")
        self.assertContains(self.hand_out(), "没有新的状态变更")
        claim = self.accept(Report.objects.get(external_number="GD002"))
        self.assertContains(self.hand_out(), "已导出 1 条变更")
        file = self.source.files.first()
        lines = list(handing.lines_of(file))
        self.assertEqual(lines[1][:2] + lines[1][4:6], ["GD002", "已登记为案件", claim.number, f"案号 {claim.number}"])
        self.assertEqual(set(Returned.objects.values_list("standing", flat=True)), {"sent"})

    def test_no_cell_computes(self) -> None:
        self.hand_out()
        file = self.source.files.get()
        answer = self.client.get(reverse("source_file", args=[file.pk, "csv"]))
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        self.assertEqual([row[0] for row in rows], ["工单编号", "'=cmd|'/c calc'!A1", "GD002"])
        self.assertEqual(rows[1][2], "'=1+1")
        workbook = self.client.get(reverse("source_file", args=[file.pk, "xlsx"]))
        (table,) = read_file(workbook.content, "x.xlsx")
        self.assertEqual([line.cells[0].text for line in table.lines], ["工单编号", "=cmd|'/c calc'!A1", "GD002"])
        self.assertNotIn("formula", [cell.kind for line in table.lines for cell in line.cells])
        self.assertEqual(self.client.get(f"/source-files/{file.pk}.exe").status_code, 404)

    def test_who_may(self) -> None:
        self.hand_out()
        file = self.source.files.get()
        for person in self.everybody().values():
            self.sign_in(person)
            may = person in (self.city, self.administrator)
            with self.subTest(person.full_name):
                self.assertEqual(self.client.get(reverse("source_file", args=[file.pk, "csv"])).status_code, 200 if may else 404)
        self.take(self.source, "GD003")
        with self.assertRaises(Refused):
            handing.make_file(self.source, self.county, now=NOW)
        keeping.change(self.source, self.administrator, now=NOW, region=self.regions["321322"])
        self.source.refresh_from_db()
        self.assertEqual(handing.make_file(self.source, self.county, now=NOW).count, 1)
