"""Hearings of courts and commissions: which are to come, and reminding of them."""

from datetime import date, datetime, timedelta

from django.db import transaction

from arrears import casework
from arrears.history import hold, record
from arrears.models import Proceeding, Step
from arrears.models.claims import OPEN_CLAIM
from arrears.models.proceedings import ProceedingQuerySet
from arrears.notice_kinds import facts_of
from arrears.one_by_one import one_by_one
from arrears.worker.notices import tell_workers
from grid.days import SHANGHAI, day_of
from grid.models import Person
from grid.notices import tell

BEFORE = timedelta(hours=48)  # two days: time to find papers, a car, somebody to mind the children
AT_ONCE = 200


def from_to(person: Person, first: date, last: date, today: date) -> ProceedingQuerySet:
    """Proceedings in sight whose next hearing is on one of the days, earliest first."""
    seen = Proceeding.objects.visible_to(person, today).open().for_list()
    return seen.filter(hearing_at__date__range=(first, last)).order_by("hearing_at", "id")


def remind_due(now: datetime) -> int:
    """Tells handler and workers once of each hearing that is near; how many hearings."""
    near = Step.objects.filter(
        hearing__gt=now, hearing__lte=now + BEFORE, reminded_at=None, withdrawn_at=None, proceeding__ended_on=None,
        recorded_at__lt=now - timedelta(hours=12),  # who has just been told needs no reminder yet
    ).select_related("proceeding__claim").order_by("hearing", "id")  # fmt: skip
    return one_by_one(near[:AT_ONCE], lambda step: remind(step, now))


def remind(step: Step, now: datetime) -> bool:
    with transaction.atomic():
        claim = hold(step.proceeding.claim)
        is_next = Proceeding.objects.filter(pk=step.proceeding_id, hearing_at=step.hearing).exists()
        if not Step.objects.filter(pk=step.pk, reminded_at=None).update(reminded_at=now) or not is_next:
            return False
        if not type(claim).objects.filter(OPEN_CLAIM, pk=claim.pk).exists():
            return False
        proceeding, when = step.proceeding, f"{step.hearing.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
        place = step.place or proceeding.court or "—"
        event = record(
            claim, "hearing_reminded", None, now=now, proceeding=str(proceeding.pk), proceeding_kind=proceeding.kind,
            hearing=when, place=place,
        )  # fmt: skip
        tell(
            casework.told_of(claim, ("handler",), day_of(now)), "hearing_soon", key=f"hearing:{step.pk}", now=now,
            facts={**facts_of(claim), "what": proceeding.table.name, "what_en": proceeding.table.name_en, "when": when, "place": place},
            path=f"/proceedings/{proceeding.pk}/", subject_id=claim.pk, region_code=claim.region_id,
        )  # fmt: skip
        tell_workers(claim, event)
    return True
