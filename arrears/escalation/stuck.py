"""Rungs that are due and not sent although the sweeps end: a row that somebody keeps locked, or one that cannot be planned
or written and is tried again every hour. Those of clocks stand on their watches, those of reports, objections and papers to serve
on the row itself (arrears.called)."""

from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from arrears.escalation.plan import FAULTY_WAITS
from arrears.models import Objection, Report, Service, Watch

# And what each is known by; the apps above add theirs.
CALLED: list[tuple[Any, str]] = [(Report, "public_number"), (Objection, "claim__number"), (Service, "claim__number")]


def add_called(model: Any, number: str) -> None:
    if (model, number) not in CALLED:
        CALLED.append((model, number))


def stuck(now: datetime, since: datetime) -> QuerySet[Watch]:
    """Those that fell due before `since` and still wait, the longest first; each with `due_at`. What was faulty once and has
    been put right since waits for another day."""
    faulty = Q(faulty_since__lt=since, next_at__lte=now + FAULTY_WAITS)
    rows = Watch.objects.filter(Q(next_at__lt=since, faulty_since=None) | faulty)
    return rows.annotate(due_at=Coalesce("faulty_since", F("next_at"))).order_by("due_at", "pk")


def longest_waiting(now: datetime, since: datetime) -> QuerySet:
    """All rungs that fell due before `since`, of whatever: (due_at, number of the claim or report), the longest first."""
    called = (model.objects.filter(next_at__lt=since).values_list("next_at", number) for model, number in CALLED)
    of_clocks = stuck(now, since).order_by().values_list("due_at", "clock__claim__number")
    return of_clocks.union(*called, all=True).order_by("due_at")
