"""What a sweep does with the watches it has taken: reads and decides, never writes, so a dry run is the same code.

All rungs that fell due since the last sweep are fired in order, on the ladder the watch was due on, and the claim
climbs as often as they say; but each person gets one notice per clock, of the latest rung that names them. A claim
climbs to the next level whose post is filled, never to where nobody is; once per rung of a clock, and once a day
whatever its clocks say. A climb by hand stands for one rung that fell on its day or, late, before it. Then the watch is set on the next rung of the ladder that is right today.

Where a rung asks for an acknowledgement (签收) and nobody it told gives one in time, the next rung comes then instead of
at its own time; a climbing one not before the due day is over.
"""

import logging
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from arrears import ladders
from arrears.escalation.known import Call, Firing, Known, Next, Plan, Way, put_off, silent_until, sooner
from arrears.escalation.ordering import way_of
from arrears.escalation.seats import BODY, SEATS, Case, seated
from arrears.escalation.words import facts_of, kind_of
from arrears.ladders import REFERRAL_LADDERS, Rung, call_at, family_of
from arrears.ladders.store import book_now
from arrears.models import Clock, Referral, Watch
from arrears.partners.links import reminder
from arrears.timing.counting import rests
from arrears.timing.watches import Times, first_to_come, key_of, ladder_today
from arrears.workdays import Calendar
from grid.days import day_of
from grid.duty import Roster
from grid.letters import Letter, letters_for
from grid.models import Person
from grid.notices import Ways
from grid.roles import CITY, above

FAULTY_WAITS = timedelta(hours=1)
# What a row with impossible data raises; a lost database or a task's time limit is no fault of the row's.
FAULTS = (LookupError, ValueError, TypeError, AttributeError, AssertionError)
assert SEATS.keys() == set(ladders.SEATS)
# Where a notice about the clocks of these families, or of these rules, leads; of all others to the claim.
PAGES = {
    **dict.fromkeys(REFERRAL_LADDERS, "/referrals/%s/"), "order": "/orders/%s/", "opinion": "/support/%s/", "errand": "/support/%s/",
    "SUPPORT-QUERY-3": "/search-ways/%s/", "FIND-RESPONDENT-15": "/searches/%s/",
}  # fmt: skip

logger = logging.getLogger(__name__)


