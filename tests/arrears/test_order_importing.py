"""A long file of work orders is imported by a task, whole or not at all; and every table of a workbook that looks like orders."""

from typing import Any
from unittest.mock import patch

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from arrears.models import OrderSheet, Report, SourceRecord
from arrears.sources import importing, sheets, taking
from arrears.tasks import import_orders
from grid.models import Posting
from grid.refused import Refused
from tests.arrears.orders import OrdersTestCase
from tests.arrears.sheets import xlsx
from tests.arrears.test_order_sheets import HEAD, row
from tests.base import NOW, TODAY

SENT = "arrears.views.source_import.import_orders.delay"


class FileTestCase(OrdersTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.source = self.make_source()
        self.address = reverse("source_import", args=[self.source.pk])
        self.progress = reverse("source_import_progress", args=[self.source.pk])
        self.sign_in(self.county)

    def upload(self, tables: dict[str, list[list[Any]]], **more: Any) -> Any:
        return self.client.post(self.address, {"file": SimpleUploadedFile("工单.xlsx", xlsx(tables, **more))}, follow=True)

    def go(self, name: str = "go", **posted: str) -> Any:
        return self.client.post(reverse(f"source_import_{name}", args=[self.source.pk]), posted, follow=True)


class LongTest(FileTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.upload({"工单": [HEAD, *(row(f"N{number:03d}") for number in range(120))]})

    def ask(self) -> Any:
        with self.captureOnCommitCallbacks(execute=True), patch(SENT) as sent:
            page = self.go()
        self.assertEqual(sent.call_count, 1)
        return page

    def test_it_is_asked_for_done_by_the_task_and_its_result_stays_until_the_next_file(self) -> None:
        page = self.ask()
        self.assertContains(page, "正在导入")
        self.assertFalse(Report.objects.exists())
        self.assertContains(self.client.get(self.progress, headers={"HX-Request": "true"}), 'hx-trigger="every 1s"')
        self.assertEqual(import_orders(), 1)
        self.assertEqual(Report.objects.count(), 120)
        for _time in range(2):  # whoever went away reads it later
            self.assertContains(self.client.get(self.address, follow=True), "新工单 120 件")
        row_ = OrderSheet.objects.get()
        self.assertEqual((row_.tables, row_.answers, row_.result["created"]), ("", "", 120))
        self.assertEqual(SourceRecord.objects.get(kind="imported").by, self.county)
        self.assertEqual(import_orders(), 0)
        self.go("drop")
        self.assertContains(self.client.get(self.address), "选择工单文件")

    def test_while_it_is_under_way_nothing_of_it_changes_and_nobody_asks_twice(self) -> None:
        self.ask()
        kept = sheets.open_of(self.source, self.county, TODAY)
        for act in (
            lambda: sheets.fix(kept, {}, {"2": "其他原因"}, frozenset()), lambda: sheets.drop(kept.row),
            lambda: sheets.put(self.source, self.county, xlsx({"a": [HEAD, row("X")]}), "x.xlsx", now=NOW),
        ):  # fmt: skip
            with self.assertRaises(Refused) as caught:
                act()
            self.assertEqual(caught.exception.code, "under_way")
        with self.captureOnCommitCallbacks(execute=True), patch(SENT) as sent:
            importing.ask(kept.row, now=NOW, send=sent)
        self.assertEqual(sent.call_count, 0)

    def test_what_fails_in_the_middle_leaves_nothing_and_is_given_up_after_three_tries(self) -> None:
        self.ask()
        real, calls = taking.take, []

        def dies(*given: Any, **named: Any) -> Any:
            calls.append(1)
            if len(calls) % 60 == 0:
                raise SystemExit  # as a worker that is told to end
            return real(*given, **named)

        for tries in (1, 2, 3):
            with patch.object(sheets.taking, "take", dies), self.assertRaises(SystemExit):
                importing.import_next(NOW)
            row_ = OrderSheet.objects.get()
            self.assertEqual((row_.tries, row_.is_under_way, Report.objects.count()), (tries, True, 0))
        self.assertTrue(importing.import_next(NOW))
        page = self.client.get(self.progress)
        self.assertContains(page, "导入没有成功")
        self.assertContains(page, "文件原样保留")
        with self.captureOnCommitCallbacks(execute=True), patch(SENT):
            self.client.post(self.progress)
        self.assertTrue(importing.import_next(NOW))
        self.assertEqual(Report.objects.count(), 120)

    def test_whoever_may_no_longer_import_is_told_so_and_nothing_comes_in(self) -> None:
        self.ask()
        Posting.objects.filter(person=self.county).delete()
        import_orders()
        self.assertIn("不能导入", OrderSheet.objects.get().refused)
        self.assertFalse(Report.objects.exists())

    def test_nobody_else_sees_how_far_it_is(self) -> None:
        self.ask()
        for person in (self.county_b, self.chief, self.auditor):
            self.sign_in(person)
            self.assertEqual(self.client.get(self.progress).status_code, 404)

    def test_a_few_are_imported_at_once(self) -> None:
        self.upload({"工单": [HEAD, row("A")]})
        self.assertContains(self.go(), "新工单 1 件")
        self.assertEqual(self.client.get(self.progress).status_code, 404)


class TablesTest(FileTestCase):
    BOOK = {
        "说明": [["填表说明"], ["一件一行"]], "三月": [HEAD, row("A"), row("B")], "四月": [HEAD, row("C"), row("B"), row("A", story="不一样")],
    }  # fmt: skip

    def test_every_table_that_looks_like_orders_is_read_and_a_number_counts_once_among_them(self) -> None:
        page = self.upload(self.BOOK)
        self.assertEqual([part["name"] for part in page.context["sheet"].parts], ["三月", "四月"])
        self.assertContains(page, "还有 1 行要改正")
        self.assertContains(page, "编号和“三月”第 2 行相同，内容不同")
        self.go("lines", **{"leave|1-4": "重复的一行"})
        self.assertContains(self.go(), "新工单 3 件")

    def test_a_table_can_be_left_out_and_at_least_one_is_taken(self) -> None:
        self.upload(self.BOOK)
        kept = sheets.open_of(self.source, self.county, TODAY)
        fields = {f"field-{part.number}-{place}" if part.number else f"field-{place}": part.fields.get(head, "")
                  for part in kept.parts for place, head in enumerate(part.header.heads)}  # fmt: skip
        self.assertContains(self.go("columns", **fields), "请至少选一张表")
        page = self.go("columns", **fields, **{"take-0": "on"})
        self.assertEqual([part["is_taken"] for part in page.context["sheet"].parts], [True, False])
        self.assertContains(self.go(), "新工单 2 件")

    def test_a_hidden_table_is_not_offered_and_one_table_is_not_named(self) -> None:
        page = self.upload({"三月": [HEAD, row("A")], "旧": [HEAD, row("B")]}, hidden_sheets=["旧"])
        self.assertEqual([part["name"] for part in page.context["sheet"].parts], ["三月"])
        self.assertNotContains(page, "“三月”第")
