"""Lets the year pass. A story is a generator: it acts, yields the moment at which it goes on, and is resumed then.

Between two acts the sweep runs at every minute at which something is due, as beat would call it, so that a rung never
waits longer than to the next full minute. Everything is told the time; nothing here reads the clock.
"""

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import count
from random import Random
from typing import Any

from django.db.models import Min

from arrears.calendars import calendar_now
from arrears.demo.cases import Inventor
from arrears.demo.cast import Cast
from arrears.escalation import sweep
from arrears.ladders.align import realign
from arrears.models import Suspension, Watch
from arrears.simulation.proof import Book
from arrears.timing.suspending import wake_due
from arrears.workdays import ONE_DAY, Calendar
from grid.days import SHANGHAI, day_of
from grid.duty import Roster
from grid.refused import Refused

MINUTE = timedelta(minutes=1)
Story = Iterator[datetime]


def at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, SHANGHAI)


@dataclass
class Year:
    ends: datetime
    cast: Cast
    inventor: Inventor
    rng: Random
    book: Book = field(default_factory=Book)
    calendar: Calendar = field(default_factory=calendar_now)
    clock: datetime = field(init=False)  # the moment being told
    rungs: int = 0
    refused: Counter[str] = field(default_factory=Counter)  # what a rule did not allow; the story goes on without it
    numbers: Iterator[int] = field(default_factory=count)
    _turns: list[tuple[datetime, int, Story]] = field(default_factory=list)
    _roster: Roster | None = None

    def begin(self, moment: datetime, story: Story) -> None:
        heapq.heappush(self._turns, (moment, next(self.numbers), story))

    def tell(self) -> None:
        while self._turns and self._turns[0][0] <= self.ends:
            moment, _number, story = heapq.heappop(self._turns)
            self.sweep_until(moment)
            self.clock = moment
            following = next(story, None)
            if following is not None:
                self.begin(max(following, moment + MINUTE), story)
        self.sweep_until(self.ends)
        self.clock = self.ends

    def mornings(self, first: date) -> Story:
        """At midnight the suspensions end whose day has come, and ladders change."""
        day = first
        while True:
            resting = list(Suspension.objects.filter(ended_on=None, planned_end__lte=day).values_list("claim", flat=True))
            wake_due(self.clock)
            realign(self.clock)
            self.book.look(self.clock, resting)
            day += ONE_DAY
            yield at(day, time(0))

    def sweep_until(self, moment: datetime) -> None:
        """Everything that falls due up to then, each at its minute."""
        last = None
        while (due := Watch.objects.aggregate(at=Min("next_at"))["at"]) is not None:
            tick = full_minute(max(due, self.clock))
            if last is not None and tick <= last:
                tick = last + MINUTE
            if tick > moment:
                return
            self.sweep(tick)
            last = tick

    def sweep(self, now: datetime) -> None:
        done = sweep(now)
        self.rungs += done.counts["rungs"]
        self.book.look(now, {row["claim"] for row in done.escalated})

    def roster(self) -> Roster:
        day = day_of(self.clock)
        if self._roster is None or self._roster.day != day:
            self._roster = Roster(day)
        return self._roster

    def may(self, act: Any, *given: Any, **also: Any) -> bool:
        """Does it, if the rules allow it."""
        try:
            act(*given, **also)
        except Refused as refusal:
            self.refused[refusal.code] += 1
            return False
        return True

    def looked(self, claims: Iterable[Any]) -> None:
        self.book.look(self.clock, claims)


def full_minute(moment: datetime) -> datetime:
    whole = moment.replace(second=0, microsecond=0)
    return whole if whole == moment else whole + MINUTE
