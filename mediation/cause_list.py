"""开会公告: what hangs at the door of a room on a day. Everybody who passes reads it, so names are cut to the first character."""

from collections.abc import Iterable
from dataclasses import dataclass

from mediation.day import GONE
from mediation.models import Attendance, Hearing, Room
from mediation.parties import FIRM_KEYS, WORKER

LONGEST_PERSON = 4  # characters of a person's name at most, if it has no dot in it
MOST_NAMES = 3


@dataclass(frozen=True)
class Notice:
    hearing: Hearing
    workers: str
    others: str


def cut(name: str) -> str:
    """李建国 → 李**."""
    return name[:1] + "**" if len(name) > 1 else "*"


def is_firm(called: Attendance) -> bool:
    """A firm's name may hang there whole. A name alone does not say so: a boss may be entered as employer under his own, a
    foreman may be called 买买提·艾力."""
    return called.party_key.startswith(FIRM_KEYS) and len(called.name) > LONGEST_PERSON and "·" not in called.name


def notice_of(hearing: Hearing) -> Notice:
    called = list(hearing.attendances.all())
    workers = [cut(row.name) for row in called if row.party_kind == WORKER]
    others = [row.name if is_firm(row) else cut(row.name) for row in called if row.party_kind != WORKER]
    return Notice(hearing, listed(workers), listed(others))


def listed(names: list[str]) -> str:
    return "、".join(names[:MOST_NAMES]) + ("…" if len(names) > MOST_NAMES else "")


def by_room(hearings: Iterable[Hearing]) -> list[tuple[Room, list[Notice]]]:
    rooms: dict[Room, list[Notice]] = {}
    for hearing in hearings:
        if hearing.state not in GONE:
            rooms.setdefault(hearing.room, []).append(notice_of(hearing))
    return list(rooms.items())
