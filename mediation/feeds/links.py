"""The personal address of a calendar: made, shown once, ended; and what it gives."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from grid.days import day_of
from grid.models import Person
from mediation.feeds import ical
from mediation.feeds.entries import entry_of
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
    """The hearings they hold, and those of the cases in their hands, as far as they may see them today."""
    rows = Hearing.objects.visible_to(person, day_of(now)).filter(Q(mediator=person) | Q(mediation__claim__handler=person))
    rows = rows.filter(span__overlap=(now - BACK, now + AHEAD)).select_related("room", "mediation__claim").order_by("span", "id")
    with override(person.language):
        name = _("薪安 · %(name)s的调解会") % {"name": person}
        return ical.calendar(map(entry_of, rows[:MOST]), written_at=now, name=name)
