"""Whom a form of many workers offers: those of a name, so many at most, and whoever was ticked before. All of them or nobody
is ticked by a button that only builds the form again, so that it works without scripts and changes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, QueryDict

from arrears.models import Claimant

LISTED = 200
ALL, NONE = "all", "none"


@dataclass(frozen=True)
class Offer:
    workers: Sequence[Claimant]
    of: int  # how many there are
    query: str

    @property
    def is_cut(self) -> bool:
        return self.of > LISTED

    @property
    def hidden(self) -> int:
        return self.of - len(self.workers)


def offer(workers: Any, request: HttpRequest, field: str) -> Offer:
    """`workers`: a queryset. What is ticked in `field` stays among those offered, whatever name is looked for."""
    query = request.GET.get("q", "").strip()[:60]
    ticked = [one for one in map(read_id, request.POST.getlist(field)) if one]
    named = workers.filter(name__icontains=query) if query else workers
    shown = {worker.pk: worker for worker in (*workers.filter(pk__in=ticked), *named[:LISTED])}
    return Offer(sorted(shown.values(), key=lambda worker: worker.pk), workers.count(), query)


def read_id(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None


def marked(posted: QueryDict, field: str, offered: Offer) -> dict[str, Any] | None:
    """The form's initial values once everybody or nobody is to be ticked; None: something else was asked for."""
    mark = posted.get("mark")
    if mark not in (ALL, NONE):
        return None
    typed: Mapping[str, Any] = {name: values[-1] for name, values in posted.lists()}
    return {**typed, field: [str(worker.pk) for worker in offered.workers] if mark == ALL else []}
