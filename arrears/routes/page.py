"""Which door, as a page shows it. Templates neither query nor decide."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils.translation import get_language

from arrears.limitation.offer import AidOffer
from arrears.models import Claim
from arrears.permits import Denied
from arrears.routes import Door, Doors, Road, Trap, doors
from arrears.routes.starting import Start, Starting
from arrears.situation.facts import Facts
from arrears.situation.of_claim import facts_of, is_asked
from grid.models import Person


@dataclass(frozen=True)
class Told:
    """A trap in the reader's language."""

    trap: Trap
    text: str


@dataclass(frozen=True)
class DoorRow:
    """A road for this claim and this reader. `place` is 1 … for the roads, 0 for what stands beside or is shut."""

    door: Door
    place: int
    start: Start
    opening: Start = Start()

    @property
    def road(self) -> Road:
        return self.door.road

    @property
    def texts(self) -> dict[str, str]:
        language = get_language() or ""
        return {column: self.road.text(column, language) for column in ("name", "time", "cost", "act")}

    @property
    def days(self) -> int:
        return self.road.days[0]

    @property
    def most_days(self) -> int:
        return self.road.days[1]

    @property
    def warnings(self) -> list[Told]:
        return told(self.door.warnings)

    @property
    def shut(self) -> list[Told]:
        return told(self.door.shut)


def told(traps: Iterable[Trap]) -> list[Told]:
    language = get_language() or ""
    return [Told(trap, trap.text("why", language)) for trap in traps]


class DoorsPage:
    def __init__(self, claim: Claim, person: Person, today: date) -> None:
        self.claim, self.person, self.today = claim, person, today
        self.starting = Starting(claim, person, today)

    @cached_property
    def facts(self) -> Facts:
        return facts_of(self.claim, self.today)

    @cached_property
    def doors(self) -> Doors:
        return doors(self.facts)

    def rows_of(self, found: Iterable[Door], *, numbered: bool = False) -> list[DoorRow]:
        return [
            DoorRow(door, place if numbered else 0, self.start_of(door), self.starting.opening(door.road.opens) if door.is_open else Start())
            for place, door in enumerate(found, 1)
        ]

    def start_of(self, door: Door) -> Start:
        """Why nothing can be referred stands once above the roads, not on each of them."""
        start = self.starting.of(door.road.start) if door.is_open else Start()
        return Start() if start.words and start.words == self.no_referral else start

    @cached_property
    def no_referral(self) -> str:
        denied = self.starting.may_refer
        return self.starting.why_not(denied) if isinstance(denied, Denied) else ""

    @cached_property
    def open(self) -> list[DoorRow]:
        return self.rows_of(self.doors.open, numbered=True)

    @cached_property
    def beside(self) -> list[DoorRow]:
        return self.rows_of(self.doors.beside)

    @cached_property
    def shut(self) -> list[DoorRow]:
        return self.rows_of(self.doors.shut)

    @property
    def longest(self) -> int:
        """What the bars of the roads are measured by."""
        return max((row.most_days for row in self.open), default=0)

    @cached_property
    def offer(self) -> AidOffer | None:
        return AidOffer.of(self.claim, self.starting, self.today)

    @property
    def is_asked(self) -> bool:
        return is_asked(self.claim)
