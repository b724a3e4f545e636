"""Delivers the rows that grid.notices writes: claim, commit, talk to the channel, settle.

At least once. A worker that dies between sending and settling leaves its claim behind; after STUCK_AFTER the row
is queued again and the message goes out a second time. Its key goes with it (Message-ID, X-Xinan-Key), so that
the receiver can see the repeat. Nothing is lost, and no transaction is held over the network.
"""

import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import translation

from grid.channels import CHANNELS, Message, SendError
from grid.days import day_of
from grid.duty import Roster
from grid.models import Notice, Person
from grid.models.notices import DROPPED, FAILED, QUEUED, SENDING, SENT
from grid.notices import tell, words
from grid.roles import COUNTY
from grid.scope import sees_region

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
RETRY_AFTER = (1 * MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 12 * HOUR)  # then failed, and a person's work
STUCK_AFTER = 15 * MINUTE
MOST_STUCK = 1000  # at once

# Who may be told although no post of theirs covers the notice's region. The apps above add theirs.
MAY_SEE: list[Callable[[Person, Notice, date], bool]] = []

logger = logging.getLogger(__name__)


def send_one(now: datetime) -> bool:
    """Delivers the notice that has waited longest; False when none is due."""
    notice = claim_next(now)
    if notice is None:
        return False
    try:
        if not may_be_told(notice, day_of(now)):
            settle(notice, state=DROPPED)
            return True
        with translation.override(notice.recipient.language):
            CHANNELS[notice.channel].send(Message(notice.key, notice.recipient, *words(notice), notice.path))
        settle(notice, state=SENT, sent_at=now, error="")
    except SendError as error:
        put_back(notice, now, str(error), permanent=error.permanent)
    except Exception as error:  # whatever is wrong with this one, the others go out
        logger.exception("notice %s (%s) could not be sent", notice.pk, notice.kind)
        put_back(notice, now, f"{type(error).__name__}: {error}")
    return True


def claim_next(now: datetime) -> Notice | None:
    """Marks the oldest due row as being sent, so that no other worker takes it; committed before it is sent."""
    due = Notice.objects.filter(state=QUEUED, next_try_at__lte=now).order_by("next_try_at", "id")
    with transaction.atomic():
        notice = due.select_related("recipient", "body").select_for_update(skip_locked=True, of=("self",)).first()
        if notice is None:
            return None
        notice.state, notice.claimed_at, notice.attempts = SENDING, now, notice.attempts + 1
        notice.save(update_fields=["state", "claimed_at", "attempts"])
    return notice


def may_be_told(notice: Notice, today: date) -> bool:
    """Asked at the moment of sending: since it was written the recipient may have moved office or left."""
    person = notice.recipient
    if notice.body_id:
        return person.is_active and notice.body_id in person.scope(today).bodies
    if not notice.region_code or not person.is_active:
        return person.is_active
    return sees_region(person, notice.region_code, today) or any(may_see(person, notice, today) for may_see in MAY_SEE)


def settle(notice: Notice, **changes: Any) -> bool:
    """Only the claim's holder settles it: one that was released in the meantime is somebody else's."""
    mine = Notice.objects.filter(pk=notice.pk, state=SENDING, claimed_at=notice.claimed_at)
    return bool(mine.update(claimed_at=None, **changes))


def put_back(notice: Notice, now: datetime, error: str, *, permanent: bool = False) -> None:
    """Queues it for a later try, or gives it up and makes that somebody's work."""
    error = error[:300]
    if not permanent and notice.attempts <= len(RETRY_AFTER):
        settle(notice, state=QUEUED, next_try_at=now + RETRY_AFTER[notice.attempts - 1], error=error)
        return
    with transaction.atomic():
        if settle(notice, state=FAILED, error=error):
            tell_of_failure(notice, now, error)


def tell_of_failure(notice: Notice, now: datetime, error: str) -> None:
    """Whoever leads the place can reach the person another way; an administrator can correct the address."""
    region = notice.region_code or (notice.body.region_id if notice.body else "")
    channel = CHANNELS.get(notice.channel)
    facts = {"person": str(notice.recipient), "channel_msgid": channel.label if channel else notice.channel, "error": error}
    what = {"key": f"undelivered:{notice.pk}", "now": now, "facts": facts}
    roster = Roster(day_of(now))
    leads = [one for one in roster.answerable(COUNTY, region)[1] if one.pk != notice.recipient_id]
    tell(leads, "delivery_failed", path=notice.path, subject_id=notice.subject_id, region_code=region, **what)
    tell(others(roster.administrators(region), leads), "delivery_failed", **what)


def others(people: list[Person], told: list[Person]) -> list[Person]:
    known = {person.pk for person in told}
    return [person for person in people if person.pk not in known]


def release_stuck(now: datetime) -> int:
    """Takes back what dead workers had claimed; how many. A notice that kills its worker runs out of tries, too."""
    claimed = Notice.objects.filter(state=SENDING, claimed_at__lt=now - STUCK_AFTER)
    stuck = list(claimed.select_related("recipient", "body").order_by("claimed_at")[:MOST_STUCK])
    for notice in stuck:
        logger.warning("notice %s was claimed at %s and never settled", notice.pk, notice.claimed_at)
        if notice.attempts > len(RETRY_AFTER):
            put_back(notice, now, "never settled", permanent=True)
        else:
            settle(notice, state=QUEUED, next_try_at=now)
    return len(stuck)
