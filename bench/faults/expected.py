"""Who is to be told of which rung, worked out anew from the ladders' tables and the postings as they stand: not by
the code under test. Each person hears of a clock once, of the latest rung that names them."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from arrears.calendars import calendar_now
from arrears.ladders import ladder_of, rung_times
from arrears.models import Clock
from grid.models import Posting

LEVELS = ("township", "county", "city")
LEADS = {"township": ("township_chief", 9), "county": ("county_officer", 6), "city": ("city_supervisor", 4)}
Told = tuple[UUID, str, UUID]  # clock, rung, person


def expected(name: str, now: datetime) -> set[Told]:
    """For the clocks of a set that stand untouched: what one sweep at `now` owes."""
    posts: dict[tuple[str, str], list[UUID]] = {}
    for person, role, region in Posting.objects.values_list("person", "role", "region"):
        posts.setdefault((role, region), []).append(person)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT clock_id, rung, level, region_id, handler_id FROM bench_set "
            "JOIN bench_shape ON bench_shape.i = shape AND is_due JOIN arrears_claim AS claim ON claim.id = claim_id "
            "WHERE name = %s".replace("level,", "claim.level,"), [name],
        )  # fmt: skip
        rows = cursor.fetchall()
    clocks = Clock.objects.in_bulk([row[0] for row in rows])
    return {told for row in rows for told in owed(clocks[row[0]], *row[1:], posts, now)}


def owed(clock: Clock, rung: int, level: str, region: str, handler: Any, posts: dict, now: datetime) -> Iterator[Told]:
    rungs = ladder_of(clock.rule_id)
    times = rung_times(rungs, clock.started_on, clock.due_on, calendar_now())
    reached: set[UUID] = set()
    for step in reversed([step for step, at in list(zip(rungs, times, strict=True))[rung:] if at <= now]):
        people = {person for seat in step.tells for person in seated(seat, level, region, handler, posts)} - reached
        reached |= people
        yield from ((clock.pk, step.name, person) for person in people)


def seated(seat: str, level: str, region: str, handler: Any, posts: dict) -> list[UUID]:
    if seat == "handler" and handler:
        return [handler]
    first = {"above": LEVELS.index(level) + 1, "city": 2}.get(seat, LEVELS.index(level))
    for role, width in (LEADS[one] for one in LEVELS[first:]):
        if people := posts.get((role, region[:width])):
            return people
    return []
