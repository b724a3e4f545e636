"""A file of work orders as an office exports it: read whatever its shape, put right on the spot, taken in whole or not at all."""

from datetime import date, timedelta
from importlib import import_module
from threading import Barrier, Thread
from typing import Any

from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import TransactionTestCase
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as some

from arrears.models import OrderSheet, Report, SourceRecord
from arrears.sheets.reading import read_file
from arrears.sheets.table import Cell, Line, Table
from arrears.sources import columns, keeping, lines, sheets
from arrears.sources.columns import columns_of, find_header, meaning
from arrears.sources.lines import OrderLine, blame_repeats, read_lines
from arrears.sources.orders import FARTHEST
from grid.models import Person
from grid.refused import Refused
from tests.arrears.orders import OrdersTestCase
from tests.arrears.sheets import xls, xlsx
from tests.base import NOW, TODAY, Cast

DAY = timedelta(days=1)
HEAD = ["序号", "工单编号", "来电时间", "诉求人", "联系电话", "所属区县", "乡镇（街道）", "事发地址", "被投诉单位", "涉及金额（元）", "涉及人数", "诉求内容", "办结时限", "身份证号"]


def row(number: Any, **said: Any) -> list[Any]:
    usual = {
        "at": "2026-02-27 09:15:00", "name": "李　建国", "phone": "138-0000-0001", "county": "沭阳县", "township": "陇集镇",
        "address": "翰林雅苑二期", "employer": "孙老板", "amount": "8,000元", "people": "3人", "story": "干了三个月没有给钱。", "until": "2026-03-09", "id": "321322199001011234",
    }  # fmt: skip
    return [1, number, *{**usual, **said}.values()]


MESSY = [
    ["12345 政务服务便民热线工单导出表", *[None] * 13],
    ["导出时间：2026-03-01", *[None] * 13],
    HEAD,
    row("GD001"),
    row("ＧＤ００２", at=46080, phone=13800000002.0, amount="８０００", people="３", until=46090),
    row(20260301003, at=date(2026, 2, 28), phone="1.3800000003E+10", amount="三千五百元", township="胡集镇"),
    HEAD,
    row("GD004", county=None, township=None, address="某工地", phone=None, amount=None, people=None, until=None, at=None),
    ["合计", "4 件", *[None] * 7, 27500, *[None] * 4],
    ["制表人：王某", *[None] * 13],
]


