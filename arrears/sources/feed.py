"""The changes of one source in an order that never changes, for the office to read from where it stopped.

A place in it is given when the feed is read, under a lock: rows are committed in another order than they are begun, and a
place given at writing would let one slip in behind somebody who has read on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from arrears.models import Returned, Source
from arrears.models.sources import PULL, SENT, WAITS

SIZE, LARGEST = 100, 500
AT_ONCE = 5_000  # places given in one reading; the next one goes on


@dataclass(frozen=True)
class Stretch:
    rows: Sequence[Returned]
    next: int
    is_more: bool


def read(source: Source, now: datetime, *, after: int | None = None, since: datetime | None = None, size: int = SIZE) -> Stretch:
    """What comes behind the place `after`, or happened from `since` on. What was read counts as handed over; reading from an
    earlier place gives the same again."""
    with transaction.atomic():
        give_places(source)
        rows = Returned.objects.of(source).exclude(position=None)
        rows = rows.filter(position__gt=after) if after is not None else rows.filter(at__gte=since) if since else rows
        found = list(rows.select_related("source", "report", "claim").order_by("position")[: size + 1])
        shown = found[:size]
        Returned.objects.filter(pk__in=[row.pk for row in shown], way=PULL, standing=WAITS).update(standing=SENT, sent_at=now)
    end = shown[-1].position if shown else after if after is not None else last_place(source)
    return Stretch(shown, end, len(found) > size)


def give_places(source: Source) -> None:
    unplaced = Returned.objects.of(source).filter(position=None)
    if not unplaced.exists():
        return
    Source.objects.select_for_update(no_key=True).get(pk=source.pk)
    rows = list(unplaced.order_by("id").only("pk")[:AT_ONCE])
    first = last_place(source) + 1
    for place, row in enumerate(rows, first):
        row.position = place
    Returned.objects.bulk_update(rows, ["position"], batch_size=500)


def last_place(source: Source) -> int:
    return Returned.objects.of(source).aggregate(last=Max("position"))["last"] or 0
