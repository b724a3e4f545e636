"""What a sweep does to many rows, each by itself: one that cannot be done stops no other. It stays due, so that /healthz and
check_integrity name it, and the next sweep tries again."""

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from django.db import DataError, IntegrityError

from grid.refused import Refused

# What a row with impossible data raises; a lost database or a task's time limit is no fault of the row's.
FAULTS = (Refused, LookupError, ValueError, TypeError, AttributeError, AssertionError, IntegrityError, DataError)

Row = TypeVar("Row")

logger = logging.getLogger(__name__)


def one_by_one(rows: Iterable[Row], act: Callable[[Row], bool]) -> int:
    """For how many `act`, which opens a transaction of its own, did something."""
    done = 0
    for row in rows:
        try:
            done += act(row)
        except FAULTS:
            logger.exception("%s cannot be done by %s", getattr(row, "pk", row), act.__qualname__)
    return done