class ReadingTest(OrdersTestCase):
    def read(self, rows: list[list[Any]], book: Any = xlsx) -> list[OrderLine]:
        (table, *_more) = read_file(book({"工单": rows}) if book is xlsx else book(rows), "x.xlsx")
        header = find_header(table)
        found = columns_of(header.heads)
        made = read_lines(table, header, {found[head]: place for place, head in enumerate(header.heads) if head in found}, {}, frozenset(), TODAY)
        blame_repeats(made)
        return made

    def test_dirt_is_read_as_what_it_means(self) -> None:
        found = self.read(MESSY)
        self.assertEqual([line.verdict for line in found], ["good", "good", "good", "skipped", "good", "skipped", "skipped"])
        first, second, third, fourth = (line.order() for line in found if line.verdict == "good")
        self.assertEqual((first.external_number, first.told.name, first.told.phone, str(first.told.amount), first.told.people), ("GD001", "李建国", "13800000001", "8000.00", 3))
        self.assertEqual((first.told.received_on, first.told.answer_by), (date(2026, 2, 27), date(2026, 3, 9)))
        self.assertEqual(first.told.address, "沭阳县陇集镇翰林雅苑二期")
        self.assertEqual((second.told.phone, str(second.told.amount), second.told.received_on, second.told.answer_by), ("13800000002", "8000.00", date(2026, 2, 27), date(2026, 3, 9)))
        self.assertEqual((third.external_number, third.told.phone, str(third.told.amount), third.told.received_on), ("20260301003", "13800000003", "3500.00", date(2026, 2, 28)))
        self.assertEqual((fourth.told.phone, fourth.told.amount, fourth.told.received_on, fourth.told.answer_by), ("", None, None, None))
        self.assertNotIn("321322199001011234", str(found))

    def test_the_same_from_an_old_workbook_and_from_csv(self) -> None:
        expected = [line.verdict for line in self.read(MESSY)]
        self.assertEqual([line.verdict for line in self.read(MESSY, xls)], expected)
        text = "\n".join(",".join("" if cell is None else f'"{cell}"' for cell in one) for one in MESSY if one[0] != 1 or one[1] != 20260301003)
        for coding in ("utf-8-sig", "gb18030", "utf-16"):
            (table,) = read_file(text.encode(coding), "x.csv")
            header = find_header(table)
            self.assertEqual(len(columns_of(header.heads)), 12, coding)

    def test_what_cannot_be_read_for_certain_is_said_at_its_cell(self) -> None:
        for change, column, code in (
            ({"phone": "12"}, "phone", "phone_short"), ({"phone": "1.38E+10"}, "phone", "phone_lost"), ({"amount": "很多"}, "amount", "money_unreadable"), ({"people": "许多"}, "people", "bad_count"),
            ({"at": "昨天"}, "received_on", "bad_date"), ({"at": "2026-03-05"}, "received_on", "date_out_of_range"), ({"until": "2036-01-01"}, "answer_by", "date_out_of_range"),
            ({"story": ("=A1", 0)}, "story", None), ({"employer": "长" * 121}, "employer", "too_long"),
        ):  # fmt: skip
            with self.subTest(change):
                (line,) = self.read([HEAD, row("GD001", **change)])
                if code is None:
                    continue
                self.assertEqual(line.verdict, "wrong")
                self.assertIn(column, {finding.column for finding in line.findings})
        for number, code in ((None, "no_number"), (2.0260301000000001e17, "number_lost"), ("2.026E+13", "number_lost"), ("x" * 61, "too_long")):
            (line,) = self.read([HEAD, row(number)])
            self.assertEqual([finding.code for finding in line.findings], [code])
        (line,) = self.read([HEAD, row("GD1", county=None, township=None, address=None, employer=None, story=None)])
        self.assertEqual([finding.code for finding in line.findings], ["empty"])

    def test_what_may_be_an_order_is_never_passed_over_for_the_words_its_line_begins_with(self) -> None:
        begins = ["共计12人被拖欠工资", "小计不清的工程款", "备注", "说明", "制表人不详的工地", "合计"]
        rows = [[words, *row(f"GD{place}")[1:]] for place, words in enumerate(begins)]
        rows += [["合计", "6 件", *[None] * 12], ["共 6 条", None, *[None] * 12], ["合计", None, *[None] * 7, 27500, *[None] * 4]]
        found = self.read([HEAD, *rows])
        self.assertEqual([line.verdict for line in found], ["good"] * 6 + ["skipped"] * 3)

    def test_one_number_twice(self) -> None:
        found = self.read([HEAD, row("A"), row("A"), row("B"), row("B", story="别的事")])
        self.assertEqual([(line.verdict, [finding.code for finding in line.findings]) for line in found], [
            ("good", []), ("skipped", ["again"]), ("good", []), ("wrong", ["number_twice"]),
        ])  # fmt: skip

    def test_heads_as_offices_word_them(self) -> None:
        for head, column in (
            ("工单编号", "external_number"), ("线索编号", "external_number"), ("受理单号", "external_number"), ("来电号码", "phone"), ("来电人", "name"), ("要求办结时间", "answer_by"),
            ("答复期限", "answer_by"), ("派单时间", "received_on"), ("欠薪单位", "employer"), ("欠薪金额", "amount"), ("欠薪人数", "people"), ("项目名称", "place"), ("区县", "county"),
            ("承办镇街", "township"), ("联系方式", "phone"), ("联系方式要求", "contact_rule"), ("诉求内容", "story"), ("办理结果", None), ("备注", None), ("银行卡号", None), ("序号", None),
            ("被投诉单位地址", "address"), ("行政区划代码", "region_code"), ("身份证号码", None), ("工单状态", None),
        ):  # fmt: skip
            with self.subTest(head):
                found = meaning(head)
                self.assertEqual(found and found[0], column)

    def test_our_own_template_is_understood_and_its_example_is_not_taken_in(self) -> None:
        (table,) = read_file(sheets.template(), "x.xlsx")
        header = find_header(table)
        self.assertEqual(set(columns_of(header.heads).values()), set(sheets.TEMPLATE))
        found = columns_of(header.heads)
        (line,) = read_lines(table, header, {found[head]: place for place, head in enumerate(header.heads)}, {}, frozenset(), TODAY)
        self.assertEqual((line.verdict, line.findings[0].code), ("skipped", "example"))


