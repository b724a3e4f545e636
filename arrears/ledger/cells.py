"""One cell of an old register: a date, an amount, a mark, as people typed them. Django-free.

A word for "unknown" (NA, 不详) gives None. What cannot be read raises BadCell; nothing is guessed.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from arrears.invalid import Invalid
from arrears.money import parse_money
from arrears.phrases import Phrase
from grid.regions import BadCode, significant


def _(text: str) -> str:
    """Marks a text for the catalogues; whoever shows it translates it."""
    return text


class BadCell(Exception):
    """`code` is for machines, `cause` a sentence for people."""

    def __init__(self, code: str, msgid: str, /, **values: object) -> None:
        self.code = code
        self.cause = Phrase(msgid, values)
        super().__init__(str(self.cause))


@dataclass(frozen=True)
class Spelling:
    """How this register writes things (the mapping's table `cells`)."""

    unknown: frozenset[str]
    dates: tuple[str, ...]  # strptime's patterns, and "excel" for day numbers
    earliest: date
    unknown_amounts: frozenset[Decimal]
    money_marks: tuple[str, ...]
    largest: Decimal
    yes: frozenset[str]


EXCEL = "excel"
EXCEL_ZERO = date(1899, 12, 30)  # day 0 of spreadsheets, which believe in 29 February 1900
UNSEEN = re.compile("[\u200b-\u200f\u2060\ufeff]")
MIDNIGHT = re.compile(r"[ T]0{1,2}:00(:00(\.0+)?)?$")
NEGATIVE = re.compile(r"\((.+)\)|-(.+)|(.+)-")
LONGEST_TEXT = 120


def tidy(text: str) -> str:
    """Every run of white space one space, none at the ends, nothing unseen. Names keep their punctuation."""
    return " ".join(UNSEEN.sub("", text).split())


def narrow(text: str) -> str:
    """What is compared or counted: full-width characters and signs made narrow (Ｘ １２ ￥ （）)."""
    return tidy(unicodedata.normalize("NFKC", text))


def is_unknown(text: str, spelling: Spelling) -> bool:
    return not text or narrow(text).casefold() in spelling.unknown


def read_text(text: str, spelling: Spelling) -> str | None:
    if is_unknown(text, spelling):
        return None
    if len(text) > LONGEST_TEXT:
        raise BadCell(
            "too_long", _("内容过长（%(length)s 个字，最多 %(most)s 个字）"), length=len(text), most=LONGEST_TEXT
        )
    return text


def read_date(text: str, spelling: Spelling, today: date) -> date | None:
    if is_unknown(text, spelling):
        return None
    day = _day_of(MIDNIGHT.sub("", narrow(text)), spelling.dates)
    if day is None:
        raise BadCell("bad_date", _("“%(text)s”不是能识别的日期"), text=text)
    if not spelling.earliest <= day <= today:
        raise BadCell(
            "date_out_of_range", _("日期“%(text)s”（%(day)s）不在 %(first)s 至 %(last)s 之间"),
            text=text, day=day, first=spelling.earliest, last=today,
        )  # fmt: skip
    return day


def _day_of(text: str, patterns: tuple[str, ...]) -> date | None:
    for pattern in patterns:
        if pattern == EXCEL:
            if re.fullmatch(r"[1-9]\d{4}", text, re.ASCII):
                return EXCEL_ZERO + timedelta(days=int(text))
            continue
        try:
            return datetime.strptime(text, pattern).date()
        except ValueError:
            continue
    return None


def read_amount(text: str, spelling: Spelling) -> Decimal | None:
    """`(12.00)` and `-12.00` are negative; the register's sentinel for "unknown" is None."""
    if is_unknown(text, spelling):
        return None
    amount = _amount_of(text, spelling.money_marks)
    if amount in spelling.unknown_amounts:
        return None
    if abs(amount) > spelling.largest:
        raise BadCell(
            "amount_out_of_range", _("金额“%(text)s”超过上限 %(largest)s"), text=text, largest=spelling.largest
        )
    return amount


def _amount_of(text: str, marks: tuple[str, ...]) -> Decimal:
    bare = narrow(text).replace("−", "-")
    for mark in marks:
        bare = bare.replace(mark, "")
    signed = NEGATIVE.fullmatch(bare.strip())
    bare = (signed[signed.lastindex] if signed else bare).strip()
    if " " in bare:  # 12 34 may be two numbers
        raise BadCell("bad_amount", _("“%(text)s”不是能识别的金额"), text=text)
    try:
        amount = parse_money(bare)
    except Invalid as invalid:
        msgid = (
            _("金额“%(text)s”的小数超过两位") if invalid.code == "money_decimals" else _("“%(text)s”不是能识别的金额")
        )
        raise BadCell("bad_amount", msgid, text=text) from None
    return -amount if signed else amount


def read_count(text: str, spelling: Spelling) -> int | None:
    if is_unknown(text, spelling):
        return None
    number = re.fullmatch(r"(\d{1,5})(?:\.0+)? ?[人名]?", narrow(text), re.ASCII)
    if not number or not int(number[1]):
        raise BadCell("bad_count", _("“%(text)s”不是人数"), text=text)
    return int(number[1])


def read_mark(text: str, spelling: Spelling) -> bool:
    """Is the flag set? A word that is neither a yes nor an unknown is not taken for either."""
    if narrow(text).casefold() in spelling.yes:
        return True
    if is_unknown(text, spelling):
        return False
    raise BadCell("bad_mark", _("“%(text)s”既不是表示“是”的标记，也不是表示“否”的标记"), text=text)


def read_region(text: str, spelling: Spelling) -> str | None:
    """The significant division code; whether there is such a region is the plan's question."""
    if is_unknown(text, spelling):
        return None
    try:
        return significant(narrow(text).removesuffix(".0"))
    except BadCode:
        raise BadCell("bad_region", _("“%(text)s”不是行政区划代码"), text=text) from None
