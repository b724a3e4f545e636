"""Both sides are asked once how a mediation was, the morning after its end: workers by text message, on their own page; the other side by
a message with a link of their own, and where none reaches them by somebody who did not mediate, as a task."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop

from arrears.calendars import calendar_now
from arrears.history import hold, record
from arrears.ladders import CALL_TIME
from arrears.one_by_one import one_by_one
from arrears.worker.notices import tell_workers
from arrears.worker.passing import hand_over, in_charge
from grid import tasklist
from grid.days import SHANGHAI, day_of
from grid.duty import Roster
from grid.models import Notice, Person
from mediation.handing import payers
from mediation.marks import sending
from mediation.marks.seats import mediated, seat, somebody
from mediation.marks.verbs import ASK
from mediation.models import Mark, MarkLink, Mediation

TASK = "mark_to_ask"
ASKED = gettext_noop("请双方评价调解")
AT_ONCE = 200
LATEST = timedelta(days=14)  # after the end: later nobody is asked any more (the system had been down)
WITHIN = 5  # working days for the call


def ask_due(now: datetime) -> int:
    """How many mediations were asked about."""
    if now.astimezone(SHANGHAI).time() < CALL_TIME:
        return 0
    today = day_of(now)
    rows = Mediation.objects.filter(marks_asked_at=None, ended_on__lt=today, ended_on__gte=today - LATEST)
    return one_by_one(list(rows.order_by("ended_on", "pk").values_list("pk", flat=True)[:AT_ONCE]), lambda pk: ask(pk, now))


def ask(pk: UUID, now: datetime) -> bool:
    with transaction.atomic():
        mediation = Mediation.objects.select_related("claim", "mediator").get(pk=pk)
        claim = mediation.claim = hold(mediation.claim)
        if not Mediation.objects.filter(pk=pk, marks_asked_at=None).update(marks_asked_at=now):
            return False
        event = record(claim, "mediation", None, now=now, move="mark_asked", move_msgid=ASKED, mediation=str(pk))
        tell_workers(claim, event)
        said = set(Mark.objects.filter(mediation=pk).values_list("respondent", flat=True))
        to_ask = [one for one in payers(mediation) if one.pk not in said]
        if {one.pk for one in to_ask} - sending.send(mediation, to_ask, now):
            assign(mediation, now)
    return True


def assign(mediation: Mediation, now: datetime) -> None:
    """Somebody asks whom no message reaches."""
    claim = mediation.claim
    hand_over(
        claim, TASK, key_of(mediation), askers(mediation, now), now, path=f"/mediations/{mediation.pk}/marks/",
        due_on=calendar_now().add(day_of(now), WITHIN),
    )  # fmt: skip


def withdraw(mediation: Mediation, now: datetime) -> None:
    """It goes on after all: nobody need be asked yet."""
    tasklist.settle(key_of(mediation), now)


def undelivered(notice: Notice, now: datetime) -> bool:
    link = MarkLink.objects.select_related("mediation__claim", "mediation__mediator").filter(pk=notice.addressee_id).first()
    if link is None:
        return False
    if not Mark.objects.filter(mediation=link.mediation, respondent=link.respondent_id).exists():
        assign(link.mediation, now)
    return True


def askers(mediation: Mediation, now: datetime) -> list[Person]:
    """Whoever has the claim in hand, unless they mediated; else somebody above."""
    held = mediated(mediation)
    people = [one for one in in_charge(mediation.claim, now) if one.pk not in held]
    if people:
        return people
    roster = Roster.around(mediation.claim.region_id, day_of(now))
    return somebody(mediation, seat(mediation, mediation.claim.level, roster)[1], day_of(now))


def key_of(mediation: Mediation) -> str:
    return f"{ASK}:{mediation.pk}"
