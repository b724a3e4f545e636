"""开会公告: what hangs at the door of a room on a day. Everybody who passes reads it, so names are cut to the first character."""

from collections.abc import Iterable
from dataclasses import dataclass

from mediation.day import GONE
from mediation.models import Hearing, Room
from mediation.parties import WORKER

MOST_NAMES = 3


@dataclass(frozen=True)
class Notice:
    hearing: Hearing
    workers: str
    others: str


def cut(name: str) -> str:
    """李建国 → 李**; of a firm the whole name."""
    return name[:1] + "**" if len(name) > 1 else "*"


def notice_of(hearing: Hearing) -> Notice:
    called = list(hearing.attendances.all())
    workers = [cut(row.name) for row in called if row.party_kind == WORKER]
    others = [row.name if len(row.name) > 4 else cut(row.name) for row in called if row.party_kind != WORKER]
    return Notice(hearing, listed(workers), listed(others))


def listed(names: list[str]) -> str:
    return "、".join(names[:MOST_NAMES]) + ("…" if len(names) > MOST_NAMES else "")


def by_room(hearings: Iterable[Hearing]) -> list[tuple[Room, list[Notice]]]:
    rooms: dict[Room, list[Notice]] = {}
    for hearing in hearings:
        if hearing.state not in GONE:
            rooms.setdefault(hearing.room, []).append(notice_of(hearing))
    return list(rooms.items())
