"""Rows that have a day and the ladder of a rule but are no clock of a claim: reports and objections. The rung to come stands
on the row itself; behind the last one it calls every working day, until somebody has answered."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, Protocol

from django.db.models import QuerySet

from arrears.calendars import calendar_now
from arrears.ladders import Rung, call_at, rung_times
from arrears.ladders.book import Book
from arrears.ladders.store import book_now
from arrears.one_by_one import one_by_one
from arrears.workdays import Calendar
from grid.days import day_of
from grid.duty import Roster

BATCH = 200


class Called(Protocol):
    """`rung` is the next of the ladder, `next_at` when it calls."""

    received_on: date
    due_on: date
    rung: int
    next_at: datetime | None


def times_of(row: Called, rungs: Sequence[Rung], calendar: Calendar) -> list[datetime]:
    return rung_times(rungs, row.received_on, row.due_on, calendar)


def set_call(row: Called, rungs: Sequence[Rung], calendar: Calendar, now: datetime) -> None:
    """When the rung `row.rung` calls; behind the last, the next working day."""
    times = times_of(row, rungs, calendar)
    row.next_at = times[row.rung] if row.rung < len(times) else call_at(calendar.add(day_of(now), 1))


def fired(row: Called, rungs: Sequence[Rung], calendar: Calendar, now: datetime) -> list[Rung]:
    """Those that are due; none: it calls again behind the last one."""
    times = times_of(row, rungs, calendar)
    return [rung for rung, at in zip(rungs[row.rung :], times[row.rung :], strict=True) if at <= now]


def is_late(row: Called, fired_now: Sequence[Rung], now: datetime) -> bool:
    return row.due_on < day_of(now) or any(rung.urgency == "late" for rung in fired_now)


def call_due(rows: QuerySet, call: Callable[[Any, Book, Calendar, Roster, datetime], bool], now: datetime) -> int:
    """Calls, by their keys, those of `rows` that are due; for how many `call` did something."""
    keys = list(rows.filter(next_at__lte=now).order_by("next_at", "pk").values_list("pk", flat=True)[:BATCH])
    if not keys:
        return 0
    book, calendar, roster = book_now(), calendar_now(), Roster(day_of(now))
    return one_by_one(keys, lambda pk: call(pk, book, calendar, roster, now))
