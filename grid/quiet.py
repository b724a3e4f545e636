"""免打扰: hours in which somebody is not to be disturbed, and days on which nobody works. Django-free.

The room below the law's calendar knows only weekends: a morning that falls on a holiday is early, never late.
"""

from datetime import date, datetime, time, timedelta

from grid.days import SHANGHAI, day_of

MORNING = time(9, 0)
SATURDAY = 5


def quiet_until(now: datetime, start: time | None, end: time | None) -> datetime | None:
    """The end of the quiet hours that `now` lies in; None outside them. They may go over midnight."""
    if start is None or end is None or start == end:
        return None
    here = now.astimezone(SHANGHAI)
    clock = here.time()
    is_inside = start <= clock < end if start < end else clock >= start or clock < end
    if not is_inside:
        return None
    ends_tomorrow = start > end and clock >= start
    return datetime.combine(here.date() + timedelta(days=ends_tomorrow), end, SHANGHAI)


def next_weekday(day: date) -> date:
    """The first day after `day` that is no Saturday or Sunday."""
    day += timedelta(days=1)
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    return day


def next_morning(now: datetime) -> datetime:
    return datetime.combine(next_weekday(day_of(now)), MORNING, SHANGHAI)
