"""Money: what people type, cents, 人民币大写. Expected values are written by hand."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arrears.invalid import Invalid
from arrears.money import LARGEST, line_due, parse_money, q, shares, to_chinese_capitals


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("3500", "3500.00"),
        (" 3,500 元 ", "3500.00"),
        ("￥3500.5", "3500.50"),
        ("¥1,234,567.89", "1234567.89"),
        ("３５００．５０元", "3500.50"),
        ("３，５００", "3500.00"),
        ("人民币 3500 元整", "3500.00"),
        ("RMB3500", "3500.00"),
        ("3500块", "3500.00"),
        ("3500块钱", "3500.00"),
        ("1.2万", "12000.00"),
        ("1.23456万元", "12345.60"),
        ("0", "0.00"),
        ("0.05", "0.05"),
        ("3500.500", "3500.50"),
        ("999999999999.99", "999999999999.99"),
        ("三千五百元", "3500.00"),
        ("三千五百", "3500.00"),
        ("叁仟伍佰元整", "3500.00"),
        ("人民币 叁仟伍佰圆正", "3500.00"),
        ("两千块钱", "2000.00"),
        ("一万二千零五十元", "12050.00"),
        ("十五元五角", "15.50"),
        ("一百一十块五毛", "110.50"),
        ("壹仟陆佰捌拾元零叁角贰分", "1680.32"),
        ("壹拾万零柒仟元零伍分", "107000.05"),
        ("三億零五萬元", "300050000.00"),
        ("五毛", "0.50"),
        ("零元", "0.00"),
    ],
)
def test_what_people_type_is_read(typed: str, amount: str) -> None:
    read = parse_money(typed)
    assert (read, str(read)) == (Decimal(amount), amount)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "money_unreadable"),
        ("元", "money_unreadable"),
        ("不详", "money_unreadable"),
        ("NA", "money_unreadable"),
        ("nan", "money_unreadable"),
        ("1e5", "money_unreadable"),
        ("3千5", "money_unreadable"),
        ("三千五", "money_unreadable"),  # 3500, or 3005?
        ("一万二", "money_unreadable"),
        ("二百五", "money_unreadable"),
        ("三五〇〇", "money_unreadable"),
        ("百五十元", "money_unreadable"),
        ("五千三千元", "money_unreadable"),
        ("三千五百五角", "money_unreadable"),
        ("元整", "money_unreadable"),
        ("负三千五百元", "money_unreadable"),
        ("3,5", "money_unreadable"),
        ("1,0000", "money_unreadable"),
        ("3500元/月", "money_unreadable"),
        ("3500-4000", "money_unreadable"),
        ("$3500", "money_unreadable"),
        ("٣٥٠٠", "money_unreadable"),
        ("-5", "money_negative"),
        ("－3500元", "money_negative"),
        ("￥-3500", "money_negative"),
        ("负3500", "money_negative"),
        ("3500.555", "money_decimals"),
        ("0.000012345万", "money_decimals"),
        ("1000000000000", "money_large"),
        ("1" * 400, "money_large"),
        ("10000亿", "money_large"),
    ],
)
def test_what_is_no_amount_is_refused(typed: str, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        parse_money(typed)
    assert refusal.value.code == code


def test_halves_of_a_cent_go_up() -> None:
    assert q(Decimal("2.675")) == Decimal("2.68")
    assert q(Decimal("2.665")) == Decimal("2.67")
    assert line_due(Decimal("33.33"), Decimal("7.5")) == Decimal("249.98")  # 249.975


@pytest.mark.parametrize(
    ("amount", "capitals"),
    [
        # the examples of 正确填写票据和结算凭证的基本规定
        ("1409.50", "壹仟肆佰零玖元伍角"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("1680.32", "壹仟陆佰捌拾元零叁角贰分"),
        ("107000.53", "壹拾万柒仟元零伍角叁分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        # zeros everywhere
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角"),
        ("10", "壹拾元整"),
        ("15", "壹拾伍元整"),
        ("100", "壹佰元整"),
        ("1005", "壹仟零伍元整"),
        ("1050", "壹仟零伍拾元整"),
        ("10005", "壹万零伍元整"),
        ("10000", "壹万元整"),
        ("10500", "壹万零伍佰元整"),
        ("100500", "壹拾万零伍佰元整"),
        ("1005000", "壹佰万伍仟元整"),
        ("100000000", "壹亿元整"),
        ("100000001", "壹亿零壹元整"),
        ("100005000", "壹亿零伍仟元整"),
        ("100010000", "壹亿零壹万元整"),
        ("1000100000", "壹拾亿零壹拾万元整"),
        ("20304050.60", "贰仟零叁拾万肆仟零伍拾元零陆角"),
        ("20.02", "贰拾元零贰分"),
        ("999999999999.99", "玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
    ],
)
def test_capitals_follow_the_central_bank(amount: str, capitals: str) -> None:
    assert to_chinese_capitals(Decimal(amount)) == capitals


@pytest.mark.parametrize("amount", ["-0.01", "0.001", "1000000000000"])
def test_capitals_of_no_amount_are_an_error(amount: str) -> None:
    with pytest.raises(ValueError):
        to_chinese_capitals(Decimal(amount))


@given(cents=st.integers(0, int(LARGEST * 100)))
def test_what_was_written_in_capitals_is_read_again(cents: int) -> None:
    assert parse_money(to_chinese_capitals(Decimal(cents) / 100)) == Decimal(cents) / 100


@given(text=st.text(alphabet="零〇一二两三四五六七八九十百千万亿元角分整", max_size=12))
def test_numerals_are_read_in_one_way_or_not_at_all(text: str) -> None:
    try:
        amount = parse_money(text)
    except Invalid as invalid:
        assert invalid.code in {"money_unreadable", "money_large"}
    else:
        assert parse_money(to_chinese_capitals(amount)) == amount


@pytest.mark.parametrize(("total", "weights", "parts"), [
    ("100", ["1", "1", "1"], ["33.34", "33.33", "33.33"]),
    ("0.02", ["1", "1", "1"], ["0.01", "0.01", "0.00"]),
    ("20000", ["7601.10", "7602.10", "7603.10"], ["6665.79", "6666.67", "6667.54"]),
    ("10", ["0", "3"], ["0.00", "10.00"]),
])  # fmt: skip
def test_what_is_divided_adds_up_to_the_cent(total: str, weights: list[str], parts: list[str]) -> None:
    found = shares(Decimal(total), [Decimal(weight) for weight in weights])
    assert found == [Decimal(part) for part in parts]
    assert sum(found) == Decimal(total)


def test_nothing_is_divided_by_nothing() -> None:
    with pytest.raises(ValueError):
        shares(Decimal(1), [Decimal(0), Decimal(0)])
