"""A wage sheet on its way to one claim: read, put right on the spot, registered whole or not at all."""

import io
import shutil
import tempfile
import zipfile
from decimal import Decimal
from unittest.mock import patch
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from arrears.identity import mask_id
from arrears.models import Claim, Claimant, ClaimLine, IntakeDraft, WageSheet
from arrears.sheet_files import template
from arrears.sheets.reading import read_file
from arrears.tasks import register_sheets
from grid.ids import uuid7
from grid.refused import Refused
from tests.arrears import messy
from tests.arrears.sheets import xlsx
from tests.arrears.test_intake_pages import NEW, STORY, WHERE, WHO, WHOM, IntakeTestCase

LAST = {"worker_count": "", "contact_rule": "open"}
HEAD = ["姓名", "身份证号", "电话", "应发", "已付"]


class SheetTestCase(IntakeTestCase):
    def setUp(self) -> None:
        super().setUp()
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        media = override_settings(MEDIA_ROOT=folder)
        media.enable()
        self.addCleanup(media.disable)

    def road(self) -> UUID:
        pk = uuid7()
        self.client.post(NEW, {**WHO, "draft_id": str(pk), "road": "sheet"})
        self.client.post(self.step(pk, "whom"), WHOM)
        self.client.post(self.step(pk, "where"), WHERE)
        return pk

    def upload(self, pk: UUID, data: bytes, name: str = "工资表.xlsx"):
        return self.client.post(reverse("sheet_upload", args=[pk]), {"file": SimpleUploadedFile(name, data)})

    def paste(self, pk: UUID, text: str):
        return self.client.post(reverse("sheet_upload", args=[pk]), {"text": text})

    def with_rows(self, *rows: list) -> UUID:
        pk = self.road()
        self.upload(pk, xlsx({"工资表": [HEAD, *rows]}))
        return pk

    def page(self, pk: UUID, **params: str):
        return self.client.get(self.step(pk, "sheet"), params)

    def finish(self, pk: UUID):
        self.client.post(self.step(pk, "sheet"), LAST)
        self.client.post(self.step(pk, "story"), STORY)
        return self.submit(pk)


class WholeWayTest(SheetTestCase):
    def test_a_messy_sheet_of_eighty_becomes_one_collective_claim_once_two_cells_are_put_right(self) -> None:
        pk, workbook = self.road(), messy.workbook()
        response = self.upload(pk, workbook)
        self.assertRedirects(response, self.step(pk, "sheet"))
        page = self.page(pk)
        self.assertEqual([row.row.line for row in page.context["sheet"].rows], [4 + messy.LOST_PHONE, 4 + messy.UNREADABLE + 1])
        self.assertContains(page, "还有 2 行要改正")
        fixes = {"fix|0-11|phone": messy.phone_of(messy.LOST_PHONE), "fix|0-38|due": "陆仟元整", "fix|0-38|owed": "5000"}
        self.client.post(reverse("sheet_lines", args=[pk]), fixes)
        page = self.page(pk)
        self.assertContains(page, "¥400,000.00")
        self.assertContains(page, "肆拾万元整")
        self.assertContains(page, "表上的合计与各行相加一致")
        response = self.finish(pk)
        claim = Claim.objects.get()
        self.assertRedirects(response, reverse("claim_detail", args=[claim.pk]), fetch_redirect_response=False)
        self.assertEqual((claim.worker_count, claim.claimed, claim.typed_total, claim.is_collective), (80, 400_000, 400_000, True))
        workers = {worker.name: worker for worker in claim.claimants.all()}
        self.assertEqual({name: (w.id_number(), w.phone) for name, w in workers.items()},
                         {messy.name_of(i): (messy.id_of(i), messy.phone_of(i)) for i in range(80)})  # fmt: skip
        self.assertEqual({(line.due, line.paid) for line in claim.lines.all()}, {(6000, 1000)})
        self.assertEqual({str(line.period_from) for line in claim.lines.all()}, {"2025-11-01"})
        self.assertFalse(IntakeDraft.objects.exists() or WageSheet.objects.exists())
        evidence = claim.evidence.get()
        self.assertEqual((evidence.kind, evidence.extension, evidence.file.open().read()), ("wage_sheet", "xlsx", workbook))

    def test_pasted_lines_without_a_header_are_read_too(self) -> None:
        pk = self.road()
        self.paste(pk, "张三丰 13812345678 3500元\n李四 13812345679 4,200")
        self.assertContains(self.page(pk), "¥7,700.00")
        self.finish(pk)
        self.assertEqual([w.name for w in Claim.objects.get().claimants.all()], ["张三丰", "李四"])

    def test_the_workers_typed_before_the_sheet_was_chosen_are_there_again_on_the_way_back(self) -> None:
        pk = self.road()
        self.client.post(self.step(pk, "sheet"), {"road": ""})
        self.assertContains(self.client.get(self.step(pk, "who")), "李国庆")
        self.assertRedirects(self.client.get(self.step(pk, "sheet")), self.step(pk, "money"))

    def test_the_template_reads_back_what_its_heads_say(self) -> None:
        table = read_file(template(), "t.xlsx")[0]
        self.assertEqual([cell.text for cell in table.lines[0].cells][:3], ["姓名", "身份证号", "电话"])
        pk = self.road()
        self.upload(pk, self.client.get(reverse("sheet_template")).content)
        self.assertContains(self.page(pk), "¥17,040.00")


