"""A file of work orders between upload and import: kept sealed, put right cell by cell, taken in whole or not at all."""

import io
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, Self

import xlsxwriter
from django.db import OperationalError, transaction
from django.utils.translation import gettext as _

from arrears.ledger.files import BadFile
from arrears.models import OrderSheet, Report, Source
from arrears.reports.around import Around
from arrears.sheets.apart import read_apart
from arrears.sheets.header import Header, header_at
from arrears.sheets.table import BLANK, Table, pack, unpack
from arrears.sources import taking
from arrears.sources.columns import BY_NAME, COLUMNS, columns_of, find_header, lacking, order_tables
from arrears.sources.holding import hold_with_claims
from arrears.sources.keeping import may_import, office_codes, write_record
from arrears.sources.lines import GOOD, WRONG, OrderLine, blame_repeats, read_lines
from arrears.sources.places import Places
from grid.days import day_of
from grid.models import Person, Region
from grid.refused import Refused

MOST_BYTES = 10 * 1024 * 1024
MOST_ORDERS = 5_000
LONG_FROM = 100  # orders; fewer are imported while the page waits (arrears.sources.importing)
LONGEST_FIX = 4_000
NEW, SAME, CHANGED = "new", "same", "changed"


@dataclass(frozen=True)
class Part:
    """One table of the file that looks like orders."""

    number: int
    table: Table
    header: Header
    fields: Mapping[str, str]  # by head, which column it is
    is_taken: bool

    @classmethod
    def of(cls, number: int, table: Table, said: Mapping[str, Any]) -> Self:
        return cls(number, table, header_at(table, said["line"], said["depth"]), said["fields"], said["taken"])

    @cached_property
    def columns(self) -> dict[str, int]:
        return {self.fields[head]: place for place, head in enumerate(self.header.heads) if self.fields.get(head)}


@dataclass
class Kept:
    """An open file: its cells, and what has been said about them."""

    row: OrderSheet
    today: date

    @cached_property
    def said(self) -> dict[str, Any]:
        return self.row.packed_answers()

    @cached_property
    def tables(self) -> list[Table]:
        return unpack(self.row.packed_tables())

    @cached_property
    def parts(self) -> list[Part]:
        """The tables that look like orders, in the order of the file."""
        return [Part.of(number, table, said) for number, (table, said) in enumerate(zip(self.tables, self.said["parts"], strict=True))]

    @property
    def taken(self) -> list[Part]:
        return [part for part in self.parts if part.is_taken]

    @property
    def columns(self) -> set[str]:
        return {name for part in self.taken for name in part.columns}

    @property
    def left(self) -> dict[str, str]:
        return self.said["left"]

    @property
    def lacks(self) -> list[str]:
        return list(dict.fromkeys(_(label) for part in self.taken for label in lacking(set(part.columns))))

    @cached_property
    def lines(self) -> list[OrderLine]:
        name_of = (lambda part: part.table.name) if len(self.parts) > 1 else (lambda part: "")
        found = [
            line for part in self.taken
            for line in read_lines(
                part.table, part.header, part.columns, self.said["fixes"], frozenset(self.left), self.today, number=part.number, name=name_of(part)
            )
        ]  # fmt: skip
        blame_repeats(found)
        return found

    def having(self, verdict: str) -> list[OrderLine]:
        return [line for line in self.lines if line.verdict == verdict]

    @property
    def is_ready(self) -> bool:
        return not self.lacks and bool(self.having(GOOD)) and not self.having(WRONG)

    @cached_property
    def standings(self) -> dict[str, str]:
        """By number, whether it is new, was told just so, or is told otherwise now. One query."""
        told = {line.external_number: line.order().told.fingerprint for line in self.having(GOOD)}
        rows = Report.objects.filter(source=self.row.source_id, external_number__in=list(told)).values_list("external_number", "fingerprint")
        known = dict(rows)
        return {number: NEW if number not in known else SAME if known[number] == print_ else CHANGED for number, print_ in told.items()}


def open_of(source: Source, person: Person, today: date) -> Kept | None:
    row = OrderSheet.objects.filter(source=source, person=person).first()
    return Kept(row, today) if row and not row.is_done else None


