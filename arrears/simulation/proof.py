"""The recount: from the clocks alone, which rungs fell due, and whether each was called in time.

The book keeps what a clock said and from when on: it is looked at after every act. At the end each stretch is gone
through anew, rung by rung: whatever fell due in it must have its event. The watches, from which the sweep works, are
never asked.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from arrears.calendars import calendar_now
from arrears.ladders import ladder_of, rung_times
from arrears.models import Clock, Event
from arrears.timing.counting import PAUSES, rests
from arrears.timing.pauses import Interval, Paused

IN_TIME = timedelta(minutes=1)
RUNS, RESTS, ENDED = "runs", "rests", "ended"
EVER = timedelta(days=36500)


class Said(NamedTuple):
    """What decides about the rungs of a clock."""

    rule: str
    started: Any
    due: Any
    state: str  # RUNS, RESTS (its claim is suspended) or ENDED
    extended: int
    pauses: tuple[Interval, ...]


@dataclass(frozen=True)
class Missed:
    clock: Any
    rule: str
    rung: str
    at: datetime
    why: str


@dataclass
class Book:
    stretches: dict[Any, list[tuple[datetime, Said]]] = field(default_factory=lambda: defaultdict(list))

    def look(self, now: datetime, claims: Iterable[Any]) -> None:
        """Notes what has changed on the clocks of these claims."""
        claims = set(claims)
        if not claims:
            return
        for clock in Clock.objects.filter(claim__in=claims).select_related("claim").prefetch_related(PAUSES).order_by("id"):
            pauses = tuple(Interval(row.starts_on, row.ends_on) for row in clock.pauses.all())
            said = Said(clock.rule_id, clock.started_on, clock.due_on, state_of(clock), clock.extended_by, pauses)
            known = self.stretches[clock.pk]
            if not known or known[-1][1] != said:
                known.append((now, said))

    def recount(self, ends: datetime) -> tuple[int, list[Missed]]:
        """How many rungs fell due, and those that nobody was called by in time."""
        called: dict[tuple[str, str], list[tuple[str, datetime]]] = defaultdict(list)
        for facts, at in Event.objects.filter(kind__in=("climbed", "alerted")).order_by("at").values_list("facts", "at"):
            called[facts["clock"], facts["rung"]].append((facts["due"], at))
        due, missed = 0, []
        for clock, stretches in self.stretches.items():
            for rung, at, since, said, owed_to in owed(stretches, ends):
                due += 1
                heard = called[str(clock), rung]
                in_time = [one for one in heard if one[1] <= max(at, since) + IN_TIME and (one[0] == str(said.due) or one[1] < owed_to)]
                if not in_time:
                    missed.append(Missed(clock, said.rule, rung, at, "late" if heard else "never"))
        return due, missed


def state_of(clock: Clock) -> str:
    if clock.ended_on or not clock.claim.is_open:
        return ENDED
    return RESTS if clock.claim.suspended_until and rests(clock) else RUNS


def owed(stretches: list[tuple[datetime, Said]], ends: datetime) -> Iterator[tuple[str, datetime, datetime, Said, datetime]]:
    """Rung, its moment, since when the clock said so, what it said, and before when a call for another day counts too.

    A clock that begins or wakes owes also the rungs that are past, and after a pause nobody is told again what was
    said before it. One whose day has moved otherwise, or that runs on after its claim was closed, owes those still to
    come, and they are told for the new day."""
    calendar, before = calendar_now(), ""
    seen: set[tuple[str, Any]] = set()
    for number, (since, said) in enumerate(stretches):
        until = stretches[number + 1][0] if number + 1 < len(stretches) else ends
        if said.state == RUNS:
            rungs = ladder_of(said.rule)
            counting = Paused(calendar, said.pauses) if said.pauses else calendar
            for rung, at in zip(rungs, rung_times(rungs, said.started, said.due, counting), strict=True):
                if at <= until and (before in ("", RESTS) or at > since) and (rung.name, said.due) not in seen:
                    seen.add((rung.name, said.due))
                    yield rung.name, at, since, said, since if before == RESTS else since - EVER
        before = said.state
