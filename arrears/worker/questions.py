"""Questions to the worker: asked by a move of the claim, answered on the own page, or to an official by word of mouth.

When the day passes without an answer, the worker is reminded once, in the way that is safe, and whoever asked gets a task
that says what can be done. Silence decides nothing: it is no withdrawal and no ground for ending the claim.
"""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from arrears.calendars import calendar_now
from arrears.history import hold, record
from arrears.ladders import call_at
from arrears.lifecycle import CLAIM
from arrears.models import Claim, Event, Question
from arrears.models.saying import ANSWERED, DROPPED, OPEN
from arrears.one_by_one import one_by_one
from arrears.permits import Denied, may, require
from arrears.worker.notices import tell_workers
from arrears.worker.passing import announce, hand_over, in_charge, said, write
from grid import tasklist
from grid.days import day_of
from grid.duty import Roster
from grid.models import Person
from grid.refused import Refused

ASK = CLAIM.find("ask")
assert ASK is not None
BATCH = 200
ACT_WITHIN = 2  # working days, for whoever asked
TASK = "ask_unanswered"


def begin(claim: Claim, now: datetime) -> None:
    """The row of the question that the move has just written into the history."""
    event = Event.objects.filter(claim=claim, kind=ASK.name, question=None).order_by("-at", "-id")[0]
    Question.objects.create(claim=claim, event=event, answer_by=date.fromisoformat(event.facts["answer_by"]))


def asked_of(claims: Iterable[Claim]) -> list[Question]:
    """Oldest first, also those that are over."""
    return list(Question.objects.filter(claim__in=list(claims)).select_related("event").order_by("event__at", "pk"))


# The worker


def answer(claim: Claim, pk: UUID, text: str, *, now: datetime) -> None:
    """Raises Refused: no_words, no_question, answered_already."""
    words = said(text)
    with transaction.atomic():
        claim = hold(claim)
        question = Question.objects.select_related("event__actor").filter(claim=claim, pk=pk).first()
        if question is None:
            raise Refused("no_question", _("没有找到这个问题，请刷新页面再试。"))
        end(question, ANSWERED, now)
        event = write(claim, "answered", now, ask=str(question.event_id), text=words)
        announce(claim, event, now, also=question.event.actor)


# Whoever asked, or stands in for them


def may_act(question: Question, person: Person, today: date) -> Denied | bool:
    if not (allowed := may(ASK, question.claim, person, today)):
        return allowed
    return True if question.is_open else Denied("answered_already", _("这个问题已经回答过，或者不再问了。"))


def answer_heard(question: Question, person: Person, *, now: datetime, text: str, how: str) -> None:
    """What the worker said by telephone or face to face, in the worker's words. Raises Refused."""
    words = said(text)
    with transaction.atomic():
        claim = held(question, person, now)
        end(question, ANSWERED, now)
        record(claim, "answered", person, now=now, ask=str(question.event_id), text=words, move="heard", how=how)


def give_days(question: Question, person: Person, *, now: datetime, day: date) -> None:
    """A later day; the worker is told, and reminded once more when it passes. Raises Refused."""
    with transaction.atomic():
        claim = held(question, person, now)
        if day <= max(question.answer_by, day_of(now)):
            raise Refused("day_past", _("新的日期要比原来的日期和今天都晚。"))
        question.answer_by, question.reminded_at = day, None
        question.save(update_fields=["answer_by", "reminded_at"])
        tasklist.settle(key_of(question), now)
        event = record(claim, "ask_extended", person, now=now, ask=str(question.event_id), answer_by=day)
        tell_workers(claim, event)


def drop(question: Question, person: Person, *, now: datetime, reason: str) -> None:
    """Nobody waits for the answer any more. Raises Refused."""
    with transaction.atomic():
        claim = held(question, person, now)
        end(question, DROPPED, now)
        record(claim, "ask_dropped", person, now=now, ask=str(question.event_id), reason=said(reason))


def held(question: Question, person: Person, now: datetime) -> Claim:
    """The claim, and the question as it is now. Raises Refused."""
    claim = hold(question.claim)
    question.refresh_from_db(fields=["state", "answer_by"])
    question.claim = claim
    require(may_act(question, person, day_of(now)))
    return claim


def end(question: Question, state: str, now: datetime) -> None:
    """Raises Refused: answered_already."""
    if not Question.objects.filter(pk=question.pk, state=OPEN).update(state=state, ended_at=now):
        raise Refused("answered_already", _("这个问题已经回答过了。"))
    question.state, question.ended_at = state, now
    tasklist.settle(key_of(question), now)


# With the claim


def carry(merged: Claim, target: Claim) -> None:
    """What was asked of those who go over is asked there."""
    Question.objects.filter(claim=merged, state=OPEN).update(claim=target)


def lapse(claim: Claim, now: datetime) -> None:
    """The claim has ended, and nobody waits for the answer. Called inside the transaction that ends it."""
    for question in Question.objects.filter(claim=claim, state=OPEN):
        end(question, DROPPED, now)


# The day passes


def remind_due(now: datetime) -> int:
    """Reminds of the questions whose day has passed, on working days from nine in the morning on; how many. While a claim rests
    nobody is pressed for it; once it goes on, its questions are reminded of."""
    today = day_of(now)
    if now < call_at(today) or not calendar_now().is_working(today):
        return 0
    late = Question.objects.filter(state=OPEN, reminded_at=None, answer_by__lt=today, claim__suspended_until=None).order_by("answer_by", "pk")
    return one_by_one(late.values_list("pk", flat=True)[:BATCH], lambda pk: remind(pk, now))


@transaction.atomic
def remind(pk: UUID, now: datetime) -> bool:
    claim = hold(Claim.objects.get(questions=pk))
    question = Question.objects.select_related("event").filter(pk=pk, state=OPEN, reminded_at=None).first()
    if question is None or question.claim_id != claim.pk or question.answer_by >= day_of(now) or claim.suspended_until:
        return False  # answered, put off, carried over or suspended at this moment
    question.reminded_at = now
    question.save(update_fields=["reminded_at"])
    event = record(claim, "ask_reminded", None, now=now, ask=str(question.event_id), answer_by=question.answer_by)
    tell_workers(claim, event)
    hand_over(
        claim, TASK, key_of(question), owners(question, claim, now), now, path=f"/questions/{question.pk}/",
        due_on=calendar_now().add(day_of(now), ACT_WITHIN), day=question.answer_by.isoformat(),
    )  # fmt: skip
    return True


def owners(question: Question, claim: Claim, now: datetime) -> list[Person]:
    """Whoever asked, or does their work today; else whoever is in charge."""
    roster = Roster.around(claim.region_id, day_of(now))
    asker = roster.at_work(question.event.actor_id, claim.region_id) if question.event.actor_id else None
    return [asker] if asker else in_charge(claim, now)


def key_of(question: Question) -> str:
    return f"ask:{question.pk}"



def answer_to(question: Question) -> Event | None:
    rows = Event.objects.filter(claim=question.claim_id, kind="answered", facts__ask=str(question.event_id))
    return rows.select_related("actor").first() if question.state == ANSWERED else None
