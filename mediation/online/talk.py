"""One turn of a browser: what it has to say to the others, and everything it must know. Short requests, asked again and again: a
long one would hold one of the few threads that serve pages."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Prefetch
from django.utils.translation import gettext as _

from grid.days import SHANGHAI
from grid.refused import Refused
from mediation.models import OnlineRoom, OnlineSeat, OnlineStay
from mediation.online import chat, ice, presence, recording, rooms, showing, signalling
from mediation.online.doors import is_time
from mediation.online.signalling import Letter, Peer
from mediation.online.table import ADMITTED, LETTERS, LONGEST_LETTER, MEDIATOR, MOST_AT_ONCE, REMOVED

STATE = ("muted", "camera", "sharing")  # what the others are shown of somebody's devices


@dataclass(frozen=True)
class Said:
    """What a browser wrote. `peer` "": it has just come. `after`: the last letter it has read; `heard`: the last
    line that was written in the room."""

    peer: str
    after: str
    heard: str
    me: dict[str, bool]
    letters: list[Letter]

    @classmethod
    def of(cls, body: bytes) -> "Said":
        """Raises Refused: bad_input."""
        try:
            said = json.loads(body)
            peer, after, heard, me, letters = said["peer"], said["after"], said["heard"], said["me"], said["send"]
            is_well = (
                isinstance(peer, str) and len(peer) <= 40 and is_number(after) and is_number(heard)
                and isinstance(me, dict) and isinstance(letters, list) and len(letters) <= MOST_AT_ONCE
            )  # fmt: skip
            if is_well:
                return cls(peer, after, heard, {name: me.get(name) is True for name in STATE}, [letter_of(one) for one in letters])
        except (ValueError, KeyError, TypeError, RecursionError):
            pass
        raise Refused("bad_input", _("页面发来的内容不完整，请刷新后再试。"))


def is_number(text: Any) -> bool:
    """Of a letter: 1764439200000-0."""
    if not isinstance(text, str):
        return False
    whole, dash, part = text.partition("-")
    return not text or (len(text) <= 40 and text.isascii() and whole.isdigit() and (not dash or part.isdigit()))


def letter_of(one: Any) -> Letter:
    letter = Letter(one["to"], one["kind"], one["data"])
    if not isinstance(letter.to, str) or letter.kind not in LETTERS or len(json.dumps(letter.data)) > LONGEST_LETTER:
        raise ValueError(letter.kind)
    return letter


def turn(seat: OnlineSeat, said: Said, *, now: datetime) -> dict[str, Any]:
    """Raises Refused: too_fast, full; RedisError when there is no mailbox."""
    room = seat.room
    signalling.check_rate(room.pk, seat.pk, len(said.letters), now)
    presence.see(seat, now)
    if not is_time(room.hearing, now) or room.closed_at is not None:
        recording.end_with_room(room, now)
        return {"state": "closed"}
    if seat.state == REMOVED:
        return {"state": "removed"}
    if not seat.is_in or not room.is_open:
        return {"state": "waiting", "open": room.is_open}
    peers = signalling.peers_of(room.pk)
    mine, first = peers.get(str(seat.pk)), {}
    if not said.peer:
        rooms.require_place(seat)
        recording.end_of_page(seat, now)
        mine, first = signalling.greet(room.pk, seat.pk, now), ice.ways(seat, now)
    elif mine is None:
        return {"state": "again"}  # the mailbox was emptied: hello once more
    elif mine.peer != said.peer:
        return {"state": "elsewhere"}
    mine = signalling.show(room.pk, seat.pk, mine, now, **said.me)
    if mine is None:
        return {"state": "again"}  # left, while this turn was under way
    peers[str(seat.pk)] = mine
    presence.come(seat, now)
    presence.end_silent(now, room)
    seats = seats_of(room)
    deliver(seat, mine, said.letters, seats, peers, now)
    there = people(seats, peers, now)
    return {
        "state": "in", "peer": mine.peer, "seat": str(seat.pk), "people": there, **first,
        "chat": chat.since(seat, said.heard), "shown": showing.state_of(room), "recording": recording.state_of(room, seat, there, now=now),
        "letters": signalling.read(room.pk, mine.peer, said.after, now),
        **({"door": at_the_door(seats, now), "taken": chat.taken(room.pk)} if seat.kind == MEDIATOR else {}),
    }  # fmt: skip


def people_now(room: OnlineRoom, now: datetime) -> list[dict[str, Any]]:
    return people(seats_of(room), signalling.peers_of(room.pk), now)


def seats_of(room: OnlineRoom) -> list[OnlineSeat]:
    return list(room.seats.prefetch_related(Prefetch("stays", OnlineStay.objects.filter(left_at=None))))


def close(host: OnlineSeat, *, now: datetime) -> None:
    """The room, and with it what was shown, written and recorded there. Raises Refused: not_your_role."""
    rooms.close(host, now=now)
    with transaction.atomic():
        recording.end_running(OnlineRoom.objects.select_for_update().get(pk=host.room_id), "closed", now)
        showing.take_away(host.room)
    chat.forget(host.room_id)


def deliver(seat: OnlineSeat, mine: Peer, letters: list[Letter], seats: list[OnlineSeat], peers: dict[str, Peer], now: datetime) -> None:
    """To those who are in this room now, and to nobody else; a letter to somebody who has just gone is nobody's fault."""
    inside = {peers[str(one.pk)].peer for one in seats if one.is_in and one.pk != seat.pk and signalling.is_here(peers.get(str(one.pk)), now)}
    signalling.send(seat.room_id, mine.peer, [letter for letter in letters if letter.to in inside])


def people(seats: list[OnlineSeat], peers: dict[str, Peer], now: datetime) -> list[dict[str, Any]]:
    """Whoever is in, by name and role: nobody sits there unseen."""
    found = []
    for seat in seats:
        peer = peers.get(str(seat.pk))
        if seat.is_in and signalling.is_here(peer, now):
            found.append({
                "seat": str(seat.pk), "peer": peer.peer, "name": seat.name, "kind": seat.kind, "role": _(seat.post or seat.label), "since": since(seat), "silent": seat.is_silent,
                "muted": peer.muted, "camera": peer.camera, "sharing": peer.sharing,
            })  # fmt: skip
    return sorted(found, key=lambda one: one["kind"] != MEDIATOR)


def since(seat: OnlineSeat) -> str:
    """Since when they are in this time."""
    stay = next(iter(seat.stays.all()), None)
    return f"{stay.came_at.astimezone(SHANGHAI):%H:%M}" if stay else ""


def at_the_door(seats: list[OnlineSeat], now: datetime) -> list[dict[str, Any]]:
    """Whom the mediator may admit: those who wait, and those who were removed or have lost their place and look in again."""
    return [
        {"seat": str(seat.pk), "name": seat.name, "role": _(seat.label), "removed": seat.state == REMOVED}
        for seat in seats
        if seat.state != ADMITTED and now - seat.seen_at <= presence.SILENT
    ]
