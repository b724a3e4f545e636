"""What whoever hands in a sheet says about it: which tables, where their headers are, what the columns mean. Django-free."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from arrears.ledger.cells import narrow
from arrears.sheets.fields import BY_NAME
from arrears.sheets.header import Header, fields_of, find_header, guess_fields, header_at
from arrears.sheets.table import Table


@dataclass(frozen=True)
class TableChoice:
    line: int  # of the header; 0: there is none
    depth: int = 1
    period: str = ""  # of all its lines that name none, as typed


@dataclass(frozen=True)
class Choice:
    tables: Mapping[int, TableChoice]  # by their place in the file
    fields: Mapping[str, str]  # by head
    with_hidden: bool = False
    same_name: bool = False  # lines of one name are of one person, though nothing else says so
    heads: Mapping[int, Header] = field(default_factory=dict, compare=False)

    def columns(self, table: int) -> dict[str, int]:
        """Where each field stands in a table."""
        return {self.fields[head]: place for place, head in enumerate(self.heads[table].heads) if self.fields.get(head)}

    def pack(self) -> dict[str, Any]:
        return {
            "tables": {str(number): [one.line, one.depth, one.period] for number, one in self.tables.items()},
            "fields": dict(self.fields), "hidden": self.with_hidden, "same_name": self.same_name,
        }  # fmt: skip


def make_choice(
    tables: list[Table], chosen: Mapping[int, TableChoice], fields: Mapping[str, str], *, with_hidden: bool = False, same_name: bool = False
) -> Choice:
    known = {number: one for number, one in chosen.items() if 0 <= number < len(tables)}
    heads = {number: header_at(tables[number], one.line, one.depth) for number, one in known.items()}
    return Choice(known, {head: name for head, name in fields.items() if name in BY_NAME}, with_hidden, same_name, heads)


def unpack_choice(tables: list[Table], packed: Mapping[str, Any]) -> Choice:
    chosen = {int(number): TableChoice(*one) for number, one in packed["tables"].items()}
    return make_choice(tables, chosen, packed["fields"], with_hidden=packed["hidden"], same_name=packed["same_name"])


def first_choice(tables: list[Table]) -> Choice:
    """As far as it can be told: the visible table whose header names most, and those that name the same fields."""
    headers = {number: find_header(table) for number, table in enumerate(tables)}
    named = {number: fields_of(header.heads) if header.line else {} for number, header in headers.items()}
    seen = [number for number, table in enumerate(tables) if not table.is_hidden] or [*headers]
    best = max(seen, key=lambda number: len(named[number]))
    like = [number for number in seen if named[number] and set(named[number].values()) == set(named[best].values())] or [best]
    fields = {head: name for number in like for head, name in named[number].items()}
    if not headers[best].line:
        fields = guess_fields(tables[best], headers[best].heads)
    chosen = {number: TableChoice(headers[number].line, headers[number].depth, period_in(tables[number], headers[number])) for number in like}
    return make_choice(tables, chosen, fields)


TITLE_MONTH = re.compile(r"((?:19|20)\d{2})[年.\-/](1[0-2]|0?[1-9])月?(?!\d)", re.ASCII)


def period_in(table: Table, header: Header) -> str:
    """The month in the title above the header or in the table's name, if there is just one."""
    above = [cell.text for line in table.lines if line.number < header.line for cell in line.cells]
    found = {match for text in (table.name, *above) for match in TITLE_MONTH.findall(narrow(text))}
    months = {(int(year), int(month)) for year, month in found}
    if len(months) != 1:
        return ""
    year, month = months.pop()
    return f"{year}年{month}月"
