"""Cells of wage sheets as people and programs leave them. Expected values are written by hand."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arrears.identity import make_id
from arrears.ledger.cells import BadCell
from arrears.sheets.cells import read_day, read_id, read_money, read_name, read_period, read_phone, read_quantity
from arrears.sheets.fields import meaning
from arrears.sheets.formats import shows
from arrears.sheets.rows import Row, Setting, read_row, settle
from arrears.sheets.table import ERROR, FORMULA, LOST, NUMBER, Cell, number_cell

TODAY = date(2026, 3, 2)
GOOD_ID = make_id("321399", date(1980, 1, 1), 1)  # 321399198001010011 with its own check digit


def code_of(read, *arguments) -> str:
    with pytest.raises(BadCell) as bad:
        read(*arguments)
    assert str(bad.value.cause)
    return bad.value.code


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        (Cell("3500"), "3500.00"),
        (Cell("3,500元"), "3500.00"),
        (Cell("３，５００．５元"), "3500.50"),
        (Cell("￥3500"), "3500.00"),
        (Cell("三千五百元"), "3500.00"),
        (Cell("叁仟伍佰元整"), "3500.00"),
        (Cell("1.2万"), "12000.00"),
        (Cell("0"), "0.00"),
        (Cell("3500", NUMBER), "3500.00"),
        (number_cell(0.1 + 0.2), "0.30"),
        (number_cell(8000.000000000001), "8000.00"),
        (Cell(""), None),
        (Cell("/"), None),
        (Cell("——"), None),
        (Cell("无"), None),
    ],
)
def test_amounts(cell: Cell, amount: str | None) -> None:
    said = read_money(cell)
    assert said == ((Decimal(amount) if amount else None), None)


def test_a_computed_number_is_rounded_to_the_cent_and_that_is_said() -> None:
    said = read_money(number_cell(5000 / 21.75 * 22))
    assert said.value == Decimal("5057.47")
    assert str(said.remark) == "表里是 5057.47126436782，按 5057.47 登记（四舍五入到分）。"
    assert code_of(read_money, Cell("5057.471")) == "money_decimals"  # typed so by a person


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (Cell("三千五"), "money_unreadable"),
        (Cell("3500元/月"), "money_unreadable"),
        (Cell("2025-10-01"), "money_unreadable"),
        (Cell("待定"), "money_unreadable"),
        (Cell("-500"), "money_negative"),
        (Cell("-500", NUMBER), "money_negative"),
        (number_cell(1e15), "money_large"),
        (Cell("=SUM(A1:A3)", FORMULA), "formula"),
        (Cell("#REF!", ERROR), "cell_error"),
    ],
)
def test_amounts_nobody_can_be_sure_of(cell: Cell, code: str) -> None:
    assert code_of(read_money, cell) == code


@pytest.mark.parametrize("text", ["320元/天", "320/天", "320元每天", "３２０元／工日", "320"])
def test_a_rate_may_say_what_it_is_per(text: str) -> None:
    assert read_money(Cell(text), is_rate=True).value == Decimal("320.00")


@pytest.mark.parametrize("text", [GOOD_ID, f"'{GOOD_ID}", f" {GOOD_ID[:6]} {GOOD_ID[6:14]} {GOOD_ID[14:]}", GOOD_ID.replace("1", "１")])
def test_id_numbers(text: str) -> None:
    assert read_id(Cell(text), TODAY) == (GOOD_ID, None)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (number_cell(float(int(GOOD_ID))), "id_lost"),
        (Cell("3.21399E+17"), "id_lost"),
        (Cell("3.21399198001010E+17"), "id_lost"),
        (Cell("321399198001010000"), "id_zeros"),
        (Cell(GOOD_ID[:-1] + str((int(GOOD_ID[-1]) + 1) % 10)), "id_checksum"),
        (Cell("321399800101001"), "id_old"),
        (number_cell(321399800101001), "id_old"),
        (Cell("32139919801301001X"), "id_birth"),
        (Cell("12345"), "id_length"),
        (Cell("有"), "id_length"),
    ],
)
def test_id_numbers_are_never_completed(cell: Cell, code: str) -> None:
    assert code_of(read_id, cell, TODAY) == code


def test_a_number_of_a_workbook_keeps_fifteen_digits_and_shows_it() -> None:
    assert number_cell(float(int(GOOD_ID))) == ("321399198001010000", LOST)
    assert number_cell(999_999_999_999_999) == ("999999999999999", NUMBER)


def test_a_right_number_that_ends_in_zeros_is_pointed_out() -> None:
    zeros = next(
        number for day in range(1, 28) if (number := make_id("321399", date(1980, 3, day), 0)).endswith("000")
    )
    assert "末三位是 000" in str(read_id(Cell(zeros), TODAY).remark)


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        (Cell("13812345678"), "13812345678"),
        (number_cell(13812345678), "13812345678"),
        (Cell("1.3812345678E+10"), "13812345678"),
        (Cell("13812345678.0"), "13812345678"),
        (Cell("'138 1234 5678"), "13812345678"),
        (Cell("+86 138-1234-5678"), "13812345678"),
        (Cell("0527-84350001"), "0527-84350001"),
        (Cell("无"), None),
    ],
)
def test_telephones(cell: Cell, number: str | None) -> None:
    assert read_phone(cell) == number


@pytest.mark.parametrize(("text", "code"), [("1.38E+10", "phone_lost"), ("1.38123E+10", "phone_lost"), ("1381234567", "phone"), ("84350001", "phone_area")])
def test_telephones_that_lost_digits_are_not_completed(text: str, code: str) -> None:
    assert code_of(read_phone, Cell(text)) == code


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025-10-01", date(2025, 10, 1)),
        ("2025/1/2", date(2025, 1, 2)),
        ("２０２５．１０．１", date(2025, 10, 1)),
        ("2025年10月1日", date(2025, 10, 1)),
        ("2025年10月1号", date(2025, 10, 1)),
        ("20251001", date(2025, 10, 1)),
        ("45931", date(2025, 10, 1)),
        ("25.10.1", date(2025, 10, 1)),
        ("", None),
    ],
)
def test_days(text: str, day: date | None) -> None:
    assert read_day(Cell(text), TODAY) == day


def test_day_numbers_of_a_workbook_of_1904_begin_four_years_later() -> None:
    assert read_day(Cell("44469"), TODAY, is_1904=True) == date(2025, 10, 1)
    assert read_day(Cell("2025-10-01"), TODAY, is_1904=True) == date(2025, 10, 1)


@pytest.mark.parametrize("text", ["2025-02-30", "10月1日", "1/2/2025", "2025.10", "去年"])
def test_days_that_could_be_others(text: str) -> None:
    assert code_of(read_day, Cell(text), TODAY) == "bad_date"


@pytest.mark.parametrize(
    ("text", "begins", "ends"),
    [
        ("2025年10月", date(2025, 10, 1), date(2025, 10, 31)),
        ("2025-10", date(2025, 10, 1), date(2025, 10, 31)),
        ("2025.2", date(2025, 2, 1), date(2025, 2, 28)),
        ("202510", date(2025, 10, 1), date(2025, 10, 31)),
        ("25年3月份", date(2025, 3, 1), date(2025, 3, 31)),
        ("2025年10月-12月", date(2025, 10, 1), date(2025, 12, 31)),
        ("2025年11月至2026年1月", date(2025, 11, 1), date(2026, 1, 31)),
        ("2025.10—2025.12", date(2025, 10, 1), date(2025, 12, 31)),
        ("2025-10-05至2025-12-20", date(2025, 10, 5), date(2025, 12, 20)),
        ("2025.10.5-2025.12.20", date(2025, 10, 5), date(2025, 12, 20)),
        ("2025-10-01", date(2025, 10, 1), date(2025, 10, 31)),  # how spreadsheets keep a month
    ],
)
def test_periods(text: str, begins: date, ends: date) -> None:
    assert read_period(Cell(text), TODAY) == (begins, ends)


@pytest.mark.parametrize(
    ("text", "code"),
    [("10月", "no_year"), ("2025.1", "january_or_october"), ("2025-01-05", "bad_period"), ("2025年12月-10月", "period_order"), ("冬天", "bad_period")],
)
def test_periods_that_could_be_others(text: str, code: str) -> None:
    assert code_of(read_period, Cell(text), TODAY) == code


@pytest.mark.parametrize(("text", "quantity"), [("22", "22.00"), ("22天", "22.00"), ("２２．５个工", "22.50"), ("1,200平米", "1200.00"), ("3个月", "3.00")])
def test_quantities(text: str, quantity: str) -> None:
    assert read_quantity(Cell(text)) == Decimal(quantity)


@pytest.mark.parametrize(("text", "code"), [("二十", "bad_quantity"), ("22+3", "bad_quantity"), ("22.333", "quantity_decimals")])
def test_quantities_that_are_none(text: str, code: str) -> None:
    assert code_of(read_quantity, Cell(text)) == code


@pytest.mark.parametrize(("text", "name"), [("张　三", "张三"), (" 欧阳 娜娜 ", "欧阳娜娜"), ("阿迪力·买买提", "阿迪力·买买提"), ("Ivan Petrov", "Ivan Petrov")])
def test_names(text: str, name: str) -> None:
    assert read_name(Cell(text)) == name


def test_a_number_is_no_name() -> None:
    assert code_of(read_name, Cell("123")) == "bad_name"
    assert code_of(read_name, Cell("张" * 61)) == "long_name"


@pytest.mark.parametrize(
    ("head", "field"),
    [
        ("姓名", "name"), ("身份证号码", "id_number"), ("联系电话", "phone"), ("日工资（元/天）", "rate_day"), ("出勤天数", "days"),
        ("应发工资（元）", "due"), ("已付工资", "paid"), ("预支生活费", "paid"), ("拖欠工资金额", "owed"), ("未付", "owed"),
        ("月份", "period"), ("进场日期", "period_from"), ("退场时间", "period_to"), ("工资", "due"), ("合计", "due"),
        ("实发工资", None), ("工资卡号", None), ("签字", None), ("序号", None), ("家庭住址", None), ("工种", None), ("备注", None),
        ("扣款", None), ("瓦工班组长联系电话", "phone"), ("", None), ("x" * 31, None),
    ],
)  # fmt: skip
def test_heads(head: str, field: str | None) -> None:
    found = meaning(head)
    assert (found[0] if found else None) == field


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("yyyy-mm-dd", "day"), ('yyyy"年"m"月"', "month"), ('yyyy"年"m"月"d"日"', "day"), ("[$-804]yyyy/m/d;@", "day"), ("mm:ss", ""),
        ("h:mm", ""), ("General", ""), ("0.00", ""), ('#,##0.00"元"', ""), ("#,##0.00_);[Red](#,##0.00)", ""), ("[DBNum2]General", ""), ("@", ""),
    ],
)  # fmt: skip
def test_formats_that_show_a_date(code: str, shown: str) -> None:
    assert shows(code) == shown


def settled(**cells: str) -> Row:
    row = Row(0, 5, {name: Cell(text) for name, text in {"name": "张三", **cells}.items()})
    read_row(row, Setting(TODAY))
    settle(row)
    return row


@pytest.mark.parametrize(
    ("cells", "due", "paid", "unit"),
    [
        ({"due": "7040"}, "7040", "0", "lump"),
        ({"owed": "7040"}, "7040", "0", "lump"),
        ({"owed": "6040", "paid": "1000"}, "7040", "1000", "lump"),
        ({"due": "7040", "owed": "6040"}, "7040", "1000", "lump"),
        ({"due": "7040", "paid": "1000", "owed": "6040"}, "7040", "1000", "lump"),
        ({"rate_day": "320", "days": "22"}, "7040", "0", "day"),
        ({"rate_day": "320", "days": "22", "due": "7040", "paid": "1000"}, "7040", "1000", "day"),
        ({"rate_month": "5000", "months": "2"}, "10000", "0", "month"),
        ({"rate_month": "5000", "days": "22", "due": "5000"}, "5000", "0", "lump"),
        ({"rate_piece": "2.5", "pieces": "1,200"}, "3000", "0", "piece"),
        ({"rate_hour": "25", "hours": "8"}, "200", "0", "hour"),
    ],
)
def test_what_a_line_comes_to(cells: dict[str, str], due: str, paid: str, unit: str) -> None:
    wage = settled(**cells).wage
    assert (wage.due, wage.paid, wage.unit) == (Decimal(due), Decimal(paid), unit)


def test_the_sheets_own_amount_counts_and_a_different_product_is_remarked() -> None:
    row = settled(rate_day="320", days="22", due="7100")
    assert (row.verdict, row.wage.due, row.wage.unit) == ("taken", Decimal("7100"), "lump")
    assert str(row.remarks[0].cause) == "单价乘数量是 7040.00，表上应付 7100.00，按表上的应付登记。"


@pytest.mark.parametrize(
    ("cells", "field", "code"),
    [
        ({"due": ""}, "due", "no_amount"),
        ({"rate_day": "320", "days": ""}, "rate_day", "no_amount"),
        ({"due": "100", "paid": "200"}, "paid", "paid_above_due"),
        ({"due": "7040", "paid": "1000", "owed": "6000"}, "owed", "owed_differs"),
        ({"due": "7040", "owed": "8000"}, "owed", "owed_differs"),
        ({"due": "99999999999"}, "due", "money_large"),
        ({"name": "", "due": "1"}, "name", "no_name"),
        ({"due": "1", "period_from": "2025-10-01", "period_to": "2025-09-01"}, "period_to", "period_order"),
    ],
)
def test_what_is_wrong_with_a_line_is_said_at_its_cell(cells: dict[str, str], field: str, code: str) -> None:
    row = settled(**cells)
    assert (row.verdict, [(finding.field, finding.code) for finding in row.findings]) == ("wrong", [(field, code)])


def test_everything_wrong_is_said_at_once() -> None:
    row = settled(id_number="1", phone="2", due="很多")
    assert {finding.field for finding in row.findings} == {"id_number", "phone", "due"}


def test_who_is_owed_nothing_is_skipped_and_told() -> None:
    row = settled(due="3200", paid="3200")
    assert (row.verdict, str(row.findings[0].cause)) == ("skipped", "没有拖欠：应付 3200.00，已付 3200.00。")


@given(name=st.sampled_from(["name", "id_number", "phone", "period", "period_from", "due", "rate_day", "days"]), text=st.text(max_size=30), kind=st.sampled_from(["", NUMBER, LOST, FORMULA, ERROR]))
def test_no_cell_makes_a_line_fail(name: str, text: str, kind: str) -> None:
    """Numbers are made by the readers alone, so their text is always a number."""
    cell = Cell(text, kind) if kind not in (NUMBER, LOST) else number_cell(sum(map(ord, text)) * 1e9 / 7)
    row = Row(0, 5, {"name": Cell("张三"), "due": Cell("1"), name: cell})
    read_row(row, Setting(TODAY))
    settle(row)
    assert row.verdict == "taken" or row.findings
