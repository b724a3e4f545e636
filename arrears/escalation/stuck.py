"""Rungs that are due and not sent although the sweeps end: a row that somebody keeps locked, or one that cannot be planned
or written and is tried again every hour."""

from datetime import datetime

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from arrears.escalation.plan import FAULTY_WAITS
from arrears.models import Watch


def stuck(now: datetime, since: datetime) -> QuerySet[Watch]:
    """Those that fell due before `since` and still wait, the longest first; each with `due_at`. What was faulty once and has
    been put right since waits for another day."""
    faulty = Q(faulty_since__lt=since, next_at__lte=now + FAULTY_WAITS)
    rows = Watch.objects.filter(Q(next_at__lt=since, faulty_since=None) | faulty)
    return rows.annotate(due_at=Coalesce("faulty_since", F("next_at"))).order_by("due_at", "pk")
