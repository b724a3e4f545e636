"""What a worker says is an event of the case, and reaches a person by name: told at once, or as a task with a day."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from arrears.calendars import calendar_now
from arrears.history import SAID, event_row
from arrears.models import Claim, Event
from arrears.supervision.nudges import WORKER
from grid import tasklist
from grid.days import day_of
from grid.duty import Roster
from grid.models import Person
from grid.notices import tell
from grid.refused import Refused

ANSWERED_IN = 3  # working days for what the worker wants


def said(text: str) -> str:
    if not text.strip():
        raise Refused("no_words", _("请写几个字。"))
    return text.strip()


def write(claim: Claim, kind: str, now: datetime, /, **facts: Any) -> Event:
    event = event_row(claim, kind, None, now=now, **facts)
    event.actor_post = WORKER
    event.save(force_insert=True)
    return event


def has_said(claim: Claim, kind: str) -> bool:
    """Since it was opened, or opened again."""
    again = Event.objects.filter(claim=claim, kind="reopen").order_by("-at").values_list("at", flat=True).first()
    rows = Event.objects.filter(claim=claim, kind=kind)
    return (rows.filter(at__gt=again) if again else rows).exists()


def in_charge(claim: Claim, now: datetime) -> list[Person]:
    handler = Roster.around(claim.region_id, day_of(now)).on_duty(claim.handler_id, claim.region_id)
    return [handler] if handler else leads(claim, claim.level, now)


def leads(claim: Claim, level: str, now: datetime) -> list[Person]:
    return Roster.around(claim.region_id, day_of(now)).answerable(level, claim.region_id)[1]


def announce(claim: Claim, event: Event, now: datetime, *, also: Person | None = None) -> None:
    tell(
        [*in_charge(claim, now), *([also] if also else [])], "worker_said", key=f"said:{event.pk}", now=now,
        path=f"/claims/{claim.pk}/", subject_id=claim.pk, region_code=claim.region_id,
        facts={"number": claim.number, "what_msgid": SAID[event.kind]},
    )  # fmt: skip


def hand_over(
    claim: Claim, kind: str, key: str, people: list[Person], now: datetime, *, path: str = "", due_on: date | None = None, **facts: str
) -> None:
    """A task with a day, for the first of those who answer for it."""
    for owner in people[:1]:
        tasklist.add(
            owner, kind, key=key, now=now, facts={"number": claim.number, **facts}, path=path or f"/claims/{claim.pk}/",
            subject_id=claim.pk, region_code=claim.region_id,
            due_on=due_on or calendar_now().add(day_of(now), ANSWERED_IN),
        )  # fmt: skip