class Planner:
    """Plans one sweep, batch by batch. `remembers` is for a dry run, whose later batches must know how far claims
    would have climbed in earlier ones; a real sweep reads each batch anew, under lock."""

    def __init__(self, now: datetime, roster: Roster, calendar: Calendar, *, remembers: bool) -> None:
        self.now, self.today, self.roster, self.calendar, self.remembers = now, day_of(now), roster, calendar, remembers
        self.book, self.ways = book_now(), Ways.read()
        self._cases: dict[Any, Case] = {}
        self._seated: dict[Any, tuple[dict[str, list[Person]], tuple[str, ...]]] = {}
        self.times = Times(calendar)

    def plan(self, watches: Iterable[Watch], at_once: int | None = None) -> Iterator[list[Plan]]:
        """Everything is read before the first plan is made; then `at_once` of them come together, or all."""
        watches = list(watches)
        if not self.remembers:
            self._cases.clear()
        if not all(self.book.knows(watch.ladder_id) for watch in watches):
            self.book = book_now()  # somebody has published since
        self.times.know([watch.clock for watch in watches])
        calls = [self.guarded(self.call, watch, watch) for watch in watches]
        known = Known.of(calls, self.book, self.now)
        size = at_once or len(calls) or 1
        for first in range(0, len(calls), size):
            yield [self.guarded(self.answer, call.watch, call, known) for call in calls[first : first + size]]

    def guarded(self, step: Callable[..., Any], watch: Watch, *given: Any) -> Any:
        """A row that cannot be planned waits and is logged; it stops no other."""
        try:
            return step(*given)
        except FAULTS:
            logger.exception("clock %s (%s) cannot be escalated", watch.pk, watch.clock.rule_id)
            faulty = Call(watch, reason="faulty", waits_until=self.now + FAULTY_WAITS)
            return faulty if step == self.call else put_off(faulty)

    def call(self, watch: Watch) -> Call:
        clock, claim = watch.clock, watch.clock.claim
        if not claim.is_open:
            return Call(watch, reason="closed")
        if clock.ended_on:
            return Call(watch, reason="met")
        if claim.suspended_until and rests(clock):
            wakes = max(call_at(claim.suspended_until), self.now + FAULTY_WAITS)
            return Call(watch, reason="suspended", waits_until=wakes)
        version = self.book.version(watch.ladder_id, clock.rule_id)
        times = self.times.of(version, clock)
        due = []
        for index in range(watch.rung, len(times)):
            if times[index] > self.now:
                break
            due.append((version.rungs[index], day_of(times[index])))
        return Call(watch, version, ladder_today(clock, claim, self.book, self.today), times, due)

    def answer(self, call: Call, known: Known) -> Plan:
        if call.reason:
            return put_off(call)
        plan = Plan(call)
        hand = known.hands.get(call.clock.about_id)
        case = self.case(call)
        if own := known.own_levels.get(call.clock.about_id):
            case = replace(case, level=own, handler_id=None)
        case = replace(case, referral=self.referral(call, known), hand_id=hand)
        passed = call.passed
        if call.is_early:
            passed = self.hurry(plan, case, known)
        for rung, day in call.due:
            if key_of(call.clock, rung) in known.told:
                plan.reasons.append("already_told")
            else:
                plan.firings.append(self.fire(rung, day, call, case, known, plan.reasons))
        self.ask(plan)
        self.tell(plan)
        if "nobody" in plan.reasons:
            plan.next = self.again(plan)
        elif not plan.next:
            plan.next = self.next(plan, passed, known)
        if own:
            known.own_levels[call.clock.about_id] = case.level
        else:
            self._cases[call.clock.claim_id] = replace(case, referral=None, hand_id=None)
        return plan

    def hurry(self, plan: Plan, case: Case, known: Known) -> int:
        """Fires the next rung before its time, unless somebody has acknowledged or put it off meanwhile. The index of
        the rung that comes then."""
        call, rungs, times = plan.call, plan.call.version.rungs, plan.call.times
        index = call.watch.rung
        while index < len(rungs) and key_of(call.clock, rungs[index]) in known.told:
            index += 1  # said before its time already, before the ladder changed
        if index == len(rungs):
            return index
        ends = silent_until(known.last.get(call.clock.pk, ()))
        if ends is None:
            plan.reasons.append("acknowledged")
            return index
        ends = self.earliest(rungs[index], call.clock, ends)
        if ends > self.now:
            plan.reasons.append("put_off")
            plan.next = sooner(Next(call.version.id, index, times[index]), ends)
            return index
        plan.firings.append(self.fire(rungs[index], self.today, call, case, known, plan.reasons, is_early=True))
        return index + 1

    def earliest(self, rung: Rung, clock: Clock, at: datetime) -> datetime:
        """A rung that climbs waits for the end of the due day, whoever stays silent."""
        return max(at, call_at(self.calendar.add(clock.due_on, 1))) if rung.climbs else at

    def next(self, plan: Plan, passed: int, known: Known) -> Next | None:
        """On the ladder that is right today. Of a ladder that is new to the clock, rungs whose moment is past call
        nobody, nor do those that have been told under the same name."""
        call, version, times = plan.call, plan.call.right, plan.call.times
        if version is not call.version:
            times = self.times.of(version, call.clock)
            said = known.told.keys() | {key_of(call.clock, firing.rung) for firing in plan.firings}
            passed = first_to_come(version, call.clock, times, self.now, said)
        if passed >= len(times):
            return None
        coming = Next(version.id, passed, times[passed])
        ends = self.silence(plan, known)
        return sooner(coming, self.earliest(version.rungs[passed], call.clock, ends)) if ends else coming

    def again(self, plan: Plan) -> Next:
        """What nobody could be told is said on the next working day again, until somebody is there."""
        last = plan.firings[-1]
        return Next(last.version.id, last.version.rungs.index(last.rung), call_at(self.calendar.add(self.today, 1)))

    def silence(self, plan: Plan, known: Known) -> datetime | None:
        """When those who have been told last are to have acknowledged it."""
        if plan.firings:
            last = plan.firings[-1]
            return last.ack_by if last.notices else None
        if plan.call.due:
            return silent_until(known.told.get(key_of(plan.call.clock, plan.call.due[-1][0]), ()))
        return None

    def case(self, call: Call) -> Case:
        return self._cases.get(call.clock.claim_id) or Case.of(call.clock.claim)

    def referral(self, call: Call, known: Known) -> Referral | None:
        asked = (call.due or call.is_early) and family_of(call.clock.rule_id) in REFERRAL_LADDERS
        return known.referrals[call.clock.about_id] if asked else None

    def fire(
        self, rung: Rung, day: date, call: Call, case: Case, known: Known, reasons: list[str], *, is_early: bool = False
    ) -> Firing:
        """The seats are those before the climb: the earlier handler is told, and so is the level that takes over."""
        seats, vacant = self.seated(case, rung.tells)
        link = known.links.get(call.clock.about_id) if BODY in seats and not seats[BODY] else None
        if link:
            vacant = tuple(post for post in vacant if post != BODY)
        came_from, by_hand = case.level, ""
        if rung.climbs and not (by_hand := self.done_by_hand(rung, day, call, case, known)):
            reason = self.climb(rung, day, call, case, known)
            reasons += [reason] if reason else []
        firing = Firing(
            rung, day, came_from, case.level, seats, vacant, call.version, is_early, self.order(rung, case), by_hand,
            body_id=case.referral and case.referral.body_id, is_own=call.clock.about_id in known.own_levels, link=link,
        )  # fmt: skip
        reasons += [reason for reason, is_so in (("already_climbed", by_hand), ("unaddressed", firing.is_unaddressed)) if is_so]
        return firing

    def order(self, rung: Rung, case: Case) -> Way | None:
        reports_to_city = CITY in rung.tells
        return way_of(self.roster, case.level, case.region, reports_to_city=reports_to_city) if rung.order_days else None

    def seated(self, case: Case, tells: tuple[str, ...]) -> tuple[dict[str, list[Person]], tuple[str, ...]]:
        """Claims of one place, level and handler have the same people; a sweep asks for them once."""
        if case.referral:
            return seated(self.roster, case, tells)
        key = (tells, case.region, case.level, case.handler_id, case.hand_id)
        if key not in self._seated:
            self._seated[key] = seated(self.roster, case, tells)
        seats, vacant = self._seated[key]
        return dict(seats), vacant

    def done_by_hand(self, rung: Rung, day: date, call: Call, case: Case, known: Known) -> str:
        """The day on or after the rung's own on which somebody lifted the claim: that stands for this rung, and for no
        other. Empty: nobody did, or the claim climbs by it no more anyway."""
        clock, fell = (str(call.clock.pk), rung.name), (call.clock.claim_id, day.isoformat())
        if call.clock.about_id in known.own_levels:
            return ""  # a hand lifts the claim
        if above(case.level) is None or clock in known.climbed or fell in known.climbed_on:
            return ""
        lifts = known.lifted.get(call.clock.claim_id, set())
        by_hand = min((lift for lift in lifts if fell[1] <= lift <= self.today.isoformat()), default="")
        if by_hand:
            lifts.discard(by_hand)
            known.climbed.add(clock)
            known.climbed_on.add(fell)
        return by_hand

    def climb(self, rung: Rung, day: date, call: Call, case: Case, known: Known) -> str:
        """Moves the case up; otherwise the reason why not."""
        clock = (str(call.clock.pk), rung.name)
        climber = call.clock.about_id if call.clock.about_id in known.own_levels else call.clock.claim_id
        today = (climber, day.isoformat())
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

    def ask(self, plan: Plan) -> None:
        """Only the last rung asks for an acknowledgement: what it said goes beyond all that came before."""
        if plan.firings and (days := plan.firings[-1].rung.ack_days):
            plan.firings[-1] = replace(plan.firings[-1], ack_by=call_at(self.calendar.add(self.today, days)))

    def tell(self, plan: Plan) -> None:
        """Writes each person's one notice; the latest rung that names them comes first."""
        reached: set[Any] = set()
        for firing in reversed(plan.firings):
            for seat, people in firing.seats.items():
                firing.seats[seat] = fresh = [person for person in people if person.pk not in reached]
                reached |= {person.pk for person in fresh}
            inside = {person.pk: person for seat, people in firing.seats.items() if seat != BODY for person in people}.values()
            if firing.link and firing.link.pk not in reached:
                reached.add(firing.link.pk)
                firing.outside.extend(reminder(firing.link, plan.call.clock.claim, key_of(plan.call.clock, firing.rung), self.now))
            region = plan.call.clock.claim.region_id
            firing.notices.extend(self.notices(plan.call, firing, inside, region_code=region))
            firing.notices.extend(self.notices(plan.call, firing, firing.seats.get(BODY, []), body_id=firing.body_id))
        if plan.firings and not reached:
            plan.reasons.append("nobody")

    def notices(self, call: Call, firing: Firing, people: Collection[Person], **reader: Any) -> list[Letter]:
        if not people:
            return []
        clock = call.clock
        page = PAGES.get(clock.rule_id) or PAGES.get(family_of(clock.rule_id))
        return letters_for(
            people,
            kind_of(clock, firing),
            key=key_of(clock, firing.rung),
            now=self.now,
            facts=facts_of(clock, firing),
            path=page % clock.about_id if page else f"/claims/{clock.claim_id}/",
            subject_id=clock.claim_id,
            channels=firing.rung.channels,
            ack_by=firing.ack_by,
            ways=self.ways,
            **reader,
        )
