"""One simulated year, from an empty database with divisions to the figures."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from hashlib import sha256
from random import Random
from typing import Any

from arrears.calendars import calendar_now
from arrears.demo.cases import Inventor
from arrears.models import Claim, Event
from arrears.simulation.life import Life
from arrears.simulation.office import afternoons
from arrears.simulation.proof import Missed
from arrears.simulation.staff import hire
from arrears.simulation.year import Year, at
from grid.models import Notice

FIRST_DAY = date(2025, 1, 2)  # the calendar is published for the two years from here
ANY_KEY = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Outcome:
    claims: int
    due: int  # rungs that fell due, by the recount
    rungs: int  # rungs that were called, by the sweeps' own count
    missed: list[Missed]
    refused: dict[str, int]
    digest: str


def simulate(days: int, claims: int, seed: int) -> Outcome:
    """The same seed tells the same year."""
    rng = Random(seed)
    ends = at(FIRST_DAY + timedelta(days=days), time(0))
    cast = hire(rng, FIRST_DAY, days)
    year = Year(ends, cast, Inventor(rng, cast.townships), rng)
    year.clock = at(FIRST_DAY, time(0))
    year.begin(year.clock, year.mornings(FIRST_DAY))
    year.begin(at(FIRST_DAY, time(15, 30)), afternoons(year, Random(f"{seed}:office")))
    for number, received in enumerate(arrivals(rng, days, claims)):
        life = Life(year, number, Random(f"{seed}:{number}"), received)
        year.begin(life.moment(received), life.tell())
    year.tell()
    due, missed = year.book.recount(ends)
    return Outcome(Claim.objects.count(), due, year.rungs, missed, dict(sorted(year.refused.items())), digest())


def arrivals(rng: Random, days: int, claims: int) -> Iterator[date]:
    """Working days, at chance; the last weeks get theirs too, for what is unfinished at the end counts as well."""
    calendar = calendar_now()
    open_days = [day for day in (FIRST_DAY + timedelta(days=n) for n in range(days)) if calendar.is_working(day)]
    yield from sorted(rng.choice(open_days) for _ in range(claims))


def digest() -> str:
    """Of everything that happened and was told, by numbers and names instead of keys."""
    seen = sha256()
    for row in Event.objects.order_by("claim__number", "seq").values_list("claim__number", "kind", "at", "stage", "level", "actor__username", "facts"):
        seen.update(ANY_KEY.sub("", repr(row)).encode())
    told = Notice.objects.values_list("kind", "created_at", "recipient__username", "channel", "acknowledged_at", "ack_by")
    for row in sorted(repr(row) for row in told):
        seen.update(row.encode())
    return seen.hexdigest()[:16]


def as_json(outcome: Outcome, seconds: float) -> dict[str, Any]:
    return {
        "claims": outcome.claims, "due": outcome.due, "rungs": outcome.rungs, "missed": len(outcome.missed),
        "seconds": round(seconds, 1), "refused": outcome.refused, "digest": outcome.digest,
    }  # fmt: skip


