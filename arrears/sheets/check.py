"""A whole sheet: which lines are people, what is wrong at which cell, and what it all comes to. Django-free."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import islice
from types import MappingProxyType

from arrears.ledger.cells import BadCell, narrow
from arrears.sheets.cells import Period, read_period
from arrears.sheets.choice import Choice
from arrears.sheets.fields import BY_NAME, MONEY_FIELDS, SPREAD, meaning
from arrears.sheets.people import TOGETHER, Worker, gather
from arrears.sheets.rows import LEFT, SKIPPED, TAKEN, WRONG, Row, Setting, read_row, settle
from arrears.sheets.table import BLANK, Cell, Line, Table
from arrears.sheets.total import COLUMNS, IS_TOTAL, Spans, Total


def _(text: str) -> str:
    """Marks a text for the catalogues; whoever shows it translates it."""
    return text


Fixes = Mapping[str, Mapping[str, str]]  # by Row.key, then field: what was typed instead
FOOT = re.compile(r"制表|审核|审批|复核|负责人|经办|签字|签名|盖章|填表|说明|备注|^注\d?[:：]|法人|项目经理|劳资|会计|出纳|日期[:：]|电话[:：]|单位[:：(（]")
LIKE_HEAD = re.compile("|".join(BY_NAME["name"].words))  # few names are; so it is asked before `meaning`
TITLE_WIDTH = 3  # columns that a title between the lines spans
MOST_SPREAD = 200_000
TOLD_EVERY = 500  # lines


@dataclass
class Checked:
    rows: list[Row] = field(default_factory=list)
    workers: list[Worker] = field(default_factory=list)
    totals: list[Total] = field(default_factory=list)

    def having(self, *verdicts: str) -> list[Row]:
        return [row for row in self.rows if row.verdict in verdicts]

    @property
    def wrong(self) -> list[Row]:
        return self.having(WRONG)

    @property
    def remarked(self) -> list[Row]:
        return [row for row in self.rows if row.verdict == TAKEN and row.remarks]

    @property
    def total(self) -> Decimal:
        return sum((wage.unpaid for worker in self.workers for wage in worker.wages), Decimal(0))

    @property
    def stated(self) -> Decimal | None:
        """What the sheet itself says is owed: the last grand total of each table, if each has one."""
        last = {total.table: total.owed for total in self.totals if total.is_grand}
        tables = {row.table for row in self.rows if row.verdict == TAKEN}
        if not tables or any(last.get(table) is None for table in tables):
            return None
        return sum((last[table] for table in tables), Decimal(0))


def check(
    tables: Sequence[Table], choice: Choice, fixes: Fixes, left: frozenset[str], today: date,
    tell: Callable[[int], None] = lambda done: None, known: Mapping[str, Row] = MappingProxyType({}),
) -> Checked:  # fmt: skip
    """`left`: keys of the lines somebody decided to leave out. `tell` hears how many lines are done. `known`: lines as they
    were read by themselves, before anything beside them was looked at (`again`); they are not read once more."""
    checked = Checked()
    for number in choice.tables:
        spans = Spans()
        setting = Setting(today, tables[number].is_1904, usual_period(choice.tables[number].period, today))
        for row in rows_of(tables[number], number, choice, fixes, known):
            if row.key not in known:
                judge(row, setting, choice.with_hidden)
            if row.blamed_for("no_name") and spans.is_sum(row):
                skip_total(row)
            if not row.blamed_for("total_row"):
                spans.add(row)
            elif total := spans.total(row):
                checked.totals.append(total)
            if row.key in left and row.verdict in (TAKEN, WRONG):
                row.verdict = LEFT
            checked.rows.append(row)
            if len(checked.rows) % TOLD_EVERY == 0:
                tell(len(checked.rows))
    checked.workers = workers_of(checked.rows, choice.same_name)
    return checked


def workers_of(rows: Iterable[Row], same_name: bool) -> list[Worker]:
    """Lines that have been looked at by themselves; here beside each other."""
    return gather([row for row in rows if row.verdict in (TAKEN, WRONG)], same_name=same_name)


def again(rows: Iterable[Row], edited: Set[str]) -> dict[str, Row]:
    """Of lines checked before those that need not be read again, by key, without what was found beside others. Read again
    is what was edited, and lines without a name: whether they are a sum depends on those above."""
    known = {}
    for row in rows:
        if row.key in edited or row.blamed_for("no_name") or (row.blamed_for("total_row") and not row.label):
            continue
        row.findings = [finding for finding in row.findings if finding.code not in TOGETHER]
        if row.verdict != SKIPPED:
            row.verdict = WRONG if row.findings else TAKEN
        known[row.key] = row
    return known


def usual_period(typed: str, today: date) -> Period:
    """Of a table, as whoever handed it in wrote it; the form has checked it."""
    try:
        return read_period(Cell(typed), today)
    except BadCell:
        return None, None


def rows_of(table: Table, number: int, choice: Choice, fixes: Fixes, known: Mapping[str, Row]) -> Iterator[Row]:
    """The lines below the header, each with the cells of its known columns; those known already as they are."""
    columns = choice.columns(number)
    above = dict(islice(spread(table, columns), MOST_SPREAD))
    ends = choice.heads[number].ends
    lines = {line.number: line for line in table.lines}
    for line in table.lines:
        if line.number <= ends:
            continue
        if (key := f"{number}-{line.number}") in known:
            yield known[key]
            continue
        cells = {}
        for name, column in columns.items():
            top = above.get((line.number, column), line.number)
            cells[name] = lines.get(top, line).cell(column)
        is_continued = "name" in columns and (line.number, columns["name"]) in above
        row = Row(number, line.number, cells, line.is_hidden, is_continued, table.name if len(choice.tables) > 1 else "")
        if row.key in fixes:
            row.cells = {**cells, **{name: Cell(text) for name, text in fixes[row.key].items() if name in columns or name in SPREAD}}
        sort_out(row, line, table, columns)
        yield row


def spread(table: Table, columns: Mapping[str, int]) -> Iterator[tuple[tuple[int, int], int]]:
    """Lines that share a name, an ID number or a telephone with the line above them, because the cells are merged."""
    shared = {columns[name] for name in SPREAD if name in columns}
    for merge in table.merges:
        if merge.left in shared and merge.left == merge.right:
            for number in range(merge.top + 1, merge.bottom + 1):
                yield (number, merge.left), merge.top


def sort_out(row: Row, line: Line, table: Table, columns: Mapping[str, int]) -> None:
    """Skips what is no person: totals, headers repeated on each page, titles, what stands below the table."""
    texts = [narrow(cell.text) for cell in line.cells if cell.text]
    name = narrow(row.cells.get("name", BLANK).text)
    is_bare = not any(character.isdigit() for field in ("id_number", "phone") for character in row.cells.get(field, BLANK).text)
    has_money = any(row.cells.get(field, BLANK).text for field in MONEY_FIELDS)
    if is_bare and (IS_TOTAL.match(texts[0]) or IS_TOTAL.match(name)):
        row.label = texts[0] if IS_TOTAL.match(texts[0]) else name
        skip_total(row)
    elif LIKE_HEAD.search(name) and meaning(name) == ("name", 0):
        row.skip("header_again", _("重复的表头。"))
    elif row.is_continued and not has_money:
        row.skip("note", _("与上一行同一人，没有金额。"))
    elif is_bare and not has_money and (FOOT.search(texts[0]) or not name or is_title(line, table)):
        row.skip("note", _("不是劳动者的一行：%(text)s"), text=" ".join(texts)[:40])


def is_title(line: Line, table: Table) -> bool:
    filled = sum(bool(cell.text) for cell in line.cells)
    return filled == 1 and any(
        merge.top == merge.bottom == line.number and merge.right - merge.left + 1 >= TITLE_WIDTH for merge in table.merges[:2000]
    )


def skip_total(row: Row) -> None:
    row.skip("total_row", _("合计行，用来核对，不登记。"))


def judge(row: Row, setting: Setting, with_hidden: bool) -> None:
    if row.verdict == SKIPPED:
        if row.blamed_for("total_row"):
            row.values = amounts_of(row, setting)
        return
    read_row(row, setting)
    settle(row)
    if row.is_hidden and not with_hidden:
        row.skip("hidden_row", _("表里隐藏的行，没有登记。"))


def amounts_of(row: Row, setting: Setting) -> dict[str, object]:
    """Of a total, as far as they can be read: what cannot is nobody's fault."""
    copy = Row(row.table, row.line, {name: cell for name, cell in row.cells.items() if name in COLUMNS})
    read_row(copy, setting)
    return copy.values
