"""Money: what people type, cents, 人民币大写. Expected values are written by hand."""

from decimal import Decimal

import pytest

from arrears.invalid import Invalid
from arrears.money import line_due, parse_money, q, to_chinese_capitals


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
