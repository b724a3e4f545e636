"""Setting the watch of a clock: on which ladder, at which rung, for when. Builds rows, saves none.

`calendar` is the official one; the days on which the clock rested do not count (arrears.timing.counting).
"""

from collections.abc import Container, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import prefetch_related_objects

from arrears.ladders import Rung, rung_times
from arrears.ladders.book import Book, Version
from arrears.models import Claim, Clock, Pause, Watch
from arrears.timing.counting import PAUSES, calendar_of
from arrears.workdays import Calendar
from grid.days import day_of

TIME, UNACKED = "time", "unacked"  # why a watch calls: its rung's own time; nobody acknowledged the rung before


def ladder_today(clock: Clock, claim: Claim, book: Book, today: date) -> Version:
    """The version that is right for the clock today, whatever its watch follows."""
    return book.choose(clock.rule_id, book.kinds(claim.worker_count, claim.sensitive, today), today)


def times_on(version: Version, clock: Clock, calendar: Calendar) -> list[datetime]:
    return rung_times(version.rungs, clock.started_on, clock.due_on, calendar_of(clock, calendar))


class Times:
    """The times of many clocks. Claims of one day share their days, so each is counted once; few clocks have rested,
    and only those are counted one by one."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self._times: dict[tuple[Any, date, date], list[datetime]] = {}
        self._paused: set[Any] = set()

    def know(self, clocks: Sequence[Clock]) -> None:
        """Which of a batch have rested. One query."""
        self._paused = set(Pause.objects.filter(clock__in=clocks).order_by().values_list("clock", flat=True))
        if self._paused:
            prefetch_related_objects([clock for clock in clocks if clock.pk in self._paused], PAUSES)

    def of(self, version: Version, clock: Clock) -> list[datetime]:
        if clock.pk in self._paused:
            return times_on(version, clock, self.calendar)
        key = (version.id or version.family, clock.started_on, clock.due_on)
        if key not in self._times:
            self._times[key] = rung_times(version.rungs, clock.started_on, clock.due_on, self.calendar)
        return self._times[key]


def key_of(clock: Clock, rung: Rung) -> str:
    """What a notice of a rung is about. A date that has moved is something new to say."""
    return f"{clock.pk}:{clock.due_on}:{rung.name}"


def first_to_come(
    version: Version, clock: Clock, times: Sequence[datetime], now: datetime, said: Container[str] = ()
) -> int:
    """Index of the first rung after `now` that has not been `said` (keys) before its time."""
    coming = (rung for rung, at in enumerate(times) if at > now and key_of(clock, version.rungs[rung]) not in said)
    return next(coming, len(times))


def watch_at(clock: Clock, version: Version, rung: int, times: list[datetime]) -> Watch | None:
    """None: the ladder is climbed."""
    if rung >= len(times):
        return None
    return Watch(clock=clock, ladder_id=version.id, rung=rung, next_at=times[rung])


def first_watch(clock: Clock, claim: Claim, book: Book, calendar: Calendar, now: datetime) -> Watch:
    """For a clock that begins: on the first rung, also if that is past (a case handed in late calls at once)."""
    version = ladder_today(clock, claim, book, day_of(now))
    return Watch(clock=clock, ladder_id=version.id, rung=0, next_at=times_on(version, clock, calendar)[0])


def coming_watch(
    clock: Clock, claim: Claim, book: Book, calendar: Calendar, now: datetime, said: Container[str] = ()
) -> Watch | None:
    """For a clock that goes on: on the first rung still to come. Those that fell before `now` call nobody."""
    version = ladder_today(clock, claim, book, day_of(now))
    times = times_on(version, clock, calendar)
    return watch_at(clock, version, first_to_come(version, clock, times, now, said), times)


def woken_watch(pause: Pause, clock: Clock, claim: Claim, book: Book, calendar: Calendar, now: datetime) -> Watch | None:
    """The watch of a clock that rested, once it counts again: at the rung it waited for, so that no rung is told twice and
    none still owed is lost. If its right ladder has changed meanwhile, on the first rung still to come there."""
    version = ladder_today(clock, claim, book, day_of(now))
    if version.id == pause.ladder_id and pause.rung is not None:
        return watch_at(clock, version, pause.rung, times_on(version, clock, calendar))
    return coming_watch(clock, claim, book, calendar, now)


def moved_watch(
    clock: Clock, claim: Claim, book: Book, calendar: Calendar, now: datetime, *, has_moved: bool
) -> Watch | None:
    """The watch on its fresh times. After a move, rungs that were heard for the old day but are still to come for
    the new one call again; escalation sees to it that the claim does not climb again. A wait for somebody to
    acknowledge ends with the day it was for. None: nothing is to come."""
    watch = getattr(clock, "watch", None)
    version = book.version(watch.ladder_id, clock.rule_id) if watch else ladder_today(clock, claim, book, day_of(now))
    times = times_on(version, clock, calendar)
    rung = watch.rung if watch else len(times)
    if has_moved:
        rung = min(rung, next((rung for rung, at in enumerate(times) if at > now), len(times)))
    fresh = watch_at(clock, version, rung, times)
    return waiting(fresh, watch) if fresh and watch and not has_moved else fresh


def switched_watch(watch: Watch, book: Book, times_of: Times, now: datetime, said: Container[str] = ()) -> Watch | None:
    """The watch on the ladder that is right today, at the first rung still to come there; itself, if it is on it
    already. It goes on waiting for somebody to acknowledge what was last said. None: nothing is to come."""
    clock = watch.clock
    version = ladder_today(clock, clock.claim, book, day_of(now))
    if version.id == watch.ladder_id:
        return watch
    times = times_of.of(version, clock)
    fresh = watch_at(clock, version, first_to_come(version, clock, times, now, said), times)
    return fresh and waiting(fresh, watch)


def waiting(fresh: Watch, watch: Watch) -> Watch:
    """The fresh watch with the old one's wait for an acknowledgement, if that ends before its rung's own time."""
    if watch.cause == UNACKED and watch.next_at < fresh.next_at:
        fresh.next_at, fresh.cause = watch.next_at, UNACKED
    return fresh
