"""Cells of an old register, and mappings an officer got wrong. Expected values are written by hand."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from arrears.ledger.cells import BadCell, read_amount, read_count, read_date, read_mark, read_region, read_text
from arrears.ledger.files import BadFile, read_sheet
from arrears.ledger.mapping import BadMapping, load_mapping

MAPPING = Path(__file__).parent.parent.parent / "arrears/ledger/legacy_ledger.toml"
SPELLING = load_mapping(MAPPING).spelling
TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("19-Aug-14", date(2014, 8, 19)),
        ("5-mar-15", date(2015, 3, 5)),
        ("2-Mar-2026", date(2026, 3, 2)),
        ("2016-02-29", date(2016, 2, 29)),
        ("2016-02-29 00:00:00", date(2016, 2, 29)),
        ("2016/2/9", date(2016, 2, 9)),
        ("2016.12.31", date(2016, 12, 31)),
        ("２０１６年１２月３１日", date(2016, 12, 31)),
        ("20161231", date(2016, 12, 31)),
        ("12/31/2016", date(2016, 12, 31)),
        ("42735", date(2016, 12, 31)),  # a spreadsheet's day number
        ("NA", None),
        ("不详", None),
        ("", None),
    ],
)
def test_dates_as_registers_write_them(text: str, day: date | None) -> None:
    assert read_date(text, SPELLING, TODAY) == day


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("31-Feb-14", "bad_date"),
        ("29-Feb-15", "bad_date"),
        ("2014", "bad_date"),
        ("31/12/2016", "bad_date"),  # this register puts the month first
        ("去年八月", "bad_date"),
        ("2016-02-29 13:40", "bad_date"),
        ("3-Mar-26", "date_out_of_range"),  # tomorrow
        ("31-Dec-99", "date_out_of_range"),  # 1999
        ("1-Jan-30", "date_out_of_range"),
    ],
)
def test_dates_nobody_can_read_are_not_guessed(text: str, code: str) -> None:
    with pytest.raises(BadCell) as bad:
        read_date(text, SPELLING, TODAY)
    assert bad.value.code == code


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("$1,275.50", "1275.50"),
        ("$0.00", "0.00"),
        ("1275.5", "1275.50"),
        ("￥１，２７５．５", "1275.50"),
        ("1275.50元", "1275.50"),
        ("1.2万元", "12000.00"),
        ("(12.00)", "-12.00"),
        ("($1,012.00)", "-1012.00"),
        ("-$12", "-12.00"),
        ("12.00-", "-12.00"),
        ("$ 340.00", "340.00"),
        ("9,999,999.98", "9999999.98"),
    ],
)
def test_amounts_as_registers_write_them(text: str, amount: str) -> None:
    assert read_amount(text, SPELLING) == Decimal(amount)


@pytest.mark.parametrize("text", ["NA", "", "n/a", "-", "999,999.99", "$999,999.99", "9999999.99"])
def test_unknown_amounts_and_the_sentinel_are_none(text: str) -> None:
    assert read_amount(text, SPELLING) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("abc", "bad_amount"),
        ("12,75", "bad_amount"),  # a comma for a point
        ("1,27,500", "bad_amount"),
        ("12 34", "bad_amount"),
        ("12.345", "bad_amount"),
        ("1-2", "bad_amount"),
        ("$", "bad_amount"),
        ("10,000,000.00", "amount_out_of_range"),
        ("1" * 40, "bad_amount"),
    ],
)
def test_amounts_nobody_can_read_are_not_guessed(text: str, code: str) -> None:
    with pytest.raises(BadCell) as bad:
        read_amount(text, SPELLING)
    assert bad.value.code == code


@pytest.mark.parametrize(
    ("text", "is_set"), [("X", True), ("x", True), ("Ｘ", True), ("是", True), ("NA", False), ("", False), ("-", False)]
)
def test_marks_that_are_clear(text: str, is_set: bool) -> None:
    assert read_mark(text, SPELLING) is is_set


@pytest.mark.parametrize("text", ["maybe", "XX", "0.5", "待查"])
def test_an_unclear_mark_is_neither_yes_nor_no(text: str) -> None:
    with pytest.raises(BadCell, match="既不是"):
        read_mark(text, SPELLING)


def test_regions_counts_and_texts() -> None:
    assert read_region("321302110000", SPELLING) == "321302110"
    assert read_region("321302110.0", SPELLING) == "321302110"
    assert read_region("NA", SPELLING) is None
    assert read_count("12人", SPELLING) == 12
    assert read_text("宿迁宏远（集团）有限公司", SPELLING) == "宿迁宏远（集团）有限公司"
    for read, text in ((read_region, "沭阳县"), (read_region, "32130"), (read_count, "0"), (read_count, "十余人")):
        with pytest.raises(BadCell):
            read(text, SPELLING)
    with pytest.raises(BadCell, match="过长"):
        read_text("长" * 121, SPELLING)


def test_a_table_is_read_whatever_program_saved_it(tmp_path: Path) -> None:
    for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16"):
        for delimiter in (",", ";", "\t"):
            file = tmp_path / "台账.csv"
            file.write_bytes(f'编号{delimiter}单位\r\n1{delimiter}"宏远\n劳务"\r\n\r\n'.encode(encoding))
            sheet = read_sheet(file)
            assert sheet.header == ("编号", "单位")
            assert [(record.line, record.cells) for record in sheet.records] == [(2, ("1", "宏远 劳务"))]


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"", "是空的"),
        (b"PK\x03\x04\x14\x00", "Excel 工作簿"),
        (b"a,b\n\xff\xff\xff", "不是文本表格"),
        (b"a,b\n\x00,1", "不是文本表格"),
        (b'a,b\n"1,2', "不成对"),
        (b"a,b,a\n1,2,3", "重名的列：a"),
    ],
)
def test_what_is_no_table_is_said_in_one_sentence(tmp_path: Path, raw: bytes, sentence: str) -> None:
    (tmp_path / "x.csv").write_bytes(raw)
    with pytest.raises(BadFile, match=sentence) as bad:
        read_sheet(tmp_path / "x.csv")
    assert "\n" not in str(bad.value)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('title = "2014–2018 年工资投诉登记簿"', "", "ledger.title 不正确：没有填写"),
        ('id = "llva"', 'id = "历史"', "ledger.id"),
        ('claimed = "CLAIM AMT"', "", "fields.claimed 不正确：没有填写"),
        ('claimed = "CLAIM AMT"', 'salary = "CLAIM AMT"', "fields 不正确：“salary”"),
        ('region = "REGION"', 'region = ["REGION", "TOWN"]', "只有金额可以由几列相加"),
        ("earliest = 2000-01-01", 'earliest = "2000"', "cells.earliest 不正确：应为日期"),
        ('"%m/%d/%Y"', '"%m/%d/%Y", "%d/%m/%Y"', "不能并用"),
        ('"%Y%m%d"', '"YYYY"', "“YYYY”不是日期写法"),
        ('largest = "9999999.99"', 'largest = "many"', "cells.largest"),
        ('stage = "withdrawn"', 'stage = "handling"', "outcomes\\[1\\].stage"),
        ('result = "insolvent"', 'result = "broke"', "“broke”不在"),
        ('flags = ["Bankrupt"]', 'flags = ["Broke"]', "“Broke”不在"),
        ('not_closed = "warn"', 'not_closed = "ask"', "checks.not_closed"),
        ('not_closed = "warn"', 'unheard_of = "warn"', "“unheard_of”不在"),
        ("[ledger]", "[ledger", "不是正确的 TOML"),
    ],
)
def test_a_wrong_mapping_is_named_by_its_key(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    text = MAPPING.read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "m.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BadMapping, match=sentence):
        load_mapping(tmp_path / "m.toml")
