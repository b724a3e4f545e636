"""Rows that have a day and the ladder of a rule but are no clock of a claim: reports and objections. The rung to come stands
on the row itself; behind the last one it calls every working day, until somebody has answered."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from arrears.ladders import Rung, call_at, rung_times
from arrears.workdays import Calendar
from grid.days import day_of


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
