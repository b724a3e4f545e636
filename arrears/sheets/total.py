"""The sheet's own 合计 and 小计 beside what its lines add up to, to the cent. Django-free."""

import re
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


@dataclass
class Added:
    """What lines of people come to so far, in one column: with the hidden ones and without, as spreadsheets add them up
    or not. `unread`: lines whose amount nobody can read yet."""

    amount: Decimal = Decimal(0)
    unread: int = 0
    shown: Decimal = Decimal(0)
    shown_unread: int = 0

    def add(self, row: Row, name: str) -> None:
        amount, is_unread = row.values.get(name) or 0, row.blamed(name)
        self.amount += amount
        self.unread += is_unread
        if not row.is_hidden:
            self.shown += amount
            self.shown_unread += is_unread

    def beside(self, name: str, stated: Decimal) -> Compared:
        if stated != self.amount and stated == self.shown:
            return Compared(name, stated, self.shown, self.shown_unread)
        return Compared(name, stated, self.amount, self.unread)


class Span:
    """The lines of people since some line. Each counts, also one that is left out or already paid."""

    def __init__(self) -> None:
        self.people = 0
        self.columns = {name: Added() for name in COLUMNS}

    def add(self, row: Row) -> None:
        if row.verdict != SKIPPED or row.blamed_for("hidden_row") or row.blamed_for("nothing_owed"):
            self.people += 1
            for name, column in self.columns.items():
                column.add(row, name)

    def beside(self, row: Row) -> tuple[Compared, ...]:
        stated = ((name, row.values.get(name)) for name in COLUMNS)
        return tuple(self.columns[name].beside(name, amount) for name, amount in stated if amount is not None)


class Spans:
    """Of one table, line by line from above: all of it, and what stands below the last total."""

    def __init__(self) -> None:
        self.whole, self.since = Span(), Span()

    def add(self, row: Row) -> None:
        self.whole.add(row)
        self.since.add(row)

    def total(self, row: Row) -> Total | None:
        """A part (小计) is of the lines since the one before, the whole (合计) of all. None: the line has no amount."""
        is_part = bool(IS_PART.search(row.label))
        spans = (self.since, self.whole) if is_part else (self.whole, self.since)
        best = min((span.beside(row) for span in spans), key=lambda columns: any(column.difference for column in columns))
        self.since = Span()
        return Total(row.table, row.line, not is_part, best) if best else None

    def is_sum(self, row: Row) -> bool:
        """A line without a name whose every amount is what the lines above it come to."""
        if row.values.get("id_number") or row.values.get("phone") or self.whole.people < 2:
            return False
        found = [span.beside(row) for span in (self.whole, self.since)]
        return any(columns and not any(column.difference for column in columns) for columns in found)
