"""Reports as their list shows them, and which ones: one filter for list, tile, panel and API."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from arrears.answerable import NEAR_DAYS
from arrears.claim_rows import DUE_LOOKS, Mark
from arrears.deadlines import ANSWER, remaining
from arrears.models import Report
from arrears.models.reports import ACCEPTED, DECLINED, JOINED, STATES, WAITING, ReportQuerySet
from arrears.workdays import Calendar
from grid.paging import Order

SOONEST, NEWEST = Order("due_on"), Order("received_at", is_descending=True)
LATE, ENDED, ALL = "late", "ended", "all"
SHOWS = {WAITING: _("待处理"), LATE: _("已过答复日"), ENDED: _("已处理"), ALL: _("全部")}
TONES = {WAITING: "warn", ACCEPTED: "good", JOINED: "good", DECLINED: "muted"}


@dataclass(frozen=True)
class ReportRow:
    report: Report
    state: Mark
    due: Mark | None  # while it waits


def chosen(rows: ReportQuerySet, show: str, today: date) -> ReportQuerySet:
    if show == LATE:
        return rows.waiting().filter(due_on__lt=today)
    if show == ENDED:
        return rows.exclude(state=WAITING)
    return rows if show == ALL else rows.waiting()


def order_of(show: str) -> Order:
    return SOONEST if show in (WAITING, LATE) else NEWEST


def rows_of(reports: Iterable[Report], today: date, calendar: Calendar) -> list[ReportRow]:
    return [ReportRow(report, state_mark(report), due_mark(report, today, calendar)) for report in reports]


def state_mark(report: Report) -> Mark:
    return Mark(gettext(str(dict(STATES)[report.state])), TONES[report.state])


def due_mark(report: Report, today: date, calendar: Calendar) -> Mark | None:
    return day_mark(report.due_on, today, calendar) if report.is_waiting else None


def day_mark(day: date, today: date, calendar: Calendar) -> Mark:
    """Until a day by which somebody waits for an answer."""
    days = (day - today).days
    standing = "overdue" if days < 0 else "near" if days <= NEAR_DAYS else "on_time"
    return Mark(remaining(day, today, calendar, of=ANSWER).text(gettext), *DUE_LOOKS[standing])
