"""Does a sitting suit? What is refused whatever anybody says, and what the parties may agree to.

Asked inside the booking, while bookings of that day take turns (mediation.sittings): what another table says (blackouts,
leave, how many hearings a mediator has) cannot change between the question and the row.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from arrears.calendars import calendar_now
from arrears.workdays import Calendar
from grid.days import day_of
from grid.models import Leave
from grid.refused import Refused
from mediation import in_court
from mediation.hearing_days import rule_on
from mediation.models import Blackout, Hearing, Mediation, MediatorTerms, PartyDay, Recusal
from mediation.models.scheduling import ASKED, GRANTED
from mediation.parties import parties_of
from mediation.slots.kinds import PART_MASKS
from mediation.slots.masks import minute, span
from mediation.slots.rules import closed, is_short


def check_free(sitting: Any, mediation: Mediation, hearing: Hearing | None = None, joint: Any = None) -> None:
    """Raises Refused: room_blackout, mediator_recused, off_panel, mediator_away, mediator_full."""
    check_blackout(sitting)
    check_recusal(sitting.mediator, mediation)
    check_mediator_day(sitting, hearing, joint)


def check_blackout(sitting: Any) -> None:
    shut = Blackout.objects.filter(room=sitting.room, span__overlap=sitting.span).first()
    if shut:
        raise Refused(
            "room_blackout",
            _("“%(room)s”%(from)s 至 %(to)s 停用（%(reason)s），请另选时间或调解室。")
            % {"room": sitting.room.name, "from": f"{shut.starts_at:%Y-%m-%d %H:%M}", "to": f"{shut.ends_at:%Y-%m-%d %H:%M}", "reason": shut.reason},
        )  # fmt: skip


def check_recusal(mediator: Any, mediation: Mediation) -> None:
    states = set(Recusal.objects.filter(mediation=mediation, mediator=mediator).values_list("state", flat=True))
    if GRANTED in states:
        raise Refused("mediator_recused", _("调解员 %(name)s 在本案中已回避，请另选调解员。") % {"name": mediator})
    if ASKED in states:
        raise Refused("recusal_open", _("对调解员 %(name)s 的回避申请还没有决定，请先作出决定，或另选调解员。") % {"name": mediator})


def check_mediator_day(sitting: Any, hearing: Hearing | None, joint: Any) -> None:
    name, day = str(sitting.mediator), sitting.day
    leave = Leave.objects.filter(person=sitting.mediator, starts_on__lte=day, ends_on__gte=day).select_related("deputy").first()
    if leave:
        said = _("调解员 %(name)s 在 %(day)s 请假，请另选日期或调解员。")
        if leave.deputy:
            said = _("调解员 %(name)s 在 %(day)s 请假（代理人：%(deputy)s），请另选日期或调解员。")
        raise Refused("mediator_away", said % {"name": name, "day": day, "deputy": leave.deputy})
    terms = MediatorTerms.objects.filter(pk=sitting.mediator.pk).first()
    if terms is None:
        return
    if not terms.is_on_panel:
        raise Refused("off_panel", _("%(name)s 目前不在调解员名册，不能排期，请另选调解员。") % {"name": name})
    others = Hearing.objects.live().on(day).filter(mediator=sitting.mediator)
    if hearing is not None:
        others = others.exclude(pk=hearing.pk)
    if joint is not None:  # heard together with one that counts already
        others = others.exclude(joint=joint)
    if others.values("joint").distinct().count() >= terms.daily:
        raise Refused("mediator_full", _("调解员 %(name)s 在 %(day)s 已排满 %(most)s 场，请另选日期或调解员。") % {"name": name, "day": day, "most": terms.daily})


def check_agreed(sitting: Any, mediation: Mediation, party_ids: Collection[Any], now: datetime, calendar: Calendar | None = None) -> None:
    """What the parties may waive. Raises Refused: rest_day, short_notice, party_unsuited, in_court."""
    calendar, day = calendar or calendar_now(), sitting.day
    rule = rule_on(mediation.claim.region_id, day)
    if closed(day, rule, calendar) == "rest":  # a Saturday on which the office hears is no rest day, as 找时间 has it
        cause = calendar.why(day).phrase().text(_)
        raise Refused("rest_day", _("%(day)s 不是工作日（%(cause)s），请改选工作日；双方都同意在这一天开的，勾选“双方当事人已同意”后再提交。") % {"day": day, "cause": cause})
    if is_short(day, day_of(now), rule.notice, calendar):
        raise Refused(
            "short_notice",
            _("按开庭日规则，至少要提前 %(n)s 个工作日通知，%(day)s 来不及了；请选更晚的日期，双方都同意提前的，勾选“双方当事人已同意”后再提交。") % {"n": rule.notice, "day": day},
        )  # fmt: skip
    unsuited = unsuited_among(sitting, mediation, party_ids)
    if unsuited:
        raise Refused("party_unsuited", _("“%(who)s”说过这个时间不方便，请另选时间；已经和对方说好的，勾选“双方当事人已同意”后再提交。") % {"who": unsuited})
    busy = in_court_among(sitting, mediation, party_ids)
    if busy:
        raise Refused("in_court", _("“%(who)s”这段时间要去法院或仲裁委开庭，请另选时间；已核实赶得上、双方都同意的，勾选“双方当事人已同意”后再提交。") % {"who": busy})


def unsuited_among(sitting: Any, mediation: Mediation, party_ids: Collection[Any]) -> str:
    """The name of a party who said that they cannot come then; "" if nobody did."""
    asked = span(*map(minute, sitting.clocks))
    said = PartyDay.objects.filter(mediation=mediation, day=sitting.day, party_id__in=party_ids)
    who = next((row.party_id for row in said if PART_MASKS[row.part] & asked), None)
    return next((party.name for party in parties_of(mediation.claim) if party.pk == who), _("当事人")) if who else ""


def in_court_among(sitting: Any, mediation: Mediation, party_ids: Collection[Any]) -> str:
    """The name of a party who is called, or of the mediator, who has to be in court then; "" if nobody has."""
    ids, time = set(party_ids), (sitting.starts_at, sitting.ends_at)
    names = {party.key: party.name for party in parties_of(mediation.claim) if party.pk in ids}
    who = next(iter(in_court.of_parties(names, *time)), None)
    if who is not None:
        return names[who]
    return str(sitting.mediator) if in_court.of_officers([sitting.mediator.pk], *time) else ""
