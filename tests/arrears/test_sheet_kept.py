"""What a check found, kept with the sheet: pages read it, an edit touches what depends on it, and it is what a whole check
would find."""

import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from unittest.mock import patch

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from arrears.intake import ClaimantFacts, LineFacts, RespondentFacts
from arrears.models import Claim, Claimant, SheetLine, WageSheet
from arrears.sheets.check import again, check
from arrears.sheets.choice import first_choice
from arrears.sheets.kept import pack_row, pack_summary, sum_up, unpack_row, unpack_summary
from arrears.sheets.reading import read_file
from grid.vault import blind_index
from tests.arrears import messy
from tests.arrears.sheets import xlsx
from tests.arrears.test_intake_pages import STORY
from tests.arrears.test_wage_sheets import HEAD, LAST, SheetTestCase
from tests.base import NOW, TODAY

TABLES = read_file(messy.workbook(), "messy.xlsx")
CHOICE = first_choice(TABLES)


def through_json(packed: Any) -> Any:
    return json.loads(json.dumps(packed, ensure_ascii=False))


def test_a_line_that_is_read_back_is_the_line_that_was_checked() -> None:
    found = check(TABLES, CHOICE, {}, frozenset({"0-9"}), TODAY)
    assert {row.verdict for row in found.rows} == {"taken", "wrong", "left", "skipped"}
    for row in found.rows:
        back = unpack_row(through_json(pack_row(row)))
        for one in ("key", "name", "verdict", "wage", "is_hidden", "is_continued", "cells", "label"):
            assert getattr(back, one) == getattr(row, one)
        assert back.values == {name: value for name, value in row.values.items() if value is not None}
        for one, other in zip([*back.findings, *back.remarks], [*row.findings, *row.remarks], strict=True):
            assert (one.field, one.code, one.cause.text()) == (other.field, other.code, other.cause.text())


def test_the_summary_is_read_back_as_it_was() -> None:
    found = check(TABLES, CHOICE, {}, frozenset(), TODAY)
    summary = sum_up(found, TODAY, ("name",), same_name=True)
    assert (summary.people, summary.wrong, len(summary.totals)) == (78, 2, 5)
    assert unpack_summary(through_json(pack_summary(summary))) == summary


