"""What taking a report in asks that is the same for the next one: calendar, ladders, who answers where, how they are told."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from arrears.calendars import calendar_now
from arrears.ladders.book import Book
from arrears.ladders.store import book_now
from arrears.workdays import Calendar
from grid.days import day_of
from grid.duty import Roster
from grid.models import Person
from grid.notices import Ways


@dataclass
class Around:
    """Read when it is first asked for; made anew for each act, so that nothing in it is older than the act."""

    now: datetime
    _rosters: dict[str, Roster] = field(default_factory=dict, init=False)
    _ways: dict[tuple[object, ...], Ways] = field(default_factory=dict, init=False)

    @cached_property
    def calendar(self) -> Calendar:
        return calendar_now()

    @cached_property
    def book(self) -> Book:
        return book_now()

    def roster(self, region: str) -> Roster:
        if region not in self._rosters:
            self._rosters[region] = Roster.around(region, day_of(self.now))
        return self._rosters[region]

    def ways(self, people: Sequence[Person]) -> Ways:
        key = tuple(person.pk for person in people)
        if key not in self._ways:
            self._ways[key] = Ways.read(people)
        return self._ways[key]
