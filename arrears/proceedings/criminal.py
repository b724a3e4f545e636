"""Tells, once, that a claim has come to the amount of 拒不支付劳动报酬罪: whoever handles it and the county, who alone may transfer it.

After what changes a sum the claim is looked at again, when that is written. What was told last stands in its history: it is told
again only after it was undone (paid, verified lower) and reached anew."""

from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction

from arrears import casework
from arrears.history import add_listener, hold, record
from arrears.models import Claim, Event
from arrears.notice_kinds import facts_of
from arrears.proceedings.threshold import reached
from grid.days import day_of
from grid.duty import Roster
from grid.models import Person
from grid.notices import tell
from grid.roles import COUNTY

REACHED, UNDONE = "crime_reached", "crime_undone"
# Events after which another sum may be owed, or owed to others or for longer.
SUMS = (
    "register", "complete", "verify", "settle", "breach", "record_payment", "paid", "merged_in", "add_workers", "split", "split_off", "reopen",
)  # fmt: skip


def listen(claim: Claim, event: Event) -> None:
    if event.kind in SUMS:
        transaction.on_commit(partial(look, claim.pk, event.at), robust=True)


def look(pk: Any, now: datetime) -> str:
    """Which of the two was written, or "" for neither."""
    with transaction.atomic():
        claim = Claim.objects.select_related("region").get(pk=pk)
        if not claim.is_open:
            return ""
        is_reached = bool(reached(claim, day_of(now)))
        if is_reached == was_reached(claim):
            return ""
        claim = hold(claim)
        if is_reached == was_reached(claim):
            return ""  # another was first
        event = record(claim, REACHED if is_reached else UNDONE, None, now=now)
        if is_reached:
            tell(
                whom(claim, now), REACHED, key=f"{REACHED}:{event.pk}", now=now, facts=facts_of(claim), path=f"/claims/{claim.pk}/proceedings/",
                subject_id=claim.pk, region_code=claim.region_id,
            )  # fmt: skip
        return event.kind


def was_reached(claim: Claim) -> bool:
    last = Event.objects.filter(claim=claim, kind__in=(REACHED, UNDONE)).order_by("-seq").values_list("kind", flat=True).first()
    return last == REACHED


def whom(claim: Claim, now: datetime) -> list[Person]:
    today = day_of(now)
    return [*casework.told_of(claim, ("handler",), today), *Roster.around(claim.region_id, today).answerable(COUNTY, claim.region_id)[1]]


add_listener(listen)