def require_import(source: Source, person: Person, now: datetime) -> None:
    if not may_import(source, person, day_of(now)):
        raise Refused("not_your_role", _("您的岗位不能导入这个来源的工单，或者来源已经停用。"))


def put(source: Source, person: Person, data: bytes, name: str, *, now: datetime) -> OrderSheet:
    """Reads the file in a process of its own and keeps it, in the place of the one before. Raises Refused: not_your_role,
    file_large, file_unreadable, too_many; what was there before stays."""
    require_import(source, person, now)
    if len(data) > MOST_BYTES:
        raise Refused("file_large", _("文件有 %(size)s MB，最多 %(most)s MB。") % {"size": f"{len(data) / 1024 / 1024:,.1f}", "most": MOST_BYTES // 1024 // 1024})
    try:
        tables = read_apart(data, name)
    except BadFile as bad:
        raise Refused("file_unreadable", bad.cause.text(_)) from bad
    kept = [tables[number] for number in order_tables(tables)]
    heads = [find_header(table) for table in kept]
    if sum(len(table.lines) - header.ends for table, header in zip(kept, heads, strict=True)) > MOST_ORDERS + 20:
        raise Refused("too_many", _("一次最多导入 %(n)s 件，请分成几个文件。") % {"n": MOST_ORDERS})
    row = OrderSheet(source=source, person=person, name=name[-200:], uploaded_at=now)
    row.put_tables(pack(kept))
    parts = [{"line": header.line, "depth": header.depth, "fields": columns_of(header.heads), "taken": True} for header in heads]
    row.put_answers({"parts": parts, "fixes": {}, "left": {}})
    with transaction.atomic():
        before = OrderSheet.objects.select_for_update().filter(source=source, person=person).first()
        refuse_under_way(before)
        OrderSheet.objects.filter(source=source, person=person).delete()
        row.save(force_insert=True)
    return row


def choose(kept: Kept, fields: Mapping[tuple[int, str], str], taken: Collection[int]) -> None:
    """What the columns of each table mean, by its number and the head, and which tables are taken. A meaning two columns were
    given stays with the first. Raises Refused: no_table, no_sheet, under_way."""
    if not taken:
        raise Refused("no_table", _("请至少选一张表。"))
    parts = [{"fields": fields_of(part, fields), "taken": part.number in taken} for part in kept.parts]
    change(kept, lambda said: said | {"parts": [before | now for before, now in zip(said["parts"], parts, strict=True)]})


def fields_of(part: Part, fields: Mapping[tuple[int, str], str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for head in part.header.heads:
        name = fields.get((part.number, head), "")
        if name in BY_NAME and name not in found.values():
            found[head] = name
    return found


def fix(kept: Kept, fixes: Mapping[str, Mapping[str, str]], left: Mapping[str, str], back: frozenset[str]) -> None:
    """Cells as somebody typed them instead, lines left out, lines taken in again."""

    def with_it(said: dict[str, Any]) -> dict[str, Any]:
        corrected = {key: {**said["fixes"].get(key, {}), **cells} for key, cells in fixes.items()}
        out = {key: reason for key, reason in {**said["left"], **left}.items() if key not in back}
        return said | {"fixes": {**said["fixes"], **corrected}, "left": out}

    change(kept, with_it)


def change(kept: Kept, how: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    with transaction.atomic():
        row = OrderSheet.objects.select_for_update().filter(pk=kept.row.pk).first()
        if row is None or row.is_done:
            raise Refused("no_sheet", _("这份文件已经导入或者放弃了。"))
        refuse_under_way(row)
        row.put_answers(how(row.packed_answers()))
        row.save(update_fields=["answers"])


def drop(row: OrderSheet) -> None:
    """Raises Refused: under_way."""
    with transaction.atomic():
        refuse_under_way(OrderSheet.objects.select_for_update().filter(pk=row.pk).first())
        OrderSheet.objects.filter(pk=row.pk).delete()


def refuse_under_way(row: OrderSheet | None) -> None:
    if row is not None and row.is_under_way:
        raise Refused("under_way", _("这份文件正在导入，请等它完成。"))


Tell = Callable[[int, int], Any]  # how many are done, of how many


def nobody_listens(done: int, of: int) -> None:
    pass


def gone(row: OrderSheet) -> None:
    row.delete()


def bring_in(kept: Kept, person: Person, *, now: datetime, told: Tell = nobody_listens, end: Callable[[OrderSheet], Any] = gone) -> dict[str, int]:
    """All of it or nothing; how many are new, known and updated. `end`: what becomes of the file. Raises Refused: not_your_role, not_ready, no_sheet, busy."""
    try:
        return take_all(kept, person, now, told, end)
    except OperationalError as error:  # somebody decided on one of them crosswise, and the database ended this
        raise Refused("busy", _("有人正在处理其中的工单，一件也没有导入，请再按一次。")) from error


def take_all(kept: Kept, person: Person, now: datetime, told: Tell, end: Callable[[OrderSheet], Any]) -> dict[str, int]:
    source = kept.row.source
    require_import(source, person, now)
    counts = {taking.CREATED: 0, taking.KNOWN: 0, taking.UPDATED: 0}
    with transaction.atomic():
        row = OrderSheet.objects.select_for_update(of=("self",)).select_related("source__region").filter(pk=kept.row.pk).first()
        if row is None or row.is_done:
            raise Refused("no_sheet", _("这份文件已经导入或者放弃了。"))
        held = Kept(row, kept.today)
        if not held.is_ready:
            raise Refused("not_ready", _("还有要改正的行，请改好或者选择不导入。"))
        changed = [number for number, standing in held.standings.items() if standing == CHANGED]
        hold_with_claims(Report.objects.filter(source=source, external_number__in=changed).values_list("pk", flat=True))  # all before the first
        places, around = Places.of(source.region, own_inbox(source, person, kept.today)), Around(now)
        lines = sorted(held.having(GOOD), key=lambda line: line.external_number)  # two files at once take turns
        for number, line in enumerate(lines, 1):
            counts[taking.take(source, line.order(), places, now=now, around=around).result] += 1
            told(number, len(lines))
        end(row)
        write_record(source, "imported", person, now=now, count=sum(counts.values()), **counts)
    return counts


def own_inbox(source: Source, person: Person, today: date) -> Region | None:
    """Of a county's officer the own county: what nobody can place is theirs to pass on."""
    own = next((code for code in office_codes(person.scope(today)) if code.startswith(source.region_id)), None)
    return Region.objects.get(pk=own) if own else None


# Files that we make. Texts stay texts: a cell that begins with = is written as it stands and never computed.

TEMPLATE = (
    "external_number", "name", "phone", "contact_rule", "employer", "place", "county", "township", "address", "amount", "people", "kind", "story",
    "received_on", "answer_by",
)  # fmt: skip
EXAMPLE = {
    "external_number": "示例，请删去这一行", "name": "张三", "phone": "13800000000", "contact_rule": "可以发短信", "employer": "孙老板", "place": "翰林雅苑二期",
    "county": "沭阳县", "township": "陇集镇", "address": "人民路旁工地", "amount": "8000", "people": "3", "kind": "建筑工地", "story": "从三月干到五月，没有给钱。",
    "received_on": "2026-03-02", "answer_by": "2026-03-09",
}  # fmt: skip


def template() -> bytes:
    return workbook("工单", [BY_NAME[name].label for name in TEMPLATE], [[EXAMPLE[name] for name in TEMPLATE]])


def wrong_lines(kept: Kept) -> bytes:
    """As they stand, with what is wrong behind: corrected, they can be handed in again."""
    known = kept.columns
    names = [column.name for column in COLUMNS if column.name in known]
    rows = [
        [*(line.cells.get(name, BLANK).text for name in names), " ".join(finding.cause.text(_) for finding in line.findings), line.place.text(_)]
        for line in kept.having(WRONG)
    ]
    return workbook("需要改正的行", [*(BY_NAME[name].label for name in names), "需要改正（备注）", "原来在哪一行（备注）"], rows)


def workbook(name: str, heads: list[str], rows: list[list[str]]) -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet, head, text = book.add_worksheet(name), book.add_format({"bold": True, "bg_color": "#DCE6F1", "border": 1}), book.add_format({"num_format": "@"})
        sheet.set_column(0, len(heads) - 1, 18, text)
        for number, row in enumerate([heads, *rows]):
            for column, value in enumerate(row):
                sheet.write_string(number, column, value, text if number else head)
        sheet.freeze_panes(1, 1)
    return made.getvalue()
