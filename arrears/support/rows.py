"""Support cases as their list, the desk and the page of a claim show them, and which ones: one filter for list, tile and API."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet, Sum
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from arrears.answerable import NEAR_DAYS
from arrears.claim_rows import DUE_LOOKS, Mark, workers_of
from arrears.deadlines import ANSWER, remaining
from arrears.models import SupportCase
from arrears.support.lifecycle import OPEN, SUPPORT, WAITING
from arrears.workdays import Calendar
from grid.paging import Order
from grid.roles import LEVEL_LABELS, LEVELS
from grid.scope import Scope

MINE, LATE, ENDED, ALL = "mine", "late", "ended", "all"
SHOWS: Mapping[str, object] = {
    MINE: _("等我提意见"),
    "open": _("在办"),
    LATE: _("已过期限"),
    ENDED: _("已结束"),
    ALL: _("全部"),
}
SOONEST, NEWEST = Order("due_on"), Order("opened_at", is_descending=True)


@dataclass(frozen=True)
class CaseRow:
    case: SupportCase
    title: str
    state: Mark
    level: str  # where the opinion lies that is waited for
    due: Mark | None


def chosen(rows: QuerySet[SupportCase], show: str, today: date, scope: Scope, *, state: str = "", level: str = "") -> QuerySet[SupportCase]:
    """`state` or `level`: looked for everywhere."""
    if state:
        rows = rows.filter(state=state)
    if level:
        rows = rows.filter(level=level)
    if show == MINE:
        return rows.filter(state__in=WAITING, level__in=levels_of(scope))
    if show == LATE:
        return rows.filter(state__in=OPEN, due_on__lt=today)
    if show == ENDED:
        return rows.exclude(state__in=OPEN)
    return rows if show == ALL else rows.filter(state__in=OPEN)


def levels_of(scope: Scope) -> list[str]:
    """The levels somebody leads."""
    found = {post.role.level for post in scope.posts if post.role.level}
    return [level for level in LEVELS if level in found]


def order_of(show: str) -> Order:
    return NEWEST if show in (ENDED, ALL, "open") else SOONEST


def for_list(rows: QuerySet[SupportCase]) -> QuerySet[SupportCase]:
    return rows.select_related("claim", "claim__region").annotate(people=Count("applicants"), asked=Sum("applicants__amount"))


def rows_of(cases: Iterable[SupportCase], today: date, calendar: Calendar) -> list[CaseRow]:
    return [row_of(case, today, calendar) for case in cases]


def row_of(case: SupportCase, today: date, calendar: Calendar) -> CaseRow:
    level = gettext(LEVEL_LABELS[case.level]) if case.level else ""
    return CaseRow(case, f"{workers_of(case.claim)} / {case.claim.respondent_name}", state_mark(case), level, due_mark(case.due_on, today, calendar))


def state_mark(case: SupportCase) -> Mark:
    return Mark(gettext(case.status.label), case.status.tone)


def due_mark(due_on: date | None, today: date, calendar: Calendar) -> Mark | None:
    if due_on is None:
        return None
    days = (due_on - today).days
    standing = "overdue" if days < 0 else "near" if days <= NEAR_DAYS else "on_time"
    return Mark(remaining(due_on, today, calendar, of=ANSWER).text(gettext), *DUE_LOOKS[standing])


def state_choices() -> list[tuple[str, str]]:
    return [(name, gettext(label)) for name, label in SUPPORT.choices]
