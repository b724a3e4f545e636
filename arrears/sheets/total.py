"""The sheet's own 合计 and 小计 beside what its lines add up to, to the cent. Django-free."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from arrears.sheets.rows import SKIPPED, Row

IS_TOTAL = re.compile(r"^(?:本页|本班组?|本表|全部|以上|.{0,6}班组?|各项|人民币)?\s*(?:合|总|小|共|累|页)\s*计|^\s*TOTAL\b", re.IGNORECASE)
IS_PART = re.compile(r"小\s*计|页\s*计|本页|班组?")
COLUMNS = ("due", "paid", "owed")


@dataclass(frozen=True)
class Compared:
    """One column of a total. `unread`: lines whose amount nobody can read yet."""

    field: str
    stated: Decimal
    computed: Decimal
    unread: int

    @property
    def difference(self) -> Decimal:
        return self.stated - self.computed


@dataclass(frozen=True)
class Total:
    table: int
    line: int
    is_grand: bool
    columns: tuple[Compared, ...]

    @property
    def differs(self) -> bool:
        return any(column.difference for column in self.columns)

    @property
    def owed(self) -> Decimal | None:
        """What this line says is owed."""
        stated = {column.field: column.stated for column in self.columns}
        if "owed" in stated:
            return stated["owed"]
        return stated["due"] - stated.get("paid", Decimal(0)) if "due" in stated else None


def compare(rows: Sequence[Row], table: int, totals: Sequence[tuple[int, Row]]) -> list[Total]:
    """A part (小计) is of the lines since the one before, the whole (合计) of all. Each line of a person counts, also
    one that is left out or already paid. Spreadsheets add hidden lines up or not: both are allowed."""
    start = next((place for place, row in enumerate(rows) if row.table == table), 0)
    last, found = start, []
    for place, row in totals:
        is_part = bool(IS_PART.search(row.label))
        since, whole = people(rows[last:place]), people(rows[start:place])
        best = min(
            (compared(row, span) for span in ((since, whole) if is_part else (whole, since))),
            key=lambda columns: any(column.difference for column in columns),
        )
        if best:
            found.append(Total(table, row.line, not is_part, best))
        last = place
    return found


def is_sum(row: Row, above: Sequence[Row], last: int) -> bool:
    """A line without a name whose every amount is what the lines above it come to."""
    if row.values.get("id_number") or row.values.get("phone") or len(people(above)) < 2:
        return False
    spans = [compared(row, people(span)) for span in (above, above[last:])]
    return any(columns and not any(column.difference for column in columns) for columns in spans)


def people(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if row.verdict != SKIPPED or row.blamed_for("hidden_row") or row.blamed_for("nothing_owed")]


def compared(row: Row, people: Sequence[Row]) -> tuple[Compared, ...]:
    return tuple(
        min((column_of(row, name, span) for span in (people, [one for one in people if not one.is_hidden])), key=lambda c: bool(c.difference))
        for name in COLUMNS
        if row.values.get(name) is not None
    )


def column_of(row: Row, name: str, people: Sequence[Row]) -> Compared:
    amounts = [one.values.get(name) for one in people]
    unread = sum(one.blamed(name) for one in people)
    return Compared(name, row.values[name], sum((amount for amount in amounts if amount is not None), Decimal(0)), unread)
