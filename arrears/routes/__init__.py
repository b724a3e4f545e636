"""走哪条路: from the facts of a claim to the lawful roads, best first, and those that are shut with the reason.

The roads and their traps are rows of roads.toml, read by a lawyer; an installation corrects them in its own file
(XINAN_RULES). The time a road takes is added up from the limits on it. Django-free.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from arrears.lifecycle import REFERRAL_KINDS
from arrears.proceedings.table import find_step
from arrears.rules import CALENDAR, HOURS, MONTHS, RULES, WORKING, YEARS, Rule
from arrears.rules.tables import own_file, read_section, refuse
from arrears.situation.facts import Facts, Provision

ROAD, BESIDE = "road", "beside"
SHUT, LAST, WARN = "shut", "last", "warn"
MEDIATE, REFER = "mediate", "refer:"
STARTS = ("", MEDIATE, *(f"{REFER}{kind}" for kind, _label in REFERRAL_KINDS))


@dataclass(frozen=True, kw_only=True)
class Road(Provision):
    """One row of the table. `start` is what the system can begin by itself, `opens` the proceeding it is recorded as."""

    rank: int
    kind: str
    name: str
    name_en: str
    limits: tuple[str, ...]
    time: str
    time_en: str
    cost: str
    cost_en: str
    act: str
    act_en: str
    start: str = ""
    opens: str = ""

    @property
    def refers(self) -> str:
        """The kind of referral it begins with."""
        return self.start.removeprefix(REFER) if self.start.startswith(REFER) else ""

    @property
    def days(self) -> tuple[int, int]:
        """About how many days it takes by its limits: usually, and at most (with the extensions they allow)."""
        rules = [RULES[name] for name in self.limits]
        usual = sum(days_in(rule, rule.length or 0) for rule in rules)
        more = (days_in(rule, rule.extension.length * rule.extension.times) for rule in rules if rule.extension)
        return usual, usual + sum(more)


# Calendar days in a unit: five working days are a week.
DAYS_IN = {WORKING: 7 / 5, CALENDAR: 1, MONTHS: 30, YEARS: 365, HOURS: 1 / 24}


def days_in(rule: Rule, length: int) -> int:
    return ceil(length * DAYS_IN[rule.unit])


@dataclass(frozen=True, kw_only=True)
class Trap(Provision):
    """Why a road is shut, stands last, or is to be walked with care."""

    roads: tuple[str, ...]
    effect: str
    why: str
    why_en: str

def load(table: Path, override: Path | None = None) -> tuple[dict[str, Road], dict[str, Trap]]:
    """Raises BadRules."""
    rows = read_section("roads", table, override=override)
    roads = {row_id: Road.of("road", row_id, row) for row_id, row in rows.items()}
    for road in roads.values():
        refuse(f"road {road.id}", road_faults(road))
    rows = read_section("traps", table, override=override)
    traps = {row_id: Trap.of("trap", row_id, row) for row_id, row in rows.items()}
    for trap in traps.values():
        refuse(f"trap {trap.id}", trap_faults(trap, roads))
    return roads, traps


def road_faults(road: Road) -> Iterator[str]:
    if road.kind not in (ROAD, BESIDE):
        yield f"kind {road.kind} is unknown ({ROAD}, {BESIDE})"
    if road.start not in STARTS:
        yield f"start {road.start} is unknown ({', '.join(STARTS[1:])})"
    kind, _dot, step = road.opens.partition(".")
    if road.opens and not (row := find_step(kind, step)) or road.opens and not row.opens:
        yield f"opens {road.opens} is no first step of a proceeding"
    yield from (f"there is no rule {rule}" for rule in road.limits if rule not in RULES)


def trap_faults(trap: Trap, roads: Mapping[str, Road]) -> Iterator[str]:
    if trap.effect not in (SHUT, LAST, WARN):
        yield f"effect {trap.effect} is unknown ({SHUT}, {LAST}, {WARN})"
    yield from (f"there is no road {road}" for road in trap.roads if road not in roads)


ROADS, TRAPS = load(Path(__file__).with_name("roads.toml"), own_file())


@dataclass(frozen=True)
class Door:
    """A road as it stands for a claim. `shut`: why it cannot be walked; `warnings`: what to mind on it."""

    road: Road
    shut: tuple[Trap, ...]
    warnings: tuple[Trap, ...]
    is_last: bool

    @property
    def is_open(self) -> bool:
        return not self.shut


@dataclass(frozen=True)
class Doors:
    open: tuple[Door, ...]  # best first
    beside: tuple[Door, ...]
    shut: tuple[Door, ...]


def doors(facts: Facts) -> Doors:
    """The roads that these facts open, in order, and what stands beside or is shut."""
    found = [door_of(road, facts) for road in ROADS.values() if road.condition.holds(facts.said)]
    found.sort(key=lambda door: (door.is_last, door.road.rank))
    return Doors(
        tuple(door for door in found if door.is_open and door.road.kind == ROAD),
        tuple(door for door in found if door.is_open and door.road.kind == BESIDE),
        tuple(door for door in found if not door.is_open),
    )


def door_of(road: Road, facts: Facts) -> Door:
    traps = [trap for trap in TRAPS.values() if road.id in trap.roads and trap.condition.holds(facts.said)]
    by_effect = {effect: tuple(trap for trap in traps if trap.effect == effect) for effect in (SHUT, LAST, WARN)}
    return Door(road, by_effect[SHUT], by_effect[LAST] + by_effect[WARN], bool(by_effect[LAST]))
