"""What a body's answer begins with us. The court has taken the case: the suit is on record from that day, and somebody enters the
registration, from which the days of hearing, appeal and enforcement are counted. A ruling gives it to another body: that one
supports from now on."""

from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext

from arrears.casework import owners_of
from arrears.models import Claim, Proceeding, Referral, Step, Supporting
from arrears.moves import Move
from arrears.proceedings import verbs as proceedings
from arrears.proceedings.standing import said_of
from arrears.referrals import add_follower
from arrears.support.table import SUPPORTERS
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


def ruling_passes_on(referral: Referral, move: Move, now: datetime) -> None:
    """The body of the ruling stands behind the application in place of the first, whose row stays as it was."""
    if move.name != "rule_other":
        return
    later = Referral.objects.select_related("body").get(ruled_from=referral)
    for row in Supporting.objects.filter(referral=referral):
        said = {
            "supporter": fitting(row.supporter, later), "why": gettext("裁定由该单位办理，接替%(body)s") % {"body": referral.body.name},
            "chosen_by": referral.ruled_by, "chosen_at": now, "referral": later,
        }  # fmt: skip
        Supporting.objects.update_or_create(case_id=row.case_id, body=later.body, defaults=said)


def fitting(supporter: str, referral: Referral) -> str:
    """As what the other body supports."""
    fits = [row.id for row in SUPPORTERS.values() if referral.body.kind in row.bodies and row.kind == referral.kind]
    return supporter if supporter in fits or not fits else fits[0]


add_follower(court_took_it)
add_follower(ruling_passes_on)
proceedings.add_on_step(entered)