TEXTS = some.text(max_size=20) | some.sampled_from(["", "GD001", "合计", "2026-02-30", "1e99", "=1+1", "138", "３", "工单编号", "示例", "\u200b", "-", "46080.5", "99999"])


@settings(max_examples=150)
@given(some.lists(some.lists(TEXTS, min_size=1, max_size=16), min_size=1, max_size=8), some.booleans())
def test_any_cells_are_read_or_blamed(rows: list[list[str]], is_1904: bool) -> None:
    """A good line is an order that can be kept; nothing raises."""
    table = Table("x", [Line(1, [Cell(head) for head in HEAD])], is_1904=is_1904)
    table.lines += [Line(number, [Cell(text) for text in row]) for number, row in enumerate(rows, 2) if any(row)]
    header = find_header(table)
    found = columns_of(header.heads)
    for line in read_lines(table, header, {found[head]: place for place, head in enumerate(header.heads) if head in found}, {}, frozenset(), TODAY):
        if line.verdict == lines.GOOD:
            order = line.order()
            assert 0 < len(order.external_number) <= 60
            assert order.told.received_on is None or order.told.received_on <= TODAY
            assert order.told.answer_by is None or order.told.answer_by <= TODAY + FARTHEST
            assert len(order.told.address) <= 200 and len(order.told.story) <= columns.BY_NAME["story"].most
        else:
            assert line.findings or line.verdict == lines.LEFT


