"""Many notices in one message: what somebody wants once a day, and what would otherwise be a flood.

The rows inside are `bundled` and point at the row that goes out; what it says is put together when it is sent, from
those its reader may still be told of.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils.translation import gettext

from grid import wordings
from grid.addressees import may_be_told, same_addressee
from grid.channels import CHANNELS
from grid.days import SHANGHAI, day_of
from grid.kinds import KINDS, kind_of
from grid.models import Notice, Person, Preference
from grid.models.notices import ALIVE, BUNDLED, DROPPED, HELD, PERSON, QUEUED, REROUTED, SENT

DIGEST, FLOOD = "digest", "flood"  # kinds
BUNDLES = (DIGEST, FLOOD)
WORKER = "worker"  # topic
SENT_AT = time(8, 30)
LONGEST_WAIT = timedelta(days=7)  # of somebody whose threshold is never reached
GATHERS = timedelta(minutes=1)  # how long the message of a flood waits for the rest of it
APART = timedelta(minutes=10)  # what goes on trickling in comes in messages so far apart
MOST_AT_ONCE = 5000
LISTED = 500

logger = logging.getLogger(__name__)


# The digest somebody asked for.


def send_due(now: datetime) -> int:
    """Queues the digests that are due; how many."""
    waiting = Notice.objects.filter(state=HELD).order_by().values("recipient", "channel")
    groups = list(waiting.annotate(count=Count("pk"), oldest=Min("created_at")).values_list("recipient", "channel", "count", "oldest"))
    people = Person.objects.select_related("preference").in_bulk({person for person, _channel, _count, _oldest in groups})
    made = 0
    for person_id, channel, count, oldest in groups:
        person = people[person_id]
        until = due_until(getattr(person, "preference", None), count, oldest, now)
        if oldest <= until:
            made += send_digest(person, channel, until, now)
    return made


def due_until(preference: Preference | None, count: int, oldest: datetime, now: datetime) -> datetime:
    """Rows written by then go out now."""
    match preference.digest if preference else "none":
        case "daily":
            return last_morning(now)
        case "weekly":
            morning = last_morning(now)
            return morning - timedelta(days=morning.weekday())
        case "threshold" if count < preference.threshold:
            return now - LONGEST_WAIT if oldest > now - LONGEST_WAIT else now
    return now


def last_morning(now: datetime) -> datetime:
    today = datetime.combine(day_of(now), SENT_AT, SHANGHAI)
    return today if today <= now else today - timedelta(days=1)


def send_digest(person: Person, channel: str, until: datetime, now: datetime) -> bool:
    with transaction.atomic():
        held = Notice.objects.filter(state=HELD, recipient=person, channel=channel, created_at__lte=until).order_by("created_at", "id")
        rows = list(held.select_for_update(skip_locked=True).values_list("pk", flat=True)[:MOST_AT_ONCE])
        if not rows:  # another worker has them
            return False
        bundle = Notice(
            key=f"{DIGEST}:{person.pk}:{channel}:{rows[0]}", recipient=person, channel=channel, kind=DIGEST,
            created_at=now, next_try_at=now, path=reverse("inbox"), wording_id=wordings.current().get(DIGEST),
        )  # fmt: skip
        bundle.save(force_insert=True)
        Notice.objects.filter(pk__in=rows).update(state=BUNDLED, bundle=bundle)
    return True


# The flood.


def gather(notice: Notice, now: datetime) -> bool:
    """Inside the transaction that has locked the row: if more than settings.FLOOD like it are due or went out lately, or
    a message for such a flood is about to go out, they go into that one message. False: send it alone. Workers, who
    cannot look up what a count leaves out, get each message."""
    channel = CHANNELS.get(notice.channel)  # a row that names none fails on its own, later
    alone = (*BUNDLES, *(kind.name for kind in KINDS.values() if kind.topic == WORKER))
    if not settings.FLOOD or notice.kind in alone or channel is None or not channel.is_external:
        return False
    like_it = Notice.objects.filter(channel=notice.channel, **same_addressee(notice))
    queued = like_it.filter(state=QUEUED).order_by("next_try_at", "id")
    due = queued.filter(next_try_at__lte=now).exclude(kind__in=alone)
    waiting = queued.filter(Q(attempts=0) | Q(next_try_at__lte=now + GATHERS), kind=FLOOD, instead_of="")  # a failed one may wait for hours
    sent, flood_went = lately(like_it.exclude(kind__in=set(alone) - {FLOOD}), now)
    if due.order_by()[: settings.FLOOD + 1].count() + sent <= settings.FLOOD and not flood_went and not waiting.exists():
        return False
    one_at_a_time(f"{FLOOD}:{notice.channel}:{notice.recipient_id or notice.addressee_id}")
    rows = list(due.select_for_update(skip_locked=True).values_list("pk", flat=True)[:MOST_AT_ONCE])
    bundle = waiting.select_for_update(skip_locked=True).first()
    if bundle is None and len(rows) == 1 and not sent:  # another worker was faster with the others
        return False
    if bundle is None:
        bundle = flood_of(notice, now, at=max(now + GATHERS, flood_went + APART) if flood_went else now + GATHERS)
        bundle.save(force_insert=True)
    Notice.objects.filter(pk__in=rows).update(state=BUNDLED, bundle=bundle)
    return True


def lately(like_it: Any, now: datetime) -> tuple[int, datetime | None]:
    """How many of these went out a short while ago, and when a flood among them did: a night that is caught up in many
    sweeps trickles in."""
    sent = list(like_it.filter(state=SENT, sent_at__gt=now - APART).order_by("-sent_at").values_list("kind", "sent_at")[: settings.FLOOD + 1])
    return len(sent), next((at for kind, at in sent if kind == FLOOD), None)


def one_at_a_time(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [name])


def flood_of(notice: Notice, now: datetime, at: datetime) -> Notice:
    return Notice(
        key=f"{FLOOD}:{notice.pk}", recipient_id=notice.recipient_id, addressee_kind=notice.addressee_kind,
        addressee_id=notice.addressee_id, channel=notice.channel, kind=FLOOD, created_at=now, next_try_at=at,
        path=reverse("inbox") if notice.addressee_kind == PERSON else "", wording_id=wordings.current().get(FLOOD),
    )  # fmt: skip


# What it says.


@dataclass(frozen=True)
class Contents:
    rows: Sequence[Notice]
    lost: Sequence[Notice]  # their reader may not be told of them any more
    told: Sequence[Notice]  # said in this channel anyway, which stands in for the one they were written for


def contents_of(bundle: Notice, now: datetime) -> Contents:
    rows: list[Notice] = []
    lost: list[Notice] = []
    told: list[Notice] = []
    there = keys_there(bundle)
    for row in inside(bundle).select_related("body").order_by("created_at", "id"):
        row.recipient = bundle.recipient
        (lost if not may_be_told(row, day_of(now)) else told if row.key in there else rows).append(row)
    return Contents(rows, lost, told)


def keys_there(bundle: Notice) -> set[str]:
    if not bundle.instead_of:
        return set()
    same = Notice.objects.filter(channel=bundle.channel, state__in=ALIVE, **same_addressee(bundle))
    return set(same.filter(key__in=inside(bundle).order_by().values("key")).values_list("key", flat=True))


def inside(bundle: Notice) -> Any:
    """What stands in for a dead channel holds what the row there held."""
    holder = bundle
    if bundle.instead_of:
        holder = Notice.objects.get(key=bundle.key, channel=bundle.instead_of, **same_addressee(bundle))
    return Notice.objects.filter(bundle=holder, state=BUNDLED)


def facts_of(contents: Contents, channel: str) -> dict[str, Any]:
    """In the active language; what is late comes first."""
    is_late = {row.pk: kind_of(row.kind).urgency == "late" for row in contents.rows}
    rows = sorted(contents.rows, key=lambda row: not is_late[row.pk])
    lines = [line_of(row, channel) for row in rows[:LISTED]]
    if len(rows) > LISTED:
        lines.append(gettext("另有 %(n)s 条，请登录系统查看。") % {"n": len(rows) - LISTED})
    return {"count": len(rows), "late": sum(is_late.values()), "lines": "\n".join(lines)}


def line_of(row: Notice, channel: str) -> str:
    line = f"· {title_of(row)}"
    return f"{line}\n  {settings.SITE_URL.rstrip('/')}{row.path}" if row.path and CHANNELS[channel].carries_link else line


def title_of(row: Notice) -> str:
    """One that cannot be worded keeps none of the others from being read."""
    try:
        return wordings.say(row).title
    except (LookupError, TypeError, ValueError):
        logger.exception("notice %s (%s) has no words", row.pk, row.kind)
        return gettext("一条通知")


def must_be_said_at_once(bundle: Notice) -> bool:
    return inside(bundle).filter(kind__in=[kind.name for kind in KINDS.values() if kind.is_statutory]).exists()


def leave_out(contents: Contents) -> None:
    for rows, state in ((contents.lost, DROPPED), (contents.told, REROUTED)):
        Notice.objects.filter(pk__in=[row.pk for row in rows], state=BUNDLED).update(state=state)


def went_out(rows: Sequence[Notice], now: datetime) -> None:
    """What was inside was sent then, too."""
    Notice.objects.filter(pk__in=[row.pk for row in rows]).update(sent_at=now)
