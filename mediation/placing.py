"""Where and when a hearing takes place: what the moves schedule, postpone, convert, join and on_site write. Each returns what the event
says of it; mediation.hearings makes the move around it."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from grid.days import day_of
from grid.models import Person
from grid.refused import Refused
from mediation import sittings
from mediation.hearing_days import rule_on
from mediation.models import Hearing, Mediation, Room
from mediation.parties import chosen, parties_of
from mediation.permits import mediators_for
from mediation.slots.kinds import ONLINE, SITE
from mediation.suiting import check_agreed, check_recusal

Answers = dict[str, Any]
PLACE_LENGTH, ROOM_NAME = 200, 60  # of an address and of a room's name
SITE_HOLDS = 500  # nobody counts chairs there


def schedule(mediation: Mediation, answers: Answers, person: Person | None, now: datetime) -> Answers:
    sitting = sitting_of(mediation, answers)
    sittings.check(sitting, mediation, now)
    everybody = parties_of(mediation.claim)
    called = everybody if answers.get("parties") is None else chosen(everybody, answers["parties"])
    if not called:
        raise Refused("nobody_called", _("请至少选择一名到场的当事人。"))
    if not answers.get("anyway"):
        check_agreed(sitting, mediation, [party.pk for party in called], now)
    hearing = sittings.book(mediation, sitting, called, seen_by(person, now))
    return {**said_of(sitting), **beginning(hearing), "hearing": str(hearing.pk), "parties": [party.name for party in called]}


def postpone(mediation: Mediation, answers: Answers, person: Person | None, now: datetime) -> Answers:
    """Away from the hearings it was held together with it stands alone again, unless all of them move (`joint`)."""
    sitting = sitting_of(mediation, answers)
    sittings.check(sitting, mediation, now)
    hearing = as_seen(mediation, answers)
    if not answers.get("anyway"):
        check_agreed(sitting, mediation, called_ids(hearing), now)
    return moved(hearing, sitting, answers, person, now, answers.get("joint"))


def convert(mediation: Mediation, answers: Answers, person: Person | None, now: datetime) -> Answers:
    """The same time in a room of the other kind."""
    hearing = as_seen(mediation, answers)
    if answers["room"].is_online == hearing.room.is_online:
        raise Refused("same_medium", _("请选择另一种方式的调解室：现在是线上的选到场的，到场的选线上的。"))
    sitting = sitting_of(mediation, {"mediator": hearing.mediator, "starts_at": hearing.starts_at, "ends_at": hearing.ends_at, **answers})
    sittings.check(sitting, mediation, now)
    return moved(hearing, sitting, answers, person, now, answers.get("joint"))


def join(mediation: Mediation, answers: Answers, person: Person | None, now: datetime) -> Answers:
    """Into another hearing: its time, room and mediator. Each keeps its own parties, result and agreement."""
    day = day_of(answers["hearing"].starts_at)
    mine = [as_seen(mediation, answers)] if mediation.state == "scheduled" else []
    sittings.take_turns(day, *(day_of(one.starts_at) for one in mine))  # all at once: one after the other two could wait for each other
    other = Hearing.objects.live().select_related("room", "mediator").filter(pk=answers["hearing"].pk).first()
    if other is None or other.mediation_id == mediation.pk or day_of(other.starts_at) != day:
        raise Refused("hearing_gone", _("所选的调解会已经改动或取消，请重新选择。"))
    answers["hearing"] = other  # as it is now: the mediation goes to whoever holds it now
    sitting = sitting_of(mediation, {"room": other.room, "mediator": other.mediator, "starts_at": other.starts_at, "ends_at": other.ends_at})
    sittings.check(sitting, mediation, now)
    called = called_ids(mine[0]) if mine else [party.pk for party in parties_of(mediation.claim)]
    if not answers.get("anyway"):
        check_agreed(sitting, mediation, called, now)
    if mine:
        return moved(mine[0], sitting, answers, person, now, other.joint)
    hearing = sittings.book(mediation, sitting, parties_of(mediation.claim), seen_by(person, now), other.joint)
    return {**said_of(sitting), **beginning(hearing), "hearing": str(hearing.pk), "reason": answers["reason"]}


def on_site(mediation: Mediation, answers: Answers, person: Person | None, now: datetime) -> Answers:
    """Here and now, by whoever says so; what was to come is held now instead. Only the database is asked whether the mediator is free:
    there was no notice, nobody needs a room, and a day that is full by the panel's rules is no reason to send people away."""
    place = answers["place"].strip()[:PLACE_LENGTH]
    if not place:
        raise Refused("no_place", _("请写明在哪里开，例如工地名称和地址。"))
    if person is None or not mediators_for(mediation.claim, day_of(now)).filter(pk=person.pk).exists():
        raise Refused("not_a_mediator", _("您目前不能担任本案调解员，请本案的调解员到场后再开始。"))
    check_recusal(person, mediation)
    here = Room.objects.get_or_create(
        region_id=mediation.claim.region_id, name=place[:ROOM_NAME], defaults={"medium": SITE, "capacity": SITE_HOLDS, "address": place if len(place) > ROOM_NAME else ""}
    )[0]
    starts_at = now.replace(second=0, microsecond=0)
    sitting = sittings.Sitting(here, person, starts_at, starts_at + timedelta(minutes=int(answers["length"])))
    if mediation.state == "scheduled":
        hearing = last_hearing(mediation)
        was = {"was": sittings.when(hearing.starts_at, hearing.ends_at), "was_room": hearing.room.name}
        sittings.move(hearing, sitting, seen_by(person, now), is_on_site=True)
        return {**said_of(sitting), **was, **beginning(hearing), "hearing": str(hearing.pk)}
    hearing = sittings.book(mediation, sitting, parties_of(mediation.claim), seen_by(person, now), is_on_site=True)
    return {**said_of(sitting), **beginning(hearing), "hearing": str(hearing.pk)}