NAMES = st.sampled_from(["张三", "李四", "", "合计"])
AMOUNTS = st.sampled_from(["3000", "6000", "9000", "", "看不清"])
PHONES = st.sampled_from(["", "13800000001", "13800000002"])
IDS = st.sampled_from(["", messy.id_of(1), messy.id_of(2)])
LINES = st.lists(st.tuples(NAMES, IDS, PHONES, AMOUNTS), min_size=1, max_size=9)
EDITS = st.lists(
    st.tuples(st.integers(2, 10), st.sampled_from(["name", "id_number", "phone", "due"]), st.one_of(NAMES, IDS, PHONES, AMOUNTS), st.booleans()),
    min_size=1, max_size=4,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(LINES, EDITS)
def test_checking_again_what_was_edited_finds_what_a_whole_check_finds(lines: list[tuple[str, ...]], edits: list[Any]) -> None:
    text = "\n".join("\t".join(line) for line in (("姓名", "身份证号", "电话", "应发"), *lines))
    tables = read_file(text.encode(), "x.txt")
    choice = first_choice(tables)
    fixes: dict[str, dict[str, str]] = {}
    left: set[str] = set()
    kept = check(tables, choice, fixes, frozenset(left), TODAY)
    for line, name, value, is_left in edits:
        key = f"0-{line}"
        if is_left:
            left ^= {key}
        else:
            fixes.setdefault(key, {})[name] = value
        known = again([unpack_row(through_json(pack_row(row))) for row in kept.rows], frozenset() if is_left else frozenset({key}))
        kept = check(tables, choice, fixes, frozenset(left), TODAY, known=known)
        whole = check(tables, choice, fixes, frozenset(left), TODAY)
        assert [pack_row(row) for row in kept.rows] == [pack_row(row) for row in whole.rows]
        assert pack_summary(sum_up(kept, TODAY, (), same_name=False)) == pack_summary(sum_up(whole, TODAY, (), same_name=False))


class KeptTest(SheetTestCase):
    def crew(self, count: int) -> Any:
        return self.with_rows(*[[messy.name_of(i), messy.id_of(i), "", 3000, 0] for i in range(count)])

    def test_no_page_checks_the_sheet_again(self) -> None:
        pk = self.crew(12)
        with patch("arrears.sheet_kept.check", side_effect=AssertionError("checked")):
            with self.assertRaisesMessage(AssertionError, "checked"):
                self.client.post(reverse("sheet_lines", args=[pk]), {"fix|0-2|due": "4000"})
            self.assertContains(self.page(pk, show="all"), "¥36,000.00")
            self.finish(pk)
        self.assertEqual(Claim.objects.get().worker_count, 12)

    def test_of_thirty_lines_an_edit_reads_one_and_writes_one(self) -> None:
        pk = self.crew(30)
        before = dict(SheetLine.objects.values_list("line", "sealed"))
        with patch("arrears.sheets.check.judge", side_effect=[None]) as read:
            self.client.post(reverse("sheet_lines", args=[pk]), {"fix|0-5|name": "张三丰"})
        self.assertEqual([row.line for (row, *_more), _named in read.call_args_list], [5])
        after = dict(SheetLine.objects.values_list("line", "sealed"))
        self.assertEqual({line for line, sealed in after.items() if before[line] != sealed}, {5})

    def test_a_line_that_repeats_another_is_right_once_the_other_is_put_right(self) -> None:
        pk = self.with_rows(["张三", messy.id_of(1), "", 3000, 0], ["张三", messy.id_of(1), "", 3000, 0])
        self.assertContains(self.page(pk), "可能重复")
        self.client.post(reverse("sheet_lines", args=[pk]), {"fix|0-2|due": "4000"})
        page = self.page(pk).context["sheet"]
        self.assertEqual((page.wrong, page.people, page.total), (0, 1, 7000))

    def test_a_page_of_the_sheet_reads_its_own_lines(self) -> None:
        pk = self.crew(30)
        with patch("arrears.sheet_page.AT_ONCE", 10), CaptureQueriesContext(connection) as found:
            self.assertEqual([row.row.line for row in self.page(pk, show="all", page="2").context["sheet"].rows], [*range(12, 22)])
        asked = [query["sql"] for query in found if 'FROM "arrears_sheetline"' in query["sql"] and "COUNT(" not in query["sql"]]
        self.assertEqual(len(asked), 2)  # those that are shown, and so many of those without an ID number
        self.assertTrue(any("LIMIT 10 OFFSET 10" in sql for sql in asked) and any("LIMIT 1000" in sql for sql in asked))
        self.assertFalse([query for query in found if '"arrears_wagesheet"."tables"' in query["sql"]])

    def test_what_lies_ahead_today_is_checked_again_tomorrow(self) -> None:
        pk = self.road()
        self.paste(pk, f"姓名\t结束\t欠薪\n张三\t{TODAY + timedelta(days=1)}\t3000")
        self.assertEqual(self.page(pk).context["sheet"].wrong, 1)
        self.now = NOW + timedelta(days=1)
        self.sign_in(self.grid_worker)
        self.assertEqual(self.page(pk).context["sheet"].wrong, 0)
        self.assertTrue(self.page(pk).context["sheet"].is_ready)

    def test_a_sheet_handed_in_before_checks_were_kept_is_checked_when_it_is_opened(self) -> None:
        pk = self.crew(3)
        WageSheet.objects.update(summary="")
        SheetLine.objects.all().delete()
        self.assertContains(self.page(pk), "¥9,000.00")
        self.assertEqual(SheetLine.objects.count(), 3)

    def test_nothing_readable_of_a_line_lies_in_the_database(self) -> None:
        self.crew(1)
        line = SheetLine.objects.get()
        self.assertEqual(line.id_index, blind_index(messy.id_of(0), Claimant.SEAL))
        for word in (messy.name_of(0), messy.id_of(0), "3000"):
            self.assertNotIn(word, line.sealed)

    def test_a_dropped_sheet_takes_its_lines_with_it(self) -> None:
        pk = self.crew(3)
        self.client.post(reverse("sheet_drop", args=[pk]))
        self.assertFalse(SheetLine.objects.exists())

    def test_columns_chosen_anew_are_checked_as_a_whole(self) -> None:
        pk = self.road()
        self.paste(pk, "\t".join(HEAD) + "\n张三\t\t\t3000\t0")
        chosen = {"line-0": "1", "depth-0": "1", "period-0": "2025年12月"}
        chosen |= {f"head-{place}": head for place, head in enumerate(HEAD)}
        chosen |= {"field-0": "name", "field-3": "owed"}
        self.client.post(reverse("sheet_columns", args=[pk]), chosen)
        worker = self.page(pk).context["sheet"].kept.workers[0]
        self.assertEqual(str(worker.wages[0].period_from), "2025-12-01")


class KnownTest(SheetTestCase):
    """A worker of the sheet who stands in a claim already is warned of at the line, before anything is registered."""

    PERIOD = (date(2025, 11, 1), date(2025, 11, 30))

    def registered(self, name: str, place: int, phone: str = "", region: str = "321322101") -> Claim:
        lines = [LineFacts(Decimal(3000), period_from=self.PERIOD[0], period_to=self.PERIOD[1])]
        number = messy.id_of(place) if not phone else ""
        firm = [RespondentFacts("江苏中城建设集团有限公司", role="general")]
        return self.make_claim(region, claimants=[ClaimantFacts(name, phone, number, lines=lines)], respondents=firm)

    def sheet(self, *rows: list) -> Any:
        pk = self.road()
        head = ["姓名", "身份证号", "电话", "月份", "欠薪"]
        self.upload(pk, xlsx({"工资表": [head, *rows]}))
        return pk

    def test_the_same_id_number_the_same_firm_and_the_same_days_are_named_at_the_line(self) -> None:
        claim = self.registered("张三丰", 1)
        pk = self.sheet(["张三丰", messy.id_of(1), "", "2025年11月", 3000], ["李四", messy.id_of(2), "", "2025年11月", 3000])
        page = self.page(pk, show="known")
        self.assertEqual([line.row.name for line in page.context["sheet"].rows], ["张三丰"])
        self.assertContains(page, claim.number)
        self.assertContains(page, "身份证号相同、姓名相同、被申请方相同、欠薪期间重叠")
        self.assertTrue(page.context["sheet"].is_ready)  # a warning, nothing more
        self.assertEqual([len(line.twins) for line in self.page(pk, show="all").context["sheet"].rows], [1, 0])

    def test_without_an_id_number_telephone_and_name_speak_for_it(self) -> None:
        self.registered("王五", 0, "13812345678")
        pk = self.sheet(["王五", "", "13812345678", "2025年11月", 3000], ["赵六", "", "13812345678", "2025年12月", 3000])
        self.assertEqual([len(line.twins) for line in self.page(pk, show="all").context["sheet"].rows], [1, 0])

    def test_lines_without_an_id_number_are_compared_on_every_page_of_the_sheet(self) -> None:
        self.registered("王五", 0, "13812345678")
        self.registered("郑十一", 0, "13812340011")
        others = [["赵钱孙李周吴冯陈褚卫"[n % 10] + chr(0x4E00 + 37 * n), messy.id_of(n), "", "2025年11月", 3000] for n in range(2, 122)]
        pk = self.sheet(
            *others, ["王五", "", "13812345678", "2025年11月", 3000], ["赵六", "", "13812345678", "2025年11月", 3000],
            ["郑十一", "", "", "2025年11月", 3000], ["郑十一", "", "", "2020年11月", 0],
        )  # fmt: skip
        page = self.page(pk, show="known")
        self.assertEqual([line.row.name for line in page.context["sheet"].rows], ["王五", "郑十一"])
        self.assertEqual([len(line.twins) for line in page.context["sheet"].rows], [1, 1])

    def test_a_common_name_does_not_crowd_out_whoever_is_known_by_number_or_telephone(self) -> None:
        self.registered("张三丰", 1)
        self.registered("王五", 0, "13812345678")
        self.registered("赵六", 0, "13812345679")
        for number in range(6):  # newer ones, and a foreman's telephone
            self.registered(f"李四{number}", 0, "13900000000")
            self.registered("李四", 0, f"1370000001{number}")
        with patch("arrears.duplicates.finding.LOOKED_AT", 3), patch("arrears.duplicates.sheets.CANDIDATES", 3):
            pk = self.sheet(
                ["张三丰", messy.id_of(1), "", "2025年11月", 3000], ["王五", "", "13812345678", "2025年11月", 3000], ["李四", "", "", "2025年11月", 3000],
                ["赵六", "", "", "2025年11月", 3000], ["孙七", "", "13900000000", "2025年11月", 3000],
            )  # fmt: skip
            page = self.page(pk, show="known")
        self.assertEqual([line.row.name for line in page.context["sheet"].rows], ["张三丰", "王五", "李四", "赵六"])
        self.assertEqual([bool(line.twins) for line in page.context["sheet"].rows], [True] * 4)

    def test_a_claim_out_of_sight_is_not_named(self) -> None:
        self.registered("张三丰", 1, region="321323101")
        pk = self.sheet(["张三丰", messy.id_of(1), "", "2025年11月", 3000])
        page = self.page(pk, show="all")
        self.assertEqual((page.context["sheet"].known.count, [len(line.twins) for line in page.context["sheet"].rows]), (0, [0]))

    def test_the_last_look_before_registering_counts_them(self) -> None:
        self.registered("张三丰", 1)
        pk = self.sheet(["张三丰", messy.id_of(1), "", "2025年11月", 3000])
        self.client.post(self.step(pk, "sheet"), LAST)
        self.client.post(self.step(pk, "story"), STORY)
        self.assertContains(self.client.get(self.check(pk)), "工资表里有 1 行，劳动者可能已在您辖区的其他案件里")

    def test_thirty_lines_cost_as_many_queries_as_three(self) -> None:
        self.registered("张三丰", 1)
        few, many = (
            self.sheet(*[["张三丰" if n == 1 else messy.name_of(n), messy.id_of(n), "", "2025年11月", 3000] for n in range(count)]) for count in (3, 30)
        )
        self.assertEqual(*(self.queries(self.step(pk, "sheet"), show="all") for pk in (few, many)))
