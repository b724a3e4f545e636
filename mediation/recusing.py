"""回避: asked for by a party, or said by the mediator; decided by somebody who leads there and is not the mediator. While it is
undecided, and when it is granted, the mediator neither takes the case nor is booked in it, and nothing they would record of it
counts (hearings.accept, hands.give, suiting, the guard of hold and agree). All verbs raise Refused."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from arrears import casework
from arrears.calendars import calendar_now
from arrears.history import hold, record
from arrears.models import Claim
from arrears.notice_kinds import facts_of
from grid import tasklist
from grid.days import day_of
from grid.duty import Roster
from grid.models import Person
from grid.notices import tell
from grid.refused import Refused
from grid.roles import above
from mediation.hearing_days import may_set
from mediation.lifecycle import LIVE
from mediation.models import Mediation, Recusal
from mediation.models.scheduling import ASKED, DENIED, GRANTED, RECUSAL_STATES
from mediation.permits import mediators_for
from mediation.suits import may_note

ASK, DECIDE = gettext_noop("申请回避"), gettext_noop("决定回避")
DECIDE_WITHIN = 3  # working days, the office's own choice
STATES = dict(RECUSAL_STATES)


def may_decide(recusal: Recusal, person: Person, today: date) -> bool:
    """Who leads where the case is, and nobody about themselves."""
    return recusal.mediator_id != person.pk and may_set(person, recusal.mediation.claim.region_id, today)


def ask(
    mediation: Mediation, mediator: Person, person: Person, *, now: datetime, asked_by: str, ground: str, reason: str
) -> Recusal:
    today = day_of(now)
    if not may_note(mediation, person, today):
        raise Refused("not_your_role", _("您的岗位不能进行这项操作，或者调解已经结束。"))
    if not mediators_for(mediation.claim, today).filter(pk=mediator.pk).exists():
        raise Refused("not_a_mediator", _("所选人员目前不能担任本案调解员，无需回避。"))
    with transaction.atomic():
        claim = hold(mediation.claim)
        try:
            with transaction.atomic():
                row = Recusal.objects.create(
                    mediation=mediation, mediator=mediator, asked_by=asked_by, ground=ground, reason=reason, entered_by=person, entered_at=now
                )
        except IntegrityError as error:
            raise Refused("asked_already", _("对这位调解员已有一份回避申请在等决定。")) from error
        told(row, claim, person, now, "recusal_asked", ASK, reason=reason)
        deciding = deciders(claim, mediator, today)
        announce(row, [one for one in deciding if one.pk != person.pk], "recusal_asked", now)
        if deciding:
            tasklist.add(
                deciding[0], "recusal_undecided", key=key_of(row), now=now, facts={"number": claim.number}, path=path_of(row),
                subject_id=claim.pk, region_code=claim.region_id, due_on=calendar_now().add(today, DECIDE_WITHIN),
            )  # fmt: skip
    return row


def deciders(claim: Claim, mediator: Person, today: date) -> list[Person]:
    """Who leads the level in charge; where that is the mediator alone, the next one above with anybody else in it."""
    roster, level = Roster.around(claim.region_id, today), claim.level
    while level is not None:
        found, people = roster.answerable(level, claim.region_id)
        if others := [one for one in people if one.pk != mediator.pk]:
            return others
        level = above(found)
    return []


def decide(recusal: Recusal, person: Person, *, now: datetime, is_granted: bool, answer: str) -> None:
    if not may_decide(recusal, person, day_of(now)):
        raise Refused("not_your_role", _("回避由负责该地区的领导决定，本人不能决定自己的回避。"))
    with transaction.atomic():
        claim = hold(recusal.mediation.claim)
        changes = {"state": GRANTED if is_granted else DENIED, "answer": answer, "decided_by": person, "decided_at": now}
        if not Recusal.objects.filter(pk=recusal.pk, state=ASKED).update(**changes):
            raise Refused("stale", _("这份回避申请刚刚已有决定，请刷新后查看。"))
        recusal.state = changes["state"]
        told(recusal, claim, person, now, "recusal_granted" if is_granted else "recusal_denied", DECIDE, reason=answer)
        tasklist.settle(key_of(recusal), now)
        announce(recusal, [one for one in {recusal.mediator, recusal.entered_by} if one.pk != person.pk], "recusal_decided", now)
        if is_granted and still_holds(recusal):
            announce(recusal, movers(recusal, claim, day_of(now)), "recusal_to_move", now)


def still_holds(recusal: Recusal) -> bool:
    """The mediation is in the mediator's hands, or a hearing to come is theirs."""
    mediations = Mediation.objects.open().filter(pk=recusal.mediation_id)
    mine = Q(mediator=recusal.mediator_id) | Q(hearings__mediator=recusal.mediator_id, hearings__state=LIVE)
    return mediations.filter(mine).exists()


def movers(recusal: Recusal, claim: Claim, today: date) -> list[Person]:
    """Handler and level, also whoever decided: it is not done with the decision."""
    people = [one for one in casework.told_of(claim, ("handler", "level"), today) if one.pk != recusal.mediator_id]
    return people or deciders(claim, recusal.mediator, today)


def told(row: Recusal, claim: Claim, person: Person, now: datetime, move: str, label: str, **facts: str) -> None:
    record(claim, "mediation", person, now=now, move=move, move_msgid=label, mediation=str(row.mediation_id), mediator=str(row.mediator), **facts)


def key_of(row: Recusal) -> str:
    return f"recusal:{row.pk}"


def path_of(row: Recusal) -> str:
    return f"/mediations/{row.mediation_id}/recusals/"


def announce(row: Recusal, people: list[Person], kind: str, now: datetime) -> None:
    claim = row.mediation.claim
    tell(
        people, kind, key=f"{key_of(row)}:{kind}", now=now, facts={**facts_of(claim), "mediator": str(row.mediator), "state_msgid": STATES[row.state]},
        path=path_of(row), subject_id=claim.pk, region_code=claim.region_id,
    )  # fmt: skip