class ImportTest(OrdersTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.source = self.make_source()
        self.address = reverse("source_import", args=[self.source.pk])
        self.sign_in(self.county)

    def upload(self, rows: list[list[Any]] | bytes, name: str = "工单.xlsx") -> Any:
        data = rows if isinstance(rows, bytes) else xlsx({"工单": rows})
        return self.client.post(self.address, {"file": SimpleUploadedFile(name, data)}, follow=True)

    def go(self, name: str = "go", **posted: str) -> Any:
        return self.client.post(reverse(f"source_import_{name}", args=[self.source.pk]), posted, follow=True)

    def test_a_clean_file_goes_into_the_inboxes_it_belongs_to(self) -> None:
        page = self.upload(MESSY)
        self.assertContains(page, "每一行都读懂了")
        self.assertFalse(Report.objects.exists())
        self.assertContains(self.go(), "新工单 4 件")
        self.assertEqual(dict(Report.objects.values_list("external_number", "region_id")), {
            "GD001": "321322101", "GD002": "321322101", "20260301003": "321322102", "GD004": "321322",  # nobody can tell: the officer's own county
        })  # fmt: skip
        report = Report.objects.get(external_number="GD001")
        self.assertEqual((report.received_on, report.answer_by, report.source), (date(2026, 2, 27), date(2026, 3, 9), self.source))
        self.assertFalse(OrderSheet.objects.exists())
        record = SourceRecord.objects.get(kind="imported")
        self.assertEqual((record.by, record.facts["created"]), (self.county, 4))

    def test_again_it_is_known_and_what_changed_is_an_update(self) -> None:
        self.upload([HEAD, row("A"), row("B")])
        self.go()
        page = self.upload([HEAD, row("A"), row("B", story="老板跑了"), row("C")])
        for words in ("新工单", "已经收到过", "内容有变化"):
            self.assertContains(page, words)
        self.assertEqual(page.context["sheet"].counts, {"new": 1, "same": 1, "changed": 1})
        self.assertContains(self.go(), "新工单 1 件，已经收到过 1 件，内容有变化 1 件")
        self.assertEqual(Report.objects.get(external_number="B").story, "干了三个月没有给钱。")
        self.assertEqual(Report.objects.get(external_number="B").events.filter(kind="updated").count(), 1)

    def test_nothing_is_imported_while_one_line_is_wrong_and_it_is_put_right_on_the_spot(self) -> None:
        page = self.upload([HEAD, row("A"), row("B", phone="12"), row(None, story="没有编号")])
        self.assertContains(page, "还有 2 行要改正")
        self.assertContains(self.go(), "还有要改正的行")
        self.assertFalse(Report.objects.exists())
        page = self.go("lines", **{"fix|3|phone": "13800000009", "leave|4": "不是欠薪"})
        self.assertContains(page, "每一行都读懂了")
        self.assertEqual([line.verdict for line in page.context["kept"].lines], ["good", "good", "left"])
        page = self.go("lines", back="4")
        self.assertContains(page, "还有 1 行要改正")
        self.go("lines", **{"fix|4|external_number": "C"})
        self.assertContains(self.go(), "新工单 3 件")
        self.assertEqual(Report.objects.get(external_number="B").phone, "13800000009")

    def test_the_file_of_wrong_lines_comes_back_corrected(self) -> None:
        self.upload([HEAD, row("A"), row("=B", phone="12")])
        answer = self.client.get(reverse("source_import_errors", args=[self.source.pk]))
        (table,) = read_file(answer.content, "x.xlsx")
        texts = [[cell.text for cell in line.cells] for line in table.lines]
        self.assertEqual(len(texts), 2)
        self.assertIn("=B", texts[1])
        place = texts[0].index("电话")
        texts[1][place] = "13800000001"
        self.upload(texts)
        self.assertContains(self.go(), "新工单 1 件")

    def test_a_column_nobody_knows_is_named_by_hand(self) -> None:
        page = self.upload([["甲", "乙", "联系电话", "地址"], ["GD1", "没有给钱", "13800000001", "沭阳县陇集镇"]])
        self.assertContains(page, "没有认出“工单编号”这一列")
        self.assertContains(self.go(), "还有要改正的行")
        self.go("columns", **{"field-0": "external_number", "field-1": "story", "field-2": "phone", "field-3": "address"})
        self.assertContains(self.go(), "新工单 1 件")
        self.assertEqual(Report.objects.get().story, "没有给钱")

    def test_all_of_it_or_nothing_when_it_fails_in_the_middle(self) -> None:
        self.upload([HEAD, row("A"), row("B")])
        kept = sheets.open_of(self.source, self.county, TODAY)
        real, calls = sheets.taking.take, []

        def fails(*given: Any, **named: Any) -> Any:
            calls.append(1)
            if len(calls) == 2:
                raise ZeroDivisionError
            return real(*given, **named)

        sheets.taking.take = fails
        try:
            with self.assertRaises(ZeroDivisionError):
                sheets.bring_in(kept, self.county, now=NOW)
        finally:
            sheets.taking.take = real
        self.assertFalse(Report.objects.exists())
        self.assertEqual(sheets.bring_in(kept, self.county, now=NOW)["created"], 2)
        with self.assertRaises(Refused) as caught:  # pressed twice
            sheets.bring_in(kept, self.county, now=NOW)
        self.assertEqual(caught.exception.code, "no_sheet")

    def test_files_that_are_none_say_what_to_do_and_what_was_there_stays(self) -> None:
        self.upload([HEAD, row("A")])
        for data, name, sentence in (
            (b"", "x.csv", "没有内容"), (b"%PDF-1.7", "x.pdf", "PDF"), (b"\xff\xd8\xff\xe0" + b"0" * 50, "x.jpg", "照片"), (b"PK\x03\x04junk", "x.xlsx", "x.xlsx"),
            (b"\0\1\2\3", "x.csv", "x.csv"), (b"a," * (6 * 1024 * 1024), "x.csv", "最多 10 MB"),
        ):  # fmt: skip
            with self.subTest(name):
                response = self.upload(data, name)
                self.assertContains(response, sentence, status_code=422)
        many = [HEAD, *(row(f"N{number}") for number in range(5100))]
        self.assertContains(self.upload(many), "一次最多导入", status_code=422)
        self.assertContains(self.client.get(self.address), "每一行都读懂了")
        self.assertContains(self.client.post(self.address, {}), "必填", status_code=422)

    def test_dropped_nothing_came_in(self) -> None:
        self.upload([HEAD, row("A")])
        self.assertContains(self.go("drop"), "一件也没有导入")
        self.assertFalse(OrderSheet.objects.exists() or Report.objects.exists())
        self.assertEqual(self.client.post(reverse("source_import_go", args=[self.source.pk])).status_code, 404)

    def test_what_was_uploaded_is_sealed(self) -> None:
        self.upload([HEAD, row("A")])
        stored = str(OrderSheet.objects.values().get())
        self.assertFalse(any(text in stored for text in ("李", "13800000001", "孙老板")))

    def test_who_may(self) -> None:
        self.upload([HEAD, row("A")])
        addresses = [self.address, *(reverse(f"source_import_{name}", args=[self.source.pk]) for name in ("errors", "template"))]
        for person in self.everybody().values():
            self.sign_in(person)
            may = person in (self.county, self.county_b, self.city)
            with self.subTest(person.full_name):
                self.assertEqual(self.client.get(addresses[0]).status_code, 200 if may else 404)
                self.assertEqual(self.client.get(addresses[1]).status_code, 200 if person == self.county else 404)  # each has the own file
                self.assertEqual(self.client.get(addresses[2]).status_code, 200 if may else 404)
        keeping.switch(self.source, self.administrator, now=NOW, is_active=False)
        self.sign_in(self.county)
        self.assertEqual(self.client.get(self.address).status_code, 404)

    def test_a_line_left_out_stays_out_with_what_repeats_it(self) -> None:
        self.upload([HEAD, row("A"), row("A"), row("B"), row("B", story="别的事"), row("B")])
        page = self.go("lines", **{"leave|2": "不是欠薪", "leave|4": "不对"})
        self.assertEqual([line.verdict for line in page.context["kept"].lines], ["left", "skipped", "left", "good", "skipped"])
        self.assertContains(self.client.get(self.address, {"show": "skipped"}), "那一行选了不导入，这一行也不导入。要导入的，请在那一行点“还是要导入”。", count=2)
        self.assertContains(self.go(), "新工单 1 件")
        self.assertEqual(Report.objects.get().story, "别的事")

    def test_a_file_that_stood_open_before_several_tables_were_read_goes_on(self) -> None:
        self.upload([HEAD, row("A"), row("B", phone="12"), row("C")])
        kept = OrderSheet.objects.get()
        (part,) = kept.packed_answers()["parts"]
        told = {"table": 0, **{name: part[name] for name in ("line", "depth", "fields")}, "fixes": {"3": {"phone": "13800000009"}}, "left": {"4": "不是欠薪"}}
        kept.put_answers(told)
        kept.save()
        migration = import_module("arrears.migrations.0042_order_sheets_of_before")
        migration.name_the_table(apps, None)
        migration.name_the_table(apps, None)
        page = self.client.get(self.address)
        self.assertEqual([line.verdict for line in page.context["kept"].lines], ["good", "good", "left"])
        self.assertContains(self.go(), "新工单 2 件")
        self.assertEqual(Report.objects.get(external_number="B").phone, "13800000009")

    def test_it_asks_as_often_for_three_lines_as_for_thirty(self) -> None:
        self.upload([HEAD, *(row(f"N{number}") for number in range(3))])
        few = self.queries(self.address)
        self.upload([HEAD, *(row(f"N{number}") for number in range(30))])
        self.assertEqual(self.queries(self.address), few)


class AtOnceTest(Cast, TransactionTestCase):
    """Real connections."""

    def test_two_officers_with_one_file_import_each_order_once(self) -> None:
        self.make_cast()
        source = keeping.add(self.administrator, now=NOW, code="hotline", name="热线", region=self.regions["3213"], return_way="pull")
        numbers = [f"N{number:02d}" for number in range(12)]
        for person, some_order in ((self.county, numbers), (self.county_b, numbers[::-1])):
            sheets.put(source, person, xlsx({"工单": [HEAD, *(row(number) for number in some_order)]}), "x.xlsx", now=NOW)
        barrier, results = Barrier(2), []

        def go(person: Person) -> None:
            try:
                kept = sheets.open_of(source, person, TODAY)
                barrier.wait(10)
                results.append(sheets.bring_in(kept, person, now=NOW))
            finally:
                connection.close()

        threads = [Thread(target=go, args=(person,)) for person in (self.county, self.county_b)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        self.assertEqual(Report.objects.count(), 12)
        self.assertEqual(sorted((one["created"], one["known"], one["updated"]) for one in results), [(0, 12, 0), (12, 0, 0)])
