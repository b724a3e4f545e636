"""The week by mediator and the month by day. Reads; changes nothing. Hearings out of the reader's sight are not in them."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber, TruncDate

from arrears.claim_rows import workers_of
from arrears.workdays import Calendar
from grid.days import SHANGHAI
from grid.models import Person
from mediation.day import GONE
from mediation.finding import leaves_of
from mediation.models import Hearing
from mediation.models.hearings import HearingQuerySet

WEEK = 7
MOST = 600  # hearings in a week's view
FEW = 4  # of a day in a month's


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

    total: int = 0  # where only the first are in `entries`

    @property
    def count(self) -> int:
        return max(self.total, len(self.entries))

    @property
    def more(self) -> int:
        return self.count - len(self.entries)


@dataclass(frozen=True)
class Row:
    person: Person
    cells: list[Cell]


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def between(first: date, days: int) -> tuple[datetime, datetime]:
    return datetime.combine(first, time(0), SHANGHAI), datetime.combine(first + timedelta(days=days), time(0), SHANGHAI)


def hearings_of(seen: HearingQuerySet, first: date, days: int) -> HearingQuerySet:
    return seen.filter(span__overlap=between(first, days)).exclude(state__in=GONE)


def cell_of(day: date, today: date, calendar: Calendar) -> Cell:
    return Cell(day, is_rest=not calendar.is_working(day), is_today=day == today)


def week_of(day: date, seen: HearingQuerySet, movable: Any, today: date, calendar: Calendar) -> tuple[list[Row], bool]:
    """One row a mediator who has a hearing in that week, by name; and whether there are more hearings than are shown.
    `movable`: may the reader move it?"""
    first = monday_of(day)
    rows: dict[Any, Row] = {}
    found = list(hearings_of(seen, first, WEEK).for_list()[: MOST + 1])
    for hearing in found[:MOST]:
        row = rows.get(hearing.mediator_id)
        if row is None:
            cells = [cell_of(first + timedelta(days=n), today, calendar) for n in range(WEEK)]
            row = rows[hearing.mediator_id] = Row(hearing.mediator, cells)
        row.cells[(hearing.starts_at.date() - first).days].entries.append(Entry(hearing, hearing.is_live and movable(hearing)))
    away = leaves_of([row.person for row in rows.values()], [first + timedelta(days=n) for n in range(WEEK)])
    for row in rows.values():
        for cell in row.cells:
            cell.is_away = cell.day in away.get(row.person.pk, ())
    return sorted(rows.values(), key=lambda row: row.person.full_name), len(found) > MOST


def month_of(day: date, seen: HearingQuerySet, today: date, calendar: Calendar) -> list[list[Cell]]:
    """Weeks from Monday to Sunday; days of the months around are outside. Of each day the first and how many there are."""
    first = monday_of(day.replace(day=1))
    last = (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    weeks = ((last - first).days // WEEK) + 1
    by_day: dict[date, list[Entry]] = defaultdict(list)
    rows = hearings_of(seen, first, weeks * WEEK).order_by().annotate(day=TruncDate(F("span__startswith"), tzinfo=SHANGHAI))
    counts = dict(rows.values_list("day").annotate(n=Count("pk", distinct=True)))
    place = Window(RowNumber(), partition_by=[F("day")], order_by=["span", "id"])
    few = list(rows.annotate(place=place).filter(place__lte=FEW).values_list("pk", flat=True))
    for hearing in seen.filter(pk__in=few).for_list():
        by_day[hearing.starts_at.date()].append(Entry(hearing, False))
    cells = [cell_of(first + timedelta(days=n), today, calendar) for n in range(weeks * WEEK)]
    for cell in cells:
        cell.is_outside, cell.entries, cell.total = cell.day.month != day.month, by_day.get(cell.day, []), counts.get(cell.day, 0)
    return [cells[n : n + WEEK] for n in range(0, len(cells), WEEK)]
