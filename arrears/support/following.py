"""What becomes of a support case when one of its referrals moves. The court has taken the case: somebody enters the filing, from which
the days of hearing, appeal and enforcement are counted. A ruling gives it to another body: that one supports from now on."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _translate

from arrears.casework import owners_of
from arrears.models import Proceeding, Referral, Supporting
from arrears.moves import Move
from arrears.referrals import add_follower
from arrears.support.table import SUPPORTERS
from grid import tasklist
from grid.days import day_of
from grid.duty import Roster
from grid.tasklist import TaskKind

SUED, SUIT, TASK = "sued", "suit", "enter_suit"


def _(text: str) -> str:
    """Marks a label for the catalogues; grid.tasklist translates it."""
    return text


tasklist.add_kinds((
    TaskKind(
        TASK, _("登记起诉：%(number)s"),
        _("%(body)s反馈案件 %(number)s 已由法院立案。请向劳动者或者支持单位要起诉状和受理通知书，登记起诉和立案，开庭、上诉和执行的期限由此计算。"),
    ),
))  # fmt: skip


def court_took_it(referral: Referral, move: Move, now: datetime) -> None:
    """A supporter reports that the court has registered the suit, and nobody has entered one."""
    if move.name != "conclude" or referral.outcome != SUED or not Supporting.objects.filter(referral=referral).exists():
        return
    claim = referral.claim
    if Proceeding.objects.filter(claim=claim, kind=SUIT, ended_on=None).exists():
        return
    owners = owners_of(claim, Roster.around(claim.region_id, day_of(now)))
    owner = owners[0] if owners else tasklist.owner_for(claim.region_id, day_of(now))
    if owner:
        tasklist.add(
            owner, TASK, key=f"suit:{referral.pk}", now=now, facts={"number": claim.number, "body": referral.body.name},
            path=f"{reverse('claim_proceedings', args=[claim.pk])}?referral={referral.pk}", subject_id=claim.pk, region_code=claim.region_id,
        )  # fmt: skip


def ruling_passes_on(referral: Referral, move: Move, now: datetime) -> None:
    """The body of the ruling stands behind the application in place of the first, whose row stays as it was."""
    if move.name != "rule_other":
        return
    later = Referral.objects.select_related("body").get(ruled_from=referral)
    for row in Supporting.objects.filter(referral=referral):
        said = {
            "supporter": fitting(row.supporter, later), "why": _translate("裁定由该单位办理，接替%(body)s") % {"body": referral.body.name},
            "chosen_by": referral.ruled_by, "chosen_at": now, "referral": later,
        }  # fmt: skip
        Supporting.objects.update_or_create(case_id=row.case_id, body=later.body, defaults=said)


def fitting(supporter: str, referral: Referral) -> str:
    """As what the other body supports."""
    fits = [row.id for row in SUPPORTERS.values() if referral.body.kind in row.bodies and row.kind == referral.kind]
    return supporter if supporter in fits or not fits else fits[0]


add_follower(court_took_it)
add_follower(ruling_passes_on)
