"""What a body's answer begins with us: the court has taken the case, so the suit is on record from that day, and somebody enters the
registration, from which the days of hearing, appeal and enforcement are counted."""

from datetime import datetime
from uuid import UUID

from django.urls import reverse

from arrears.casework import owners_of
from arrears.models import Claim, Proceeding, Referral, Step
from arrears.moves import Move
from arrears.proceedings import verbs as proceedings
from arrears.proceedings.standing import said_of
from arrears.referrals import add_follower
from grid import tasklist
from grid.days import day_of
from grid.duty import Roster
from grid.tasklist import TaskKind

SUPPORT, SUIT, TASK = "support", "suit", "enter_suit"
IN_COURT = ("sued", "judged")  # outcomes that say so
AFTER_ARBITRATION = {"awarded", "arb_refused"}


def _(text: str) -> str:
    """Marks a label for the catalogues; grid.tasklist translates it."""
    return text


tasklist.add_kinds((
    TaskKind(
        TASK, _("登记立案：%(number)s"),
        _("%(body)s反馈案件 %(number)s 已由法院立案，系统已经登记起诉。请向劳动者或者支持单位要起诉状和受理通知书，登记立案；起诉的日期与反馈的不同的，先撤销再登记。"),
    ),
))  # fmt: skip


def court_took_it(referral: Referral, move: Move, now: datetime) -> None:
    """Whoever supports the suit reports that the court has it, and nobody has entered one."""
    claim = referral.claim
    if move.name != "conclude" or referral.kind != SUPPORT or referral.outcome not in IN_COURT or not claim.is_open:
        return
    if Proceeding.objects.open().filter(claim=claim, kind=SUIT).exists():
        return
    suit = open_suit(claim, referral, now)
    owners = owners_of(claim, Roster.around(claim.region_id, day_of(now)))
    owner = owners[0] if owners else tasklist.owner_for(claim.region_id, day_of(now))
    if owner:
        tasklist.add(
            owner, TASK, key=key_of(referral.pk), now=now, facts={"number": claim.number, "body": referral.body.name},
            path=reverse("proceeding_step", args=[suit.pk, "docketed"]), subject_id=claim.pk, region_code=claim.region_id,
        )  # fmt: skip


def open_suit(claim: Claim, referral: Referral, now: datetime) -> Proceeding:
    filed = "filed_after" if AFTER_ARBITRATION & said_of(claim, day_of(now)) else "filed_direct"
    court = referral.body.name if referral.body.kind == "court" else ""
    on = day_of(referral.concluded_at or now)
    return proceedings.open_as_reported(claim, SUIT, filed, on=on, now=now, referral=referral, court=court, amount=claim.unpaid or None)


def entered(step: Step, now: datetime) -> None:
    """What was asked for is there."""
    if step.proceeding.kind == SUIT and step.proceeding.referral_id and not step.row.opens:
        tasklist.settle(key_of(step.proceeding.referral_id), now)


def key_of(referral_id: UUID) -> str:
    return f"suit:{referral_id}"


add_follower(court_took_it)
proceedings.add_on_step(entered)
