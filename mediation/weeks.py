"""The week by mediator and the month by day. Reads; changes nothing. Hearings out of the reader's sight are not in them."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from arrears.claim_rows import workers_of
from arrears.workdays import Calendar
from grid.days import SHANGHAI
from grid.models import Person
from mediation.day import GONE
from mediation.finding import leaves_of
from mediation.models import Hearing
from mediation.models.hearings import HearingQuerySet

WEEK = 7
MOST = 600  # hearings in one view


@dataclass(frozen=True)
class Entry:
    hearing: Hearing
    may_move: bool

    @property
    def workers(self) -> str:
        return workers_of(self.hearing.mediation.claim)


@dataclass
class Cell:
    day: date
    entries: list[Entry] = field(default_factory=list)
    is_away: bool = False
    is_rest: bool = False
    is_today: bool = False
    is_outside: bool = False

    @property
    def count(self) -> int:
        return len(self.entries)

    @property
    def few(self) -> list[Entry]:
        return self.entries[:4]

    @property
    def more(self) -> int:
        return max(0, self.count - 4)


@dataclass(frozen=True)
class Row:
    person: Person
    cells: list[Cell]


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def between(first: date, days: int) -> tuple[datetime, datetime]:
    return datetime.combine(first, time(0), SHANGHAI), datetime.combine(first + timedelta(days=days), time(0), SHANGHAI)


def hearings_of(seen: HearingQuerySet, first: date, days: int) -> list[Hearing]:
    return list(seen.filter(span__overlap=between(first, days)).exclude(state__in=GONE).for_list()[:MOST])


def cell_of(day: date, today: date, calendar: Calendar) -> Cell:
    return Cell(day, is_rest=not calendar.is_working(day), is_today=day == today)


def week_of(day: date, seen: HearingQuerySet, movable: Any, today: date, calendar: Calendar) -> list[Row]:
    """One row a mediator who has a hearing in that week, by name. `movable`: may the reader move it?"""
    first = monday_of(day)
    rows: dict[Any, Row] = {}
    for hearing in hearings_of(seen, first, WEEK):
        row = rows.get(hearing.mediator_id)
        if row is None:
            cells = [cell_of(first + timedelta(days=n), today, calendar) for n in range(WEEK)]
            row = rows[hearing.mediator_id] = Row(hearing.mediator, cells)
        row.cells[(hearing.starts_at.date() - first).days].entries.append(Entry(hearing, hearing.is_live and movable(hearing)))
    away = leaves_of([row.person for row in rows.values()], [first + timedelta(days=n) for n in range(WEEK)])
    for row in rows.values():
        for cell in row.cells:
            cell.is_away = cell.day in away.get(row.person.pk, ())
    return sorted(rows.values(), key=lambda row: row.person.full_name)


def month_of(day: date, seen: HearingQuerySet, today: date, calendar: Calendar) -> list[list[Cell]]:
    """Weeks from Monday to Sunday; days of the months around are outside."""
    first = monday_of(day.replace(day=1))
    last = (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    weeks = ((last - first).days // WEEK) + 1
    by_day: dict[date, list[Entry]] = defaultdict(list)
    for hearing in hearings_of(seen, first, weeks * WEEK):
        by_day[hearing.starts_at.date()].append(Entry(hearing, False))
    cells = [cell_of(first + timedelta(days=n), today, calendar) for n in range(weeks * WEEK)]
    for cell in cells:
        cell.is_outside, cell.entries = cell.day.month != day.month, by_day.get(cell.day, [])
    return [cells[n : n + WEEK] for n in range(0, len(cells), WEEK)]
