"""What people write to each other in the room: in Valkey, gone when the room is closed. The mediator may take a line into the minutes."""

import json
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from grid.days import SHANGHAI
from grid.refused import Refused
from mediation.models import Hearing, OnlineNote, OnlineSeat
from mediation.online import signalling
from mediation.online.rooms import require_host

LONGEST, MOST = 500, 300


def say(seat: OnlineSeat, text: str, *, now: datetime) -> None:
    """Raises Refused: not_in, silent_seat, nothing_said, too_long."""
    require_in(seat)
    if not text:
        raise Refused("nothing_said", _("请先写内容，再发送。"))
    if len(text) > LONGEST:
        raise Refused("too_long", _("一次最多写 %(most)s 个字，请分几次发。") % {"most": LONGEST})
    said = {"seat": str(seat.pk), "name": seat.name, "text": text, "at": now.isoformat()}
    box = signalling.key(seat.room_id, "chat")
    with signalling.line().pipeline() as pipe:
        pipe.xadd(box, {"said": json.dumps(said)}, maxlen=MOST, approximate=False)
        pipe.expire(box, signalling.KEPT)
        pipe.execute()


def require_in(seat: OnlineSeat) -> None:
    if not seat.is_in or not seat.room.is_open:
        raise Refused("not_in", _("您还没有入会，请等调解员准许。"))
    if seat.is_silent:
        raise Refused("silent_seat", _("监督席只看不说。"))


def since(seat: OnlineSeat, after: str) -> list[dict[str, Any]]:
    """What was written since they were admitted, behind the line `after`."""
    begin = f"({after}" if after else str(int(seat.decided_at.timestamp() * 1000)) if seat.decided_at else "-"
    found = signalling.line().xrange(signalling.key(seat.room_id, "chat"), begin, "+")
    return [{"n": number, **shown(json.loads(fields["said"]))} for number, fields in found]


def shown(said: dict[str, str]) -> dict[str, str]:
    return {**said, "at": f"{datetime.fromisoformat(said['at']).astimezone(SHANGHAI):%H:%M}"}


def take(host: OnlineSeat, line: str, *, now: datetime) -> None:
    """Into the minutes; once. Raises Refused: not_your_role, no_such_line."""
    require_host(host)
    found = signalling.line().xrange(signalling.key(host.room_id, "chat"), line, line) if is_line(line) else []
    if not found:
        raise Refused("no_such_line", _("这条消息已经不在了。"))
    said = json.loads(found[0][1]["said"])
    OnlineNote.objects.get_or_create(
        room=host.room, line=line,
        defaults={"seat_id": said["seat"], "text": said["text"], "said_at": datetime.fromisoformat(said["at"]), "taken_by": host.person, "taken_at": now},
    )  # fmt: skip


def is_line(text: str) -> bool:
    whole, _dash, part = text.partition("-")
    return len(text) <= 40 and text.isascii() and whole.isdigit() and part.isdigit()


def taken(room_id: Any) -> list[str]:
    return list(OnlineNote.objects.filter(room=room_id).values_list("line", flat=True))


def notes_of(hearing: Hearing) -> list[OnlineNote]:
    """For the minutes: what the mediator took, with who said it."""
    return list(OnlineNote.objects.filter(room__hearing=hearing).select_related("seat"))


def forget(room_id: Any) -> None:
    signalling.line().delete(signalling.key(room_id, "chat"))
