"""A proceeding as a line of a list."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext

from arrears.answerable import NEAR_DAYS
from arrears.claim_rows import DUE_LOOKS, Mark
from arrears.deadlines import remaining
from arrears.models import Proceeding
from arrears.workdays import Calendar


@dataclass(frozen=True)
class ProceedingRow:
    proceeding: Proceeding
    state: Mark
    due: Mark | None


def rows_of(proceedings: Iterable[Proceeding], today: date, calendar: Calendar) -> list[ProceedingRow]:
    return [row_of(row, today, calendar) for row in proceedings if row.state in row.table.steps]


def row_of(row: Proceeding, today: date, calendar: Calendar) -> ProceedingRow:
    return ProceedingRow(row, Mark(row.done, "info" if row.is_open else "muted"), due_mark(row, today, calendar))


def due_mark(row: Proceeding, today: date, calendar: Calendar) -> Mark | None:
    if row.due_on is None or not row.is_open:
        return None
    days = (row.due_on - today).days
    standing = "overdue" if days < 0 else "near" if days <= NEAR_DAYS else "on_time"
    return Mark(remaining(row.due_on, today, calendar).text(gettext), *DUE_LOOKS[standing])
