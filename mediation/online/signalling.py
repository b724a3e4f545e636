"""The mailbox by which browsers of one room find each other, in Valkey: a stream of letters for each browser, in the order in which
they came, and who is there. A letter waits for LIVES seconds, is told again until its number is acknowledged, and is gone then.

Nothing of it is part of the case. Losing all of it costs one more greeting: each browser says hello again and connects anew.
A browser is a *peer*: it has a new name each time the page is loaded, so that a reload is never taken for the old connection.
"""

import json
import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

import redis
from django.conf import settings
from django.utils.translation import gettext as _

from grid.refused import Refused
from mediation.online.table import AWAY, LIVES, MOST_LETTERS, MOST_SENT, MOST_TURNS, WINDOW

PATIENCE = 2  # seconds; a turn must not hang with it
KEPT = 4 * 3600  # who is there: longer than a hearing lasts


@dataclass(frozen=True)
class Peer:
    """The browser somebody sits at, and what they let the others know of it."""

    peer: str
    at: float  # when it last said something
    muted: bool = True
    camera: bool = False
    sharing: bool = False


class Letter(NamedTuple):
    to: str
    kind: str
    data: Any


@cache
def line() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=PATIENCE, socket_timeout=PATIENCE, decode_responses=True)


def key(room: UUID, *parts: str) -> str:
    return ":".join(("online", str(room), *parts))


# Who is there


def greet(room: UUID, seat: UUID, now: datetime) -> Peer:
    """A browser that has just come; whatever the same person sat at before is out."""
    peer = Peer(secrets.token_urlsafe(9), now.timestamp())
    keep(room, seat, peer)
    return peer


def keep(room: UUID, seat: UUID, peer: Peer) -> None:
    with line().pipeline() as pipe:
        pipe.hset(key(room, "peers"), str(seat), json.dumps(asdict(peer)))
        pipe.expire(key(room, "peers"), KEPT)
        pipe.execute()


# Somebody who has left meanwhile, or sits at another browser by now, is not put back by a turn that was under way.
STILL_HERE = """
local known = redis.call('HGET', KEYS[1], ARGV[1])
if not known or cjson.decode(known)['peer'] ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1
"""


def show(room: UUID, seat: UUID, peer: Peer, now: datetime, **state: bool) -> Peer | None:
    """They are here, and what of them the others are shown; None if they are not any more."""
    peer = replace(peer, at=now.timestamp(), **state)
    kept = line().eval(STILL_HERE, 1, key(room, "peers"), str(seat), peer.peer, json.dumps(asdict(peer)))
    return peer if kept else None


def peers_of(room: UUID) -> dict[str, Peer]:
    """By seat, whether they are still there or not."""
    return {seat: Peer(**json.loads(said)) for seat, said in line().hgetall(key(room, "peers")).items()}


def is_here(peer: Peer | None, now: datetime) -> bool:
    return peer is not None and now.timestamp() - peer.at <= AWAY


def go(room: UUID, seat: UUID) -> None:
    line().hdel(key(room, "peers"), str(seat))


def end(room: UUID) -> None:
    line().delete(key(room, "peers"))


# Letters


def send(room: UUID, sender: str, letters: Iterable[Letter]) -> int:
    """How many were put down. A box that is full takes no more: whoever it belongs to has gone."""
    letters = list(letters)
    if not letters:
        return 0
    boxes = {letter.to: key(room, "letters", letter.to) for letter in letters}
    with line().pipeline() as pipe:
        for box in boxes.values():
            pipe.xlen(box)
        room_left = {to: MOST_LETTERS - length for to, length in zip(boxes, pipe.execute(), strict=True)}
    sent = 0
    with line().pipeline() as pipe:
        for letter in letters:
            if room_left[letter.to] <= 0:
                continue
            room_left[letter.to] -= 1
            pipe.xadd(boxes[letter.to], {"from": sender, "kind": letter.kind, "data": json.dumps(letter.data)})
            pipe.expire(boxes[letter.to], LIVES)
            sent += 1
        pipe.execute()
    return sent


def read(room: UUID, peer: str, after: str, now: datetime) -> list[dict[str, Any]]:
    """What came behind the letter `after`; what came before it is gone for good. Letters older than LIVES are nobody's."""
    box = key(room, "letters", peer)
    oldest = f"{int((now.timestamp() - LIVES) * 1000)}-0"
    with line().pipeline() as pipe:
        pipe.xtrim(box, minid=max(after, oldest, key=order) if after else oldest, approximate=False)
        pipe.xrange(box, f"({after}" if after else "-", "+")
        _trimmed, found = pipe.execute()
    return [{"n": number, "from": said["from"], "kind": said["kind"], "data": json.loads(said["data"])} for number, said in found]


def order(number: str) -> tuple[int, int]:
    whole, _dash, part = number.partition("-")
    return int(whole), int(part or 0)


# How much of it


def check_rate(room: UUID, seat: UUID, letters: int, now: datetime) -> None:
    """Raises Refused: too_fast."""
    turn = int(now.timestamp()) // WINDOW
    turns, sent = key(room, "turns", str(seat), str(turn)), key(room, "sent", str(seat), str(turn))
    with line().pipeline() as pipe:
        pipe.incr(turns)
        pipe.expire(turns, WINDOW)
        pipe.incrby(sent, letters)
        pipe.expire(sent, WINDOW)
        asked, _kept, written, _kept = pipe.execute()
    if asked > MOST_TURNS or written > MOST_SENT:
        raise Refused("too_fast", _("这个页面请求得太频繁，请稍等几秒。"))
