"""Setting the watches of running clocks on the ladders that are right today: after a publication, on the day one becomes
valid, when a season begins or ends, when a claim becomes of another kind.

What is already due stays as it is and is fired by the sweep, on the ladder it was due on. A rung of the new ladder
whose moment is past calls nobody. Safe to stop anywhere and to repeat: what is right already is not touched.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from time import monotonic
from typing import Any

from django.db import transaction
from django.db.models import Q

from arrears.calendars import calendar_now
from arrears.deadlines import RULES
from arrears.ladders.book import CLAIM_CLASSES, COLLECTIVE_FROM, Book, Version, kinds_of
from arrears.ladders.store import book_now
from arrears.models import Alignment, Claim, Clock, Watch
from arrears.models.claims import OPEN_CLAIM
from arrears.timing.counting import PAUSES
from arrears.timing.watches import Times, coming_watch, key_of, ladder_today, switched_watch
from grid.bulk import insert, update
from grid.days import day_of
from grid.models import Notice

AT_ONCE = 1000  # clocks a transaction
PATIENCE = 15.0  # seconds; the sweep waits behind it, and the rest waits for the next minute
LONGEST_HOLIDAYS = 20  # days
OF_CLOCK = ("rule_id", "about_id", "started_on", "due_on", "claim__worker_count", "claim__sensitive")
UNDER_WAY = {"": {}}  # no table of what is right
FAULTS = (LookupError, ValueError, TypeError, AttributeError)

logger = logging.getLogger(__name__)


def realign(now: datetime, *, seconds: float = PATIENCE) -> int:
    """Sets what is not on its right ladder, as long as the time lasts; how many. Three small queries if nothing changed.

    The table of what is right is kept when a pass found nothing left to set: rows that somebody had in hand, or that a
    verb under way wrote by the old book, are found by the next pass."""
    book, today = book_now(), day_of(now)
    right = {rule: {name: str(pk) for name, pk in by_class.items()} for rule, by_class in book.table(today).items()}
    if right == (Alignment.objects.values_list("chosen", flat=True).filter(pk=1).first() or {}):
        return 0
    keep(UNDER_WAY, now)  # so that what this pass leaves behind is found, even if it is right again by then
    done, left, ends, times = 0, 0, monotonic() + seconds, Times(calendar_now())
    for ids in some(misplaced(book, now)):
        seen, moved = set_right(ids, book, times, now)
        done, left = done + moved, left + len(ids) - seen
        if monotonic() > ends:
            return done
    if not done and not left:
        keep(right, now)
    return done


def keep(chosen: dict[str, Any], now: datetime) -> None:
    row = Alignment(pk=1, chosen=chosen, at=now)
    Alignment.objects.bulk_create([row], update_conflicts=True, unique_fields=["id"], update_fields=["chosen", "at"])


def some(ids: Iterator[Any]) -> Iterator[list[Any]]:
    while chunk := list(islice(ids, AT_ONCE)):
        yield chunk


def misplaced(book: Book, now: datetime) -> Iterator[Any]:
    """Ids of the running clocks whose watch, if it is not due, is on another ladder than the right one; and of those
    that had come to the end of theirs, where the right one is longer. Streamed: memory stays flat."""
    rows = Clock.objects.running().filter(off_ladder(book, now), claim__in=Claim.objects.filter(OPEN_CLAIM))
    return rows.order_by().values_list("pk", flat=True).iterator(chunk_size=AT_ONCE)


def off_ladder(book: Book, now: datetime) -> Q:
    today = day_of(now)
    rules: dict[tuple[str, Version], list[str]] = defaultdict(list)
    for rule in RULES:
        for name, example in CLAIM_CLASSES.items():
            rules[name, book.choose(rule, kinds_of(*example, book.in_season(today)), today)].append(rule)
    wrong = Q(pk__in=[])
    for (name, version), ids in rules.items():
        other = ~Q(watch__ladder=None) if version.id is None else Q(watch__ladder=None) | ~Q(watch__ladder=version.id)
        ended = Q(watch=None, claim__suspended_until=None, due_on__gt=today - reach(version))
        wrong |= Q(class_q(name), Q(other, watch__next_at__gt=now) | ended, rule_id__in=ids)
    return wrong


def reach(version: Version) -> timedelta:
    """How long after the due day the ladder may still call, holidays included."""
    last = max((rung.working_days or 0 for rung in version.rungs), default=0)
    return timedelta(days=2 * max(last, 0) + LONGEST_HOLIDAYS)


def class_q(name: str) -> Q:
    """The claims of a class, seen from their clocks."""
    count, sensitive = CLAIM_CLASSES[name]
    size = Q(claim__worker_count__gte=COLLECTIVE_FROM) if count >= COLLECTIVE_FROM else Q(claim__worker_count__lt=COLLECTIVE_FROM)
    return size & (~Q(claim__sensitive="") if sensitive else Q(claim__sensitive=""))


@transaction.atomic
def set_right(ids: Iterable[Any], book: Book, times: Times, now: datetime) -> tuple[int, int]:
    """Of these clocks, how many could be looked at (others have the rest in hand) and how many watches changed. Locks
    as a sweep does, so that neither waits for the other nor for a verb."""
    ids = list(ids)
    watches = (
        Watch.objects.filter(pk__in=ids, next_at__gt=now).select_related("clock__claim").order_by("pk")
        .only("ladder", "rung", "next_at", "cause", *(f"clock__{name}" for name in OF_CLOCK))
        .select_for_update(skip_locked=True, no_key=True, of=("self", "clock", "clock__claim"))
    )  # fmt: skip
    bare = (
        Clock.objects.running().filter(pk__in=ids, watch=None).select_related("claim").only(*OF_CLOCK)
        .prefetch_related(PAUSES).order_by("pk").select_for_update(skip_locked=True, no_key=True, of=("self", "claim"))
    )  # fmt: skip
    return set_watches(list(watches), list(bare), book, times, now)


def set_watches(watches: list[Watch], bare: list[Clock], book: Book, times: Times, now: datetime) -> tuple[int, int]:
    kept, gone, new = [], [], []
    times.know([watch.clock for watch in watches])
    said = said_of([*(watch.clock for watch in watches), *bare], book, now)
    for watch in watches:
        fresh = guarded(switched_watch, watch, book, times, now, said)
        if fresh is None:
            gone.append(watch.pk)
        elif fresh is not watch:
            kept.append(fresh)
    for clock in bare:
        if fresh := guarded(coming_watch, clock, clock.claim, book, times.calendar, now, said):
            new.append(fresh)
    update(kept, ("ladder", "rung", "next_at", "cause"))
    Watch.objects.filter(pk__in=gone).delete()
    insert(new, ignore_conflicts=True)
    return len(watches) + len(bare), len(kept) + len(gone) + len(new)


def said_of(clocks: Iterable[Clock], book: Book, now: datetime) -> set[str]:
    """Which rungs of their right ladders these clocks have called with already, maybe before their time. One query."""
    keys = [
        key_of(clock, rung)
        for clock in clocks
        if clock.rule_id in RULES
        for rung in ladder_today(clock, clock.claim, book, day_of(now)).rungs
    ]
    return set(Notice.objects.filter(key__in=keys).order_by().values_list("key", flat=True))


def guarded(step: Any, row: Watch | Clock, *given: Any) -> Watch | None:
    """A row that cannot be planned keeps what it has and stops no other."""
    try:
        return step(row, *given)
    except FAULTS:
        logger.exception("clock %s cannot be set on its ladder", row.pk)
        return row if isinstance(row, Watch) else None


def replan(claim: Claim, now: datetime) -> None:
    """The claim has become of another kind. Called inside the transaction of the verb, which has the claim in hand."""
    running = Clock.objects.running().filter(claim=claim)
    watches = list(Watch.objects.filter(clock__in=running, next_at__gt=now).select_related("clock"))
    bare = [] if claim.suspended_until else list(running.filter(watch=None))
    for clock in [*(watch.clock for watch in watches), *bare]:
        clock.claim = claim
    set_watches(watches, bare, book_now(), Times(calendar_now()), now)
