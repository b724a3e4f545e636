"""回避: asked for by a party, or said by the mediator; decided by somebody who leads there and is not the mediator. While it is
undecided, and when it is granted, the mediator is not booked in this case. All verbs raise Refused."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from arrears import casework
from arrears.history import hold, record
from arrears.notice_kinds import facts_of
from grid.days import day_of
from grid.models import Person
from grid.notices import tell
from grid.refused import Refused
from mediation.hearing_days import may_set
from mediation.models import Mediation, Recusal
from mediation.models.scheduling import ASKED, DENIED, GRANTED, RECUSAL_STATES
from mediation.permits import mediators_for
from mediation.suits import may_note

ASK, DECIDE = gettext_noop("申请回避"), gettext_noop("决定回避")
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
        people = [one for one in casework.told_of(claim, ("level",), today) if one.pk not in (person.pk, mediator.pk)]
        announce(row, people, "recusal_asked", now)
    return row


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
        announce(recusal, [one for one in {recusal.mediator, recusal.entered_by} if one.pk != person.pk], "recusal_decided", now)


def told(row: Recusal, claim: object, person: Person, now: datetime, move: str, label: str, **facts: str) -> None:
    record(claim, "mediation", person, now=now, move=move, move_msgid=label, mediation=str(row.mediation_id), mediator=str(row.mediator), **facts)


def announce(row: Recusal, people: list[Person], kind: str, now: datetime) -> None:
    claim = row.mediation.claim
    tell(
        people, kind, key=f"recusal:{row.pk}:{kind}", now=now, facts={**facts_of(claim), "mediator": str(row.mediator), "state_msgid": STATES[row.state]},
        path=f"/mediations/{row.mediation_id}/recusals/", subject_id=claim.pk, region_code=claim.region_id,
    )  # fmt: skip
