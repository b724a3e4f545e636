"""What workers are told of a mediation, by text message (arrears.worker.notices)."""

from datetime import date
from typing import Any

from arrears.models import Claim, Claimant, Event
from arrears.worker.page import AGREED, Agreed
from arrears.worker.words import Message, add_messages, kind, said
from grid.models import Notice
from grid.models.notices import DROPPED, HELD, QUEUED
from grid.notices import add_kinds
from mediation.notice_kinds import PARTY_KINDS
from mediation.outstanding import agreement_in_force, by_worker, standing_of
from mediation.pursuing.table import WAYS
from mediation.slots.kinds import ONLINE


def _(text: str) -> str:
    """Marks a label for the catalogues; grid.notices translates it."""
    return text


# The start of the hearing it is about, the old one of a hearing that was moved, if that came first: who is not told in time
# comes in vain, or not at all.
BEGINS = "begins"

KINDS = (
    kind("worker_mediation_asked", _("申请调解"), _("您的欠薪纠纷已申请调解，受理后会告诉您。查询号%(query)s，查进展：%(url)s")),
    kind("worker_mediation_begun", _("调解已受理"), _("调解申请已受理，由调解员办理，开会时间定了再通知您。查询号%(query)s，%(url)s")),
    kind("worker_hearing", _("调解会通知"), _("调解会定于%(when)s在%(room)s开，请准时到场、带好证据。查询号%(query)s，%(url)s"), moment=BEGINS, when="2026-03-05 14:30–16:00", room="县调解一室"),
    kind("worker_hearing_moved", _("调解会改期"), _("调解会改到%(when)s在%(room)s开，请准时到场。查询号%(query)s，%(url)s"), moment=BEGINS, when="2026-03-06 09:00–10:30", room="县调解一室"),
    kind("worker_hearing_online", _("线上调解会通知"), _("调解会定于%(when)s在网上开，会议链接打开查询页看。查询号%(query)s，%(url)s"), moment=BEGINS, when="2026-03-05 14:30–16:00"),
    kind("worker_hearing_moved_online", _("调解会改到网上"), _("调解会改到%(when)s在网上开，会议链接打开查询页看。查询号%(query)s，%(url)s"), moment=BEGINS, when="2026-03-06 09:00–10:30"),
    kind("worker_hearing_way", _("调解会地点有变"), _("您%(when)s的调解会，地点或会议链接有变，请打开查询页看新的。查询号%(query)s，%(url)s"), moment=BEGINS, when="2026-03-06 09:00–10:30"),
    kind("worker_hearing_near", _("调解会提醒"), _("提醒您：调解会%(when)s在%(room)s开，请带身份证和证据。来不了请提前说。查询号%(query)s，%(url)s"), moment=BEGINS, is_call=True, when="2026-03-05 14:30–16:00", room="县调解一室"),
    kind("worker_hearing_near_online", _("线上调解会提醒"), _("提醒您：调解会%(when)s在网上开，会议链接打开查询页看。查询号%(query)s，%(url)s"), moment=BEGINS, is_call=True, when="2026-03-05 14:30–16:00"),
    kind("worker_hearing_off", _("调解会休会"), _("调解会休会，新的时间定了再通知您。查询号%(query)s，查进展：%(url)s"), moment=BEGINS),
    kind("worker_instalment_missed", _("分期逾期未付"), _("协议约定%(due)s前付的钱没有登记到账，已催付款方；收到了请告诉我们。查询号%(query)s，%(url)s"), due="2026-04-20"),
    kind("worker_mark", _("请评价调解"), _("调解结束了，请打开查询页说说调解办得怎么样。调解员看不到是谁说的。查询号%(query)s，%(url)s")),
    kind("worker_pursued", _("准备交到法院的文书"), _("对方没有按协议付款，%(what)s已做好，等您签名后交法院。查询号%(query)s，%(url)s"), what="支付令申请书", what_en="the application for a payment order"),
    kind("worker_no_agreement", _("调解未成"), _("调解没有达成协议，我们继续办理；您也可以申请劳动仲裁。查询号%(query)s，%(url)s"), moment=BEGINS),
    kind("worker_mediation_goes_on", _("调解继续"), _("更正：您的调解没有结束，接着办理，有进展再通知您。查询号%(query)s，%(url)s")),
)  # fmt: skip

