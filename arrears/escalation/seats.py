"""Whom a rung means by handler, level, above, city, sender and body, or by a role at a level, on this day. Vacant posts
are skipped upward."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from arrears.ladders import family_of
from arrears.ladders.rungs import role_at
from arrears.models import Claim, Clock, Referral
from arrears.partners.ruling import bench_of
from grid.duty import Roster
from grid.models import Person
from grid.roles import CITY, COUNTY, LEADS, LEVEL_WIDTHS, LEVELS, PARTNER, above

BODY = "body"  # the one seat outside the grid: its people see the referral, not the claim


class Seated(NamedTuple):
    people: list[Person]
    vacant: tuple[str, ...] = ()  # posts skipped on the way; all of them when there are no people


@dataclass
class Case:
    """The claim as the rungs of a sweep find it, one after the other."""

    region: str
    level: str
    handler_id: Any
    referral: Referral | None = None
    hand_id: Any = None  # who works on what the clock is about, before the claim's handler (HANDS)

    @classmethod
    def of(cls, claim: Claim) -> "Case":
        return cls(claim.region_id, claim.level, claim.handler_id)

    @property
    def in_charge(self) -> str:
        """The level that answers for it; only counties and the city send referrals."""
        return max(self.level, COUNTY, key=LEVELS.index) if self.referral else self.level


def leads(roster: Roster, level: str | None, region: str) -> Seated:
    """Who leads the level, or the next one above whose post is filled."""
    if level is None:
        return Seated([])
    found, people = roster.answerable(level, region)
    upward = LEVELS[LEVELS.index(level) :]
    return Seated(people, upward[: upward.index(found)] if people else upward)


def handler(roster: Roster, case: Case) -> Seated:
    person = roster.at_work(case.hand_id, case.region) or roster.on_duty(case.handler_id, case.region)
    return Seated([person]) if person else level(roster, case)


def level(roster: Roster, case: Case) -> Seated:
    return leads(roster, case.in_charge, case.region)


def next_level(roster: Roster, case: Case) -> Seated:
    return leads(roster, above(case.in_charge), case.region)


def city(roster: Roster, case: Case) -> Seated:
    return leads(roster, CITY, case.region)


def sender(roster: Roster, case: Case) -> Seated:
    assert case.referral is not None
    person = roster.on_duty(case.referral.in_hand_of_id, case.region)
    return Seated([person]) if person else level(roster, case)


def body(roster: Roster, case: Case) -> Seated:
    assert case.referral is not None
    return Seated(roster.holders(PARTNER, case.referral.body_id))


def arbiter(roster: Roster, case: Case) -> Seated:
    """Whom the table names for the body and the region; upward past vacant posts and past who sent it."""
    assert case.referral is not None
    bench = bench_of(case.referral, roster)
    return Seated(bench.people, bench.vacant)


def post(roster: Roster, case: Case, seat: str) -> Seated:
    """mediator@county: who holds the role at that level, or stands in for them; if nobody does, who leads it."""
    role, at = role_at(seat) or (None, CITY)
    if role is None or LEADS[at] == role.name:
        return leads(roster, at, case.region)
    if called := roster.in_post(role.name, case.region[: LEVEL_WIDTHS[at]]):
        return Seated([one.person for one in called])
    instead = leads(roster, at, case.region)
    return Seated(instead.people, (seat, *instead.vacant))


# Ladder → who works on the things its clocks are about, by their ids. The apps above add theirs (add_hands).
HANDS: dict[str, Callable[[Collection[Any]], Mapping[Any, Any]]] = {}


def add_hands(ladder: str, find: Callable[[Collection[Any]], Mapping[Any, Any]]) -> None:
    HANDS[ladder] = find


def hands_of(clocks: Iterable[Clock]) -> dict[Any, Any]:
    """By the id of what a clock is about, the id of the person; one query a ladder that has hands."""
    asked: dict[str, list[Any]] = {}
    for clock in clocks:
        if clock.about_id and family_of(clock.rule_id) in HANDS:
            asked.setdefault(family_of(clock.rule_id), []).append(clock.about_id)
    return {about: person for ladder, ids in asked.items() for about, person in HANDS[ladder](ids).items()}


@dataclass(frozen=True)
class Own:
    """What the clocks of a ladder are about lies at a level of its own and climbs by itself, while the claim stays where it
    is. `find`: the level of each that is still owed; `lift`: writes where they have climbed to."""

    find: Callable[[Collection[Any]], Mapping[Any, str]]
    lift: Callable[[Mapping[Any, str]], None]


OWN_LEVELS: dict[str, Own] = {}


def add_own_level(ladder: str, own: Own) -> None:
    OWN_LEVELS[ladder] = own


def own_levels_of(clocks: Iterable[Clock]) -> dict[Any, str]:
    """By the id of what a clock is about; one query a ladder whose clocks have such a level."""
    asked: dict[str, list[Any]] = {}
    for clock in clocks:
        if clock.about_id and family_of(clock.rule_id) in OWN_LEVELS:
            asked.setdefault(family_of(clock.rule_id), []).append(clock.about_id)
    return {about: level for ladder, ids in asked.items() for about, level in OWN_LEVELS[ladder].find(ids).items()}


def lift(climbing: Mapping[Clock, str]) -> None:
    """Writes to which level what these clocks are about has climbed."""
    found: dict[str, dict[Any, str]] = {}
    for clock, level in climbing.items():
        found.setdefault(family_of(clock.rule_id), {})[clock.about_id] = level
    for ladder, levels in found.items():
        OWN_LEVELS[ladder].lift(levels)


SEATS: dict[str, Callable[[Roster, Case], Seated]] = {
    "handler": handler, "level": level, "above": next_level, "city": city, "sender": sender, BODY: body, "arbiter": arbiter,
}  # fmt: skip


def seated(roster: Roster, case: Case, tells: tuple[str, ...]) -> tuple[dict[str, list[Person]], tuple[str, ...]]:
    """The people of each seat a rung tells, and the vacant posts. A body nobody answers for leaves it to the sender."""
    if tells == (BODY,) and not body(roster, case).people:
        tells = (BODY, "sender")
    found = {seat: SEATS[seat](roster, case) if seat in SEATS else post(roster, case, seat) for seat in tells}
    vacant = {post: None for seat in found.values() for post in seat.vacant}
    if BODY in found and not found[BODY].people:
        vacant[BODY] = None
    return {seat: at.people for seat, at in found.items()}, tuple(vacant)
