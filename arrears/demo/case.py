"""A case of the demo city in the hands of its story: who acts, when, and through which verb."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any, TypeVar

from arrears import casework, intake, referrals
from arrears.demo.chronicle import Chronicle, at
from arrears.demo.papers import paper
from arrears.evidence import add_evidence
from arrears.intake import ClaimFacts
from arrears.models import Claim, Referral
from grid.days import day_of
from grid.models import Person
from grid.roles import COUNTY, LEVELS, TOWNSHIP, above

Story = Callable[..., Iterator[datetime]]
T = TypeVar("T")

# Office hours, in minutes from midnight: 8:40–11:40 and 13:50–17:20.
HOURS = (*range(8 * 60 + 40, 11 * 60 + 40), *range(13 * 60 + 50, 17 * 60 + 20))
BY_COUNTY = ("hotline", "letter", "referred")  # channels that reach the county first


def tell_case(chronicle: Chronicle, story: Story, days_ago: int, **what: Any) -> None:
    """Begins the story of a case so many working days ago (0: today, or the last working day)."""
    number = next(chronicle.numbers)
    case = Case(chronicle, number, Random(f"{chronicle.seed}:{number}"))
    last = chronicle.calendar.back(chronicle.today)
    moment = case.moment(chronicle.calendar.add(last, -days_ago))
    if moment > chronicle.now:  # it is early in the morning
        moment = case.moment(chronicle.calendar.add(last, -days_ago - 1))
    chronicle.begin(moment, story(case, **what))


@dataclass
class Case:
    chronicle: Chronicle
    number: int
    rng: Random
    claim: Claim = field(init=False)
    facts: ClaimFacts = field(init=False)

    # When

    @property
    def clock(self) -> datetime:
        return self.chronicle.clock

    @property
    def day(self) -> date:
        return day_of(self.clock)

    def moment(self, day: date) -> datetime:
        """Some minute of the office hours of that day."""
        return at(day, time(*divmod(self.rng.choice(HOURS), 60)))

    def later(self, first: int, last: int | None = None) -> datetime:
        """Some minute `first` to `last` working days from now; 0 is within the hour."""
        days = self.rng.randint(first, last or first)
        if not days:
            return self.clock + timedelta(minutes=self.rng.randint(10, 55))
        return self.moment(self.chronicle.calendar.add(self.day, days))

    def working_day(self, number: int) -> date:
        return self.chronicle.calendar.add(self.day, number)

    def pick(self, among: Sequence[T]) -> T:
        return self.rng.choice(among)

    # Who

    def lead(self, level: str | None = None) -> Person:
        """Whoever answers today for the claim at its level, or at `level` if that is higher."""
        seat = max(level or self.claim.level, self.claim.level, key=LEVELS.index)
        return self.answers(seat, self.claim.region_id)

    def answers(self, seat: str, code: str) -> Person:
        return self.chronicle.present(self.chronicle.roster().answerable(seat, code)[1][0])

    def superior(self) -> Person:
        """Whoever leads the level above the one in charge."""
        return self.lead(above(self.refresh().level))

    def officer(self) -> Person:
        return self.lead(COUNTY)

    def worker(self) -> Person:
        """The township's grid worker, or whoever stands in."""
        person = self.chronicle.cast.workers.get(self.claim.region_id[:9])
        return self.chronicle.present(person) if person else self.lead()

    def registrar(self, facts: ClaimFacts) -> Person | None:
        """None: the worker filed it online."""
        code = facts.region.code
        if facts.channel == "online":
            return None
        if facts.channel in BY_COUNTY:
            return self.answers(COUNTY, code)
        person = self.chronicle.cast.workers.get(code[:9])  # None: they have moved since a workmate came to them
        return self.chronicle.present(person) if person else self.answers(TOWNSHIP, code)

    # What

    def register(self, **invented: Any) -> Claim:
        received = self.day - timedelta(days=1 if self.rng.random() < 0.15 else 0)
        self.facts = self.chronicle.inventor.claim(self.number, received, **invented)
        self.claim = intake.register(self.facts, self.registrar(self.facts), now=self.clock)
        return self.claim

    def refresh(self) -> Claim:
        """As the sweep left it; verbs keep the row they are given up to date."""
        if str(self.claim.pk) in self.chronicle.climbed:
            self.chronicle.climbed.remove(str(self.claim.pk))
            self.claim.refresh_from_db(fields=("level", "handler"))
        return self.claim

    def do(self, move: str, person: Person | None = None, **answers: Any) -> None:
        self.refresh()
        casework.advance(self.claim, move, person or self.lead(), now=self.clock, **answers)

    def pay(self, amount: Decimal, method: str = "bank", note: str = "") -> None:
        self.do("record_payment", self.worker(), amount=amount, paid_on=self.day, method=method, note=note)

    def look_up(self, reason: str) -> None:
        """Somebody asks for a worker's whole ID number, which is logged."""
        claimant = self.claim.claimants.select_related("claim").first()
        casework.reveal_id_number(claimant, self.lead(), reason, now=self.clock)

    def attach(self, *kinds: str) -> None:
        for kind in kinds:
            title, upload = paper(self.rng, kind, self.claim)
            add_evidence(self.claim, upload, self.worker(), now=self.clock, kind=kind, title=title)

    def refer(self, kind: str, body_kind: str, summary: str) -> Referral:
        self.refresh()
        body = self.chronicle.cast.bodies[self.claim.county_code, body_kind]
        return referrals.refer(
            self.claim, self.officer(), now=self.clock, kind=kind, body=body, summary=summary,
            evidence=list(self.claim.evidence.all()),
        )  # fmt: skip

    def answer(self, referral: Referral, move: str, person: Person | None = None, **answers: Any) -> Referral:
        self.refresh()
        partner = self.chronicle.present(self.chronicle.cast.partners[referral.body_id])
        return referrals.advance(referral, move, person or partner, now=self.clock, **answers)
