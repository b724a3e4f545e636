"""What the mediator does in the room: admits, removes, mutes everybody, closes. All verbs raise Refused."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from grid.refused import Refused
from mediation.models import OnlineRoom, OnlineSeat, OnlineStay
from mediation.online import presence, signalling
from mediation.online.table import ADMITTED, MEDIATOR, MOST_SEATED, MOST_SILENT, REMOVED, SUPERVISOR, WAITING

HOUSE = ""  # who a letter is from that no browser wrote


def require_host(seat: OnlineSeat) -> None:
    if seat.kind != MEDIATOR:
        raise Refused("not_your_role", _("只有调解员可以这样做。"))


def another(room: OnlineRoom, seat_id: UUID) -> OnlineSeat:
    """Somebody else than the mediator."""
    found = OnlineSeat.objects.filter(room=room, pk=seat_id).exclude(kind=MEDIATOR).select_related("room__hearing__mediation__claim", "person").first()
    if found is None:
        raise Refused("no_such_seat", _("会上没有这个人，请看最新的名单。"))
    return found


def admit(host: OnlineSeat, seat_id: UUID, *, now: datetime) -> None:
    """Raises Refused: not_your_role, no_such_seat, full."""
    require_host(host)
    seat = another(host.room, seat_id)
    with transaction.atomic():
        OnlineRoom.objects.select_for_update().get(pk=host.room_id)
        if not seat.is_silent and admitted(host.room).exclude(pk=seat.pk).count() >= MOST_SEATED:
            raise Refused("full", _("会上已有 %(most)s 人，请先请出一位，再让下一位进来。") % {"most": MOST_SEATED})
        OnlineSeat.objects.filter(pk=seat.pk).update(state=ADMITTED, decided_at=now)


def admitted(room: OnlineRoom) -> QuerySet[OnlineSeat]:
    """Those who may send, whether they are there at the moment or not."""
    return OnlineSeat.objects.filter(room=room, state=ADMITTED).exclude(kind=SUPERVISOR)


def require_place(seat: OnlineSeat) -> None:
    """Before they come in: of silent ones there are few, too. Raises Refused: full."""
    if seat.kind != SUPERVISOR:
        return
    others = OnlineStay.objects.filter(seat__room=seat.room, seat__kind=SUPERVISOR, left_at=None).exclude(seat=seat)
    if others.count() >= MOST_SILENT:
        raise Refused("full", _("监督席已经坐满，请等一位离开后再进。"))


def remove(host: OnlineSeat, seat_id: UUID, *, now: datetime) -> None:
    """Whoever oversees is not removed by whom they oversee. Raises Refused: not_your_role, no_such_seat, supervisor_stays."""
    require_host(host)
    seat = another(host.room, seat_id)
    if seat.kind == SUPERVISOR:
        raise Refused("supervisor_stays", _("监督席不能请出。"))
    turn_out(seat, now=now)


def turn_out(seat: OnlineSeat, *, now: datetime) -> None:
    OnlineSeat.objects.filter(pk=seat.pk).update(state=REMOVED, decided_at=now)
    presence.leave(seat, now)
    signalling.go(seat.room_id, seat.pk)


def mute_all(host: OnlineSeat, *, now: datetime) -> None:
    """Each browser mutes itself, and whoever wants to speak turns their microphone on again. Raises Refused: not_your_role."""
    require_host(host)
    others = {pk: peer for pk, peer in signalling.peers_of(host.room_id).items() if pk != str(host.pk) and signalling.is_here(peer, now)}
    signalling.send(host.room_id, HOUSE, [signalling.Letter(peer.peer, "mute", None) for peer in others.values()])


def close(host: OnlineSeat, *, now: datetime) -> None:
    """Everybody is out, and waits again if the mediator opens it once more. Raises Refused: not_your_role."""
    require_host(host)
    OnlineRoom.objects.filter(pk=host.room_id, closed_at=None).update(closed_at=now)
    end_stays(host.room, now)
    OnlineSeat.objects.filter(room=host.room_id, state=ADMITTED).exclude(kind__in=(MEDIATOR, SUPERVISOR)).update(state=WAITING, decided_at=now)
    signalling.end(host.room_id)


def end_stays(room: OnlineRoom, now: datetime) -> None:
    rows = OnlineSeat.objects.filter(room=room, stays__left_at=None, stays__isnull=False).distinct()
    for seat in rows.select_related("room__hearing__mediation__claim", "person"):
        presence.leave(seat, now)


def leave(seat: OnlineSeat, peer: str, *, now: datetime) -> None:
    """By the button, or as the page is closed: only what this page holds, not what another one has taken over."""
    current = signalling.peers_of(seat.room_id).get(str(seat.pk))
    if current and current.peer == peer:
        signalling.go(seat.room_id, seat.pk)
        presence.leave(seat, now)
