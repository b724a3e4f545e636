"""One cell of a wage sheet, read as what its column means. Django-free.

A blank gives None. What cannot be read for certain raises BadCell with a sentence that says what to do.
"""

import re
from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from arrears.identity import check_id, check_phone, plain
from arrears.invalid import Invalid
from arrears.ledger.cells import BadCell, Spelling, narrow, read_date, tidy
from arrears.money import LARGEST, parse_money, q
from arrears.phrases import Phrase
from arrears.sheets.table import ERROR, FORMULA, LOST, NUMBER, ZERO_1900, ZERO_1904, Cell


def _(text: str) -> str:
    """Marks a text for the catalogues; whoever shows it translates it."""
    return text


LONGEST_NAME = 60
NOTHING = frozenset({"", "-", "--", "—", "——", "/", "\\", "无", "没有", "未知", "不详", "不清楚", "NA", "N/A", "#N/A", "?", "？", "空"})
SCIENTIFIC = re.compile(r"(\d)(?:\.(\d+))?E\+?(\d{1,3})", re.ASCII)
SPELLING = Spelling(
    unknown=frozenset(), unknown_amounts=frozenset(), money_marks=(), largest=LARGEST, yes=frozenset(),
    dates=("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y年%m月%d号", "%Y%m%d", "%Y-%m-%d %H:%M:%S", "%y.%m.%d", "%y/%m/%d", "%y-%m-%d", "excel"),
    earliest=date(1990, 1, 1),
)  # fmt: skip


class Said(NamedTuple):
    """What a cell says, and a remark for whoever checks it."""

    value: object
    remark: Phrase | None = None


def is_nothing(cell: Cell) -> bool:
    return narrow(cell.text).upper() in NOTHING


def refuse_uncomputed(cell: Cell) -> None:
    if cell.kind == FORMULA:
        raise BadCell("formula", _("这一格是公式，文件里没有保存计算结果。请用 Excel 或 WPS 打开、保存后重新上传，或在这里直接填写结果。"))
    if cell.kind == ERROR:
        raise BadCell("cell_error", _("这一格是公式出错的标记 %(text)s，请填写正确的内容。"), text=cell.text)


def read_name(cell: Cell) -> str | None:
    """张　三 is 张三; spaces stay between Latin words."""
    refuse_uncomputed(cell)
    if is_nothing(cell):
        return None
    name = re.sub(r"(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f])", "", tidy(cell.text))
    if not any(character.isalpha() for character in name):
        raise BadCell("bad_name", _("“%(text)s”不像姓名，请核对。"), text=cell.text[:20])
    if len(name) > LONGEST_NAME:
        raise BadCell("long_name", _("姓名太长（最多 %(most)s 个字），请核对。"), most=LONGEST_NAME)
    return name


def read_id(cell: Cell, today: date) -> Said:
    refuse_uncomputed(cell)
    if is_nothing(cell):
        return Said(None)
    typed = re.sub(r"\.0+$", "", plain_text(cell))
    if cell.kind == LOST or SCIENTIFIC.fullmatch(narrow(cell.text).upper()):
        raise BadCell(
            "id_lost",
            _("身份证号被表格软件当成数字保存，只留下前 15 位，后面的已经丢失，无法还原。请对照身份证重新填写；一时查不到的，可以先留空。"),
        )
    try:
        number = check_id(typed, today)
    except Invalid as invalid:
        if re.fullmatch(r"\d{15}000", plain(typed), re.ASCII):
            raise BadCell(
                "id_zeros", _("身份证号末三位是 000，而且校验不通过：多半是被表格软件当成数字保存过，后三位已经丢失。请对照身份证重新填写。")
            ) from None
        raise BadCell(invalid.code, invalid.sentence) from None
    if number.endswith("000"):
        return Said(number, Phrase(_("身份证号末三位是 000，可能被表格软件改过，请对照身份证核对。")))
    return Said(number)


def read_phone(cell: Cell) -> str | None:
    """1.3812345678E+10 has all eleven digits, 1.38E+10 has not."""
    refuse_uncomputed(cell)
    if is_nothing(cell):
        return None
    typed = re.sub(r"\.0+$", "", plain_text(cell))
    if found := SCIENTIFIC.fullmatch(narrow(typed).upper()):
        digits = found[1] + (found[2] or "")
        if len(digits) != int(found[3]) + 1:
            raise BadCell("phone_lost", _("电话被表格软件写成了科学记数 %(text)s，后面的数字已经丢失，请重新填写。"), text=cell.text[:20])
        typed = digits
    try:
        return check_phone(typed)
    except Invalid as invalid:
        raise BadCell(invalid.code, invalid.sentence) from None


def plain_text(cell: Cell) -> str:
    """Without what programs put in front of a number to keep it a text."""
    return cell.text.lstrip("'‘’`").strip()


RATE_TAIL = re.compile(r"(?<=[\d元块])(?:元|块)?(?:/|每)(?:天|日|工日|个工|工|月|小时|时|件|个|平方米|平米|平方|平|米|吨|方)$")


def read_money(cell: Cell, *, is_rate: bool = False) -> Said:
    """3,500元, 三千五百元, ￥３５００．５. A number of a workbook that was computed has digits behind the cents, which the
    sheet does not show: they are rounded, and that is said."""
    refuse_uncomputed(cell)
    if is_nothing(cell):
        return Said(None)
    if cell.kind in (NUMBER, LOST):
        return number_of_money(cell)
    text = narrow(cell.text)
    try:
        return Said(parse_money(RATE_TAIL.sub("", text) if is_rate else text))
    except Invalid as invalid:
        raise BadCell(invalid.code, invalid.sentence) from None


