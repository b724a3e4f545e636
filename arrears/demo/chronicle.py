"""Lets months pass. A story is a generator: it acts, yields the moment at which it goes on, and is resumed then;
whatever would happen after the present simply has not happened yet. Every morning the sweep runs, as in earnest.
"""

import heapq
import logging
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import count

from django.db.models import Q

from arrears.calendars import calendar_now
from arrears.demo.cases import Inventor
from arrears.demo.cast import Cast
from arrears.demo.sayings import ORDER_REPLIES
from arrears.escalation import sweep
from arrears.ladders.align import realign
from arrears.models import Order, Watch
from arrears.objections import clock as objections
from arrears.proceedings import hearings
from arrears.proceedings import verbs as proceedings
from arrears.reports import clock as reports
from arrears.serving import clock as serving_clock
from arrears.serving import verbs as serving
from arrears.supervision import orders
from arrears.timing.suspending import wake_due
from arrears.workdays import ONE_DAY, Calendar
from arrears.worker import questions
from grid.days import SHANGHAI, day_of
from grid.duty import Roster
from grid.models import Person, Posting
from grid.refused import Refused
from grid.scope import Scope

SWEEP_AT = time(9, 5)  # just after the rungs call

logger = logging.getLogger(__name__)


def at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, SHANGHAI)


@dataclass
class Chronicle:
    now: datetime  # the present, where every story stops
    cast: Cast
    inventor: Inventor
    seed: int
    calendar: Calendar = field(default_factory=calendar_now)
    clock: datetime = field(init=False)  # the moment being told
    dropped: list[str] = field(default_factory=list)  # what a rule refused to a story: nothing, or the story is wrong
    climbed: set[str] = field(default_factory=set)  # ids of claims that no longer stand as their story left them
    numbers: Iterator[int] = field(default_factory=count)
    _turns: list[tuple[datetime, int, Iterator[datetime]]] = field(default_factory=list)
    _roster: Roster | None = None
    _held: dict[object, list[Posting]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.clock = self.now

    @property
    def today(self) -> date:
        return day_of(self.now)

    @property
    def first_day(self) -> date:
        return day_of(min(self._turns)[0])

    def begin(self, moment: datetime, story: Iterator[datetime]) -> None:
        heapq.heappush(self._turns, (moment, next(self.numbers), story))

    def tell(self) -> None:
        self.begin(at(self.first_day, SWEEP_AT), self.mornings())
        while self._turns and self._turns[0][0] <= self.now:
            self.clock, _number, story = heapq.heappop(self._turns)
            self.resume(story)
        self.clock = self.now
        self.sweep()

    def resume(self, story: Iterator[datetime]) -> None:
        try:
            moment = next(story, None)
        except Refused as refusal:
            logger.warning("a demo story ends early: %s", refusal.message)
            self.dropped.append(refusal.code)
            return
        if moment is not None:
            self.begin(moment, story)

    def mornings(self) -> Iterator[datetime]:
        while True:
            self.sweep()
            yield at(day_of(self.clock) + ONE_DAY, SWEEP_AT)

    def sweep(self) -> None:
        wake_due(self.clock)
        realign(self.clock)
        reports.call_due(self.clock)
        objections.call_due(self.clock)
        serving.take_effect(self.clock)
        serving_clock.call_due(self.clock)
        proceedings.advance_due(self.clock)
        hearings.remind_due(self.clock)
        questions.remind_due(self.clock)
        self.climbed |= {row["claim"] for row in sweep(self.clock).escalated if row["climbs_to"]}
        self.answer()

    def answer(self) -> None:
        """What the ladder has pressed for in vain is answered at last: nobody is called about it any more."""
        for order in Order.objects.filter(state__in=("issued", "received", "sent_back"), reply_by__lt=day_of(self.clock)).order_by("number"):
            people = self.roster().leads(order.level, order.claim.region_id)
            if people and not Watch.objects.filter(clock__about_id=order.pk).exists():
                orders.advance(order, "reply", self.present(people[0]), now=self.clock, reply=ORDER_REPLIES[0])

    def roster(self) -> Roster:
        """Of the day being told, from the posts and leaves of this story; the database is asked only who is on call."""
        day = day_of(self.clock)
        if self._roster is None or self._roster.day != day:
            away = {leave.person_id: leave.deputy_id for leave in self.cast.leaves if leave.starts_on <= day <= leave.ends_on}
            held = [row for row in self.cast.postings if row.starts_on <= day and (row.ends_on is None or day <= row.ends_on)]
            for row in held:
                row.is_away, row.deputy = row.person_id in away, away.get(row.person_id)
            self._roster = Roster(day, held, Q())
            self._held = defaultdict(list)
            for row in held:
                self._held[row.person_id].append(row)
        return self._roster

    def forget_roster(self) -> None:
        """Somebody has gone, come or moved."""
        self._roster = None

    def present(self, person: Person) -> Person:
        """The person, as they stand on the day being told: with the posts of those who named them to stand in."""
        people = {person.pk, *self.roster().relying_on(person.pk)}
        rows = [row for one in people for row in self._held[one]]
        person.know_scope(Scope.from_postings(rows, day_of(self.clock), person.pk))
        return person

    def named(self, username: str) -> Person:
        return next(row.person for row in self.cast.postings if row.person.username == username)
