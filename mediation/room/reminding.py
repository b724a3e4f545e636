"""Reminds of hearings that are near: workers, respondents and who stands in for a party by message, the mediator and whoever has the case inside the system, with what their
notices still lack. Each step once for one time of a hearing; a turn that was missed says the last step only."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop

from arrears.calendars import calendar_now
from arrears.history import hold, record
from arrears.models import Claim
from arrears.notice_kinds import facts_of
from arrears.one_by_one import one_by_one
from arrears.worker.notices import tell_workers
from grid.days import day_of
from grid.notices import tell
from mediation import party_notices
from mediation.in_the_way import people_of
from mediation.models import Hearing, HearingReminder
from mediation.parties import WORKER
from mediation.placing import beginning, where
from mediation.room.calling import calls
from mediation.room.reminders import FURTHEST, due_step
from mediation.sittings import when

WORDS = gettext_noop("提醒开会")


def remind_due(now: datetime) -> int:
    """How many hearings were reminded of."""
    near = Hearing.objects.live().filter(span__startswith__gt=now, span__startswith__lte=now + FURTHEST, placed_at__isnull=False)
    calendar = calendar_now()
    rows = [
        (pk, step.name)
        for pk, span, placed_at in near.values_list("pk", "span", "placed_at")
        if (step := due_step(span.lower, placed_at, now, calendar)) is not None
    ]
    said = set(HearingReminder.objects.filter(hearing__in=[pk for pk, _step in rows]).values_list("hearing", "step", "starts_at"))
    starts = dict(near.values_list("pk", "span"))
    return one_by_one([pk for pk, step in rows if (pk, step, starts[pk].lower) not in said], lambda pk: remind(pk, now))


@transaction.atomic
def remind(pk: UUID, now: datetime) -> bool:
    hold(Claim.objects.get(mediations__hearings=pk))
    hearing = Hearing.objects.live().select_related("mediation__claim", "mediation__mediator", "room", "mediator").filter(pk=pk).first()
    step = due_step(hearing.starts_at, hearing.placed_at, now, calendar_now()) if hearing and hearing.placed_at else None
    if step is None:
        return False
    _row, is_new = HearingReminder.objects.get_or_create(hearing=hearing, step=step.name, starts_at=hearing.starts_at, defaults={"said_at": now})
    if not is_new:
        return False
    mediation, claim = hearing.mediation, hearing.mediation.claim
    attendances = list(hearing.attendances.all())
    facts = {"when": when(hearing.starts_at, hearing.ends_at), **where(hearing.room), **beginning(hearing), "hearing": str(hearing.pk)}
    event = record(claim, "mediation", None, now=now, move="reminded", move_msgid=WORDS, mediation=str(mediation.pk), **facts)
    tell_workers(claim, event, [one.party_id for one in attendances if one.party_kind == WORKER])
    party_notices.tell(mediation, hearing, event, party_notices.NEAR, None, now)
    without = sum(one.service is None or one.service.is_waiting for one in calls(hearing, attendances))
    tell(
        [hearing.mediator, *people_of(mediation, day_of(now))], "hearing_near", key=f"hearing_near:{hearing.pk}:{hearing.starts_at.timestamp()}:{step.name}",
        now=now, facts={**facts_of(claim), **facts, "without": without}, path=f"/hearings/{hearing.pk}/", subject_id=claim.pk, region_code=claim.region_id,
    )  # fmt: skip
    return True
