"""Random histories of a claim, lived through the verbs and the database: suspended for a while, woken early, late or on
the day, extended, withdrawn and reopened, moved between the levels, while calendars arrive and are corrected. After
each act every running clock must stand where an oracle finds it that walks from its start one day after another.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

import chinese_calendar
from django.db import transaction
from holidays.countries.china import China

from arrears import casework, escalation
from arrears.calendars import to_json
from arrears.models import CalendarYear, Claim, Clock, Event, Watch
from arrears.supervision import orders
from arrears.timing import clocks, extending, suspending
from arrears.workdays import OFF, WORK
from grid.days import SHANGHAI
from grid.refused import Refused
from tests.base import CastTestCase

DAY = timedelta(days=1)
LENGTHS = {
    "JC-ACCEPT": 5, "JC-ACCEPT-3": 3, "JC-INVEST": 60, "JC-INVEST-30": 30, "HANDLE-START-3": 3, "CASE-WHOLE-60": 60,
}  # fmt: skip
LASTING = ("CASE-WHOLE-60", "ARB-LIMIT-1Y")
GUESSED = China(years=range(2027, 2030))


@dataclass
class Known:
    """One clock as the oracle remembers it."""

    start: date
    length: int | None  # in working days; None: the worker's year, or a day that was given
    given: date | None = None
    rests: bool = True
    pauses: list[list[date]] = field(default_factory=list)


class Oracle:
    def __init__(self, claim: Claim) -> None:
        self.claim, self.known = claim, {}
        self.official: dict[int, tuple[set[date], set[date]]] = {}  # off, work

    def works(self, on: date) -> bool:
        for year in (on.year + 1, on.year):  # a notice may name days of the December before
            off, work = self.official.get(year, (set(), set()))
            if on in off or on in work:
                return on in work
        if on.year in self.official:
            return on.weekday() < 5
        return chinese_calendar.is_workday(on) if on.year <= 2026 else on.weekday() < 5 and on not in GUESSED

    def is_guess(self, on: date) -> bool:
        return on.year > 2026 and on.year not in self.official

    def end(self, clock: Known) -> tuple[date, bool]:
        def rests(on: date) -> bool:
            return any(first <= on < until for first, until in clock.pauses)

        day, seen = clock.start, False
        if clock.given is not None:
            left = (clock.given - clock.start).days
            while left:
                day += DAY
                left -= not rests(day)
            return day, False
        if clock.length is None:  # a year from the last working day, none of them 29 February
            day = date(day.year + 1, day.month, day.day)
            seen = self.is_guess(day)
            while not self.works(day):
                day += DAY
                seen |= self.is_guess(day)
            return day, seen
        left = clock.length
        while left:
            day += DAY
            seen |= self.is_guess(day)
            left -= self.works(day) and not rests(day)
        return day, seen


class Histories(CastTestCase):
    HISTORIES, ACTS = 14, 18

    @property
    def now(self) -> datetime:
        return datetime.combine(self.day, time(11), SHANGHAI)

    def test_every_clock_stands_where_the_oracle_finds_it(self) -> None:
        counts = Counter[str]()
        for seed in range(self.HISTORIES):
            with transaction.atomic():
                self.live(seed)
                transaction.set_rollback(True)
            counts.update(name.split()[0] for name in self.done)
        # each kind of act really happened, and more than once
        self.assertEqual({name for name, number in counts.items() if number >= 3}, {
            "suspend", "resume", "woken", "late", "extend", "withdraw", "reopen", "calendar", "order", "climb", "down",
            "sweep", "breach", "until",
        }, counts)  # fmt: skip

    def live(self, seed: int) -> None:
        self.random, self.done = Random(seed), []
        self.day = date(2026, 1, 5) + self.random.randrange(300) * DAY
        self.begin()
        for _act in range(self.ACTS):
            done = len(self.done)
            while len(self.done) == done:  # until one is possible
                self.random.choice(ACTS)(self)
            try:
                self.compare()
            except AssertionError as error:
                raise AssertionError(f"history {seed}, after {self.done}: {error}") from None

    def begin(self) -> None:
        self.claim = self.make_claim(now=self.now, person=self.chief, last_working_day=date(2026, 1, 2))
        self.oracle = Oracle(self.claim)
        self.starts("JC-ACCEPT", "JC-ACCEPT-3", "CASE-WHOLE-60")
        self.oracle.known["ARB-LIMIT-1Y"] = Known(date(2026, 1, 2), None, rests=False)
        casework.advance(self.claim, "accept", self.city, now=self.now, conditions=True)
        self.stops("JC-ACCEPT", "JC-ACCEPT-3")
        self.starts("JC-INVEST", "JC-INVEST-30", "HANDLE-START-3")
        casework.advance(self.claim, "handle", self.city, now=self.now)
        self.stops("HANDLE-START-3")

    def starts(self, *rules: str) -> None:
        for rule in rules:
            self.oracle.known[rule] = Known(self.day, LENGTHS[rule])

    def stops(self, *rules: str) -> None:
        for rule in rules:
            self.oracle.known.pop(rule, None)

    def compare(self) -> None:
        self.claim = Claim.objects.get(pk=self.claim.pk)
        running = {clock.rule_id: clock for clock in Clock.objects.running().filter(claim=self.claim)}
        if not self.claim.is_open:
            self.assertFalse(running)
            return
        found = {rule: (clock.started_on, clock.due_on, clock.is_provisional) for rule, clock in running.items()}
        expected = {rule: (known.start, *self.oracle.end(known)) for rule, known in self.oracle.known.items()}
        self.assertEqual(found, expected)
        duties = [due for rule, (_start, due, _guess) in expected.items() if rule not in ("ARB-LIMIT-1Y", "ORDER-REPLY")]
        self.assertEqual(self.claim.due_on, min(duties, default=None))
        binding = [due for rule, (_start, due, _guess) in expected.items() if rule in ("JC-ACCEPT", "JC-INVEST")]
        self.assertEqual(self.claim.limit_on, min(binding, default=None))  # what the city set itself is no limit
        watched = set(Watch.objects.filter(clock__claim=self.claim).values_list("clock__rule_id", flat=True))
        if self.claim.suspended_until:
            self.assertLessEqual(watched, {"ARB-LIMIT-1Y"})

    # What can happen. Each act does nothing where it is not possible.

    def let_days_pass(self) -> None:
        self.day += self.random.choice((1, 1, 3, 8, 20)) * DAY
        if self.claim.suspended_until and self.claim.suspended_until <= self.day:
            late = self.claim.suspended_until < self.day  # the worker was down since
            self.assertEqual(suspending.wake_due(self.now), 1)
            self.ends(self.claim.suspended_until)
            self.done.append("late" if late else "woken")
        else:
            self.done.append(f"until {self.day}")

    def wait_for_the_day(self) -> None:
        if self.claim.suspended_until:
            self.day = self.claim.suspended_until
            self.assertEqual(suspending.wake_due(self.now), 1)
            self.ends(self.day)
            self.done.append("woken on the day")

    def ends(self, on: date) -> None:
        for known in self.oracle.known.values():
            if known.pauses and known.rests and known.pauses[-1][1] > on:
                known.pauses[-1][1] = on

    def suspend(self) -> None:
        if self.claim.stage != "handling" or self.claim.suspended_until:
            return
        until = self.day + self.random.choice((1, 2, 5, 14, 40, 90)) * DAY
        suspending.suspend(self.claim, self.city, self.now, "appraisal", until, "鉴定")
        for known in self.oracle.known.values():
            if known.rests:
                known.pauses.append([self.day, until])
        self.done.append(f"suspend {self.day} to {until}")

    def resume(self) -> None:
        if self.claim.suspended_until:
            suspending.resume(self.claim, self.city, self.now)
            self.ends(self.day)
            self.done.append(f"resume {self.day}")

    def extend(self) -> None:
        clock = Clock.objects.running().select_related("claim").filter(claim=self.claim, rule_id="JC-INVEST").first()
        if clock is None:
            return
        length = self.random.randint(1, 30)
        try:
            extension = extending.ask(clock, self.city, self.now, length, "复杂")
        except Refused as refused:
            self.assertIn(refused.code, ("claim_suspended", "too_late", "no_times_left"))
            return
        if self.random.random() < 0.3:
            self.day = clock.due_on + 2 * DAY  # asked for in time, granted late
        extending.grant(extension, self.county, self.now)
        self.oracle.known["JC-INVEST"].length += length
        self.done.append(f"extend {length} on {self.day}")

    def withdraw(self) -> None:
        if self.claim.stage != "handling" or self.random.random() < 0.5:
            return
        casework.advance(self.claim, "withdraw", self.county, now=self.now, reason="和解", confirmed=True)
        self.ends(self.day)
        self.ended = {rule: self.oracle.known[rule] for rule in LASTING}
        self.oracle.known = {}
        self.done.append(f"withdraw {self.day}")

    def reopen(self) -> None:
        if self.claim.is_open:
            return
        casework.advance(self.claim, "reopen", self.city, now=self.now, reason="反悔")
        self.oracle.known = dict(self.ended)
        self.starts("JC-INVEST", "JC-INVEST-30", "HANDLE-START-3")
        casework.advance(self.claim, "handle", self.city, now=self.now)
        self.stops("HANDLE-START-3")
        self.done.append(f"reopen {self.day}")

    def settle_and_break(self) -> None:
        if self.claim.stage != "handling" or self.claim.suspended_until:
            return
        casework.advance(self.claim, "settle", self.city, now=self.now, agreed_amount=8000, pay_by=self.day + DAY, terms="一次付清")
        self.day += 3 * DAY
        casework.advance(self.claim, "breach", self.city, now=self.now, reason="未付")
        self.starts("JC-INVEST", "JC-INVEST-30")
        self.done.append(f"breach {self.day}")

    def move_between_levels(self) -> None:
        if not self.claim.is_open:
            return
        if self.claim.level == "city" or self.random.random() < 0.4:
            if self.claim.level == "township":
                return
            casework.advance(self.claim, "hand_back", self.city, now=self.now, reason="退回")
            self.done.append("down")
        else:
            casework.advance(self.claim, "escalate", self.county, now=self.now, reason="复杂")
            self.done.append("climb")

    def order(self) -> None:
        if self.claim.stage != "handling" or self.claim.suspended_until or "ORDER-REPLY" in self.oracle.known:
            return
        if self.claim.level == "city":
            return
        given = self.day + self.random.randint(1, 25) * DAY
        orders.issue(self.claim, self.city, now=self.now, demand="尽快核实", reply_by=given)
        self.oracle.known["ORDER-REPLY"] = Known(self.day, None, given)
        self.done.append(f"order {given}")

    def calendar(self) -> None:
        """A notice for a year, or its correction; at times one that changes the December before."""
        year = self.random.choice((2026, 2027, 2027))
        days = [date(year, 1, 1) + n * DAY for n in range(365)]
        off = {day for day in self.random.sample(days, 60) if day.weekday() < 5}
        work = {day for day in self.random.sample(days, 40) if day.weekday() >= 5}
        work |= {day for n in range(1, 20) if (day := date(year, 1, 1) - n * DAY).weekday() >= 5 and self.random.random() < 0.3}
        named = {**{day: (OFF, "假") for day in off}, **{day: (WORK, "假") for day in work}}
        row = {"days": to_json(named), "source": "通知", "loaded_at": self.now}
        CalendarYear.objects.update_or_create(year=year, defaults=row)
        clocks.recompute_provisional(self.now, year, str(len(self.done)))
        self.oracle.official[year] = off, work
        self.done.append(f"calendar {year}")

    def sweep(self) -> None:
        """It tells; it moves no day, and nobody is told of what rests."""
        before = set(Event.objects.values_list("pk", flat=True))
        level = self.claim.level
        escalation.sweep(self.now)
        told = Event.objects.exclude(pk__in=before).filter(claim=self.claim, kind__in=("alerted", "climbed"))
        if self.claim.suspended_until:
            self.assertEqual({event.facts["rule"] for event in told} - {"ARB-LIMIT-1Y"}, set())
            self.assertEqual(Claim.objects.get(pk=self.claim.pk).level, level)
        self.done.append("sweep")


ACTS: tuple[Callable[[Any], None], ...] = (
    Histories.let_days_pass, Histories.let_days_pass, Histories.wait_for_the_day, Histories.suspend, Histories.suspend,
    Histories.resume, Histories.extend, Histories.withdraw, Histories.reopen, Histories.reopen, Histories.settle_and_break,
    Histories.move_between_levels, Histories.order, Histories.calendar, Histories.sweep,
)  # fmt: skip