class PageTest(SheetTestCase):
    def test_id_numbers_are_covered_and_the_one_to_correct_is_shown(self) -> None:
        right, wrong = messy.id_of(1), messy.id_of(2)[:-1] + ("0" if messy.id_of(2)[-1] != "0" else "1")
        pk = self.with_rows(["张三", right, "", 3000, 0], ["李四", wrong, "", 3000, 0])
        page = self.page(pk, show="all")
        self.assertContains(page, mask_id(right))
        self.assertNotContains(page, right)
        self.assertContains(self.page(pk), f'value="{wrong}"')
        self.assertNotContains(self.client.get(reverse("sheet_columns", args=[pk])), right)

    def test_a_line_that_is_right_can_be_corrected_without_showing_its_id_number(self) -> None:
        pk = self.with_rows(["张三", messy.id_of(1), "", 3000, 0])
        page = self.page(pk, show="all", edit="0-2")
        self.assertNotContains(page, messy.id_of(1))
        self.client.post(reverse("sheet_lines", args=[pk]), {"fix|0-2|name": "张三丰", "fix|0-2|id_number": "", "fix|0-2|due": "3000"})
        worker = self.page(pk).context["sheet"].kept.workers[0]
        self.assertEqual((worker.name, worker.id_number), ("张三丰", messy.id_of(1)))

    def test_a_line_is_left_out_with_its_reason_and_can_come_back(self) -> None:
        pk = self.with_rows(["张三", "", "", 3000, 0], ["李四", "", "", "不知道多少", 0])
        self.client.post(reverse("sheet_lines", args=[pk]), {"leave|0-3": "重复的一行", "why|0-3": "上月已登记"})
        self.assertContains(self.page(pk, show="left"), "重复的一行：上月已登记")
        self.assertTrue(self.page(pk).context["sheet"].is_ready)
        self.client.post(reverse("sheet_lines", args=[pk]), {"back": "0-3"})
        self.assertEqual(self.page(pk).context["sheet"].wrong, 1)

    def test_nothing_is_registered_while_a_line_is_wrong(self) -> None:
        pk = self.with_rows(["张三", "", "", 3000, 0], ["李四", "", "", "不知道多少", 0])
        self.assertRedirects(self.finish(pk), self.step(pk, "sheet") + "?then=check")
        self.assertFalse(Claim.objects.exists())

    def test_the_sheet_of_errors_holds_the_wrong_lines_only_and_can_be_handed_in_again(self) -> None:
        pk = self.with_rows(["张三", "", "", 3000, 0], ["李四", "", "", "=1+1", 0], ["王五", "", "", "不知道多少", 0])
        made = self.client.get(reverse("sheet_errors", args=[pk])).content
        table = read_file(made, "e.xlsx")[0]
        self.assertEqual([line.cells[1].text for line in table.lines[1:]], ["李四", "王五"])
        self.upload(pk, made)
        self.assertEqual([row.row.name for row in self.page(pk).context["sheet"].rows], ["李四", "王五"])

    def test_columns_can_be_taken_for_something_else(self) -> None:
        pk = self.road()
        response = self.upload(pk, xlsx({"表": [["甲", "乙"], ["张三丰", 3000], ["李四", 4000]]}))
        self.assertRedirects(response, reverse("sheet_columns", args=[pk]))
        url = reverse("sheet_columns", args=[pk])
        chosen = {"line-0": "1", "depth-0": "1", "period-0": "2025年12月", "head-0": "甲", "field-0": "name", "head-1": "乙", "field-1": "name"}
        self.assertContains(self.client.post(url, {**chosen, "head-0": "#1", "head-1": "#2"}), "表头换了", status_code=422)
        self.assertContains(self.client.post(url, chosen), "有两列都选成了", status_code=422)
        self.assertContains(self.client.post(url, {**chosen, "field-1": "phone"}), "请指明至少一列金额", status_code=422)
        self.assertRedirects(self.client.post(url, {**chosen, "field-1": "owed"}), self.step(pk, "sheet"))
        page = self.page(pk).context["sheet"]
        self.assertEqual((page.people, page.total, str(page.kept.workers[0].wages[0].period_to)), (2, 7000, "2025-12-31"))

    def test_the_lines_come_a_hundred_at_a_time(self) -> None:
        pk = self.with_rows(*[[messy.name_of(i % 80) + "甲乙丙"[i // 80], "", "", 3000, 0] for i in range(230)])
        self.assertEqual([len(self.page(pk, page=str(number)).context["sheet"].rows) for number in (1, 2, 3, 9)], [100, 100, 30, 30])

    def test_htmx_gets_the_lines_as_they_are_now(self) -> None:
        pk = self.with_rows(["张三", "", "", 3000, 0], ["李四", "", "", "不知道多少", 0])
        response = self.client.post(reverse("sheet_lines", args=[pk]), {"fix|0-3|due": "4000"}, headers={"HX-Request": "true"})
        self.assertContains(response, "¥7,000.00")

    def test_once_the_last_wrong_line_is_right_all_lines_are_shown(self) -> None:
        pk = self.with_rows(["张三", "", "", 3000, 0], ["李四", "", "", "不知道多少", 0])
        self.assertEqual(self.page(pk, show="wrong").context["sheet"].show, "wrong")
        self.client.post(reverse("sheet_lines", args=[pk]), {"fix|0-3|due": "4000"})
        self.assertEqual(self.page(pk, show="wrong").context["sheet"].show, "all")

    def test_nobody_else_reaches_the_sheet(self) -> None:
        pk = self.with_rows(["张三", "", "", 3000, 0])
        self.sign_in(self.chief)
        for name in ("sheet_columns", "sheet_errors", "sheet_progress"):
            self.assertEqual(self.client.get(reverse(name, args=[pk])).status_code, 404)
        for name in ("sheet_upload", "sheet_lines", "sheet_drop"):
            self.assertEqual(self.client.post(reverse(name, args=[pk])).status_code, 404)

    def test_the_page_asks_the_database_as_often_for_three_lines_as_for_thirty(self) -> None:
        few = self.with_rows(*[[messy.name_of(i), "", "", 3000, 0] for i in range(3)])
        many = self.with_rows(*[[messy.name_of(i), "", "", 3000, 0] for i in range(30)])
        self.assertEqual(self.queries(self.step(few, "sheet")), self.queries(self.step(many, "sheet")))


class BadFileTest(SheetTestCase):
    def test_a_bad_file_is_refused_with_a_sentence_and_the_one_before_stays(self) -> None:
        pk = self.with_rows(["张三", "", "", 3000, 0])
        for data, words in ((b"%PDF-1.7 x", "是 PDF"), (b"PK\x03\x04nonsense", "已损坏"), (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\0" * 9, "是照片或录音"), (b"", "里没有内容")):
            response = self.upload(pk, data, "x.xlsx")
            self.assertContains(response, words, status_code=422)
        self.assertContains(self.page(pk), "¥3,000.00")

    def test_a_zip_bomb_costs_a_sentence(self) -> None:
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/workbook.xml", b"<workbook>" + b" " * (220 * 1024 * 1024))
        response = self.upload(self.road(), made.getvalue(), "bomb.xlsx")
        self.assertContains(response, "解开后太大", status_code=422)

    def test_a_formula_without_a_result_is_an_error_at_its_cell(self) -> None:
        pk = self.with_rows(["张三", "", "", ("=SUM(A1:A2)", ""), 0])
        self.assertContains(self.page(pk), "这一格是公式")

    def test_a_file_above_the_limit_is_refused(self) -> None:
        with patch("arrears.views.sheets.MOST_BYTES", 100), patch("arrears.wage_sheets.MOST_BYTES", 100):
            self.assertContains(self.upload(self.road(), b"x" * 101), "工资表最多", status_code=422)


ANY_FILE = st.one_of(
    st.binary(max_size=300), st.text(max_size=200).map(str.encode),
    *(st.binary(max_size=600).map(mark.__add__) for mark in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")),
)  # fmt: skip
FIELDS = ("line-0", "depth-0", "period-0", "use-0", "head-0", "field-0", "fix|0-2|name", "fix|0-2|due", "leave|0-2", "why|0-2", "back", "fix|9|x", "fix")
VALUES = st.one_of(st.text(max_size=30), st.sampled_from(["", "0", "1", "2", "99999999999", "²", "owed", "name", "0-2"]))


class FuzzTest(SheetTestCase):
    def test_any_file_gives_a_page_or_a_sentence(self) -> None:
        pk = self.road()

        @settings(max_examples=25, deadline=None)
        @given(ANY_FILE)
        def hand_in(data: bytes) -> None:
            response = self.upload(pk, data, "x.bin")
            self.assertIn(response.status_code, (302, 422))
            if response.status_code == 302:
                self.assertEqual((self.client.get(response.url).status_code, self.page(pk).status_code), (200, 200))

        hand_in()

    def test_whatever_is_posted_about_lines_and_columns_no_page_breaks(self) -> None:
        pk = self.with_rows(["张三", "", "", 3000, 0])

        @settings(max_examples=40, deadline=None)
        @given(st.dictionaries(st.sampled_from(FIELDS), VALUES))
        def post(posted: dict[str, str]) -> None:
            self.assertIn(self.client.post(reverse("sheet_columns", args=[pk]), posted).status_code, (302, 422))
            self.assertEqual(self.client.post(reverse("sheet_lines", args=[pk]), posted).status_code, 302)
            asked = {"page": posted.get("line-0", ""), "show": posted.get("field-0", ""), "edit": posted.get("back", "")}
            self.assertEqual(self.page(pk, **asked).status_code, 200)

        post()


class LongTest(SheetTestCase):
    def long(self) -> UUID:
        pk = self.with_rows(*[[messy.name_of(i), messy.id_of(i), "", 3000, 0] for i in range(12)])
        self.client.post(self.step(pk, "sheet"), LAST)
        self.client.post(self.step(pk, "story"), STORY)
        return pk

    def ask(self, pk: UUID):
        with patch("arrears.sheet_registering.LONG_FROM", 10), patch("arrears.views.intake.register_sheets.delay"):
            return self.submit(pk)

    def test_many_are_registered_by_the_task_and_the_page_leads_to_the_claim(self) -> None:
        pk = self.long()
        progress = reverse("sheet_progress", args=[pk])
        self.assertRedirects(self.ask(pk), progress)
        self.assertFalse(Claim.objects.exists())
        self.assertContains(self.client.get(progress), "正在核对并登记")
        self.assertRedirects(self.client.get(self.step(pk, "sheet")), progress)
        self.assertEqual(register_sheets(), 1)
        self.assertEqual(register_sheets(), 0)
        claim = Claim.objects.get()
        self.assertEqual((claim.worker_count, claim.claimed, claim.evidence.count()), (12, 36000, 1))
        self.assertEqual(claim.events.get(kind="register").actor, self.grid_worker)
        self.assertRedirects(self.client.get(progress), reverse("claim_detail", args=[claim.pk]), fetch_redirect_response=False)
        answer = self.client.get(progress, headers={"HX-Request": "true"})
        self.assertEqual(answer.headers["HX-Redirect"], reverse("claim_detail", args=[claim.pk]))

    def test_while_it_is_registered_nothing_can_be_changed(self) -> None:
        pk = self.long()
        self.ask(pk)
        response = self.upload(pk, xlsx({"表": [HEAD, ["赵六", "", "", 1, 0]]}))
        self.assertContains(response, "正在登记", status_code=422)

    def test_a_rule_that_says_no_is_told_and_leaves_everything_as_it_was(self) -> None:
        pk = self.long()
        self.ask(pk)
        with patch("arrears.drafts.register", side_effect=Refused("out_of_region", "所选地区不在您的辖区内。")):
            register_sheets()
        progress = reverse("sheet_progress", args=[pk])
        self.assertContains(self.client.get(progress), "所选地区不在您的辖区内")
        self.assertFalse(Claim.objects.exists())
        with patch("arrears.views.sheets.register_sheets.delay"):
            self.client.post(progress)
        register_sheets()
        self.assertEqual(Claim.objects.count(), 1)

    def test_what_dies_halfway_leaves_nothing_and_is_done_by_the_next_turn(self) -> None:
        pk = self.long()
        self.ask(pk)
        with patch("arrears.sheet_registering.keep_original", side_effect=KeyboardInterrupt), self.assertRaises(KeyboardInterrupt):
            register_sheets()
        self.assertFalse(Claim.objects.exists() or Claimant.objects.exists() or ClaimLine.objects.exists())
        register_sheets()
        self.assertEqual(Claim.objects.get().worker_count, 12)

    def test_what_kills_whoever_tries_is_given_up_with_a_sentence(self) -> None:
        pk = self.long()
        self.ask(pk)
        for _turn in range(3):
            with patch("arrears.sheet_registering.keep_original", side_effect=KeyboardInterrupt), self.assertRaises(KeyboardInterrupt):
                register_sheets()
        register_sheets()
        self.assertContains(self.client.get(reverse("sheet_progress", args=[pk])), "登记没有成功")

    def test_asked_for_twice_it_is_one_claim(self) -> None:
        pk = self.long()
        self.ask(pk)
        self.ask(pk)
        register_sheets()
        self.assertRedirects(self.ask(pk), reverse("claim_detail", args=[Claim.objects.get().pk]), fetch_redirect_response=False)
        self.assertEqual(Claim.objects.count(), 1)


class ManyTest(SheetTestCase):
    def test_the_claim_page_costs_the_same_for_three_workers_and_for_three_hundred(self) -> None:
        few, many = (self.registered(count) for count in (3, 300))
        sizes = {claim: self.client.get(reverse("claim_detail", args=[claim.pk])) for claim in (few, many)}
        self.assertEqual(self.queries(reverse("claim_detail", args=[few.pk])), self.queries(reverse("claim_detail", args=[many.pk])))
        self.assertContains(sizes[many], "看全部人员和明细")
        self.assertNotContains(sizes[few], "看全部人员和明细")
        self.assertLess(len(sizes[many].content), 250_000)
        people = reverse("claim_people", args=[many.pk])
        self.assertEqual(len(self.client.get(people).context["page"].claimants), 100)
        self.assertEqual(self.queries(reverse("claim_people", args=[few.pk])), self.queries(people))

    def registered(self, count: int) -> Claim:
        rows = [[f"{messy.name_of(i % 80)}{'甲乙丙丁'[i // 80]}", messy.id_of(i), "", 3000, 0] for i in range(count)]
        pk = self.with_rows(*rows)
        with patch("arrears.sheet_registering.LONG_FROM", 10_000):
            self.finish(pk)
        return Claim.objects.get(source_key=f"draft:{pk}")

    def test_the_check_page_names_a_few_and_counts_the_rest(self) -> None:
        pk = self.with_rows(*[[messy.name_of(i), "", "", 3000, 0] for i in range(80)])
        self.client.post(self.step(pk, "sheet"), LAST)
        self.client.post(self.step(pk, "story"), STORY)
        page = self.client.get(self.check(pk))
        self.assertContains(page, "等 80 人")
        self.assertContains(page, "另有 30 人")
        self.assertContains(page, "¥240,000.00")
        self.assertEqual(page.context["summary"].total, Decimal(240_000))
