"""What the worker does on the own page: brings papers, answers what was asked, wants to withdraw, says how it was, objects.

Each is an event of the case and reaches a person by name, with a day where something has to be done. None of them moves
the case: an officer does, who is answerable for it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from arrears import evidence
from arrears.calendars import calendar_now
from arrears.history import SAID, event_row, hold
from arrears.lifecycle import CLAIM
from arrears.models import Claim, Event, Evidence
from arrears.supervision.nudges import WORKER
from grid import tasklist
from grid.days import day_of
from grid.duty import Roster
from grid.models import Person
from grid.notices import tell
from grid.refused import Refused
from grid.roles import above

ASK = "ask"  # the move by which an officer asks
OBJECT_WITHIN = 30  # days after the end
ANSWERED_IN = 3  # working days for what the worker wants
STARS = (1, 2, 3, 4, 5)
MOST_FILES = 20  # that a worker brings without an officer, in one case


@dataclass(frozen=True)
class Asked:
    """A question to the worker."""

    event: Event
    is_answered: bool

    @property
    def text(self) -> str:
        return self.event.facts["question"]

    @property
    def answer_by(self) -> date:
        return date.fromisoformat(self.event.facts["answer_by"])


def asked_of(claims: Iterable[Claim]) -> list[Asked]:
    """Oldest first."""
    rows = list(Event.objects.filter(claim__in=list(claims), kind__in=(ASK, "answered")).order_by("at", "pk"))
    answered = {row.facts.get("ask") for row in rows if row.kind == "answered"}
    return [Asked(row, str(row.pk) in answered) for row in rows if row.kind == ASK]


def answer(claim: Claim, ask_id: UUID, text: str, *, now: datetime) -> None:
    """Raises Refused: no_words, no_question, answered_already."""
    words = said(text)
    with transaction.atomic():
        claim = hold(claim)
        asked = {row.event.pk: row for row in asked_of([claim])}.get(ask_id)
        if asked is None:
            raise Refused("no_question", _("没有找到这个问题，请刷新页面再试。"))
        if asked.is_answered:
            raise Refused("answered_already", _("这个问题已经回答过了。"))
        event = write(claim, "answered", now, ask=str(ask_id), text=words)
        announce(claim, event, now, also=asked.event.actor)


def add_file(claim: Claim, upload: UploadedFile, *, now: datetime) -> Evidence:
    """Raises Refused: claim_closed, too_many_files, and as evidence.keep."""
    if not claim.is_open:
        raise Refused("claim_closed", _("案件已经结束，不能再补充材料。"))
    if Evidence.objects.filter(claim=claim, added_by=None).count() >= MOST_FILES:
        raise Refused("too_many_files", _("网上补充的材料已经很多，其余的请直接交给工作人员。"))
    row = evidence.keep(claim, upload, None, now=now, kind="other")
    announce(claim, Event.objects.filter(claim=claim, kind="add_evidence").latest("at"), now)
    return row


def want_to_withdraw(claim: Claim, text: str, *, now: datetime) -> None:
    """The wish alone: the case goes on until an officer has spoken with the worker. Raises Refused."""
    with transaction.atomic():
        claim = hold(claim)
        if claim.stage not in CLAIM.find("withdraw").sources:
            raise Refused("wrong_state", _("案件当前阶段不能撤回。"))
        if has_said(claim, "wants_to_withdraw"):
            raise Refused("said_already", _("您已经提出过，工作人员会联系您确认。"))
        event = write(claim, "wants_to_withdraw", now, text=text.strip())
        hand_over(claim, "worker_withdraws", f"withdraw:{event.pk}", in_charge(claim, now), now)


def rate(claim: Claim, stars: int, text: str, *, now: datetime) -> None:
    """Once for each end of the case. Raises Refused."""
    with transaction.atomic():
        claim = hold(claim)
        check_ended(claim)
        if stars not in STARS:
            raise Refused("no_stars", _("请选择一到五分。"))
        if has_said(claim, "rated"):
            raise Refused("said_already", _("您已经评价过，谢谢。"))
        event = write(claim, "rated", now, stars=stars, text=text.strip())
        people = leads(claim, above(claim.level) or claim.level, now)
        announce(claim, event, now, only=people)


def objects(claim: Claim, text: str, *, now: datetime) -> date:
    """To the next level up, which has to answer by the day this returns. Raises Refused."""
    words = said(text)
    with transaction.atomic():
        claim = hold(claim)
        check_ended(claim)
        if (day_of(now) - (claim.closed_on or day_of(now))).days > OBJECT_WITHIN:
            raise Refused("too_late", _("办结已经超过 %(days)s 天。您仍然可以申请仲裁或者起诉，援助请打 12348。") % {"days": OBJECT_WITHIN})
        if has_said(claim, "objected"):
            raise Refused("said_already", _("您已经提出过异议，上级正在处理。"))
        due = calendar_now().add(day_of(now), ANSWERED_IN)
        event = write(claim, "objected", now, text=words, answer_by=due.isoformat())
        hand_over(claim, "worker_objects", f"object:{event.pk}", leads(claim, above(claim.level) or claim.level, now), now)
    return due


def check_ended(claim: Claim) -> None:
    if claim.is_open or claim.stage == "merged":
        raise Refused("still_open", _("案件还在办理，办结以后再来。"))


def has_said(claim: Claim, kind: str) -> bool:
    """Since it was opened, or opened again."""
    again = Event.objects.filter(claim=claim, kind="reopen").order_by("-at").values_list("at", flat=True).first()
    rows = Event.objects.filter(claim=claim, kind=kind)
    return (rows.filter(at__gt=again) if again else rows).exists()


def said(text: str) -> str:
    if not text.strip():
        raise Refused("no_words", _("请写几个字。"))
    return text.strip()


def write(claim: Claim, kind: str, now: datetime, /, **facts: Any) -> Event:
    event = event_row(claim, kind, None, now=now, **facts)
    event.actor_post = WORKER
    event.save(force_insert=True)
    return event


def in_charge(claim: Claim, now: datetime) -> list[Person]:
    handler = Roster.around(claim.region_id, day_of(now)).on_duty(claim.handler_id, claim.region_id)
    return [handler] if handler else leads(claim, claim.level, now)


def leads(claim: Claim, level: str, now: datetime) -> list[Person]:
    return Roster.around(claim.region_id, day_of(now)).answerable(level, claim.region_id)[1]


def announce(claim: Claim, event: Event, now: datetime, *, also: Person | None = None, only: list[Person] | None = None) -> None:
    people = only if only is not None else [*in_charge(claim, now), *([also] if also else [])]
    tell(
        people, "worker_said", key=f"said:{event.pk}", now=now, path=f"/claims/{claim.pk}/", subject_id=claim.pk,
        region_code=claim.region_id, facts={"number": claim.number, "what_msgid": SAID[event.kind]},
    )  # fmt: skip


def hand_over(claim: Claim, kind: str, key: str, people: list[Person], now: datetime) -> None:
    """A task with a day, for the first of those who answer for it."""
    for owner in people[:1]:
        tasklist.add(
            owner, kind, key=key, now=now, facts={"number": claim.number}, path=f"/claims/{claim.pk}/", subject_id=claim.pk,
            region_code=claim.region_id, due_on=calendar_now().add(day_of(now), ANSWERED_IN),
        )  # fmt: skip
