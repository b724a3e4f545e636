"""Makes up what a worker reports. The same seed makes up the same cases."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from arrears.demo.words import (
    CITY,
    COUNTIES,
    FIRM_WORDS,
    GENERAL_KINDS,
    GIVEN,
    HOME_COUNTY,
    HOME_TOWNSHIP,
    LABOUR_KINDS,
    NEVER_ISSUED,
    NICKNAMES,
    REQUESTS,
    SHOP_KINDS,
    SITES,
    SURNAMES,
    TRADES,
    Trade,
)
from arrears.identity import make_credit_code, make_id
from arrears.intake import ClaimantFacts, ClaimFacts, LineFacts, RespondentFacts
from arrears.money import q
from grid.models import Region

CONSTRUCTION = "工地"
CHANNELS = (
    ("patrol", 30),
    ("window", 28),
    ("phone", 14),
    ("hotline", 14),
    ("online", 8),
    ("letter", 3),
    ("referred", 3),
)
CONTRACTS = (("none", 45), ("contract", 25), ("written", 15), ("unknown", 15))
SOURCE = "demo"  # namespace of the demo's source keys
SHARED = ("region", "respondents", "site_name", "work", "contract", "story")  # by workmates on one job
GROUP_SIZES = (10, 11, 12, 14, 16, 18, 23, 35)


@dataclass(frozen=True)
class Firm:
    name: str
    credit_code: str  # "": nobody knew it


@dataclass
class Inventor:
    """`towns`: where somebody can log a case, by county."""

    rng: Random
    towns: dict[str, list[Region]]
    villages: dict[str, list[Region]] = field(default_factory=dict)
    people: int = 0
    firms: dict[str, list[Firm]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for village in Region.objects.current().under(CITY).at("village"):
            self.villages.setdefault(village.parent_id, []).append(village)
        for kinds in (GENERAL_KINDS, LABOUR_KINDS, *((kind,) for kind in SHOP_KINDS.values())):
            for kind in kinds:
                self.firms[kind] = [self.firm(word, kind) for word in self.rng.sample(FIRM_WORDS, 4)]

    def firm(self, word: str, kind: str) -> Firm:
        code = make_credit_code(NEVER_ISSUED, self.rng.randrange(10**7)) if self.rng.random() < 0.6 else ""
        return Firm(f"宿迁{word}{kind}", code)

    def pick(self, weighted: tuple[tuple[str, int], ...]) -> str:
        return self.rng.choices([row[0] for row in weighted], [row[-1] for row in weighted])[0]

    def place(self) -> Region:
        """A township, the home one more often than others; now and then one of its villages."""
        county = self.pick(COUNTIES)
        towns = self.towns[county]
        town = towns[0] if county == HOME_COUNTY and self.rng.random() < 0.3 else self.rng.choice(towns)
        villages = self.villages.get(town.code)
        return self.rng.choice(villages) if villages and self.rng.random() < 0.25 else town

    def home(self) -> Region:
        return next(town for town in self.towns[HOME_COUNTY] if town.code == HOME_TOWNSHIP)

    def claim(
        self, number: int, received: date, *, at: Region | None = None, size: int = 0, last_day: date | None = None,
        like: ClaimFacts | None = None, is_named: bool = False,
    ) -> ClaimFacts:  # fmt: skip
        """`like`: a workmate's claim about the same job. `is_named`: more is known of the other side than a nickname."""
        trade = self.rng.choice(TRADES)
        site = self.rng.choice(SITES) if trade.field == CONSTRUCTION else ""
        last_day = last_day or received - timedelta(days=self.rng.choice((6, 12, 20, 33, 45, 60, 90, 130)))
        rate = self.rate(trade)
        size = size or (self.rng.randint(2, 6) if self.rng.random() < 0.22 else 1)
        workers = [self.worker(trade, rate, last_day) for _ in range(size)]
        total = sum(
            (q(line.rate * line.quantity) - line.paid for worker in workers for line in worker.lines), Decimal(0)
        )
        facts = ClaimFacts(
            region=at or self.place(),
            received_on=received,
            claimants=workers,
            respondents=self.chain(trade, is_named),
            channel=self.pick(CHANNELS),
            site_name=f"{site}项目" if site else "",
            work=trade.work,
            contract=self.pick(CONTRACTS),
            last_working_day=last_day,
            typed_total=total + self.rng.choice((-200, 100, 500)) if self.rng.random() < 0.06 else None,
            story=trade.story.format(site=site, rate=rate),
            request=self.rng.choice(REQUESTS),
            source_key=f"{SOURCE}:{number:04d}",
        )
        return replace(facts, **{name: getattr(like, name) for name in SHARED}) if like else facts

    def rate(self, trade: Trade) -> Decimal:
        low, high = trade.rate
        step = 100 if low >= 1000 else 10 if low >= 100 else 1
        return Decimal(self.rng.randrange(low, high + 1, step))

    def worker(self, trade: Trade, rate: Decimal, last_day: date) -> ClaimantFacts:
        """One line: what was worked up to the last day, less what little had been paid."""
        quantity = Decimal(self.rng.randint(*trade.quantity))
        due = q(rate * quantity)
        paid = min(Decimal(self.rng.choice((0, 0, 0, 500, 1000, 2000))), q(due / 2) // 100 * 100)
        days = {"month": 30 * int(quantity), "day": int(quantity * 7 / 6)}.get(trade.unit, 45)
        line = LineFacts(
            rate=rate,
            quantity=quantity,
            unit=trade.unit,
            paid=paid,
            period_from=last_day - timedelta(days=days),
            period_to=last_day,
        )
        return ClaimantFacts(self.name(), self.phone(), self.id_number(), [line])

    def name(self) -> str:
        return self.rng.choice(SURNAMES) + self.rng.choice(GIVEN)

    def phone(self) -> str:
        self.people += 1
        return f"1990000{self.people:04d}"

    def id_number(self) -> str:
        """Each ninth worker had no card to hand."""
        if self.rng.random() < 0.11:
            return ""
        born = date(1962, 1, 1) + timedelta(days=self.rng.randrange(365 * 42))
        return make_id(NEVER_ISSUED, born, self.rng.randrange(1000))

    def chain(self, trade: Trade, is_named: bool) -> list[RespondentFacts]:
        if trade.field != CONSTRUCTION:
            return [self.respondent(SHOP_KINDS[trade.field], "employer")]
        links = [
            self.respondent(self.rng.choice(GENERAL_KINDS), "general"),
            self.respondent(self.rng.choice(LABOUR_KINDS), "labour"),
        ]
        foreman = RespondentFacts(aliases=self.rng.choice(NICKNAMES), role="foreman")
        shape = self.rng.random()
        if shape < 0.15 and not is_named:
            return [foreman]  # all that is known
        return links if shape < 0.45 else [*links, foreman] if shape < 0.8 else links[1:]

    def respondent(self, kind: str, role: str) -> RespondentFacts:
        firm = self.rng.choice(self.firms[kind])
        return RespondentFacts(
            legal_name=firm.name, role=role, credit_code=firm.credit_code, contact=f"{self.rng.choice(SURNAMES)}经理",
            phone=f"0527-8088{self.rng.randrange(10000):04d}",
        )  # fmt: skip
