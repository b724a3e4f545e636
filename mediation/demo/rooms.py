"""Rooms of the demo city, and a mediation in the hands of its story."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from arrears.demo.case import Case
from arrears.demo.chronicle import at
from arrears.demo.words import HOME_COUNTY
from grid.models import Person
from mediation import hearings
from mediation.models import Mediation, Room
from mediation.parties import parties_of
from mediation.slots.kinds import ONLINE

SLOTS = (time(9, 0), time(10, 30), time(14, 0), time(15, 30))
LENGTH = timedelta(minutes=80)
ROOMS = {
    "321322001": ("沭城街道矛盾调解室",),
    "321322": ("第一调解室", "第二调解室"),
    "321302": ("第一调解室", "第二调解室"),
    "321311": ("劳动争议调解室",),
    "321323": ("劳动争议调解室",),
    "321324": ("劳动争议调解室",),
    "321371": ("劳动争议调解室",),
    "3213": ("市级联合调解庭",),
}
# What else is known of some, by code and name; a meeting has a room's name, too.
FITTED = {
    ("321322", "第一调解室"): {"address": "沭阳县人力资源和社会保障局一楼", "is_step_free": True, "equipment": ["screen", "recording"]},
    ("321322", "第二调解室"): {"address": "沭阳县人力资源和社会保障局三楼", "equipment": ["recording"]},
    ("3213", "市级联合调解庭"): {"address": "宿迁市政务服务中心四楼", "is_step_free": True, "equipment": ["screen", "recording", "video", "printer"]},
}
MEETING = {"name": "线上调解室", "medium": ONLINE, "link": "https://meeting.example.test/shuyang-1", "capacity": 30, "equipment": ["video"]}


@dataclass
class Rooms:
    """Which room, mediator and firm is busy when: a story asks before the database has to refuse."""

    by_county: dict[str, list[Room]]
    busy: set[tuple[datetime, object]] = field(default_factory=set)

    @classmethod
    def make(cls) -> "Rooms":
        rows = [
            Room(name=name, region_id=code, capacity=24 if len(code) == 4 else 12, **FITTED.get((code, name), {}))
            for code, names in ROOMS.items()
            for name in names
        ]
        rows.append(Room(region_id=HOME_COUNTY, **MEETING))
        rooms = Room.objects.bulk_create(rows)
        return cls(
            {code: [room for room in rooms if room.region_id.startswith(code)] for code in ROOMS if len(code) == 6}
        )

    def book(self, case: Case, mediator: Person, day: date, is_online: bool = False) -> tuple[Room, datetime]:
        """The first free hour from that day on."""
        rooms = [room for room in self.by_county[case.claim.county_code] if room.is_online == is_online]
        keys = [mediator.pk, *(party.key for party in parties_of(case.claim))]
        while True:
            for slot in SLOTS:
                start = at(day, slot)
                for room in rooms:
                    wanted = {(start, key) for key in (room.pk, *keys)}
                    if start > case.clock + timedelta(minutes=30) and wanted.isdisjoint(self.busy):
                        self.busy |= wanted
                        return room, start
            day += timedelta(days=1)


@dataclass
class Table:
    """A mediation in the hands of its story."""

    case: Case
    rooms: Rooms
    mediation: Mediation
    mediator: Person

    def do(self, move: str, **answers: Any) -> None:
        self.case.refresh()
        mediator = self.case.chronicle.present(self.mediator)
        hearings.advance(self.mediation, move, mediator, now=self.case.clock, **answers)

    def set_hearing(self, day: date, move: str = "schedule", is_online: bool = False, **answers: Any) -> datetime:
        """Returns its end."""
        room, start = self.rooms.book(self.case, self.mediator, day, is_online)
        self.do(move, room=room, mediator=self.mediator, starts_at=start, ends_at=start + LENGTH, anyway=True, **answers)
        return start + LENGTH
