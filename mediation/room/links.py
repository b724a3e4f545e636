"""The page of a hearing for whoever has no account, by part: worker, other side, observer. Made, shown once, opened, confirmed."""

import base64
import secrets
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from grid.days import day_of
from grid.models import Person
from grid.refused import Refused
from grid.vault import blind_index
from mediation.feeds.links import digest_of
from mediation.models import Attendance, Hearing, HearingLink
from mediation.room.role_words import OBSERVER
from mediation.suits import require_may

SEAL = "mediation.room.links.token"


def make(hearing: Hearing, attendance: Attendance | None, person: Person, *, now: datetime, name: str = "") -> str:
    """The token, shown once; the old address is dead from now on. Without `attendance` for an observer of that name. Raises Refused:
    not_your_role, not_to_come, no_name."""
    require_may(hearing.mediation, person, now)
    if not hearing.is_live or hearing.ends_at <= now:
        raise Refused("not_to_come", _("这场调解会已经开过或者取消，不用再发链接。"))
    name = attendance.name if attendance else name.strip()[:60]
    if not name:
        raise Refused("no_name", _("请写明链接给谁。"))
    token = secrets.token_urlsafe(32)
    key = {"attendance": attendance, "sent_to": ""} if attendance else {"attendance": None, "name": name}
    facts = {"name": name, "digest": digest_of(token), "made_by": person, "made_at": now, "opened_at": None, "seen_at": None, "seen_starts_at": None}
    with transaction.atomic():
        HearingLink.objects.update_or_create(hearing=hearing, **key, defaults=facts)
    return token


def sent(hearing: Hearing, attendance: Attendance, capacity: str, name: str, person: Person, now: datetime) -> HearingLink:
    """The one that goes with messages; made with the first of them, the same in all that follow."""
    kept = HearingLink.objects.filter(attendance=attendance, sent_to=capacity).first()
    if kept is not None:
        return kept
    link = HearingLink(hearing=hearing, attendance=attendance, sent_to=capacity, name=name[:200], made_by=person, made_at=now)
    link.digest = digest_of(token_of(link))
    link.save(force_insert=True)
    return link


def token_of(link: HearingLink) -> str:
    """Of one that is sent: worked out anew whenever a message goes out, under a key that is not in the database. No row keeps it."""
    return base64.urlsafe_b64encode(bytes.fromhex(blind_index(str(link.pk), SEAL))[:24]).decode()


def address_of(link: HearingLink) -> str:
    return settings.SITE_URL.rstrip("/") + reverse("hearing_called", args=[token_of(link)])


def find(token: str, now: datetime) -> HearingLink | None:
    """One that still leads somewhere: until the end of the day of the hearing, whatever became of it."""
    rows = HearingLink.objects.select_related("attendance", "hearing__room", "hearing__mediator", "hearing__mediation__claim__region")
    link = rows.filter(digest=digest_of(token)).first()
    if link is None or day_of(link.hearing.starts_at) < day_of(now):
        return None
    if link.opened_at is None:
        HearingLink.objects.filter(pk=link.pk, opened_at=None).update(opened_at=now)
        link.opened_at = now
    return link


def confirm(link: HearingLink, *, now: datetime) -> None:
    """They say that they know. Of another time later they are asked anew."""
    HearingLink.objects.filter(pk=link.pk).update(seen_at=now, seen_starts_at=link.hearing.starts_at)
    link.seen_at, link.seen_starts_at = now, link.hearing.starts_at


def part_of(link: HearingLink) -> str:
    return link.attendance.party_kind if link.attendance else OBSERVER


def has_confirmed(link: HearingLink, hearing: Hearing) -> bool:
    return link.seen_at is not None and link.seen_starts_at == hearing.starts_at