add_kinds(KINDS)


OF_HEARINGS = [one.name for one in (*KINDS, *PARTY_KINDS) if one.moment == BEGINS and one.name != "worker_no_agreement"]


TO_THE_HOUSE = ("hearing_scheduled", "hearing_moved", "hearing_way_changed", "hearing_in_the_way", "hearing_near")


def recall(claim: Claim) -> None:
    """Takes back what waits to be sent, at night or because the channel is down: whoever reads it in the morning would come for
    nothing, or stay away from what takes place. What was not said at all of a hearing is said of it as it stands now. The same of mails to
    people of the house that wait for the morning or for a digest: who was told of the old time is told of the new one."""
    Notice.objects.filter(subject_id=claim.pk, kind__in=OF_HEARINGS, state=QUEUED).update(state=DROPPED)
    Notice.objects.filter(subject_id=claim.pk, kind__in=TO_THE_HOUSE, state__in=(QUEUED, HELD)).exclude(channel="in_app").update(state=DROPPED)


def recall_end(claim: Claim) -> None:
    """The end was a mistake: who was not told of it yet is not told."""
    Notice.objects.filter(subject_id=claim.pk, kind="worker_no_agreement", state=QUEUED).update(state=DROPPED)


def if_it_is_to_come_online(claim: Claim, event: Event) -> dict[str, Any] | None:
    return said("when", BEGINS)(claim, event) if event.facts.get("when") else None


def if_it_is_to_come(claim: Claim, event: Event) -> dict[str, Any] | None:
    """A result that was noted by mistake may be put right after the day of the hearing."""
    return said("when", "room", BEGINS)(claim, event) if event.facts.get("when") else None


def agreed_for(claim: Claim, claimant: Claimant | None, today: date) -> Agreed | None:
    """Once the agreement has a share for the worker; of what it broke off or was paid, too: the worker sees what came."""
    agreement = agreement_in_force(claim)
    if agreement is None or claimant is None:
        return None
    own = next((row for row in by_worker(agreement, claim) if row.key.goes_on_as == claimant.goes_on_as), None)
    if own is None:
        return None
    found = standing_of(agreement, claim, today)
    part = found.next_part if own.left else None
    return Agreed(own.amount, own.paid, own.left, part.due_on if part else None, bool(part and part.is_overdue))


def paper_made(claim: Claim, event: Event) -> dict[str, Any]:
    way = WAYS[event.facts["way"]]
    return {"what": way.paper, "what_en": way.paper_en}


AGREED.append(agreed_for)
add_messages({
    "mediation.apply": Message("worker_mediation_asked"),
    "mediation.accept": Message("worker_mediation_begun"),
    "mediation.schedule": Message("worker_hearing", said("when", "room", BEGINS)),
    "mediation.postpone": Message("worker_hearing_moved", said("when", "room", BEGINS)),
    "mediation.convert": Message("worker_hearing_moved", said("when", "room", BEGINS)),
    "mediation.join": Message("worker_hearing", said("when", "room", BEGINS)),
    **{f"mediation.{move}.{ONLINE}": Message("worker_hearing_online", said("when", BEGINS)) for move in ("schedule", "join")},
    **{f"mediation.{move}.{ONLINE}": Message("worker_hearing_moved_online", said("when", BEGINS)) for move in ("postpone", "convert")},
    f"mediation.undo.{ONLINE}": Message("worker_hearing_online", if_it_is_to_come_online),
    "mediation.way_changed": Message("worker_hearing_way", said("when", BEGINS)),
    "mediation.reminded": Message("worker_hearing_near", said("when", "room", BEGINS)),
    f"mediation.reminded.{ONLINE}": Message("worker_hearing_near_online", said("when", BEGINS)),
    "mediation.adjourn": Message("worker_hearing_off", said(BEGINS)),
    "mediation.no_show": Message("worker_hearing_off", said(BEGINS)),
    "mediation.undo": Message("worker_hearing", if_it_is_to_come),
    "mediation.missed": Message("worker_instalment_missed", said("due")),
    "mediation.mark_asked": Message("worker_mark"),
    "mediation.pursued": Message("worker_pursued", paper_made),
    "mediation.fail": Message("worker_no_agreement", said(BEGINS)),
    "mediation.reinstate": Message("worker_mediation_goes_on"),
})
