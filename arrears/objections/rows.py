"""Objections as their list shows them, and which ones: one filter for list and tile."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from arrears.answerable import NEAR_DAYS
from arrears.claim_rows import DUE_LOOKS, Mark
from arrears.deadlines import ANSWER, remaining
from arrears.models import Objection
from arrears.models.saying import OBJECTION_STATES, REOPENED, UPHELD, WAITING
from arrears.workdays import Calendar
from grid.paging import Order

LATE, ENDED = "late", "ended"
SHOWS = {WAITING: _("待答复"), LATE: _("已过答复日"), ENDED: _("已答复")}
ORDER = Order("due_on")
NEWEST = Order("due_on", is_descending=True)
TONES = {WAITING: "warn", UPHELD: "muted", REOPENED: "good"}


@dataclass(frozen=True)
class ObjectionRow:
    objection: Objection
    state: Mark
    due: Mark | None  # while it waits


def chosen(rows: QuerySet[Objection], show: str, today: date) -> QuerySet[Objection]:
    if show == LATE:
        return rows.filter(state=WAITING, due_on__lt=today)
    return rows.exclude(state=WAITING) if show == ENDED else rows.filter(state=WAITING)


def for_list(rows: QuerySet[Objection]) -> QuerySet[Objection]:
    return rows.select_related("claim__region", "event", "answered_by")


def rows_of(objections: Iterable[Objection], today: date, calendar: Calendar) -> list[ObjectionRow]:
    return [ObjectionRow(row, state_mark(row), due_mark(row, today, calendar)) for row in objections]


def state_mark(objection: Objection) -> Mark:
    return Mark(gettext(str(dict(OBJECTION_STATES)[objection.state])), TONES[objection.state])


def due_mark(objection: Objection, today: date, calendar: Calendar) -> Mark | None:
    if not objection.is_waiting:
        return None
    days = (objection.due_on - today).days
    standing = "overdue" if days < 0 else "near" if days <= NEAR_DAYS else "on_time"
    return Mark(remaining(objection.due_on, today, calendar, of=ANSWER).text(gettext), *DUE_LOOKS[standing])
