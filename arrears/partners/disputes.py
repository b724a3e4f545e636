"""争议: when a body says that it is not theirs, or says nothing at all, somebody above decides who takes it, and that binds."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from arrears.lifecycle import REFERRAL
from arrears.models import Clock, Referral
from arrears.moves import Move
from arrears.partners.ruling import bench_today
from arrears.permits import Denied, referral_moves_for
from grid.days import day_of
from grid.models import Person
from grid.refused import Refused

NOT_OURS = "not_ours"
LONGEST = timedelta(days=366)


def disputable(referral: Referral) -> Denied | bool:
    """Declined as not theirs, or silent past the last rung."""
    if referral.ruled_at:
        return Denied("ruled_already", _("这件移送已经裁定过，不能再次提请裁定。"))
    if referral.state == "declined":
        if referral.ground != NOT_OURS:
            return Denied("not_disputed", _("该单位不是以“不属于本单位职责”为由不接受的，请按所说的原因处理，或者另选单位。"))
        going = Referral.objects.filter(claim=referral.claim_id, body=referral.body_id, kind=referral.kind, state__in=REFERRAL.open_states)
        if going.exists():
            return Denied("already_referred", _("同一事项已再次移送该单位，请等待答复。"))
        return True
    if not is_silent(referral):
        return Denied("not_silent", _("催告还没有到头，请先催办；最后一次提醒之后仍不答复的，可以提请裁定。"))
    return True


def is_silent(referral: Referral) -> bool:
    """Has every rung called, and the body has still not answered?"""
    return Clock.objects.running().filter(about_id=referral.pk, rule_id__in=("REF-RECEIVE-2", "REF-ANSWER-5"), watch=None).exists()


def others_that_declined(referral: Referral) -> int:
    """How many other bodies have said of the same thing that it is not theirs."""
    rows = Referral.objects.filter(claim=referral.claim_id, kind=referral.kind, state="declined", ground=NOT_OURS, ruled_at=None)
    return rows.exclude(body=referral.body_id).values("body").distinct().count()


def is_ping_pong(referral: Referral) -> bool:
    return referral.state == "declined" and referral.ground == NOT_OURS and others_that_declined(referral) > 0


def arbiters(referral: Referral, today: date) -> list[Person]:
    return bench_today(referral, today).people


def moves_offered(referral: Referral, person: Person, today: date) -> list[Move]:
    """What the person can do with it now: the table's moves, without those whose condition plainly fails."""
    return [move for move in referral_moves_for(referral, person, today) if OFFERED.get(move.name, bool)(referral)]


OFFERED: dict[str, Callable[[Referral], bool]] = {
    "dispute": lambda referral: referral.claim.is_open and bool(disputable(referral)),
    "take": lambda referral: referral.waits_for_receipt,
    **dict.fromkeys(("supply", "supplement", "resend"), lambda referral: referral.claim.is_open),
}

# Conditions of the table that need more than the row's state. Each is given the referral, who acts, when, and the answers.


def claim_goes_on(referral: Referral, person: Person | None, now: datetime, answers: dict[str, Any]) -> None:
    if not referral.claim.is_open:
        raise Refused("claim_ended", _("案件已经结束，不能进行这项操作。"))


def may_dispute(referral: Referral, person: Person | None, now: datetime, answers: dict[str, Any]) -> None:
    answer = disputable(referral)
    if isinstance(answer, Denied):
        raise Refused(answer.code, answer.message)


def another_body(referral: Referral, person: Person | None, now: datetime, answers: dict[str, Any]) -> None:
    if answers["other_body"].pk == referral.body_id:
        raise Refused("same_body", _("请选择另一个单位；由原单位办理的，请用“裁定由该单位办理”。"))


def not_ruled(referral: Referral, person: Person | None, now: datetime, answers: dict[str, Any]) -> None:
    if referral.is_binding and answers.get("ground") == NOT_OURS:
        raise Refused("ruled", _("已经裁定由贵单位办理，不能再以不属于本单位职责为由不接受。"))


def day_ahead(referral: Referral, person: Person | None, now: datetime, answers: dict[str, Any]) -> None:
    if not timedelta() < answers["supply_by"] - day_of(now) <= LONGEST:
        raise Refused("day_not_ahead", _("补充的日期应在今天之后、一年以内，请核对。"))


def to_take(referral: Referral, person: Person | None, now: datetime, answers: dict[str, Any]) -> None:
    if not referral.waits_for_receipt:
        raise Refused("nothing_to_take", _("没有等待签收的补充材料。"))


GUARDS = {
    "claim_goes_on": claim_goes_on, "may_dispute": may_dispute, "another_body": another_body,
    "not_ruled": not_ruled, "day_ahead": day_ahead, "to_take": to_take,
}  # fmt: skip
