"""Delivers the rows that grid.notices writes: claim, commit, talk to the channel, settle.

At least once. A worker that dies between sending and settling leaves its claim behind; after STUCK_AFTER the row
is queued again and the message goes out a second time. Its key goes with it (Message-ID, Idempotency-Key), so that
the receiver can see the repeat. Nothing is lost, and no transaction is held over the network.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from grid import circuits, digests, tasklist, wordings
from grid.addressees import ROBOT, Contact, contact_of, may_be_told
from grid.channels import CHANNELS, Message, SendError
from grid.channels.message import File
from grid.days import day_of
from grid.kinds import KINDS, kind_of
from grid.models import Notice, Person
from grid.models.notices import BUNDLED, DROPPED, FAILED, PERSON, QUEUED, REROUTED, SENDING, SENT
from grid.quiet import quiet_until
from grid.scope import sees_region

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
RETRY_AFTER = (1 * MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 12 * HOUR)  # then failed, and a person's work
STUCK_AFTER = 15 * MINUTE
MOST_STUCK = 1000  # at once

EMAIL = "email"
FILES: dict[str, Callable[[Notice], Sequence[File]]] = {}  # by kind: what goes with a mail about it, as it stands then

UNDELIVERED: dict[str, Callable[[Notice, datetime], bool]] = {}  # by kind of addressee: whose work it is that they were not reached

logger = logging.getLogger(__name__)


def add_undelivered(kind: str, follow: Callable[[Notice, datetime], bool]) -> None:
    """An app above makes it the work of whoever can reach them another way; True: it has."""
    UNDELIVERED[kind] = follow


def add_files(kind: str, files_of: Callable[[Notice], Sequence[File]]) -> None:
    """An app above says what it sends along (its mail_files.py)."""
    FILES[kind] = files_of


def send_one(now: datetime) -> bool:
    """One step: delivers the notice that has waited longest, or puts a flood into one message. False when none is due."""
    known = circuits.states()
    notice = claim_next(now, known)
    if notice is None:
        return False
    if notice.state == BUNDLED:
        return True
    try:
        if send(notice, now) and notice.channel in known:
            circuits.worked(notice.channel, now)
    except SendError as error:
        if error.of_channel:
            blame_channel(notice, now, error)
        else:
            put_back(notice, now, str(error), permanent=error.permanent, wait=error.wait)
    except Exception as error:  # whatever is wrong with this one, the others go out
        logger.exception("notice %s (%s) could not be sent", notice.pk, notice.kind)
        put_back(notice, now, f"{type(error).__name__}: {error}")
    return True


def claim_next(now: datetime, known: circuits.States | None = None) -> Notice | None:
    """Marks the oldest due row as being sent, so that no other worker takes it; committed before it is sent. A row of a
    flood goes into the one message for it instead, and comes back bundled."""
    known = circuits.states() if known is None else known
    closed = circuits.shut(known, now)
    due = Notice.objects.filter(state=QUEUED, next_try_at__lte=now).order_by("next_try_at", "id")
    due = due.select_related("recipient__preference", "body").select_for_update(skip_locked=True, of=("self",))
    while True:
        with transaction.atomic():
            notice = due.exclude(channel__in=closed).first()
            if notice is None:
                return None
            if digests.gather(notice, now):
                notice.state = BUNDLED
                return notice
            if circuits.is_open(known.get(notice.channel)):
                notice.is_probe = circuits.take_probe(notice.channel, now)
                if not notice.is_probe:
                    closed.add(notice.channel)
                    continue
            notice.state, notice.claimed_at, notice.attempts = SENDING, now, notice.attempts + 1
            notice.save(update_fields=["state", "claimed_at", "attempts"])
            return notice


def send(notice: Notice, now: datetime) -> bool:
    """Asks everything that may have changed since it was written, then hands it over. False: it was not to go out now."""
    contact = contact_of(notice)
    if contact is None or not contact.may_be_told or not may_be_told(notice, day_of(now)):
        settle(notice, state=DROPPED)
        return False
    if is_over(notice, now):
        settle(notice, state=DROPPED)
        return False
    if quiet := waits_until(notice, contact, now):
        settle(notice, state=QUEUED, next_try_at=quiet, attempts=notice.attempts - 1)
        return False
    held = digests.contents_of(notice, now) if notice.kind in digests.BUNDLES else None
    if held:
        digests.leave_out(held)
        if not held.rows:
            settle(notice, state=REROUTED if held.told else DROPPED)
            return False
    with translation.override(contact.language):
        CHANNELS[notice.channel].send(message_of(notice, contact, held))
    with transaction.atomic():
        if settle(notice, state=SENT, sent_at=now, error="") and held:
            digests.went_out(held.rows, now)
    return True


def waits_until(notice: Notice, contact: Contact, now: datetime) -> datetime | None:
    if not CHANNELS[notice.channel].is_external or not (quiet := quiet_until(now, *contact.quiet)):
        return None
    is_hard = digests.must_be_said_at_once(notice) if notice.kind == digests.FLOOD else KINDS[notice.kind].is_statutory
    return None if is_hard or comes_too_late(notice, now, quiet + contact.lead) else quiet


def comes_too_late(notice: Notice, now: datetime, then: datetime) -> bool:
    """Is what it tells of still to come now, and over or too near then?"""
    moment = notice.facts.get(kind_of(notice.kind).moment)
    return bool(moment) and now < datetime.fromisoformat(moment) < then


def is_over(notice: Notice, now: datetime) -> bool:
    """Waited until what it calls to had begun: whoever reads it now would come in vain."""
    kind = kind_of(notice.kind)
    moment = notice.facts.get(kind.moment)
    return kind.is_call and bool(moment) and datetime.fromisoformat(moment) <= now


def message_of(notice: Notice, contact: Contact, held: digests.Contents | None) -> Message:
    if held:
        notice.facts = {**notice.facts, **digests.facts_of(held, notice.channel)}
    notice.facts = {**notice.facts, **contact.said}
    said = wordings.say(notice)
    text = "\n".join(filter(None, (detour(notice), said.text)))
    short = (" " if wordings.is_english() else "").join(filter(None, (detour(notice), said.short)))
    files = tuple(FILES[notice.kind](notice)) if notice.channel == EMAIL and notice.kind in FILES else ()
    return Message(notice.key, contact, said.title, text, short, notice.path, kind_of(notice.kind).is_discreet, files)


def detour(notice: Notice) -> str:
    if not notice.instead_of:
        return ""
    names = {"dead": gettext(CHANNELS[notice.instead_of].label), "channel": gettext(CHANNELS[notice.channel].label)}
    return gettext("（%(dead)s通道故障，改由%(channel)s发送。）") % names


def settle(notice: Notice, **changes: Any) -> bool:
    """Only the claim's holder settles it: one that was released in the meantime is somebody else's."""
    mine = Notice.objects.filter(pk=notice.pk, state=SENDING, claimed_at=notice.claimed_at)
    return bool(mine.update(claimed_at=None, **changes))


def blame_channel(notice: Notice, now: datetime, error: SendError) -> None:
    """The one that tried whether a dead channel works again loses no try by it, and another one tries next time."""
    retry_at = circuits.failed(notice.channel, str(error), now, is_probe=notice.is_probe, wait=error.wait)
    if notice.is_probe and retry_at:
        settle(notice, state=QUEUED, next_try_at=retry_at + MINUTE, attempts=notice.attempts - 1, error=str(error)[:300])
    else:
        put_back(notice, now, str(error), wait=error.wait)
    if retry_at:
        circuits.clear_way(now)


def put_back(
    notice: Notice, now: datetime, error: str, *, permanent: bool = False, wait: timedelta = timedelta(0)
) -> None:
    """Queues it for a later try, or gives it up and makes that somebody's work. `wait`: no sooner than that."""
    error = error[:300]
    if not permanent and notice.attempts <= len(RETRY_AFTER):
        settle(notice, state=QUEUED, next_try_at=now + max(RETRY_AFTER[notice.attempts - 1], wait), error=error)
        return
    with transaction.atomic():
        if settle(notice, state=FAILED, error=error):
            hand_over(notice, now, error)


