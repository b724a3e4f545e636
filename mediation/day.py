"""The hearings of one day, room by room, as a page shows them. Reads; changes nothing.

Whoever books needs to know when a room is taken, also by a case out of their sight: such a hearing is shown as
a taken time and nothing else.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from arrears.claim_rows import workers_of
from grid.days import SHANGHAI
from mediation.lifecycle import CLOSES, LIVE, OPENS
from mediation.models import Hearing, Room
from mediation.models.hearings import HearingQuerySet, RoomQuerySet

MOST_COLUMNS = 8  # rooms beside each other; more are a table
USUAL_HOURS = (8, 18)
ROW = 5  # minutes of one row of the plan
SHORT = 30  # minutes: its words stand in one line
GONE = ("adjourned", "cancelled")  # their time is free again


@dataclass(frozen=True)
class Slot:
    room_id: UUID
    starts_at: datetime
    ends_at: datetime
    hearing: Hearing | None = None  # None: out of the reader's sight

    @property
    def tone(self) -> str:
        return self.hearing.status.tone if self.hearing else "muted"

    @property
    def workers(self) -> str:
        """李国庆等 12 人; nothing of a case out of sight."""
        return workers_of(self.hearing.mediation.claim) if self.hearing else ""

    @property
    def is_said(self) -> bool:
        """Its state is worth a word: it is no longer simply to come."""
        return self.hearing is not None and self.hearing.state != LIVE

    @property
    def may_move(self) -> bool:
        """The page that moves it asks again who may."""
        return self.hearing is not None and self.hearing.is_live

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    @property
    def is_short(self) -> bool:
        return self.minutes <= SHORT

    @property
    def place(self) -> str:
        """The classes of its beginning and its length, in rows of five minutes; one that begins or ends between two takes both."""
        begins = self.starts_at.hour * 60 + self.starts_at.minute // ROW * ROW
        length = -(-(self.ends_at.hour * 60 + self.ends_at.minute - begins) // ROW) * ROW
        return f"h-{begins // 60:02} m-{begins % 60:02} hours-{length // 60} minutes-{length % 60:02}"

    def overlaps(self, other: "Slot") -> bool:
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


@dataclass
class RoomDay:
    room: Room
    slots: list[Slot] = field(default_factory=list)

    @property
    def hearings(self) -> list[Hearing]:
        return [slot.hearing for slot in self.slots if slot.hearing]


@dataclass
class DayPlan:
    day: date
    rooms: list[RoomDay]
    has_rooms: bool  # also when they are left out
    gone: list[Hearing]  # adjourned or cancelled, or overtaken by another in the same room

    @property
    def fits(self) -> bool:
        """Do the rooms stand beside each other?"""
        return len(self.rooms) <= MOST_COLUMNS

    @property
    def busy_rooms(self) -> list[RoomDay]:
        return [room for room in self.rooms if room.hearings]

    @property
    def count(self) -> int:
        return sum(len(room.hearings) for room in self.rooms)

    @property
    def is_free(self) -> bool:
        return not any(room.slots for room in self.rooms)

    @property
    def is_early(self) -> bool:
        return self.hours[0] < USUAL_HOURS[0]

    @property
    def hours(self) -> list[int]:
        """Whole hours at the edge of the plan: the usual ones, and more if a hearing needs them."""
        slots = [slot for room in self.rooms for slot in room.slots]
        first = OPENS.hour if any(slot.starts_at.hour < USUAL_HOURS[0] for slot in slots) else USUAL_HOURS[0]
        last = max([USUAL_HOURS[1], *(slot.ends_at.hour + bool(slot.ends_at.minute) for slot in slots)])
        return list(range(first, min(last, CLOSES.hour)))


def plan_of(day: date, rooms: RoomQuerySet, seen: HearingQuerySet) -> DayPlan:
    """`rooms`: those the reader may use; `seen`: the hearings they may see, wherever those are."""
    hearings = list(seen.on(day).for_list())
    days = {room.pk: RoomDay(room) for room in [*rooms, *(hearing.room for hearing in hearings)]}
    gone = [hearing for hearing in hearings if hearing.state in GONE]
    for slot in sorted(slots_of(hearings) + hidden_slots(day, days.keys(), hearings), key=standing_first):
        slots = days[slot.room_id].slots
        if any(slot.overlaps(other) for other in slots):
            gone += [slot.hearing] if slot.hearing else []
        else:
            slots.append(slot)
    return DayPlan(day, in_order(days.values()), bool(days), gone)


def slots_of(hearings: Iterable[Hearing]) -> list[Slot]:
    return [Slot(h.room_id, h.starts_at, h.ends_at, h) for h in hearings if h.state not in GONE]


def hidden_slots(day: date, rooms: Collection[UUID], seen: Iterable[Hearing]) -> list[Slot]:
    taken = Hearing.objects.live().on(day).filter(room__in=rooms).exclude(pk__in=[hearing.pk for hearing in seen])
    return [
        Slot(room, span.lower.astimezone(SHANGHAI), span.upper.astimezone(SHANGHAI))
        for room, span in taken.order_by("span").values_list("room", "span")
    ]


def standing_first(slot: Slot) -> tuple[bool, datetime]:
    """A hearing held early has left its room; one that still stands goes before it."""
    return (slot.hearing is not None and not slot.hearing.is_live, slot.starts_at)


def in_order(days: Iterable[RoomDay]) -> list[RoomDay]:
    """As the rooms came; where they do not all fit, only those in which something takes place."""
    everything = list(days)
    for one in everything:
        one.slots.sort(key=lambda slot: slot.starts_at)
    return everything if len(everything) <= MOST_COLUMNS else [one for one in everything if one.slots]
