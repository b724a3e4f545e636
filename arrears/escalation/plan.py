"""What a sweep does with the watches it has taken: reads and decides, never writes, so a dry run is the same code.

All rungs that fell due since the last sweep are fired in order, and the claim climbs as often as they say; but
each person gets one notice per clock, of the latest rung that names them. A claim climbs to the next level
whose post is filled, never to where nobody is; once per rung of a clock, and once a day whatever its clocks say.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Self

from arrears import ladders
from arrears.escalation.seats import BODY, SEATS, Case, hands_of, seated
from arrears.ladders import LADDERS, WORDS, Rung, ladder_of, notice_kind, rung_times
from arrears.models import Clock, Event, Referral, Watch
from arrears.notice_kinds import KINDS
from arrears.workdays import Calendar
from grid.days import day_of
from grid.duty import Roster
from grid.models import Notice, Person
from grid.notices import rows_for
from grid.roles import LEVEL_LABELS, above

CLIMBED = "claim_climbed"
FAULTY_WAITS = timedelta(hours=1)
# What a row with impossible data raises; a lost database or a task's time limit is no fault of the row's.
FAULTS = (LookupError, ValueError, TypeError, AttributeError, AssertionError)
assert SEATS.keys() == set(ladders.SEATS)
assert {CLIMBED, *(kind for words in WORDS.values() for kind in words.values())} <= {kind.name for kind in KINDS}

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Call:
    """A watch with the rungs that are due on it, in order, and what it waits for next."""

    watch: Watch
    due: Sequence[tuple[Rung, date]] = ()
    next_rung: int = 0
    next_at: datetime | None = None  # None: the ladder is done and the watch goes
    reason: str = ""  # why nothing is due after all

    @property
    def clock(self) -> Clock:
        return self.watch.clock


@dataclass(frozen=True)
class Firing:
    """One rung of one clock, fired."""

    rung: Rung
    fell_on: date
    came_from: str  # the claim's level before it
    level: str  # and after it
    seats: dict[str, list[Person]]
    vacant: tuple[str, ...]  # posts skipped because nobody holds them today
    body_id: Any = None  # of the referral it is about
    notices: list[Notice] = field(default_factory=list)

    @property
    def climbs(self) -> bool:
        return self.level != self.came_from


@dataclass(frozen=True)
class Plan:
    """What becomes of one watch. `reasons`: what was not done, and why (run.REASONS)."""

    call: Call
    firings: list[Firing] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)

    @property
    def climbs_to(self) -> str | None:
        return next((firing.level for firing in reversed(self.firings) if firing.climbs), None)


@dataclass(frozen=True)
class Known:
    """What earlier sweeps wrote about the clocks of a batch, and the referrals that some of them are about."""

    fired: set[str]  # keys of notices
    climbed: set[tuple[str, str]]  # clock and rung
    climbed_on: set[tuple[Any, str]]  # claim and day
    referrals: dict[Any, Referral]
    hands: dict[Any, Any]  # by what a clock is about, who works on it

    @classmethod
    def of(cls, calls: Sequence[Call]) -> Self:
        keys = [key_of(call.clock, rung) for call in calls for rung, _day in call.due]
        climbing = {call.clock.claim_id for call in calls if any(rung.climbs for rung, _day in call.due)}
        facts = ("claim_id", "facts__clock", "facts__rung", "facts__fell_on")
        earlier = list(Event.objects.filter(claim__in=climbing, kind="climbed").order_by().values_list(*facts))
        return cls(
            fired=set(Notice.objects.filter(key__in=keys).order_by().values_list("key", flat=True)),
            climbed={(clock, rung) for _claim, clock, rung, _day in earlier},
            climbed_on={(claim, day) for claim, _clock, _rung, day in earlier},
            referrals=Referral.objects.in_bulk({call.clock.about_id for call in calls if call.clock.about_id}),
            hands=hands_of(call.clock for call in calls if call.due),
        )


def key_of(clock: Clock, rung: Rung) -> str:
    """What a notice is about. A date that has moved is something new to say."""
    return f"{clock.pk}:{clock.due_on}:{rung.name}"


class Planner:
    """Plans one sweep, batch by batch. `remembers` is for a dry run, whose later batches must know how far claims
    would have climbed in earlier ones; a real sweep reads each batch anew, under lock."""

    def __init__(self, now: datetime, roster: Roster, calendar: Calendar, *, remembers: bool) -> None:
        self.now, self.roster, self.calendar, self.remembers = now, roster, calendar, remembers
        self._cases: dict[Any, Case] = {}
        self._times: dict[tuple[str, date, date], list[datetime]] = {}

    def plan(self, watches: Iterable[Watch]) -> list[Plan]:
        if not self.remembers:
            self._cases.clear()
        calls = [self.guarded(self.call, watch, watch) for watch in watches]
        known = Known.of(calls)
        return [self.guarded(self.answer, call.watch, call, known) for call in calls]

    def guarded(self, step: Callable[..., Any], watch: Watch, *given: Any) -> Any:
        """A row that cannot be planned waits and is logged; it stops no other."""
        try:
            return step(*given)
        except FAULTS:
            logger.exception("clock %s (%s) cannot be escalated", watch.pk, watch.clock.rule_id)
            faulty = Call(watch, (), watch.rung, self.now + FAULTY_WAITS, "faulty")
            return faulty if step == self.call else Plan(faulty, reasons=["faulty"])

    def call(self, watch: Watch) -> Call:
        clock = watch.clock
        if not clock.claim.is_open:
            return Call(watch, reason="closed")
        if clock.ended_on:
            return Call(watch, reason="met")
        rungs, times = ladder_of(clock.rule_id), self.times(clock)
        first = next((index for index in range(watch.rung, len(times)) if times[index] > self.now), len(times))
        due = [(rungs[index], day_of(times[index])) for index in range(watch.rung, first)]
        return Call(watch, due, first, times[first] if first < len(times) else None)

    def times(self, clock: Clock) -> list[datetime]:
        """Claims of one day share their days; a sweep counts each once."""
        key = (clock.rule_id, clock.started_on, clock.due_on)
        if key not in self._times:
            self._times[key] = rung_times(ladder_of(clock.rule_id), clock.started_on, clock.due_on, self.calendar)
        return self._times[key]

    def answer(self, call: Call, known: Known) -> Plan:
        if call.reason:
            return Plan(call, reasons=[call.reason])
        plan = Plan(call)
        hand = known.hands.get(call.clock.about_id)
        case = replace(self.case(call), referral=self.referral(call, known), hand_id=hand)
        for rung, day in call.due:
            if key_of(call.clock, rung) in known.fired:
                plan.reasons.append("already_told")
            else:
                plan.firings.append(self.fire(rung, day, call, case, known, plan.reasons))
        self.tell(plan)
        self._cases[call.clock.claim_id] = replace(case, referral=None, hand_id=None)
        return plan

    def case(self, call: Call) -> Case:
        return self._cases.get(call.clock.claim_id) or Case.of(call.clock.claim)

    def referral(self, call: Call, known: Known) -> Referral | None:
        asked = call.due and ladder_of(call.clock.rule_id) is LADDERS["partner"]
        return known.referrals[call.clock.about_id] if asked else None

    def fire(self, rung: Rung, day: date, call: Call, case: Case, known: Known, reasons: list[str]) -> Firing:
        """The seats are those before the climb: the earlier handler is told, and so is the level that takes over."""
        seats, vacant = seated(self.roster, case, rung.tells)
        came_from = case.level
        if rung.climbs:
            reason = self.climb(rung, day, call, case, known)
            reasons += [reason] if reason else []
        return Firing(rung, day, came_from, case.level, seats, vacant, case.referral and case.referral.body_id)

    def climb(self, rung: Rung, day: date, call: Call, case: Case, known: Known) -> str:
        """Moves the case up; otherwise the reason why not."""
        clock = (str(call.clock.pk), rung.name)
        today = (call.clock.claim_id, day.isoformat())
        if above(case.level) is None:
            return "top_level"
        if clock in known.climbed or today in known.climbed_on:
            return "already_climbed"
        target, people = self.roster.answerable(above(case.level), case.region)
        if not people:
            return "vacant"
        case.level, case.handler_id = target, None
        known.climbed.add(clock)
        known.climbed_on.add(today)
        return ""

    def tell(self, plan: Plan) -> None:
        """Writes each person's one notice; the latest rung that names them comes first."""
        reached: set[Any] = set()
        for firing in reversed(plan.firings):
            for seat, people in firing.seats.items():
                firing.seats[seat] = fresh = [person for person in people if person.pk not in reached]
                reached |= {person.pk for person in fresh}
                if fresh:
                    firing.notices.extend(self.notices(plan.call, firing, seat, fresh))
        if plan.firings and not reached:
            plan.reasons.append("nobody")

    def notices(self, call: Call, firing: Firing, seat: str, people: list[Person]) -> list[Notice]:
        clock = call.clock
        referral = clock.about_id if ladder_of(clock.rule_id) is LADDERS["partner"] else None
        reader = {"body_id": firing.body_id} if seat == BODY else {"region_code": clock.claim.region_id}
        return rows_for(
            people,
            CLIMBED if firing.climbs else notice_kind(clock.rule_id, firing.rung),
            key=key_of(clock, firing.rung),
            now=self.now,
            facts=facts_of(clock, firing),
            path=f"/referrals/{referral}/" if referral else f"/claims/{clock.claim_id}/",
            subject_id=clock.claim_id,
            **reader,
        )


def facts_of(clock: Clock, firing: Firing) -> dict[str, str]:
    """For the words of the notice: nothing personal, both languages."""
    rule = clock.rule
    return {
        "number": clock.claim.number,
        "due": clock.due_on.isoformat(),
        "rule": rule.name,
        "rule_en": rule.name_en,
        "article": rule.citation(),
        "article_en": rule.citation("en"),
        "rung_msgid": firing.rung.label,
        "level_msgid": LEVEL_LABELS[firing.level],
    }
