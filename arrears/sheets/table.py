"""A sheet as a table of cells, whatever program saved it. Django-free."""

import math
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

MOST_LINES = 20_000  # with something in them, in the whole file
MOST_COLUMNS = 200
LONGEST_CELL = 4_000  # characters kept; a work order tells its story in one cell

# What a cell was, if not text.
NUMBER = "number"  # its text has the 15 digits that spreadsheets keep
LOST = "lost"  # a number with more digits than a spreadsheet keeps: those after the fifteenth are gone
FORMULA = "formula"  # without a stored result
ERROR = "error"  # #REF!

EXACT_BELOW = 10**15
ZERO_1900, ZERO_1904 = date(1899, 12, 30), date(1904, 1, 1)
LAST_SERIAL = 2_958_465  # 9999-12-31


class Cell(NamedTuple):
    text: str
    kind: str = ""


BLANK = Cell("")


class Merge(NamedTuple):
    """Lines and columns, both ends included. Only the first cell holds something."""

    top: int
    left: int
    bottom: int
    right: int


class Line(NamedTuple):
    number: int  # as a spreadsheet numbers it, from 1
    cells: list[Cell]
    is_hidden: bool = False

    def cell(self, column: int) -> Cell:
        return self.cells[column] if column < len(self.cells) else BLANK

    @property
    def is_blank(self) -> bool:
        return not any(cell.text for cell in self.cells)


@dataclass
class Table:
    """Lines with nothing in them are left out."""

    name: str
    lines: list[Line] = field(default_factory=list)
    is_hidden: bool = False
    is_1904: bool = False
    merges: list[Merge] = field(default_factory=list)

    @property
    def width(self) -> int:
        return max((len(line.cells) for line in self.lines), default=0)


def number_cell(value: float) -> Cell:
    if not math.isfinite(value):
        return Cell(str(value), ERROR)
    if abs(value) >= EXACT_BELOW:
        return Cell(f"{Decimal(f'{value:.15g}'):f}"[:LONGEST_CELL], LOST)
    return Cell(f"{Decimal(f'{value:.15g}'):f}", NUMBER)


def date_cell(serial: float, *, is_1904: bool, has_day: bool) -> Cell:
    """A number that its format shows as a date; without days in the format it is a month."""
    if not 1 <= serial <= LAST_SERIAL - 1500:  # also nan; 1904 is 1462 days later
        return number_cell(serial)
    day = (ZERO_1904 if is_1904 else ZERO_1900) + timedelta(days=int(serial))
    return Cell(day.isoformat() if has_day else f"{day:%Y-%m}")


def pack(tables: list[Table]) -> list[dict[str, Any]]:
    """For JSON."""
    return [
        {
            "name": table.name, "hidden": table.is_hidden, "1904": table.is_1904, "merges": table.merges,
            "lines": [
                [line.number, int(line.is_hidden), [cell.text if not cell.kind else cell for cell in line.cells]]
                for line in table.lines
            ],
        }
        for table in tables
    ]  # fmt: skip


def unpack(packed: list[dict[str, Any]]) -> list[Table]:
    return [
        Table(
            name=one["name"], is_hidden=one["hidden"], is_1904=one["1904"],
            merges=[Merge(*merge) for merge in one["merges"]],
            lines=[
                Line(number, [Cell(cell) if isinstance(cell, str) else Cell(*cell) for cell in cells], bool(is_hidden))
                for number, is_hidden, cells in one["lines"]
            ],
        )
        for one in packed
    ]  # fmt: skip
