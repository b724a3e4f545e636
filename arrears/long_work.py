"""Work that a page asks for and a task does. The row says what is asked for, the queue only hints at it: beat asks every minute
for what is left. Each piece is one transaction, so that whatever dies in between leaves everything as it was.
"""

import logging
from collections.abc import Callable
from typing import TypeVar

from celery.exceptions import SoftTimeLimitExceeded
from django.core.cache import cache
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import translation
from django.utils.functional import Promise
from redis.exceptions import RedisError

from grid.refused import Refused

MOST_TRIES = 3  # what kills whoever does it is not tried for ever
REMEMBERED = 600  # seconds

Row = TypeVar("Row")

logger = logging.getLogger(__name__)


def take_next(
    waiting: Callable[[], QuerySet], work: Callable[[Row], None], fail: Callable[[Row, str], None],
    language_of: Callable[[Row], str], sorry: Promise, prepare: Callable[[Row], None] = lambda _row: None,
) -> bool:  # fmt: skip
    """One of the rows asked for; whether there was one. What goes wrong is said to whoever asked, in their language; nothing is
    raised but that the task's time is up. `waiting`: rows with asked_at and tries, locked and skipping those another worker has.
    `prepare`: what is kept even if the work fails."""
    with transaction.atomic():
        row = waiting().order_by("asked_at").first()
        if row is None:
            return False
        with translation.override(language_of(row)):
            if row.tries >= MOST_TRIES:
                fail(row, str(sorry))
                return True
            type(row).objects.filter(pk=row.pk).update(tries=F("tries") + 1)
    with translation.override(language_of(row)):
        try:
            for step in (prepare, work):
                with transaction.atomic():
                    held = waiting().filter(pk=row.pk).first()  # another worker may have it by now
                    if held is not None:
                        step(held)
        except SoftTimeLimitExceeded:  # of the whole task: what is not done stays asked for, until its tries are used up
            raise
        except Refused as refusal:
            fail(row, refusal.message)
        except Exception:
            logger.exception("%s", row.pk)
            fail(row, str(sorry))
    return True


def say(row: object, done: int, of: int) -> None:
    """How far it is: a hint for whoever watches; the truth is the row."""
    try:
        cache.set(f"long_work:{row}", (done, of), REMEMBERED)
    except RedisError:
        logger.warning("nobody hears how far %s is", row)


def percent(row: object) -> int:
    try:
        done, of = cache.get(f"long_work:{row}") or (0, 1)
    except RedisError:
        return 0
    return min(99, 100 * done // max(of, 1))
