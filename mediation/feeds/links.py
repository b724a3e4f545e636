"""The personal address of a calendar: made, shown once, ended; and what it gives."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import chain

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from arrears.models import Proceeding
from grid.days import day_of
from grid.models import Person
from mediation.feeds import ical
from mediation.feeds.entries import entry_of, entry_of_court
from mediation.models import CalendarLink, Hearing

BACK, AHEAD = timedelta(days=60), timedelta(days=366)
MOST = 2000
READ_EVERY = timedelta(hours=1)  # how exactly it is noted


def digest_of(token: str) -> str:
    """The token has 256 bits of chance: a plain digest cannot be guessed back."""
    return sha256(token.encode()).hexdigest()


def make(person: Person, *, now: datetime) -> str:
    """The token, shown once. The old address is dead from now on."""
    token = secrets.token_urlsafe(32)
    CalendarLink.objects.update_or_create(person=person, defaults={"digest": digest_of(token), "made_at": now, "read_at": None})
    return token


def end(person: Person) -> None:
    CalendarLink.objects.filter(person=person).delete()


def find(token: str, now: datetime) -> Person | None:
    """Whose it is, as long as they work here."""
    link = CalendarLink.objects.select_related("person").filter(digest=digest_of(token), person__is_active=True).first()
    if link is None:
        return None
    if link.read_at is None or now - link.read_at > READ_EVERY:
        CalendarLink.objects.filter(pk=link.pk).update(read_at=now)
    return link.person


def calendar_of(person: Person, now: datetime) -> bytes:
    """The hearings they hold, and those of the cases in their hands, also of courts, as far as they may see them today."""
    rows = Hearing.objects.visible_to(person, day_of(now)).filter(Q(mediator=person) | Q(mediation__claim__handler=person))
    rows = rows.filter(span__overlap=(now - BACK, now + AHEAD)).select_related("room", "mediation__claim").order_by("span", "id")
    court = Proceeding.objects.visible_to(person, day_of(now)).open().filter(claim__handler=person, hearing_at__range=(now - BACK, now + AHEAD))
    said = Q(steps__hearing__isnull=False)
    changes = Count("steps", filter=said) + Count("steps", filter=said & Q(steps__withdrawn_at__isnull=False))
    court = court.select_related("claim").annotate(announced=changes).order_by("hearing_at", "id")
    with override(person.language):
        name = _("薪安 · %(name)s的调解会") % {"name": person}
        entries = chain(map(entry_of, rows[:MOST]), map(entry_of_court, court[:MOST]))
        return ical.calendar(entries, written_at=now, name=name)
