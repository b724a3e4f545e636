"""What apps above add to the worker's own page as something to come to: a module `track_coming` in each."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from arrears.models import Claim, Claimant


@dataclass(frozen=True)
class Coming:
    begins: datetime
    what: str
    act: str  # the button
    url: str


Finder = Callable[[Claim, Claimant, date], list[Coming]]
FINDERS: list[Finder] = []


def add_coming(finder: Finder) -> None:
    FINDERS.append(finder)


def coming_for(claim: Claim, worker: Claimant | None, today: date) -> list[Coming]:
    """Only for a worker who was recognised: a telephone that several share may be the foreman's."""
    return [one for finder in FINDERS for one in finder(claim, worker, today)] if worker else []