def number_of_money(cell: Cell) -> Said:
    exact = Decimal(cell.text)
    if exact < 0:
        raise BadCell("money_negative", _("金额不能是负数。"))
    if exact > LARGEST:
        raise BadCell("money_large", _("金额太大，请核对单位是否为元。"))
    amount = q(exact)
    if amount == exact:
        return Said(amount)
    return Said(amount, Phrase(_("表里是 %(exact)s，按 %(amount)s 登记（四舍五入到分）。"), {"exact": cell.text, "amount": amount}))


QUANTITY_TAIL = re.compile(r"(?:个?工日|个?工|天|日|小时|个?月|时|件|个|平方米|平米|平方|平|米|吨|方|m2|M2|㎡)$")
MOST = Decimal("99999999.99")  # what the column of quantities holds


def read_quantity(cell: Cell) -> Decimal | None:
    refuse_uncomputed(cell)
    if is_nothing(cell):
        return None
    bare = QUANTITY_TAIL.sub("", narrow(cell.text)).replace(",", "").strip()
    if not re.fullmatch(r"\d+(?:\.\d+)?", bare, re.ASCII):
        raise BadCell("bad_quantity", _("“%(text)s”不是数量，请只写数字，例如 22 或 22.5。"), text=cell.text[:20])
    quantity = Decimal(bare)
    if quantity > MOST:
        raise BadCell("bad_quantity", _("“%(text)s”不是数量，请只写数字，例如 22 或 22.5。"), text=cell.text[:20])
    if quantity != q(quantity):
        raise BadCell("quantity_decimals", _("数量最多写两位小数。"))
    return q(quantity)


def read_day(cell: Cell, today: date, *, is_1904: bool = False) -> date | None:
    """Dates as text, as dates and as day numbers; those of a workbook of 1904 begin four years later."""
    refuse_uncomputed(cell)
    if is_nothing(cell):
        return None
    text = cell.text
    if is_1904 and re.fullmatch(r"\d{5}", text, re.ASCII):
        text = str((ZERO_1904 - ZERO_1900 + timedelta(days=int(text))).days)
    return read_date(text, SPELLING, today)


# A month, or one month to another: 2025年10月, 2025.10-2025.12, 2025年10月至12月.
FIRST = r"(?P<y>(?:19|20)\d{2}|\d{2}(?=年))[年./-]?(?P<m>1[0-2]|0?[1-9])月?份?"
LAST = r"(?:(?P<to_y>(?:19|20)\d{2}|\d{2}(?=年))[年./-]?)?(?P<to_m>1[0-2]|0?[1-9])月?份?"
SPAN = re.compile(rf"{FIRST}(?:[至-]{LAST})?", re.ASCII)
A_DAY = re.compile(r"\d{4}([-./])\d{1,2}\1\d{1,2}|\d{8}|.*日", re.ASCII)
Period = tuple[date | None, date | None]


def read_period(cell: Cell, today: date) -> Period:
    """2025年10月, 2025.10-2025.12, 2025年10月-12月, or two days with 至 between them."""
    refuse_uncomputed(cell)
    if is_nothing(cell):
        return None, None
    text = re.sub(r"[到~～]", "至", re.sub(r"\s", "", narrow(cell.text)))
    text = re.sub(r"[—–‐]+", "-", text)
    if re.fullmatch(r"\d{4}\.1", text):
        raise BadCell("january_or_october", _("“%(text)s”可能是 1 月，也可能是 10 月（数字会丢掉末尾的 0），请写成 2025年10月 这样。"), text=text)
    if (found := SPAN.fullmatch(text)) and not A_DAY.fullmatch(text):
        first = month_of(found["y"], found["m"])
        last = month_of(found["to_y"] or found["y"], found["to_m"]) if found["to_m"] else first
        return in_order(first, last.replace(day=monthrange(last.year, last.month)[1]), cell)
    if days := days_of(text, today):
        return in_order(*days, cell)
    if re.fullmatch(r"(?:1[0-2]|0?[1-9])月份?", text):
        raise BadCell("no_year", _("“%(text)s”没有写年份，请写成 2025年10月 这样。"), text=cell.text[:20])
    raise BadCell("bad_period", _("看不懂“%(text)s”，请写成 2025年10月，或 2025-10-01至2025-12-31。"), text=cell.text[:30])


def days_of(text: str, today: date) -> tuple[date, date] | None:
    """Two days; or the first of a month, which is how spreadsheets keep a month."""
    if A_DAY.fullmatch(text) and "至" not in text:
        day = day_or_none(text, today)
        return (day, day.replace(day=monthrange(day.year, day.month)[1])) if day and day.day == 1 else None
    for gap in ("至", "-"):
        first, _gap, last = text.partition(gap)
        if gap not in last and (begins := day_or_none(first, today)) and (ends := day_or_none(last, today)):
            return begins, ends
    return None


def day_or_none(text: str, today: date) -> date | None:
    try:
        return read_date(text, SPELLING, today) if text else None
    except BadCell:
        return None


def month_of(year: str, month: str) -> date:
    return date(int(year) + (2000 if len(year) == 2 else 0), int(month), 1)


def in_order(first: date, last: date, cell: Cell) -> Period:
    if last < first:
        raise BadCell("period_order", _("“%(text)s”的结束早于开始。"), text=cell.text[:30])
    return first, last
