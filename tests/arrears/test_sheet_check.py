"""Whole sheets: finding the header, telling people from totals, and who is the same person."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arrears.identity import make_id
from arrears.sheets.check import Checked, check
from arrears.sheets.choice import Choice, TableChoice, first_choice, make_choice, unpack_choice
from arrears.sheets.header import find_header
from arrears.sheets.reading import read_file
from arrears.sheets.table import Cell, Line, Table
from tests.arrears import sheets

TODAY = date(2026, 3, 2)
ONE, TWO = (make_id("321399", date(1980, 1, 1), number) for number in (1, 2))
OCTOBER = (date(2025, 10, 1), date(2025, 10, 31))


def tables_of(rows: Sequence[Sequence[Any]], **options: Any) -> list[Table]:
    return read_file(sheets.xlsx({"工资表": rows}, **options), "工资表.xlsx")


def checked(rows: Sequence[Sequence[Any]], fixes: Mapping[str, Mapping[str, str]] | None = None, left: Sequence[str] = (), **options: Any) -> Checked:
    changes = {name: options.pop(name) for name in ("with_hidden", "same_name") if name in options}
    tables = tables_of(rows, **options)
    first = first_choice(tables)
    choice = make_choice(tables, first.tables, first.fields, **changes)
    return check(tables, choice, fixes or {}, frozenset(left), TODAY)


def verdicts(found: Checked) -> list[tuple[int, str, str]]:
    """Line, verdict, code of the first finding."""
    return [(row.line, row.verdict, row.findings[0].code if row.findings else "") for row in found.rows]


HEAD = ["姓名", "身份证号", "电话", "应发", "已付"]


def test_the_header_stands_below_titles_and_notes() -> None:
    tables = tables_of([["翰林雅苑二期 2025年10月 工资表"], ["单位：宿迁宏远劳务有限公司"], [], ["序号", "姓 名", "身份证号码", "实发工资", "拖欠工资（元）"], [1, "张三", ONE, 1, 2]])
    choice = first_choice(tables)
    assert choice.tables == {0: TableChoice(4, 1, "2025年10月")}
    assert choice.fields == {"姓 名": "name", "身份证号码": "id_number", "拖欠工资(元)": "owed"}


def test_a_header_of_two_lines_under_merged_heads() -> None:
    rows = [
        ["姓名", "身份证号", "工资情况", "", "", "签字"],
        ["", "", "应发", "已发", "欠发", ""],
        ["张三", ONE, 7040, 1000, 6040, ""],
    ]
    tables = tables_of(rows, merges=[(1, 0, 2, 0), (1, 1, 2, 1), (1, 2, 1, 4), (1, 5, 2, 5)])
    choice = first_choice(tables)
    assert choice.tables == {0: TableChoice(1, 2, "")}
    assert choice.fields == {"姓名": "name", "身份证号": "id_number", "工资情况 应发": "due", "工资情况 已发": "paid", "工资情况 欠发": "owed"}
    (worker,) = check(tables, choice, {}, frozenset(), TODAY).workers
    assert [(wage.due, wage.paid) for wage in worker.wages] == [(Decimal(7040), Decimal(1000))]


def test_without_a_header_columns_are_told_by_what_stands_in_them() -> None:
    (table,) = read_file(f"张三 {ONE} 13800000001 3500元\n李四 {TWO} 13800000002 4,000\n".encode(), "粘贴")
    choice = first_choice([table])
    assert choice.tables == {0: TableChoice(0, 0, "")}
    assert choice.fields == {"#1": "name", "#2": "id_number", "#3": "phone", "#4": "due"}
    assert check([table], choice, {}, frozenset(), TODAY).total == Decimal(7500)


def test_of_two_columns_of_amounts_nobody_guesses_which_is_owed() -> None:
    (table,) = read_file("张三 3500 1000\n李四 4000 2000\n".encode(), "粘贴")
    assert first_choice([table]).fields == {"#1": "name"}


def test_of_two_columns_with_one_meaning_the_clearer_is_taken() -> None:
    tables = tables_of([["姓名", "工资", "应发工资", "电话", "联系人电话"], ["张三", 1, 2, "13800000001", ""]])
    assert first_choice(tables).fields == {"姓名": "name", "应发工资": "due", "电话": "phone"}
    assert find_header(tables_of([["姓名", "金额", "金额"], ["张三", 1, 2]])[0]).heads == ("姓名", "金额", "金额 #3")


def test_a_price_beside_days_is_a_price_of_a_day() -> None:
    (row,) = checked([["姓名", "单价", "天数"], ["张三", 320, 22]]).rows
    assert (row.wage.unit, row.wage.due) == ("day", Decimal(7040))


def test_people_totals_headers_titles_and_signatures_are_told_apart() -> None:
    found = checked([
        ["2025年10月工资表"],
        ["序号", *HEAD],
        ["瓦工班组"],
        [1, "张三", ONE, "13800000001", "3,500元", 500],
        [2, "李　四", TWO, 13800000002, "三千五百元", ""],
        ["", "小计", "", "", 7000, 500],
        ["序号", *HEAD],
        [3, "王五", "", "1.3900000003E+10", "２０００", ""],
        ["合  计", "", "", "", 9000, 500],
        ["制表人：孙某", "", "", "审核：", "", ""],
        ["", "", "", "", "", ""],
    ], merges=[(3, 0, 3, 5)])  # fmt: skip
    assert verdicts(found) == [
        (3, "skipped", "note"), (4, "taken", ""), (5, "taken", ""), (6, "skipped", "total_row"), (7, "skipped", "header_again"),
        (8, "taken", ""), (9, "skipped", "total_row"), (10, "skipped", "note"),
    ]  # fmt: skip
    assert [(worker.name, worker.id_number, worker.phone) for worker in found.workers] == [
        ("张三", ONE, "13800000001"), ("李四", TWO, "13800000002"), ("王五", "", "13900000003"),
    ]  # fmt: skip
    assert [(total.line, total.is_grand, total.differs) for total in found.totals] == [(6, False, False), (9, True, False)]
    assert (found.total, found.stated) == (Decimal(8500), Decimal(8500))
    assert {(wage.period_from, wage.period_to) for worker in found.workers for wage in worker.wages} == {OCTOBER}


def test_a_total_that_differs_is_told_to_the_cent() -> None:
    found = checked([HEAD, ["张三", ONE, "", 3500, 500], ["李四", TWO, "", "3500.10", ""], ["合计", "", "", 7000, 500]])
    (total,) = found.totals
    assert [(one.field, one.stated, one.computed, one.difference) for one in total.columns] == [
        ("due", Decimal(7000), Decimal("7000.10"), Decimal("-0.10")), ("paid", Decimal(500), Decimal(500), Decimal(0)),
    ]  # fmt: skip
    assert (found.total, found.stated) == (Decimal("6500.10"), Decimal(6500))


def test_a_total_counts_whom_it_is_not_registered_for() -> None:
    """Left out, already paid, hidden or not."""
    rows = [HEAD, ["张三", ONE, "", 3500, 500], ["李四", TWO, "", 1000, 1000], ["王五", "", "", 200, ""], ["合计", "", "", 4700, 1500]]
    assert not checked(rows, left=["0-4"]).totals[0].differs
    assert not checked(rows, hidden=[4]).totals[0].differs
    assert not checked([*rows[:-1], ["合计", "", "", 4500, 1500]], hidden=[4]).totals[0].differs  # SUBTOTAL leaves hidden lines out
    assert checked([*rows[:-1], ["合计", "", "", 4500, 1500]]).totals[0].differs


def test_a_nameless_line_is_a_total_only_if_it_adds_up() -> None:
    people = [HEAD, ["张三", ONE, "", 3500, 500], ["李四", TWO, "", 1000, ""]]
    assert verdicts(checked([*people, ["", "", "", 4500, 500]]))[-1] == (4, "skipped", "total_row")
    assert verdicts(checked([*people, ["", "", "", 4400, 500]]))[-1] == (4, "wrong", "no_name")


def test_who_has_been_paid_in_full_is_set_aside_with_both_amounts_and_seen() -> None:
    found = checked([HEAD, ["张三", ONE, "", 3500, 3500], ["李四", TWO, "", 1000, 999.99]])
    assert verdicts(found) == [(2, "skipped", "nothing_owed"), (3, "taken", "")]
    assert found.rows[0].findings[0].cause.text(str) == "没有拖欠：应付 3500.00，已付 3500.00。"
    assert [worker.name for worker in found.workers] == ["李四"]


def test_hidden_lines_are_left_out_and_told_unless_they_are_wanted() -> None:
    rows = [HEAD, ["张三", ONE, "", 3500, ""], ["李四", TWO, "", 1000, ""]]
    assert verdicts(checked(rows, hidden=[3])) == [(2, "taken", ""), (3, "skipped", "hidden_row")]
    assert verdicts(checked(rows, hidden=[3], with_hidden=True)) == [(2, "taken", ""), (3, "taken", "")]


def test_a_merged_name_is_every_lines_and_a_merged_amount_the_first_ones() -> None:
    rows = [["姓名", "身份证号", "月份", "应发"], ["张三", ONE, "2025年10月", 3000], ["", "", "2025年11月", 3100], ["李四", TWO, "2025-10", 500], ["", "", "2025-11", ""]]
    found = checked(rows, merges=[(2, 0, 3, 0), (2, 1, 3, 1), (4, 0, 5, 0), (4, 1, 5, 1), (4, 3, 5, 3)])
    assert [(worker.name, [wage.due for wage in worker.wages]) for worker in found.workers] == [("张三", [3000, 3100]), ("李四", [500])]
    assert verdicts(found)[-1] == (5, "skipped", "note")


def test_one_id_number_is_one_person_on_every_sheet() -> None:
    book = {f"{month}月": [[f"2025年{month}月工资表"], ["姓名", "身份证号", "应发"], ["张三", ONE, 3000], ["李四", TWO, 2000 + month]] for month in (10, 11, 12)}
    tables = read_file(sheets.xlsx({**book, "说明": [["仅供参考"]]}), "a.xlsx")
    choice = first_choice(tables)
    assert [(number, one.period) for number, one in choice.tables.items()] == [(0, "2025年10月"), (1, "2025年11月"), (2, "2025年12月")]
    found = check(tables, choice, {}, frozenset(), TODAY)
    assert [(worker.name, len(worker.wages)) for worker in found.workers] == [("张三", 3), ("李四", 3)]
    assert found.total == Decimal(9000 + 6033)
    assert [wage.period_to for wage in found.workers[0].wages] == [date(2025, 10, 31), date(2025, 11, 30), date(2025, 12, 31)]


def test_a_name_alone_makes_nobody_the_same_person() -> None:
    rows = [["姓名", "身份证号", "电话", "月份", "应发"], ["张三", "", "", "2025-10", 100], ["张三", "", "", "2025-11", 100]]
    assert verdicts(checked(rows)) == [(2, "taken", ""), (3, "wrong", "same_name")]
    assert [len(worker.wages) for worker in checked(rows, same_name=True).workers] == [2]


def test_telephones_and_id_numbers_tell_namesakes_apart() -> None:
    head = ["姓名", "身份证号", "电话", "月份", "应发"]
    by_phone = checked([head, ["张三", "", "13800000001", "2025-10", 1], ["张三", "", "13800000002", "2025-10", 1], ["张三", "", "13800000001", "2025-11", 1]])
    assert [len(worker.wages) for worker in by_phone.workers] == [2, 1]
    by_id = checked([head, ["张三", ONE, "", "2025-10", 1], ["张三", TWO, "", "2025-10", 1]])
    assert [worker.id_number for worker in by_id.workers] == [ONE, TWO]
    half = checked([head, ["张三", ONE, "", "2025-10", 1], ["张三", "", "", "2025-11", 1]])
    assert verdicts(half)[1] == (3, "wrong", "same_name")


def test_contradictions_between_lines_are_said() -> None:
    other = checked([HEAD, ["张三", ONE, "", 1, ""], ["李四", ONE, "", 2, ""]])
    assert (verdicts(other)[1], str(other.rows[1].findings[0].cause)) == ((3, "wrong", "other_name"), "身份证号与第 2 行（张三）相同，姓名不同，请核对。")
    again = checked([HEAD, ["张三", ONE, "", 1, ""], ["张三", ONE, "", 1, ""]])
    assert verdicts(again)[1] == (3, "wrong", "same_row")
    assert again.total == Decimal(1)


def test_what_was_typed_instead_counts_and_a_line_can_be_left_out() -> None:
    rows = [HEAD, ["张三", 321399198001010011, "1.38E+10", "很多", ""], ["李四", TWO, "", 5, ""]]
    assert verdicts(checked(rows))[0] == (2, "wrong", "id_lost")
    fixed = checked(rows, fixes={"0-2": {"id_number": ONE, "phone": "", "due": "3500"}})
    assert (verdicts(fixed)[0], fixed.workers[0].id_number, fixed.total) == ((2, "taken", ""), ONE, Decimal(3505))
    assert verdicts(checked(rows, left=["0-2"])) == [(2, "left", "id_lost"), (3, "taken", "")]


def test_a_choice_survives_being_kept() -> None:
    tables = tables_of([["2025年10月"], HEAD, ["张三", ONE, "", 1, ""]])
    first = first_choice(tables)
    choice = make_choice(tables, first.tables, first.fields, with_hidden=True, same_name=True)
    kept = unpack_choice(tables, choice.pack())
    assert (kept, kept.heads) == (choice, choice.heads)


def test_a_choice_that_fits_no_table_is_dropped() -> None:
    tables = tables_of([HEAD, ["张三", ONE, "", 1, ""]])
    assert make_choice(tables, {7: TableChoice(1)}, {"姓名": "salary"}) == Choice({}, {})


@given(
    rows=st.lists(st.lists(st.text(alphabet="张三李姓名合计应发工资电话 0123456789.,元-/年月#", max_size=8), max_size=5), min_size=1, max_size=12),
    kinds=st.lists(st.sampled_from(["", "formula", "error"]), min_size=1, max_size=5),
)
def test_any_sheet_is_checked_and_every_line_gets_a_verdict(rows: list[list[str]], kinds: list[str]) -> None:
    lines = [Line(number, [Cell(text, kinds[column % len(kinds)]) for column, text in enumerate(row)]) for number, row in enumerate(rows, 1)]
    table = Table("表", [line for line in lines if not line.is_blank])
    choice = first_choice([table])
    found = check([table], choice, {}, frozenset(), TODAY)
    ends = choice.heads[0].ends
    assert [row.line for row in found.rows] == [line.number for line in table.lines if line.number > ends]
    assert all(row.findings for row in found.rows if row.verdict != "taken")
    registered = [row for worker in found.workers for row in worker.rows]
    assert sorted(row.line for row in registered) == [row.line for row in found.rows if row.verdict == "taken"]
    assert all(row.wage and row.wage.unpaid > 0 for row in registered)


@pytest.mark.parametrize("label", ["合计", "合 计", "总计", "小计", "本页小计", "瓦工班组合计", "共计", "累计", "TOTAL", "合计（大写）：叁仟伍佰元整"])
def test_the_words_of_totals(label: str) -> None:
    assert verdicts(checked([HEAD, ["张三", ONE, "", 3500, ""], [label, "", "", 3500, ""]]))[-1] == (3, "skipped", "total_row")
