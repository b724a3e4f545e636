"""The columns of a wage sheet as its page shows them: head, what it is taken for, and a few of its cells."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from arrears.identity import mask_id, mask_phone
from arrears.sheets.choice import Choice
from arrears.sheets.header import find_header
from arrears.sheets.table import Table

SAMPLES = 3
MOST_TABLES, MOST_HEADS = 30, 200
LONGEST_SAMPLE = 24
LIKE_ID = re.compile(r"\d{14,}[\dXx]")
LIKE_PHONE = re.compile(r"1\d{10}")


@dataclass(frozen=True)
class Column:
    number: int
    head: str
    field: str
    samples: list[str]

    @property
    def label(self) -> str:
        return self.head


@dataclass(frozen=True)
class TableRow:
    number: int
    name: str
    lines: int
    is_used: bool
    is_hidden: bool
    header_line: int
    depth: int
    period: str
    header: str


@dataclass(frozen=True)
class Columns:
    tables: Sequence[Table]
    choice: Choice

    @property
    def has_several(self) -> bool:
        return len(self.tables) > 1

    @cached_property
    def rows(self) -> list[TableRow]:
        found = []
        for number, table in list(enumerate(self.tables))[:MOST_TABLES]:
            used = self.choice.tables.get(number)
            header = self.choice.heads[number] if used else find_header(table)
            heads = [head for head in header.heads if not head.startswith("#")]
            found.append(
                TableRow(
                    number, table.name, len(table.lines), used is not None, table.is_hidden, header.line, header.depth or 1,
                    used.period if used else "", " · ".join(heads)[:120],
                )  # fmt: skip
            )
        return found

    @cached_property
    def heads(self) -> list[Column]:
        found = []
        for number, head in enumerate(heads_of(self.choice)[:MOST_HEADS]):
            found.append(Column(number, head, self.choice.fields.get(head, ""), self.samples(head)))
        return found

    def samples(self, head: str) -> list[str]:
        for number in self.choice.tables:
            heads = self.choice.heads[number]
            if head in heads.heads:
                place = heads.heads.index(head)
                below = (line for line in self.tables[number].lines if line.number > heads.ends)
                texts = (line.cell(place).text for line in below)
                return [veiled(text) for text, _times in zip(filter(None, texts), range(SAMPLES), strict=False)]
        return []

    @property
    def has_hidden(self) -> bool:
        return any(line.is_hidden for number in self.choice.tables for line in self.tables[number].lines)


def heads_of(choice: Choice) -> list[str]:
    """Of all chosen tables, each once."""
    return list(dict.fromkeys(head for number in choice.tables for head in choice.heads[number].heads))


def veiled(text: str) -> str:
    """What looks like somebody's number is covered: to tell a column by, its shape is enough."""
    text = LIKE_ID.sub(lambda found: mask_id(found[0]), text)
    return LIKE_PHONE.sub(lambda found: mask_phone(found[0]), text)[:LONGEST_SAMPLE]
