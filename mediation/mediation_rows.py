"""A mediation as a row of the list and of the desk, and which of them a view asks for. Templates neither query nor decide."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.utils.translation import gettext

from arrears.answerable import NEAR_DAYS
from arrears.claim_rows import DUE_LOOKS, Mark, place_of, workers_of
from arrears.deadlines import LIMIT, TARGET, remaining
from arrears.ladders import day_of_what
from arrears.models import Claim, Clock
from arrears.permits import find
from arrears.search import search
from arrears.workdays import Calendar
from grid.models import Person
from mediation.handing import unserved
from mediation.in_the_way import in_conflict
from mediation.lifecycle import MEDIATION
from mediation.models import Hearing, Mediation
from mediation.models.mediations import MediationQuerySet
from mediation.outstanding import unpaid_parts

NEW, TO_SCHEDULE, CONFLICTS, UNSIGNED, UNSERVED, MONEY_DUE = "new", "to_schedule", "conflicts", "unsigned", "unserved", "money_due"
SOON = timedelta(days=7)  # an instalment that is due by then is looked after
SCHEDULE = find(MEDIATION, "schedule")


@dataclass(frozen=True)
class Row:
    mediation: Mediation
    workers: str
    place: str
    state: Mark
    due: Mark | None
    hearing: Hearing | None  # the next one


def asked_for(rows: MediationQuerySet, view: str, words: str, person: Person, today: date) -> MediationQuerySet:
    narrowed = {
        "open": rows.open(),
        NEW: rows.filter(state=MEDIATION.initial),
        TO_SCHEDULE: rows.filter(state__in=SCHEDULE.sources),
        CONFLICTS: rows.filter(in_conflict()),
        UNSIGNED: rows.open().filter(draft__isnull=False),
        UNSERVED: rows.filter(unserved()),
        MONEY_DUE: rows.filter(agreement__in=unpaid_parts().filter(due_on__lte=today + SOON).order_by().values("agreement")),
        "mine": rows.open().filter(mediator=person),
        "agreed": rows.filter(state="agreed"),
        "failed": rows.filter(state="failed"),
    }[view]
    return narrowed.filter(claim__in=search(Claim.objects.all(), words)) if words else narrowed


def rows_of(mediations: Sequence[Mediation], today: date, calendar: Calendar) -> list[Row]:
    """`mediations` with what for_list fetches and their `to_come` hearings."""
    late = past_limit(mediations, today)
    return [row_of(mediation, today, calendar, mediation.pk in late) for mediation in mediations]


def past_limit(mediations: Iterable[Mediation], today: date) -> set[UUID]:
    """Those that are past what binds, not only past a target of the city's own. One query."""
    past = Clock.objects.running().filter(about_id__in=[one.pk for one in mediations], due_on__lt=today)
    return {about for about, rule in past.values_list("about_id", "rule_id") if day_of_what(rule) == LIMIT}


def row_of(mediation: Mediation, today: date, calendar: Calendar, is_late: bool) -> Row:
    status, claim = mediation.status, mediation.claim
    return Row(
        mediation, workers_of(claim), place_of(claim), Mark(gettext(status.label), status.tone),
        due_mark(mediation, today, calendar, is_late), next(iter(mediation.to_come), None),
    )  # fmt: skip


def due_mark(mediation: Mediation, today: date, calendar: Calendar, is_late: bool) -> Mark | None:
    """The earlier day drives the colour, what binds the words."""
    if mediation.due_on is None or not mediation.is_open:
        return None
    days, past = (mediation.due_on - today).days, LIMIT if is_late else TARGET
    standing = {LIMIT: "overdue", TARGET: "past_target"}[past] if days < 0 else "near" if days <= NEAR_DAYS else "on_time"
    return Mark(remaining(mediation.due_on, today, calendar, of=past).text(gettext), *DUE_LOOKS[standing])
