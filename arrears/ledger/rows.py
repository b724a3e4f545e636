"""One row of a register: its cells read, its draft, and everything wrong with it at once. Django-free."""

from collections.abc import Callable
from collections.abc import Mapping as Lookup
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from arrears.ledger.cells import (
    BadCell,
    Spelling,
    read_amount,
    read_count,
    read_date,
    read_mark,
    read_region,
    read_text,
)
from arrears.ledger.checks import CHECKS
from arrears.ledger.mapping import FIELDS, Mapping, Outcome
from arrears.phrases import Phrase

MIN_REGION = 9  # digits: a case belongs to a township, or to a village in it


def _(text: str) -> str:
    """Marks a text for the catalogues; whoever shows it translates it."""
    return text


@dataclass(frozen=True)
class Finding:
    column: str
    code: str
    cause: Phrase


@dataclass
class Draft:
    """A row as we understood it. Attributes are the mapping's fields."""

    line: int
    key: str
    region: str = ""
    region_was: str = ""
    employer: str | None = None
    worker: str | None = None
    worker_count: int | None = None
    site: str | None = None
    work: str | None = None
    received_on: date | None = None
    opened_on: date | None = None
    closed_on: date | None = None
    claimed: Decimal | None = None
    verified: Decimal | None = None
    payments: tuple[tuple[str, Decimal], ...] = ()  # column and amount
    negative: tuple[str, ...] = ()  # columns
    flags: frozenset[str] = frozenset()
    conflict: frozenset[str] = frozenset()
    outcome: Outcome | None = None  # None: still open

    @property
    def paid(self) -> Decimal:
        return sum((amount for _column, amount in self.payments), Decimal(0))

    @property
    def payment_state(self) -> str:
        needed = self.verified if self.verified is not None else self.claimed or Decimal(0)
        return "none" if not self.paid else "full" if self.paid >= needed else "part"


@dataclass
class Row:
    """Reads one record. `findings` grows; nothing stops at the first."""

    cells: Lookup[str, str]
    mapping: Mapping
    regions: Lookup[str, str]  # known codes → the code that stands for them today
    today: date
    draft: Draft
    findings: list[Finding] = field(default_factory=list)

    def read(self) -> Draft:
        for name, columns in self.mapping.fields.items():
            put = PUT.get(name, Row.put_value)
            put(self, name, {column: self.cell(column, FIELDS[name]) for column in columns})
        for name in sorted(self.mapping.required):
            self.demand(name)
        self.draft.flags = frozenset(flag for flag in self.mapping.flags if self.cell(flag, "mark"))
        self.draft.conflict = next(
            (c for c in self.mapping.conflicts if len(c) > 1 and c <= self.draft.flags), frozenset()
        )
        if self.draft.closed_on:
            self.draft.outcome = self.mapping.outcome(self.draft.flags, self.draft.payment_state)
        return self.draft

    def cell(self, column: str, kind: str) -> Any:
        try:
            return READERS[kind](self.cells[column], self.mapping.spelling, self.today)
        except BadCell as bad:
            self.findings.append(Finding(column, bad.code, bad.cause))
            return None

    def note(self, column: str, code: str, msgid: str, /, **values: object) -> None:
        self.findings.append(Finding(column, code, Phrase(msgid, values)))

    def demand(self, name: str) -> None:
        column = self.mapping.fields[name][0]
        value = self.draft.region_was if name == "region" else getattr(self.draft, name)
        if value in (None, "") and all(finding.column != column for finding in self.findings):
            self.note(column, "blank", _("必填内容空白"))

    def put_value(self, name: str, values: dict[str, Any]) -> None:
        setattr(self.draft, name, next(iter(values.values())))

    def put_region(self, name: str, values: dict[str, Any]) -> None:
        column, code = next(iter(values.items()))
        if code is None:
            return
        self.draft.region_was = code
        if code not in self.regions:
            self.note(column, "unknown_region", _("没有代码为 %(code)s 的地区"), code=code)
        elif len(self.regions[code]) < MIN_REGION:
            self.note(column, "no_township", _("代码 %(code)s 没有具体到乡镇（街道）"), code=code)
        elif not self.regions[code].startswith(self.mapping.area):
            self.note(
                column,
                "out_of_area",
                _("代码 %(code)s 不在本台账的地区 %(area)s 以内"),
                code=code,
                area=self.mapping.area,
            )
        else:
            self.draft.region = self.regions[code]

    def put_amount(self, name: str, values: dict[str, Any]) -> None:
        known = {column: amount for column, amount in values.items() if amount is not None}
        self.draft.negative += tuple(column for column, amount in known.items() if amount < 0)
        setattr(self.draft, name, sum(known.values(), Decimal(0)) if known else None)

    def put_payments(self, name: str, values: dict[str, Any]) -> None:
        self.draft.negative += tuple(column for column, amount in values.items() if amount is not None and amount < 0)
        self.draft.payments = tuple((column, amount) for column, amount in values.items() if amount)

    def column_of(self, check: str) -> str:
        """Where a check points: the very columns for amounts and marks, else the field's first."""
        if check == "negative_amount":
            return "、".join(self.draft.negative)
        if check == "conflicting_flags":
            return "、".join(sorted(self.draft.conflict))
        return self.mapping.fields.get(CHECKS[check].field, ("",))[0]

    def checked(self) -> list[tuple[str, Finding]]:
        """Each check that says yes, with what the mapping wants then. A cell nobody could read is not blank."""
        unread = {finding.column for finding in self.findings}
        return [
            (self.mapping.checks[name], Finding(self.column_of(name), name, Phrase(check.label)))
            for name, check in CHECKS.items()
            if check.is_so(self.draft) and self.column_of(name) not in unread
        ]


PUT: dict[str, Callable[[Row, str, dict[str, Any]], None]] = {
    "region": Row.put_region,
    "claimed": Row.put_amount,
    "verified": Row.put_amount,
    "paid": Row.put_payments,
}
READERS: dict[str, Callable[[str, Spelling, date], Any]] = {
    "text": lambda text, spelling, today: read_text(text, spelling),
    "region": lambda text, spelling, today: read_region(text, spelling),
    "count": lambda text, spelling, today: read_count(text, spelling),
    "amount": lambda text, spelling, today: read_amount(text, spelling),
    "mark": lambda text, spelling, today: read_mark(text, spelling),
    "date": read_date,
}
