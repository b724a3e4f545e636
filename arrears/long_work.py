"""Work that a page asks for and a task does. The row says what is asked for, the queue only hints at it: beat asks every minute
for what is left. Each piece is one transaction, so that whatever dies in between leaves everything as it was. A try is counted by
whoever does the work alone: the lock of a session says who that is, and ends with whoever is killed.
"""

import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any, TypeVar

from celery.exceptions import SoftTimeLimitExceeded
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
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
    row = None
    try:
        with transaction.atomic():
            row = next_free(waiting)
            if row is None:
                return False
            with translation.override(language_of(row)):
                if row.tries >= MOST_TRIES:
                    fail(row, str(sorry))
                    return True
                type(row).objects.filter(pk=row.pk).update(tries=F("tries") + 1)
        carry_out(row, waiting, (prepare, work), fail, language_of, sorry)
    finally:
        if row is not None:
            let_go(row)
    return True


def carry_out(
    row: Row, waiting: Callable[[], QuerySet], steps: Iterable[Callable[[Row], None]], fail: Callable[[Row, str], None],
    language_of: Callable[[Row], str], sorry: Promise,
) -> None:  # fmt: skip
    with translation.override(language_of(row)):
        try:
            for step in steps:
                with transaction.atomic():
                    held = waiting().select_for_update(of=("self",)).filter(pk=row.pk).first()  # waits for whoever only looks at it
                    if held is not None:
                        step(held)
        except SoftTimeLimitExceeded:  # of the whole task: what is not done stays asked for, until its tries are used up
            raise
        except Refused as refusal:
            fail(row, refusal.message)
        except Exception:
            logger.exception("%s", row.pk)
            fail(row, str(sorry))


def next_free(waiting: Callable[[], QuerySet]) -> Any:
    """The first that no other worker is at. Between a try that is counted and the work no row is locked: two that heard of one row at
    once would else use up its tries and do nothing."""
    others: list[Any] = []
    while (row := waiting().exclude(pk__in=others).order_by("asked_at").first()) is not None:
        if asked(row, "pg_try_advisory_lock"):
            return row
        others.append(row.pk)
    return None


def let_go(row: Any) -> None:
    with suppress(DatabaseError):  # a connection that is lost holds nothing
        asked(row, "pg_advisory_unlock")


def asked(row: Any, function: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [row.pk.int % 2**63])
        return bool(cursor.fetchone()[0])


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
