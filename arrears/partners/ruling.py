"""Who rules on this referral today: whoever holds the post the table names, else the next level above. Never who sent it."""

from datetime import date
from typing import Any, NamedTuple

from arrears.ladders.rungs import role_at
from arrears.models import Referral
from arrears.partners.arbiters import Arbiter, arbiter_of
from grid.duty import Roster
from grid.models import Person
from grid.roles import LEADS, LEVEL_WIDTHS, LEVELS


class Bench(NamedTuple):
    """The post that rules, and who fills it; nobody: up to the city there is only who sent it, or nobody at all."""

    role: str
    level: str
    people: list[Person]
    vacant: tuple[str, ...] = ()


def arbiter(referral: Referral) -> Arbiter:
    return arbiter_of(referral.body.kind, referral.claim.region_id)


def is_own(referral: Referral, person_id: Any) -> bool:
    return person_id in (referral.sent_by_id, referral.followed_by_id)


def bench_of(referral: Referral, roster: Roster) -> Bench:
    region, named = referral.claim.region_id, role_at(arbiter(referral).post)
    assert named is not None, "the table is checked when it is read"
    role, level, vacant = named[0].name, named[1], []
    upward = LEVELS[LEVELS.index(level) :]
    posts = [(role, level), *((LEADS[one], one) for one in upward if (LEADS[one], one) != (role, level))]
    for role_name, at in posts:
        called = roster.in_post(role_name, region[: LEVEL_WIDTHS[at]])
        people = [one.person for one in called if not is_own(referral, one.person.pk)]
        if not people:  # whom the day's duty roster and deputies add, where the post leads its level
            people = [one for one in roster.leads(at, region) if not is_own(referral, one.pk)] if LEADS[at] == role_name else []
        if people:
            return Bench(role_name, at, people, tuple(vacant))
        vacant.append(at if LEADS[at] == role_name else f"{role_name}@{at}")
    return Bench(*posts[-1], [], tuple(vacant))


def bench_today(referral: Referral, today: date) -> Bench:
    return bench_of(referral, Roster.around(referral.claim.region_id, today))
