"""A day as a number: bit n is the n-th step of five minutes after the earliest time a hearing may be held.

Sixty rooms and forty mediators on ninety days are nine thousand such numbers; whether a hearing fits is a few shifts.
"""

from collections.abc import Iterator
from datetime import time
from functools import lru_cache

from mediation.lifecycle import CLOSES, OPENS

STEP = 5  # minutes


def minute(clock: time) -> int:
    return clock.hour * 60 + clock.minute


FIRST, LAST = minute(OPENS), minute(CLOSES)  # minutes of the day
STEPS = (LAST - FIRST) // STEP
WHOLE = (1 << STEPS) - 1


@lru_cache(maxsize=4096)
def span(start: int, end: int) -> int:
    """The steps from minute `start` up to minute `end` of the day; a step that is touched counts whole."""
    first = max(0, (start - FIRST) // STEP)
    last = min(STEPS, -(-(end - FIRST) // STEP))
    return ((1 << (last - first)) - 1) << first if last > first else 0


@lru_cache(maxsize=16384)  # most hearings begin when others do: the days of a calendar look alike
def beginnings(busy: int, minutes: int) -> int:
    """The steps from which `minutes` on end are free. What lies behind closing time is."""
    steps = -(-minutes // STEP)
    free = ~busy & ((1 << (STEPS + steps)) - 1)
    have = 1
    while have < steps:
        shift = min(have, steps - have)
        free &= free >> shift
        have += shift
    return free & WHOLE


@lru_cache
def grid(every: int) -> int:
    """The steps at which a hearing may begin: every so many minutes."""
    return sum(1 << step for step in range(0, STEPS, max(1, every // STEP)))


def minutes_of(mask: int) -> Iterator[int]:
    """The minutes of the day its bits stand for, early first."""
    while mask:
        lowest = mask & -mask
        yield FIRST + (lowest.bit_length() - 1) * STEP
        mask ^= lowest


def clock(minutes: int) -> time:
    return time(*divmod(minutes, 60))
