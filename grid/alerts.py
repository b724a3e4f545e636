"""签收、答复、暂缓: what a person does with an alert that was written for them."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext

from grid.addressees import may_be_told
from grid.days import day_of
from grid.kinds import kind_of
from grid.models import Notice, Person
from grid.models.notices import DROPPED
from grid.quiet import next_morning
from grid.refused import Refused

SNOOZE_MOST_DAYS = 3  # calendar days ahead
SNOOZES_MOST = 2
SNOOZES_MOST_LATE = 1  # of a statutory alert that is late, and only until the next working morning
ACKNOWLEDGED_ACT, REPLIED_ACT, SNOOZED_ACT = "acknowledged", "replied", "snoozed"
LONGEST_REPLY = 500

# hook(notice, person, now, act, **said): what else is written in the same transaction, by kind of notice.
Hook = Callable[..., None]
ACKNOWLEDGED: dict[str, Hook] = {}


def add_hook(kinds: Iterable[str], hook: Hook) -> None:
    for kind in kinds:
        assert ACKNOWLEDGED.get(kind, hook) == hook, f"{kind} has two hooks"
        ACKNOWLEDGED[kind] = hook


def acknowledge(notice: Notice, person: Person, now: datetime, reply: str = "") -> None:
    """Raises Refused: not_yours, no_ack_needed, already_acknowledged, not_your_role. Counts for every channel the person
    was told in. The word of somebody who has moved on keeps no rung from coming: then nobody has acknowledged."""
    check_own(notice, person)
    check_post(notice, now)
    if notice.ack_by is None:
        raise Refused("no_ack_needed", gettext("这条通知不需要签收。"))
    reply = reply.strip()[:LONGEST_REPLY]
    with transaction.atomic():
        follow(notice, person, now, ACKNOWLEDGED_ACT, reply=reply)  # takes the case first, as its own verbs do
        mine = Notice.objects.filter(key=notice.key, recipient=person, acknowledged_at=None)
        if not mine.update(acknowledged_at=now, reply=reply, snoozed_until=None, read_at=Coalesce(F("read_at"), now)):
            raise Refused("already_acknowledged", gettext("您已经签收过这条通知。"))


def reply(notice: Notice, person: Person, now: datetime, text: str) -> None:
    """What is said after 签收, as often as there is something to say: each stands in the case's history, the last one
    beside the alert. Raises Refused: not_yours, not_your_role, not_acknowledged, no_reply."""
    check_own(notice, person)
    check_post(notice, now)
    text = text.strip()[:LONGEST_REPLY]
    if not text:
        raise Refused("no_reply", gettext("请写明回复的内容。"))
    with transaction.atomic():
        follow(notice, person, now, REPLIED_ACT, reply=text)
        mine = Notice.objects.filter(key=notice.key, recipient=person, acknowledged_at__isnull=False)
        if not mine.update(reply=text):
            raise Refused("not_acknowledged", gettext("请先签收，再回复。"))


def snooze(notice: Notice, person: Person, now: datetime, until: datetime, reason: str) -> None:
    """Out of sight until then, and unread again. Raises Refused: not_yours, not_your_role, already_acknowledged,
    no_reason, not_ahead, snooze_too_long, snoozed_too_often."""
    check_own(notice, person)
    check_post(notice, now)
    reason = reason.strip()[:200]
    if notice.acknowledged_at:
        raise Refused("already_acknowledged", gettext("您已经签收过这条通知。"))
    if not reason:
        raise Refused("no_reason", gettext("请写明暂缓的原因。"))
    if until <= now:
        raise Refused("not_ahead", gettext("暂缓到的时间应在现在之后。"))
    if until > latest_snooze(notice, now):
        raise Refused("snooze_too_long", too_long(notice, now))
    with transaction.atomic():
        follow(notice, person, now, SNOOZED_ACT, until=until, reason=reason)
        mine = Notice.objects.filter(key=notice.key, recipient=person, acknowledged_at=None, snoozes__lt=most_snoozes(notice))
        if not mine.update(snoozed_until=until, snooze_reason=reason, snoozes=F("snoozes") + 1, read_at=None):
            raise Refused("snoozed_too_often", gettext("这条通知不能再暂缓，请办理。"))


def latest_snooze(notice: Notice, now: datetime) -> datetime:
    """Never past the day by which it must be acknowledged."""
    last = next_morning(now) if is_hard(notice) else now + timedelta(days=SNOOZE_MOST_DAYS)
    return min(last, notice.ack_by) if notice.ack_by else last


def most_snoozes(notice: Notice) -> int:
    return SNOOZES_MOST_LATE if is_hard(notice) else SNOOZES_MOST


def is_hard(notice: Notice) -> bool:
    kind = kind_of(notice.kind)
    return kind.is_statutory and kind.urgency == "late"


def too_long(notice: Notice, now: datetime) -> str:
    if notice.ack_by and notice.ack_by < now + timedelta(days=SNOOZE_MOST_DAYS):
        return gettext("这条通知要在 %(by)s 前签收，不能暂缓到那以后。") % {"by": local(notice.ack_by)}
    if is_hard(notice):
        return gettext("逾期提醒最多暂缓到下一个工作日上午（%(by)s）。") % {"by": local(next_morning(now))}
    return gettext("最多暂缓 %(days)s 天。") % {"days": SNOOZE_MOST_DAYS}


def local(at: datetime) -> str:
    return f"{day_of(at)} {at.astimezone(next_morning(at).tzinfo):%H:%M}"


def check_own(notice: Notice, person: Person) -> None:
    if notice.recipient_id != person.pk:
        raise Refused("not_yours", gettext("只有收到通知的人可以签收或者暂缓。"))


def check_post(notice: Notice, now: datetime) -> None:
    """Whoever has moved on answers for nothing there any more, and is asked no more."""
    if not may_be_told(notice, day_of(now)):
        Notice.objects.filter(pk=notice.pk, acknowledged_at=None).update(state=DROPPED)
        raise Refused("not_your_role", gettext("您的岗位不能进行这项操作。"))


def follow(notice: Notice, person: Person, now: datetime, act: str, **said: Any) -> None:
    if hook := ACKNOWLEDGED.get(notice.kind):
        hook(notice, person, now, act, **said)


def release(subject_id: Any, keys: Iterable[str]) -> int:
    """What was said about the case under keys that begin so is settled: nobody need acknowledge it any more. The
    history keeps by when it was asked."""
    about = Q(pk__in=[])
    for key in keys:
        about |= Q(key__startswith=key)
    asked = Notice.objects.filter(about, channel="in_app", subject_id=subject_id).to_acknowledge()
    return asked.update(ack_by=None, snoozed_until=None)


def unanswered(person: Person) -> QuerySet[Notice]:
    """Alerts the person is still to acknowledge, soonest first."""
    return Notice.objects.inbox_of(person).to_acknowledge().order_by("ack_by", "id")
