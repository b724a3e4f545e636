"""What can be begun from the page of a site: apps above add theirs with `add_acts`, in a module called signs."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from arrears.models import Site
from grid.models import Person


@dataclass(frozen=True)
class Act:
    name: str
    label: str  # a msgid
    icon: str
    may: Callable[[Person, Site, date], bool]
    address: Callable[[Site], str]


ACTS: list[Act] = []


def add_acts(acts: Iterable[Act]) -> None:
    known = {act.name for act in ACTS}
    ACTS.extend(act for act in acts if act.name not in known)


def acts_of(site: Site, person: Person, today: date) -> list[tuple[Act, str]]:
    return [(act, act.address(site)) for act in ACTS if act.may(person, site, today)]