def hand_over(notice: Notice, now: datetime, error: str) -> None:
    """Whoever leads the place can reach the person another way; an administrator can correct the address."""
    if notice.addressee_kind in UNDELIVERED and UNDELIVERED[notice.addressee_kind](notice, now):
        return
    today, region = day_of(now), region_of(notice)
    owner = tasklist.owner_for(region, today, besides=notice.recipient)
    if owner is None:
        logger.error("notice %s (%s) was given up and nobody is there to be told", notice.pk, notice.kind)
        return
    channel = CHANNELS.get(notice.channel)
    facts = {
        "person": name_of(notice),
        "channel_msgid": channel.label if channel else notice.channel,
        "error": error,
    }
    tasklist.add(
        owner, "delivery_failed", key=work_of(notice, owner), now=now, facts=facts,
        path=notice.path if region and sees_region(owner, region, today) else "",
        subject_id=notice.subject_id, region_code=region,
    )  # fmt: skip


def work_of(notice: Notice, owner: Person) -> str:
    """A dead address is one piece of work, however much goes there: everybody has an inbox, and a chat group is told
    nothing its people are not. Only workers have no other way to hear of each case."""
    to = notice.recipient_id or notice.addressee_id
    about = notice.subject_id if notice.addressee_kind not in (PERSON, ROBOT) else ""
    return f"undelivered:{notice.channel}:{to}:{owner.pk}:{about}"


def name_of(notice: Notice) -> str:
    """A row that names nobody we know is given up like any other; it must not stop the worker that gives it up."""
    try:
        contact = contact_of(notice)
    except LookupError:
        contact = None
    return contact.name if contact else "—"


def region_of(notice: Notice) -> str:
    if notice.kind in digests.BUNDLES:
        return digests.inside(notice).values_list("region_code", flat=True).order_by("created_at").first() or ""
    return notice.region_code or (notice.body.region_id if notice.body else "")


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
