"""Papers that are to be served, as lists, the claim's page and the tile show them: one filter for all."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from arrears.answerable import NEAR_DAYS
from arrears.claim_rows import DUE_LOOKS, Mark
from arrears.deadlines import TARGET, remaining
from arrears.models import Attempt, Service
from arrears.models.serving import ATTEMPTS, DROPPED, FAILED, OVERTAKEN, REACHED, SENT, STATES, WAITING
from arrears.workdays import Calendar
from grid.models import Person
from grid.paging import Order

MINE, LATE, ENDED = "mine", "late", "ended"
SHOWS = {MINE: _("我去送的"), WAITING: _("待送达"), LATE: _("逾期未送达"), ENDED: _("已送达")}
ORDER = Order("due_on")
NEWEST = Order("made_at", is_descending=True)
TONES = {WAITING: "warn", REACHED: "good", DROPPED: "muted"}
ATTEMPT_TONES = {SENT: "info", REACHED: "good", FAILED: "bad", OVERTAKEN: "muted"}


@dataclass(frozen=True)
class ServiceRow:
    service: Service
    what: str
    state: Mark
    due: Mark | None  # while it waits


def chosen(rows: QuerySet[Service], show: str, person: Person, today: date) -> QuerySet[Service]:
    if show == ENDED:
        return rows.exclude(state=WAITING)
    rows = rows.filter(state=WAITING)
    if show == MINE:
        return rows.filter(server=person)
    return rows.filter(due_on__lt=today) if show == LATE else rows


def rows_of(services: Iterable[Service], today: date, calendar: Calendar) -> list[ServiceRow]:
    language = get_language() or ""
    return [ServiceRow(row, row.document.text("name", language), state_mark(row), due_mark(row, today, calendar)) for row in services]


def state_mark(service: Service) -> Mark:
    return Mark(gettext(str(dict(STATES)[service.state])), TONES[service.state], "done" if service.state == REACHED else "")


def due_mark(service: Service, today: date, calendar: Calendar) -> Mark | None:
    if not service.is_waiting:
        return None
    days = (service.due_on - today).days
    standing = "overdue" if days < 0 else "near" if days <= NEAR_DAYS else "on_time"
    return Mark(remaining(service.due_on, today, calendar, of=TARGET).text(gettext), *DUE_LOOKS[standing])


def attempt_mark(attempt: Attempt) -> Mark:
    return Mark(gettext(str(dict(ATTEMPTS)[attempt.state])), ATTEMPT_TONES[attempt.state])
