"""The verbs of a suspension 中止: rest a claim on a ground of the table, wake it, and wake what is due to wake.

The moves `suspend` and `resume` of lifecycle.CLAIM say who may; arrears.timing.pausing says what becomes of the clocks.
"""

import logging
from datetime import date, datetime
from time import monotonic

from django.db import transaction

from arrears import casework
from arrears.models import Claim, Suspension
from arrears.one_by_one import FAULTS
from grid.days import day_of
from grid.models import Person

AT_ONCE = 500  # claims in one call; the rest waits for the next minute
PATIENCE = 10.0  # seconds; the sweep waits behind it

logger = logging.getLogger(__name__)


def suspend(claim: Claim, person: Person, now: datetime, ground: str, planned_end: date, note: str) -> Claim:
    """The clocks of the office rest from today until `planned_end`, when the claim wakes by itself. Raises Refused as
    casework.advance does, and as pausing.pause does."""
    return casework.advance(claim, "suspend", person, now=now, ground=ground, planned_end=planned_end, reason=note)


def resume(claim: Claim, person: Person, now: datetime, note: str = "") -> Claim:
    """The clocks count again from today. Raises Refused as casework.advance does; not_suspended."""
    return casework.advance(claim, "resume", person, now=now, note=note)


def wake_due(now: datetime, *, seconds: float = PATIENCE) -> int:
    """Wakes the claims whose planned day has come, as long as the time lasts; how many. One transaction each; what
    somebody else has in hand waits for the next minute, and a claim that cannot be woken stops no other. Safe to repeat."""
    due = Suspension.objects.filter(ended_on=None, planned_end__lte=day_of(now)).order_by("planned_end", "pk")
    woken, ends = 0, monotonic() + seconds
    for claim in due.values_list("claim", flat=True)[:AT_ONCE]:
        woken += wake(claim, now)
        if monotonic() > ends:
            break
    return woken


def wake(claim_id: object, now: datetime) -> bool:
    try:
        with transaction.atomic():
            asleep = Claim.objects.filter(pk=claim_id, suspended_until__lte=day_of(now))
            claim = asleep.select_for_update(skip_locked=True, no_key=True).first()
            if claim is None:
                return False
            casework.advance(claim, "resume", None, now=now)
            return True
    except FAULTS:
        logger.exception("claim %s cannot be woken", claim_id)
        return False
