"""The lines of a file of work orders: read as orders, everything wrong at once, totals and notes set aside. Django-free.

A file is corrected on the spot, cell by cell, or given back with only the lines that are wrong; nothing is guessed.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from arrears.ledger.cells import BadCell, narrow, read_count, read_date, tidy
from arrears.phrases import Phrase
from arrears.sheets.cells import (
    SCIENTIFIC,
    SPELLING,
    is_nothing,
    plain_text,
    read_money,
    read_name,
    read_phone,
    refuse_uncomputed,
)
from arrears.sheets.header import Header
from arrears.sheets.table import BLANK, LONGEST_CELL, LOST, ZERO_1900, ZERO_1904, Cell, Line, Table
from arrears.sheets.total import IS_TOTAL
from arrears.sources.columns import BY_NAME, WHAT_HAPPENED, meaning
from arrears.sources.orders import FARTHEST, Told, WorkOrder


def _(text: str) -> str:
    """Marks a text for the catalogues; whoever shows it translates it."""
    return text


# Letters and digits typed at full width; brackets stay, for they go back to the office as it writes them.
HALF = {wide: wide - 0xFEE0 for wide in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
GOOD, WRONG, LEFT, SKIPPED = "good", "wrong", "left", "skipped"
CLOCK = re.compile(r"[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?$")
FRACTION = re.compile(r"^(\d{5})\.\d+$")
EXAMPLE = re.compile("示例")
FOOT = re.compile(r"^(?:制表|审核|审批|填表|说明|备注|注\d?[:：]|打印|导出|共\s*\d+\s*[条件])")
RULES = {"discreet": re.compile("谨慎|隐晦|不提|低调|discreet"), "none": re.compile("不要|不得|不能|不可|勿|保密|^是$|none")}
OPEN = re.compile("^否$|可以|不限|正常|公开|open")


@dataclass(frozen=True)
class Finding:
    column: str  # "": the line as a whole
    code: str
    cause: Phrase


@dataclass
class OrderLine:
    number: int  # as the spreadsheet numbers it
    cells: Mapping[str, Cell]  # corrected where somebody corrected them
    verdict: str = GOOD
    values: dict[str, Any] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    table: int = 0  # of those the file has
    table_name: str = ""  # where there are several

    @property
    def key(self) -> str:
        return f"{self.table}-{self.number}" if self.table else str(self.number)

    @property
    def place(self) -> Phrase:
        if self.table_name:
            return Phrase(_("“%(table)s”第 %(line)s 行"), {"table": self.table_name, "line": self.number})
        return Phrase(_("第 %(line)s 行"), {"line": self.number})

    @property
    def external_number(self) -> str:
        return self.values.get("external_number") or self.cells.get("external_number", BLANK).text

    def blame(self, column: str, code: str, msgid: str, /, **values: object) -> None:
        self.findings.append(Finding(column, code, Phrase(msgid, values)))
        self.verdict = WRONG

    def skip(self, code: str, msgid: str, /, **values: object) -> None:
        self.verdict, self.findings = SKIPPED, [Finding("", code, Phrase(msgid, values))]

    def order(self) -> WorkOrder:
        said = {name: value for name, value in self.values.items() if value is not None and name not in ("external_number", "county", "township")}
        parts = [self.values.get(name) or "" for name in ("county", "township", "address")]
        address = "".join(part for place, part in enumerate(parts) if part and not any(part in later for later in parts[place + 1 :]))
        return WorkOrder(self.values["external_number"], Told(**{**said, "address": address[:200]}))


Fixes = Mapping[str, Mapping[str, str]]  # by OrderLine.key, then column


def read_lines(
    table: Table, header: Header, columns: Mapping[str, int], fixes: Fixes, left: frozenset[str], today: date, *, number: int = 0, name: str = "",
) -> list[OrderLine]:  # fmt: skip
    """`columns`: where each stands. `left`: lines somebody decided to leave out. `number`, `name`: which table of a file it is."""
    found = []
    for line in table.lines:
        if line.number <= header.ends:
            continue
        row = OrderLine(line.number, {column: line.cell(place) for column, place in columns.items()}, table=number, table_name=name)
        if row.key in fixes:
            row.cells = {**row.cells, **{column: Cell(text) for column, text in fixes[row.key].items() if column in columns}}
        judge(row, line, table, today)
        if row.key in left and row.verdict in (GOOD, WRONG):
            row.verdict = LEFT
        found.append(row)
    return found


def judge(row: OrderLine, line: Line, table: Table, today: date) -> None:
    """An order, or something else that stands between orders. What has a number and says what happened is an order, with
    whatever words its line begins (“共计十二人被欠薪…”): nothing that may be one is passed over."""
    texts = [narrow(cell.text) for cell in line.cells if cell.text]
    if is_order(row):
        read_row(row, table, today)
    elif IS_TOTAL.match(texts[0]) or any(IS_TOTAL.match(narrow(row.cells.get(name, BLANK).text)) for name in ("external_number", "name")):
        row.skip("total_row", _("合计行，不导入。"))
    elif (meaning(row.cells.get("external_number", BLANK).text) or ("",))[0] == "external_number":
        row.skip("header_again", _("重复的表头。"))
    elif not any(cell.text for cell in row.cells.values()) or (len(texts) <= 2 and FOOT.match(texts[0])):
        row.skip("note", _("不是工单的一行：%(text)s"), text=" ".join(texts)[:40])
    elif EXAMPLE.search(row.cells.get("external_number", BLANK).text):
        row.skip("example", _("模板里的示例，不导入。"))
    else:
        read_row(row, table, today)


def is_order(row: OrderLine) -> bool:
    number = narrow(row.cells.get("external_number", BLANK).text)
    is_number = bool(number) and not (IS_TOTAL.match(number) or EXAMPLE.search(number) or (meaning(number) or ("",))[0] == "external_number")
    return is_number and any(row.cells.get(name, BLANK).text for name in WHAT_HAPPENED)


def read_row(row: OrderLine, table: Table, today: date) -> None:
    """Reads every cell; nothing stops at the first that is wrong."""
    for name, cell in row.cells.items():
        try:
            row.values[name] = READERS.get(name, read_text)(cell, name, today, table.is_1904)
        except BadCell as bad:
            row.findings.append(Finding(name, bad.code, bad.cause))
            row.verdict = WRONG
    blamed = {finding.column for finding in row.findings}
    if not row.values.get("external_number") and "external_number" not in blamed:
        row.blame("external_number", "no_number", _("没有工单编号。如果这一行不是工单，请选“不导入这一行”。"))
    if not any(row.values.get(name) for name in WHAT_HAPPENED) and not blamed & {*WHAT_HAPPENED}:
        row.blame(next(name for name in WHAT_HAPPENED if name in row.cells), "empty", _("事情经过、谁欠钱、在哪里干活、地址至少填写一项。"))


def blame_repeats(rows: Sequence[OrderLine]) -> None:
    """One number twice in one file, in whichever of its tables: the same words are one order, other words are two that somebody mixed
    up. What was left out stays out with all that says the same."""
    known: dict[str, OrderLine] = {}
    left: dict[str, list[OrderLine]] = defaultdict(list)
    for row in rows:
        if row.verdict == LEFT and not row.findings and row.values.get("external_number"):
            left[row.values["external_number"]].append(row)
        if row.verdict != GOOD:
            continue
        out = next((one for one in left[row.values["external_number"]] if one.order().told == row.order().told), None)
        if out:
            row.skip("again", _("和%(place)s相同，那一行选了不导入，这一行也不导入。要导入的，请在那一行点“还是要导入”。"), place=out.place)
            continue
        first = known.setdefault(row.values["external_number"], row)
        if first is row:
            continue
        if first.order().told == row.order().told:
            row.skip("again", _("和%(place)s相同。"), place=first.place)
        else:
            row.blame("external_number", "number_twice", _("编号和%(place)s相同，内容不同，请核对。"), place=first.place)


# Cells


def read_number(cell: Cell, *_given: Any) -> str | None:
    """20260302001 as a number is itself; one with more digits than a spreadsheet keeps is lost."""
    refuse_uncomputed(cell)
    text = re.sub(r"(?<=\d)\.0+$", "", tidy(plain_text(cell)).translate(HALF))
    if is_nothing(cell) or not text:
        return None
    if cell.kind == LOST or SCIENTIFIC.fullmatch(narrow(text).upper()):
        raise BadCell("number_lost", _("编号被表格软件当成数字保存，后面的数字已经丢失，请对照原工单重新填写。"))
    if len(text) > BY_NAME["external_number"].most:
        raise BadCell("too_long", _("太长（最多 %(most)s 个字），请核对。"), most=BY_NAME["external_number"].most)
    return text


def read_text(cell: Cell, name: str, *_given: Any) -> str | None:
    refuse_uncomputed(cell)
    if is_nothing(cell):
        return None
    text, most = tidy(cell.text), BY_NAME[name].most or 200
    if len(text) > most or len(cell.text) >= LONGEST_CELL:
        raise BadCell("too_long", _("太长（最多 %(most)s 个字），请核对。"), most=most)
    return text


def read_day_of(cell: Cell, latest: date, is_1904: bool) -> date | None:
    """A day in any spelling, with or without the time of day."""
    refuse_uncomputed(cell)
    if is_nothing(cell):
        return None
    text = FRACTION.sub(r"\1", CLOCK.sub("", narrow(cell.text)))
    if is_1904 and re.fullmatch(r"\d{5}", text, re.ASCII):
        text = str((ZERO_1904 - ZERO_1900 + timedelta(days=int(text))).days)
    return read_date(text, SPELLING, latest)


def read_people(cell: Cell, *_given: Any) -> int | None:
    refuse_uncomputed(cell)
    return None if is_nothing(cell) else read_count(cell.text, SPELLING)


def read_rule(cell: Cell, *_given: Any) -> str | None:
    """In doubt the careful one is taken."""
    if is_nothing(cell):
        return None
    text = narrow(cell.text)
    if OPEN.search(text) and not re.search("不可以", text):
        return "open"
    return next((rule for rule, words in RULES.items() if words.search(text)), "none")


def read_kind(cell: Cell, *_given: Any) -> str | None:
    if is_nothing(cell):
        return None
    text = narrow(cell.text)
    if re.search("^非|不是|^否$|other", text):
        return "other"
    return "construction" if re.search("建筑|建设|工程|工地|施工|房地产|装修|^是$|construction", text) else "other"


def read_code(cell: Cell, *_given: Any) -> str | None:
    if is_nothing(cell):
        return None
    code = re.sub(r"\.0+$", "", narrow(cell.text))
    if not re.fullmatch(r"\d{4}|\d{6}|\d{9}|\d{12}", code, re.ASCII):
        raise BadCell("bad_region", _("“%(text)s”不是行政区划代码"), text=cell.text[:20])
    return trimmed(code)


def trimmed(code: str) -> str:
    """321322000000 is a county: noughts fill codes up."""
    for width in (4, 6, 9):
        if len(code) > width and not code[width:].strip("0"):
            return code[:width]
    return code


Reader = Callable[..., Any]
READERS: dict[str, Reader] = {
    "external_number": read_number,
    "name": lambda cell, *_given: read_name(cell),
    "phone": lambda cell, *_given: read_phone(cell),
    "amount": lambda cell, *_given: read_money(cell).value,
    "people": read_people,
    "contact_rule": read_rule,
    "kind": read_kind,
    "region_code": read_code,
    "received_on": lambda cell, _name, today, is_1904: read_day_of(cell, today, is_1904),
    "answer_by": lambda cell, _name, today, is_1904: read_day_of(cell, today + FARTHEST, is_1904),
}
