"""A working-day calendar on which the paused days of one clock do not count (中止). Django-free.

`Paused` answers like arrears.workdays.Calendar and can stand in its place. A paused day is no working day and no day
of a limit in days; a limit in months or years keeps its natural length in days, and the paused days come on top.
Nothing is ever counted up: whoever changes an interval and asks again has the new answer.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from arrears.workdays import ONE_DAY, Calendar, DayFact


class Interval(NamedTuple):
    """From the first day that does not count up to, not including, the first that counts again. `why` is a marked
    text, or none."""

    first: date
    until: date
    why: str = ""


def merged(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """In order, without empty ones; those that touch or overlap are one, but for what each was for."""
    found: list[Interval] = []
    for interval in sorted(intervals):
        first = max(interval.first, found[-1].until) if found else interval.first
        if interval.until <= first:
            continue
        if found and found[-1].until == first and found[-1].why == interval.why:
            found[-1] = found[-1]._replace(until=interval.until)
        else:
            found.append(interval._replace(first=first))
    return tuple(found)


@dataclass(frozen=True)
class Paused:
    """`calendar` without the days of `intervals`."""

    calendar: Calendar
    intervals: tuple[Interval, ...]
    _firsts: list[date] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "intervals", merged(self.intervals))
        object.__setattr__(self, "_firsts", [interval.first for interval in self.intervals])

    @property
    def unpaused(self) -> Calendar:
        return self.calendar

    def pause_on(self, day: date) -> Interval | None:
        index = bisect_right(self._firsts, day) - 1
        found = self.intervals[index] if index >= 0 else None
        return found if found and day < found.until else None

    def is_working(self, day: date) -> bool:
        return self.calendar.is_working(day) and self.pause_on(day) is None

    def add(self, day: date, n: int) -> date:
        """The n-th working day after `day`, or before it when n is negative, of those that are not paused."""
        found, step = self.calendar.add(day, n), 1 if n > 0 else -1
        while missing := abs(n) - (self._worked(day, found) if n > 0 else self._worked(found - ONE_DAY, day - ONE_DAY)):
            found = self.calendar.add(found, step * missing)
        return found

    def forward(self, day: date) -> date:
        return day if self.is_working(day) else self.add(day, 1)

    def back(self, day: date) -> date:
        return day if self.is_working(day) else self.add(day, -1)

    def working_days_between(self, first: date, last: date) -> int:
        """How many working days that are not paused follow `first` up to and including `last`; negative when `last`
        is earlier."""
        return self._worked(first, last) if first <= last else -self._worked(last, first)

    def pushed(self, first: date, last: date) -> date:
        """The day that is as many unpaused days after `first` as `last` is days after it."""
        for interval in self.intervals:
            begins = max(interval.first, first + ONE_DAY)
            if begins <= last and begins < interval.until:
                last += interval.until - begins
        return last

    def why(self, day: date) -> DayFact:
        fact, pause = self.calendar.why(day), self.pause_on(day)
        if pause is None:
            return fact
        return DayFact(day, False, "paused_for" if pause.why else "paused", pause.why, fact.is_provisional)

    def is_known(self, year: int) -> bool:
        return self.calendar.is_known(year)

    def unknown_years(self, first: date, last: date) -> list[int]:
        return self.calendar.unknown_years(first, last)

    def _worked(self, first: date, last: date) -> int:
        """The working days after `first` up to and including `last`, less those in a pause."""
        paused = sum(
            self.calendar.working_days_between(max(interval.first - ONE_DAY, first), min(interval.until - ONE_DAY, last))
            for interval in self.intervals
            if interval.until > first + ONE_DAY and interval.first <= last
        )
        return self.calendar.working_days_between(first, last) - paused
