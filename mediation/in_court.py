"""Who has to be in court, and when: parties and officers who cannot be at a hearing here then. Of a hearing of a court only the
beginning is known (arrears.proceedings)."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from arrears.models import Claim, Claimant, Proceeding, Respondent
from mediation.parties import key_of_respondent, key_of_worker

WAY, LASTS = timedelta(hours=1), timedelta(hours=3)  # to the court, and how long it is reckoned with

Spans = dict[Any, list[tuple[datetime, datetime]]]


def taken(at: datetime) -> tuple[datetime, datetime]:
    return at - WAY, at + LASTS


def to_come(starts_at: datetime, ends_at: datetime) -> Any:
    """Proceedings whose next hearing touches that time."""
    return Proceeding.objects.open().filter(hearing_at__gt=starts_at - LASTS, hearing_at__lt=ends_at + WAY).order_by("hearing_at", "id")


def of_parties(keys: Collection[str], starts_at: datetime, ends_at: datetime) -> Spans:
    """Of each key (mediation.parties) when the person or firm is in court, in whatever case. Three queries, or one."""
    workers, respondents = wanted(keys)
    claims = Claim.objects.filter(Q(pk__in=workers.values("claim")) | Q(pk__in=respondents.values("claim")))
    hearings: dict[Any, list[datetime]] = defaultdict(list)
    for claim, at in to_come(starts_at, ends_at).filter(claim__in=claims).values_list("claim", "hearing_at"):
        hearings[claim].append(at)
    found: Spans = defaultdict(list)
    if hearings:
        for claim, key in keys_in(workers.filter(claim__in=hearings), respondents.filter(claim__in=hearings)):
            if key in keys:
                found[key] += map(taken, hearings[claim])
    return found


def of_officers(people: Collection[Any], starts_at: datetime, ends_at: datetime) -> Spans:
    """Whoever has a case goes to court with it. One query."""
    found: Spans = defaultdict(list)
    for person, at in to_come(starts_at, ends_at).filter(claim__handler__in=people).values_list("claim__handler", "hearing_at"):
        found[person].append(taken(at))
    return found


def wanted(keys: Collection[str]) -> tuple[Any, Any]:
    """The rows of all cases that may have one of these keys: what an index can find of them."""
    by: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        kind, _colon, value = key.partition(":")
        by[kind].append(value)
    phones = Q(phone__in=by["phone"])
    return (
        Claimant.objects.filter(Q(id_index__in=by["id"]) | Q(pk__in=by["claimant"]) | phones),
        Respondent.objects.filter(Q(employer__in=by["employer"]) | Q(credit_code__in=by["code"]) | Q(pk__in=by["respondent"]) | phones),
    )


def keys_in(workers: Any, respondents: Any) -> Iterator[tuple[Any, str]]:
    for row in workers:
        yield row.claim_id, key_of_worker(row)
    for row in respondents:
        yield row.claim_id, key_of_respondent(row)
