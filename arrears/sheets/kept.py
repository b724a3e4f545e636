"""What a check found, written down and read back: line by line, and what all of them come to. Django-free.

A line that is read back is the line that was checked. What is small enough for every page stands in the `Summary`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from arrears.phrases import Phrase
from arrears.sheets.check import Checked
from arrears.sheets.fields import BY_NAME, DAY, MONEY, PERIOD, QUANTITY
from arrears.sheets.rows import LEFT, SKIPPED, TAKEN, WRONG, Finding, Row, Wage
from arrears.sheets.table import Cell
from arrears.sheets.total import Compared, Total

EDITION = 1  # of what a check finds: counted up with the rules, so that what an older one found is not believed
NAMED = 20  # workers told by name of whom something is missing
MISSING = ("phone", "id_number")


def pack_row(row: Row) -> list[Any]:
    """For JSON."""
    return [
        row.table, row.line, row.verdict, int(row.is_hidden), int(row.is_continued), row.table_name, row.label,
        {name: cell.text if not cell.kind else list(cell) for name, cell in row.cells.items()},
        {name: pack_value(name, value) for name, value in row.values.items() if value is not None},
        [pack_finding(one) for one in row.findings], [pack_finding(one) for one in row.remarks],
        pack_wage(row.wage) if row.wage else None,
    ]  # fmt: skip


def unpack_row(packed: list[Any]) -> Row:
    table, line, verdict, is_hidden, is_continued, table_name, label, cells, values, findings, remarks, wage = packed
    return Row(
        table, line, {name: Cell(cell) if isinstance(cell, str) else Cell(*cell) for name, cell in cells.items()},
        bool(is_hidden), bool(is_continued), table_name, label, verdict,
        {name: unpack_value(name, value) for name, value in values.items()},
        [unpack_finding(one) for one in findings], [unpack_finding(one) for one in remarks], unpack_wage(wage) if wage else None,
    )  # fmt: skip


def pack_value(name: str, value: Any) -> Any:
    kind = BY_NAME[name].kind
    if kind == PERIOD:
        return [pack_day(day) for day in value]
    return pack_day(value) if kind == DAY else str(value)


def unpack_value(name: str, packed: Any) -> Any:
    kind = BY_NAME[name].kind
    if kind in (MONEY, QUANTITY):
        return Decimal(packed)
    if kind == PERIOD:
        return tuple(unpack_day(day) for day in packed)
    return unpack_day(packed) if kind == DAY else packed


def pack_day(day: date | None) -> str:
    return day.isoformat() if day else ""


def unpack_day(packed: str) -> date | None:
    return date.fromisoformat(packed) if packed else None


def pack_wage(wage: Wage) -> list[str]:
    return [str(wage.rate), str(wage.quantity), wage.unit, str(wage.paid), pack_day(wage.period_from), pack_day(wage.period_to)]


def unpack_wage(packed: list[str]) -> Wage:
    rate, quantity, unit, paid, first, last = packed
    return Wage(Decimal(rate), Decimal(quantity), unit, Decimal(paid), unpack_day(first), unpack_day(last))


def pack_finding(finding: Finding) -> list[Any]:
    return [finding.field, finding.code, pack_phrase(finding.cause)]


def unpack_finding(packed: list[Any]) -> Finding:
    return Finding(packed[0], packed[1], unpack_phrase(packed[2]))


def pack_phrase(phrase: Phrase) -> list[Any]:
    """What stands in a sentence is kept as it is said; a sentence within a sentence is translated with it."""
    return [phrase.msgid, {key: pack_phrase(said) if isinstance(said, Phrase) else str(said) for key, said in phrase.values.items()}]


def unpack_phrase(packed: list[Any]) -> Phrase:
    msgid, values = packed
    return Phrase(msgid, {key: unpack_phrase(said) if isinstance(said, list) else said for key, said in values.items()})


@dataclass(frozen=True)
class Summary:
    """`day`: the check is of that day, as what is still to come cannot have been earned. `lacks`: codes of what is missing
    of the columns."""

    day: date
    taken: int
    wrong: int
    left: int
    skipped: int
    remarked: int  # of those taken
    people: int
    total: Decimal
    stated: Decimal | None
    totals: tuple[Total, ...]
    tables: Mapping[int, str]  # names, if there are several
    lacks: tuple[str, ...]
    missing: Mapping[str, tuple[int, tuple[str, ...]]]  # by field, of how many workers, and the first of them
    same_name: bool
    edition: int = EDITION

    @property
    def is_ready(self) -> bool:
        return not self.lacks and bool(self.people) and not self.wrong


def sum_up(checked: Checked, day: date, lacks: tuple[str, ...], *, same_name: bool) -> Summary:
    verdicts = [row.verdict for row in checked.rows]
    without = {name: [worker.name for worker in checked.workers if not getattr(worker, name)] for name in MISSING}
    return Summary(
        day, *(verdicts.count(verdict) for verdict in (TAKEN, WRONG, LEFT, SKIPPED)), len(checked.remarked), len(checked.workers),
        checked.total, checked.stated, tuple(checked.totals), {row.table: row.table_name for row in checked.rows if row.table_name},
        lacks, {name: (len(names), tuple(names[:NAMED])) for name, names in without.items()}, same_name,
    )  # fmt: skip


def pack_summary(summary: Summary) -> dict[str, Any]:
    return {
        **vars(summary), "day": summary.day.isoformat(), "total": str(summary.total),
        "stated": None if summary.stated is None else str(summary.stated), "tables": list(summary.tables.items()),
        "totals": [
            [one.table, one.line, one.is_grand, [[c.field, str(c.stated), str(c.computed), c.unread] for c in one.columns]]
            for one in summary.totals
        ],
    }  # fmt: skip


def unpack_summary(packed: Mapping[str, Any]) -> Summary:
    return Summary(**{
        **packed, "day": date.fromisoformat(packed["day"]), "total": Decimal(packed["total"]),
        "stated": None if packed["stated"] is None else Decimal(packed["stated"]), "tables": dict(packed["tables"]),
        "lacks": tuple(packed["lacks"]), "missing": {name: (count, tuple(names)) for name, (count, names) in packed["missing"].items()},
        "totals": tuple(
            Total(table, line, is_grand, tuple(Compared(name, Decimal(stated), Decimal(computed), unread) for name, stated, computed, unread in columns))
            for table, line, is_grand, columns in packed["totals"]
        ),
    })  # fmt: skip