def moved(
    hearing: Hearing, sitting: sittings.Sitting, answers: Answers, person: Person | None, now: datetime, joint: Any = None
) -> Answers:
    was = {"was": sittings.when(hearing.starts_at, hearing.ends_at), "was_room": hearing.room.name}
    soonest = min(hearing.starts_at, sitting.starts_at)
    sittings.move(hearing, sitting, seen_by(person, now), joint)
    return {**said_of(sitting), **was, "begins": soonest.isoformat(), "hearing": str(hearing.pk), "reason": answers["reason"]}


def as_seen(mediation: Mediation, answers: Answers) -> Hearing:
    """The hearing that is to be moved, if it is still as the page showed it."""
    hearing = last_hearing(mediation)
    if answers.get("version") not in (None, hearing.version):
        now_at = {"when": sittings.when(hearing.starts_at, hearing.ends_at), "room": hearing.room.name}
        raise Refused("stale", _("这场调解会刚刚已被他人改动，现在是 %(when)s，%(room)s。请核对后再操作。") % now_at)
    return hearing


def called_ids(hearing: Hearing) -> list[Any]:
    return list(hearing.attendances.values_list("party_id", flat=True))


def sitting_of(mediation: Mediation, answers: Answers) -> sittings.Sitting:
    """The buffer is that of the office whose case it is, as 找时间 counts it."""
    room = answers["room"]
    buffer = rule_on(mediation.claim.region_id, day_of(answers["starts_at"])).buffer
    return sittings.Sitting(room, answers["mediator"], answers["starts_at"], answers["ends_at"], buffer)


def said_of(sitting: sittings.Sitting) -> Answers:
    return {"when": sitting.when, **where(sitting.room), "mediator": str(sitting.mediator)}


def where(room: Room) -> Answers:
    """Online the workers are told in other words."""
    return {"room": room.name, **({"medium": ONLINE} if room.is_online else {})}


def beginning(hearing: Hearing) -> Answers:
    return {"begins": hearing.starts_at.isoformat()}


def last_hearing(mediation: Mediation) -> Hearing | None:
    return mediation.hearings.select_related("room", "mediator").order_by("-number").first()


def seen_by(person: Person | None, now: datetime) -> Any:
    """The hearings a refusal may name to the person; the system itself tells nobody."""
    return Hearing.objects.none() if person is None else Hearing.objects.visible_to(person, day_of(now))
