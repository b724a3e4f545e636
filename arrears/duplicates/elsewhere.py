"""A claim of the same worker out of the reader's sight: which office has it, and nothing else. That office can be asked."""

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q

from arrears.duplicates.finding import MOST_WORKERS, Subject
from arrears.lifecycle import OPEN
from arrears.models import Claimant
from grid.access import log_access
from grid.models import AccessLog, Person

OFFICES, LOOKED_AT = 3, 50
TOLD, TOLD_AGAIN_AFTER = "look_for_twin", timedelta(hours=1)


def offices(subject: Subject, person: Person, today: date) -> list[str]:
    """泗阳县裴圩镇: where an open claim is of one of these workers, by the ID number or by name and phone together."""
    known = said_of(subject)
    if known is None:
        return []
    unseen = Claimant.objects.filter(known, same_as=None, claim__stage__in=OPEN).exclude(person.scope(today).q("claim__"))
    rows = unseen.order_by("-id")
    names = [name.rsplit(settings.CITY_NAME, 1)[-1] for name in rows.values_list("claim__region__full_name", flat=True)[:LOOKED_AT]]
    return list(dict.fromkeys(names))[:OFFICES]


def said_of(subject: Subject) -> Q | None:
    """None: nothing that names anybody for certain."""
    workers = subject.workers[:MOST_WORKERS]
    asked = [Q(id_index__in=indexes)] if (indexes := {worker.id_index for worker in workers if worker.id_index}) else []
    for worker in workers:
        if worker.phones and worker.name and not worker.id_index:
            numbers = list(worker.phones)
            asked.append((Q(phone__in=numbers) | Q(safe_phone__in=numbers)) & Q(name=worker.name))
    wanted = Q(pk__in=[])
    for one in asked:
        wanted |= one
    return wanted if asked else None


def log_told(person: Person, draft_id: Any, now: datetime, address: str | None) -> None:
    """Whoever learns it is written down, once for a draft and hour: typing asks many times."""
    lately = AccessLog.objects.filter(person=person, act=TOLD, subject_id=draft_id, at__gt=now - TOLD_AGAIN_AFTER)
    if not lately.exists():
        log_access(
            person, TOLD, "claimant", draft_id, now=now, region_code=person.scope(now.date()).ground, address=address
        )  # fmt: skip
