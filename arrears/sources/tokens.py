"""The token by which an office uses the API: made, shown once, replaced, revoked; kept as a digest."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from arrears.models import Source, SourceToken
from arrears.sources.keeping import check_keeps, write_record
from grid.models import Person

MARK = "xinan_"  # so that programs that look for leaked secrets know one
STILL = timedelta(hours=24)  # for which a token that was replaced goes on: the other side needs time to change it
SHOWN_END = 4


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def make(source: Source, person: Person, *, now: datetime) -> str:
    """A new token; those before it end in a day. Raises Refused: not_administrator."""
    check_keeps(person, now)
    token = MARK + secrets.token_urlsafe(32)
    with transaction.atomic():
        Source.objects.select_for_update().get(pk=source.pk)
        replaced = valid(source, now).filter(Q(ends_at=None) | Q(ends_at__gt=now + STILL)).update(ends_at=now + STILL, ended_by=person)
        made = SourceToken.objects.create(source=source, digest=digest_of(token), end=token[-SHOWN_END:], made_at=now, made_by=person)
        write_record(source, "token_replaced" if replaced else "token_made", person, now=now, end=made.end)
    return token


def revoke(token: SourceToken, person: Person, *, now: datetime) -> bool:
    """At once. False: it had ended already. Raises Refused: not_administrator."""
    check_keeps(person, now)
    with transaction.atomic():
        ended = valid(token.source, now).filter(pk=token.pk).update(ends_at=now, ended_by=person)
        if ended:
            write_record(token.source, "token_revoked", person, now=now, end=token.end)
    return bool(ended)


def valid(source: Source, now: datetime):
    return SourceToken.objects.filter(Q(ends_at=None) | Q(ends_at__gt=now), source=source)


def find(token: str, now: datetime) -> SourceToken | None:
    """Its row, if it is one that holds now. One query; the time of its use is written at most once a minute."""
    found = SourceToken.objects.filter(Q(ends_at=None) | Q(ends_at__gt=now), digest=digest_of(token)).select_related("source__region").first()
    if found and (found.used_at is None or found.used_at < now - timedelta(minutes=1)):
        SourceToken.objects.filter(pk=found.pk).update(used_at=now)
    return found
