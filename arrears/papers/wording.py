"""How papers write things: numerals, dates, citations, lists. Django-free."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from arrears.rules.tables import LAWS, Cited

DIGITS = "零一二三四五六七八九"
STOPS = "。！？…；"
# 1. １、 （一） 二． and nothing of what follows: 二倍工资, 12,000元 and 1.5倍 are words of the line.
_COUNTED = r"(?:\d{1,2}|[一二三四五六七八九十]+)"
NUMBERING = re.compile(rf"^\s*(?:[（(]{_COUNTED}[)）]|{_COUNTED}[、．)）]|\d{{1,2}}\.(?!\d))\s*")


def ordinal(number: int) -> str:
    """一, 十, 二十三: as points of a paper are numbered."""
    tens, ones = divmod(number, 10)
    if number >= 100:
        return str(number)
    said = ("" if tens == 1 else DIGITS[tens]) + "十" if tens else ""
    return said + (DIGITS[ones] if ones or not tens else "")


def day(value: date) -> str:
    return f"{value.year}年{value.month}月{value.day}日"


def moment(value: datetime) -> str:
    return f"{day(value)}{value.hour}时{value.minute:02}分"


def yuan(amount: Decimal) -> str:
    return f"{amount:,.2f}元"


def bare(quantity: Decimal) -> str:
    """68.50 → 68.5, 30.00 → 30"""
    return f"{quantity:f}".rstrip("0").rstrip(".") if "." in f"{quantity:f}" else f"{quantity:f}"


def article_of(row: Cited) -> str:
    """《保障农民工工资支付条例》第三十条第三款"""
    return f"《{row.law}》{row.article}"


def version_of(law: str) -> str:
    """国务院令第724号，2020年5月1日起施行"""
    return LAWS[law].source


def sentence(text: str) -> str:
    """With a full stop at its end, and without spaces around it."""
    text = text.strip()
    return text if not text or text[-1] in STOPS else f"{text.rstrip('，、,;；.')}。"


def lines_of(text: str) -> list[str]:
    """What was typed one a line, without the numbers people put before."""
    found = (NUMBERING.sub("", line).strip() for line in text.splitlines())
    return [line for line in found if line]


def listed(words: Iterable[str]) -> str:
    return "、".join(word for word in words if word)
