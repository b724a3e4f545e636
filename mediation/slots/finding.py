"""Places × mediators × days → the best times, and why the others fall out.

What comes in is numbers and names only; mediation.finding reads them from the database. Bounded: each day is looked at
once, each place and mediator of it once, and never more than MOST_DAYS days.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple

from mediation.slots.kinds import PLACE
from mediation.slots.masks import FIRST, STEP, STEPS, WHOLE, beginnings, grid, minutes_of

MOST_DAYS = 92
MOST = 12  # proposals
A_DAY = 3  # of them
EVERY = 15  # minutes between beginnings
APART = 60  # minutes between two proposals of one day

Days = Mapping[date, int]  # what is taken of each day; a day that is missing is free
NOTHING: Days = {}


@dataclass(frozen=True)
class Place:
    key: Any
    name: str
    capacity: int
    rank: int = 0  # how far from the claim's own township: 0 there, 1 county, 2 city
    is_step_free: bool = True
    medium: str = PLACE
    equipment: frozenset[str] = frozenset()
    taken: Days = field(default_factory=dict)
    shut: Days = field(default_factory=dict)  # blackouts


@dataclass(frozen=True)
class Mediator:
    key: Any
    name: str
    rank: int = 0  # 0 a mediator, 1 somebody else who may
    languages: frozenset[str] = frozenset()
    daily: int | None = None  # hearings a day
    is_on_panel: bool = True
    recused: bool = False
    away: frozenset[date] = frozenset()
    taken: Days = field(default_factory=dict)
    in_court: Days = field(default_factory=dict)
    load: Mapping[date, int] = field(default_factory=dict)  # hearings already


@dataclass(frozen=True)
class Party:
    name: str
    taken: Days = field(default_factory=dict)  # heard in another case
    unsuited: Days = field(default_factory=dict)  # said that they cannot
    in_court: Days = field(default_factory=dict)


@dataclass(frozen=True)
class Open:
    """A day as the calendar and the rules leave it: `closed` says why nobody hears, `hours` are the steps in which."""

    day: date
    hours: int = WHOLE
    closed: str = ""  # rest, not_a_hearing_day, short_notice, past_limit
    buffer: int = 0


@dataclass(frozen=True)
class Wish:
    people: int  # with the mediator
    length: int  # minutes
    medium: str = ""  # "": either
    is_step_free: bool = False
    languages: frozenset[str] = frozenset()
    equipment: frozenset[str] = frozenset()
    mediator: Any = None  # whose case it is: first, if free
    only_mediator: bool = False
    only_place: Any = None
    only_minute: int | None = None
    earliest_minute: Mapping[date, int] = field(default_factory=dict)  # today begins now


class Proposal(NamedTuple):
    day: date
    minute: int
    place: Place
    mediator: Mediator
    cost: int

    @property
    def key(self) -> tuple[date, int, Any, Any]:
        return self.day, self.minute, self.place.key, self.mediator.key


class Out(NamedTuple):
    """Something that fell out. `days`: on which; empty: on all of them."""

    kind: str  # day, place, mediator, party
    code: str
    who: str = ""
    days: tuple[date, ...] = ()


@dataclass(frozen=True)
class Found:
    proposals: list[Proposal]
    outs: list[Out]
    days: int  # that were looked at


def find(wish: Wish, days: Sequence[Open], places: Sequence[Place], mediators: Sequence[Mediator], parties: Sequence[Party]) -> Found:
    """The best first. Cheap is near, with the mediator whose case it is, in the nearest and smallest room that does."""
    outs = Outs()
    places = sorted((one for one in places if outs.fits_place(one, wish)), key=lambda one: (one.rank, one.capacity, one.name))
    mediators = [one for one in mediators if outs.fits_mediator(one, wish)]
    found: list[Proposal] = []
    for number, day in enumerate(days[:MOST_DAYS]):
        if day.closed:
            outs.note("day", day.closed, "", day.day)
        else:
            found += best_of_day(Day(wish, day, outs), places, mediators, parties, number)
    found.sort(key=lambda one: (one.cost, one.day, one.minute))
    return Found(found[:MOST], outs.told(), min(len(days), MOST_DAYS))


class Outs:
    """What fell out, gathered by what it is, so that ninety days of one reason are one line."""

    def __init__(self) -> None:
        self.days: dict[tuple[str, str, str], list[date]] = {}

    def note(self, kind: str, code: str, who: str, day: date | None = None) -> None:
        found = self.days.setdefault((kind, code, who), [])
        if day is not None:
            found.append(day)

    def fits_place(self, place: Place, wish: Wish) -> bool:
        code = unfit_place(place, wish)
        if code:
            self.note("place", code, place.name)
        return not code

    def fits_mediator(self, one: Mediator, wish: Wish) -> bool:
        code = unfit_mediator(one, wish)
        if code:
            self.note("mediator", code, one.name)
        return not code

    def told(self) -> list[Out]:
        return [Out(kind, code, who, tuple(days)) for (kind, code, who), days in self.days.items()]


def unfit_place(place: Place, wish: Wish) -> str:
    """Why it never does; "" if it may."""
    if wish.only_place is not None and place.key != wish.only_place:
        return "not_asked"
    if wish.medium and place.medium != wish.medium:
        return "other_medium"
    if place.medium != PLACE:
        return ""
    if place.capacity < wish.people:
        return "too_small"
    if wish.is_step_free and not place.is_step_free:
        return "steps"
    return "" if wish.equipment <= place.equipment else "equipment"


def unfit_mediator(one: Mediator, wish: Wish) -> str:
    if one.recused:
        return "recused"
    if not one.is_on_panel:
        return "off_panel"
    if wish.only_mediator and one.key != wish.mediator:
        return "not_asked"
    return "" if wish.languages <= one.languages else "language"


@dataclass(frozen=True)
class Day:
    wish: Wish
    open: Open
    outs: Outs

    @property
    def day(self) -> date:
        return self.open.day

    @property
    def past_step(self) -> int:
        """A time that is kept as it is may lie so many minutes behind the step it begins in."""
        return 0 if self.wish.only_minute is None else (self.wish.only_minute - FIRST) % STEP

    @property
    def lasts(self) -> int:
        """Minutes from the step it begins in to its end."""
        return self.past_step + self.wish.length

    @property
    def occupied(self) -> int:
        """The same, for which room and mediator are taken."""
        return self.lasts + self.open.buffer

    def hours(self) -> int:
        """Beginnings that the rule of the office allows; of today only what is to come."""
        fits = beginnings(WHOLE & ~self.open.hours, self.wish.length) & grid(EVERY) & ends_in_time(self.wish.length)
        if self.wish.only_minute is not None:  # as it is arranged already, whatever the office's hours
            fits = 1 << (self.wish.only_minute - FIRST) // STEP & ends_in_time(self.lasts)
        earliest = self.wish.earliest_minute.get(self.day)
        return fits if earliest is None else fits & ~((1 << max(0, -(-(earliest - FIRST - self.past_step) // STEP))) - 1)

    def for_parties(self, parties: Iterable[Party], hours: int) -> int:
        for party in parties:
            for code, taken in (("unsuited", party.unsuited), ("heard_elsewhere", party.taken), ("in_court", party.in_court)):
                if busy := taken.get(self.day, 0):
                    left = hours & beginnings(busy, self.lasts)
                    if hours and not left:
                        self.outs.note("party", code, party.name, self.day)
                    hours = left
        return hours

    def free_places(self, places: Sequence[Place], hours: int) -> list[tuple[Place, int]]:
        free = []
        for place in places:
            shut, taken = place.shut.get(self.day, 0), place.taken.get(self.day, 0)
            left = hours & beginnings(shut | taken, self.occupied) if shut or taken else hours
            if left:
                free.append((place, left))
            else:
                is_shut = shut and not hours & beginnings(shut, self.occupied)
                self.outs.note("place", "blackout" if is_shut else "taken", place.name, self.day)
        return free

    def free_mediators(self, mediators: Sequence[Mediator], hours: int) -> list[tuple[Mediator, int]]:
        free = []
        for one in mediators:
            court = one.in_court.get(self.day, 0)
            taken = one.taken.get(self.day, 0) | court
            if self.day in one.away:
                self.outs.note("mediator", "leave", one.name, self.day)
            elif one.daily is not None and one.load.get(self.day, 0) >= one.daily:
                self.outs.note("mediator", "capacity", one.name, self.day)
            elif left := hours & beginnings(taken, self.occupied) if taken else hours:
                free.append((one, left))
            else:
                is_court = court and not hours & beginnings(court, self.occupied)
                self.outs.note("mediator", "in_court" if is_court else "taken", one.name, self.day)
        return free


def ends_in_time(length: int) -> int:
    """Beginnings after which a hearing of that length ends before closing time."""
    return (1 << max(0, STEPS - -(-length // STEP) + 1)) - 1


def best_of_day(day: Day, places: Sequence[Place], mediators: Sequence[Mediator], parties: Sequence[Party], number: int) -> Iterator[Proposal]:
    hours = day.for_parties(parties, day.hours())
    if not hours:
        day.outs.note("day", "no_common_hour", "", day.day)
        return
    rooms, people = day.free_places(places, hours), day.free_mediators(mediators, hours)
    people.sort(key=lambda one: cost_of(one[0], day))
    anywhere, anybody = union(rooms), union(people)
    if not anywhere & anybody:
        day.outs.note("day", "no_room" if not anywhere else "no_mediator" if not anybody else "never_together", "", day.day)
        return
    candidates = sorted(proposals(day, rooms, people, anywhere & anybody, number), key=lambda one: (one.cost, one.minute))
    taken: list[int] = []
    for one in candidates:
        if len(taken) < A_DAY and all(abs(one.minute - other) >= APART for other in taken):
            taken.append(one.minute)
            yield one


def proposals(
    day: Day, rooms: list[tuple[Place, int]], people: list[tuple[Mediator, int]], hours: int, number: int
) -> Iterator[Proposal]:
    """For each beginning the cheapest room and the cheapest mediator that are free."""
    for minute in minutes_of(hours):
        bit = 1 << (minute - FIRST) // STEP
        place = next(place for place, free in rooms if free & bit)
        mediator = next(one for one, free in people if free & bit)
        yield Proposal(day.day, minute + day.past_step, place, mediator, 6 * number + 5 * place.rank + cost_of(mediator, day))


def cost_of(one: Mediator, day: Day) -> int:
    mine = one.key == day.wish.mediator
    return (0 if mine else 20) + 15 * one.rank + 3 * one.load.get(day.day, 0)


def union(found: Iterable[tuple[Any, int]]) -> int:
    whole = 0
    for _who, free in found:
        whole |= free
    return whole


def window(first: date, last: date) -> list[date]:
    """The days from one to another, no more than MOST_DAYS."""
    return [first + timedelta(days=n) for n in range(min((last - first).days + 1, MOST_DAYS))]
