"""Who takes which seat in an online hearing, and when its door is open at all."""

import secrets
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from arrears.models import Claimant
from arrears.permits import claim_posts
from grid.days import day_of
from grid.models import Person
from grid.refused import Refused
from grid.roles import CITY_SUPERVISOR, COUNTY_OFFICER
from mediation.feeds.links import digest_of
from mediation.models import Hearing, OnlineLink, OnlineRoom, OnlineSeat
from mediation.online.table import ADMITTED, EARLY, HANDLER, LATE, MEDIATOR, SEATS, SUPERVISOR, WAITING, WORKER

ROWS = Hearing.objects.select_related("room", "mediator", "mediation__claim__region", "mediation__mediator")
OVERSEEING = (COUNTY_OFFICER, CITY_SUPERVISOR)


def is_held(hearing: Hearing) -> bool:
    """Is it to be held in this house's room, and still to come or going on?"""
    return hearing.is_live and hearing.room.is_online


def is_time(hearing: Hearing, now: datetime) -> bool:
    return is_held(hearing) and hearing.starts_at - EARLY <= now <= hearing.ends_at + LATE


def require_time(hearing: Hearing, now: datetime) -> None:
    """Raises Refused: not_online, over, too_early."""
    if not hearing.is_live or now > hearing.ends_at + LATE:
        raise Refused("over", _("这场调解会已经结束或者取消，不能再进入。"))
    if not hearing.room.is_online:
        raise Refused("not_online", _("这场调解会不在网上开，请按通知的时间到调解室。"))
    if now < hearing.starts_at - EARLY:
        opens = (hearing.starts_at - EARLY).strftime("%Y-%m-%d %H:%M")
        raise Refused("too_early", _("还没到时间。%(opens)s 起可以进入，请到时再打开这个页面。") % {"opens": opens})


def seat_of_official(hearing: Hearing, person: Person, today: date) -> str | None:
    """The mediator, whoever handles the case, the county's officer and the city's supervisors who oversee it; nobody else of the
    house."""
    if person.pk in (hearing.mediator_id, hearing.mediation.mediator_id):
        return MEDIATOR
    if person.pk == hearing.mediation.claim.handler_id:
        return HANDLER
    oversees = any(post.role.name in OVERSEEING for post in claim_posts(hearing.mediation.claim, person, today))
    return SUPERVISOR if oversees else None


def post_of(hearing: Hearing, person: Person, today: date) -> str:
    """The highest by which they oversee."""
    names = {post.role.name: post.role.label for post in claim_posts(hearing.mediation.claim, person, today) if post.role.name in OVERSEEING}
    return names.get(CITY_SUPERVISOR) or names[COUNTY_OFFICER]


def enter_as_official(hearing: Hearing, person: Person, *, now: datetime) -> tuple[OnlineSeat, str]:
    """Raises Refused: as require_time, not_your_seat."""
    require_time(hearing, now)
    kind = seat_of_official(hearing, person, day_of(now))
    if kind is None:
        raise Refused("not_your_seat", _("只有本场调解员、经办人和负责监督的县、市人员可以进入网上调解室。"))
    post = post_of(hearing, person, day_of(now)) if kind == SUPERVISOR else ""
    return take(hearing, kind, person.full_name, now, post=post, person=person)


def enter_as_worker(hearing: Hearing, worker: Claimant, *, now: datetime) -> tuple[OnlineSeat, str]:
    """Raises Refused: as require_time, not_called."""
    require_time(hearing, now)
    if not hearing.attendances.filter(party_id=worker.pk).exists():
        raise Refused("not_called", _("这场调解会没有通知您参加，请联系调解员。"))
    return take(hearing, WORKER, worker.name, now, party_id=worker.pk)


def enter_by_link(link: OnlineLink, *, now: datetime) -> tuple[OnlineSeat, str]:
    """The code has been asked. Raises Refused: as require_time."""
    require_time(link.hearing, now)
    return take(link.hearing, link.kind, link.name, now, link=link)


def take(hearing: Hearing, kind: str, name: str, now: datetime, post: str = "", **whose: Any) -> tuple[OnlineSeat, str]:
    """The seat, and the token their browser shows from now on. Whoever was admitted stays admitted, whoever was removed stays
    outside. The mediator opens the room by coming in."""
    token = secrets.token_urlsafe(24)
    with transaction.atomic():
        Hearing.objects.select_for_update(of=("self",)).get(pk=hearing.pk)  # two who come first at once
        room, _made = OnlineRoom.objects.get_or_create(hearing=hearing)
        needs_no_leave = kind == MEDIATOR or SEATS[kind].is_silent
        fresh = {"token": digest_of(token), "name": name, "kind": kind, "post": post, "seen_at": now}
        seat, _made = OnlineSeat.objects.update_or_create(
            room=room, **whose, defaults={**fresh, **({"state": ADMITTED, "decided_at": now} if needs_no_leave else {})},
            create_defaults={**fresh, "came_at": now, "state": ADMITTED if needs_no_leave else WAITING, "decided_at": now if needs_no_leave else None},
        )  # fmt: skip
        if kind == MEDIATOR:
            OnlineRoom.objects.filter(pk=room.pk).update(opened_at=room.opened_at or now, closed_at=None)
    return seat, token


def host_seat(hearing: Hearing, person: Person, *, now: datetime, opens: bool = False) -> OnlineSeat:
    """The mediator's, for one who is not at the page of the room: a browser that sits in it stays in. Raises Refused: as require_time,
    not_your_role, not_open."""
    require_time(hearing, now)
    if seat_of_official(hearing, person, day_of(now)) != MEDIATOR:
        raise Refused("not_your_role", _("只有调解员可以这样做。"))
    with transaction.atomic():
        Hearing.objects.select_for_update(of=("self",)).get(pk=hearing.pk)
        room, _made = OnlineRoom.objects.get_or_create(hearing=hearing)
        if opens:
            OnlineRoom.objects.filter(pk=room.pk).update(opened_at=room.opened_at or now, closed_at=None)
        elif not room.is_open:
            raise Refused("not_open", _("会场还没有打开，请先打开会场。"))
        fresh = {"token": digest_of(secrets.token_urlsafe(24)), "name": person.full_name, "kind": MEDIATOR, "seen_at": now, "came_at": now, "state": ADMITTED, "decided_at": now}
        seat, _made = OnlineSeat.objects.get_or_create(room=room, person=person, defaults=fresh)
    return OnlineSeat.objects.select_related("room__hearing__room", "room__hearing__mediation__claim", "person").get(pk=seat.pk)


def seat_again(hearing_id: UUID, seat_id: str, token: str) -> OnlineSeat | None:
    """The seat a browser says it has, if it has."""
    try:
        pk = UUID(seat_id)
    except ValueError:
        return None
    rows = OnlineSeat.objects.select_related("room__hearing__room", "room__hearing__mediation__claim", "person")
    seat = rows.filter(pk=pk, room__hearing=hearing_id).first()
    return seat if seat and secrets.compare_digest(seat.token, digest_of(token)) else None
