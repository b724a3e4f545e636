"""The values a sweep plans with: what is due, what earlier sweeps wrote, what becomes of a watch."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple, Self

from django.db.models import Q

from arrears.escalation.seats import hands_of, own_levels_of
from arrears.ladders import Rung, family_of
from arrears.ladders.book import Book, Version
from arrears.models import Clock, Event, Referral, ReplyLink, Watch
from arrears.partners.links import written_to
from arrears.timing.watches import TIME, UNACKED, key_of
from grid.letters import Letter
from grid.models import Notice, Person

BY_HAND = "escalate"  # the move that lifts a claim without a ladder


class Way(NamedTuple):
    """Of a supervision order: who is to reply, and in whose name it is issued."""

    level: str
    from_level: str


class Next(NamedTuple):
    """What a watch waits for."""

    ladder_id: Any
    rung: int
    at: datetime
    cause: str = TIME


class Asked(NamedTuple):
    """One person's notice of a rung, as far as acknowledging goes."""

    created_at: datetime
    ack_by: datetime | None
    acknowledged_at: datetime | None
    snoozed_until: datetime | None


@dataclass(frozen=True)
class Call:
    """A watch with the rungs of its ladder that are due on it, in order."""

    watch: Watch
    version: Version | None = None
    right: Version | None = None  # the one that is right today, for what comes next
    times: Sequence[datetime] = ()
    due: Sequence[tuple[Rung, date]] = ()
    reason: str = ""  # why nothing is due after all
    waits_until: datetime | None = None  # with a reason: look again then; None: the watch goes

    @property
    def clock(self) -> Clock:
        return self.watch.clock

    @property
    def passed(self) -> int:
        """Index of the first rung whose own time has not come."""
        return self.watch.rung + len(self.due)

    @property
    def is_early(self) -> bool:
        """Is it only the wait for an acknowledgement that ended?"""
        return self.watch.cause == UNACKED and self.version is not None and not self.due

    @property
    def keys(self) -> list[str]:
        """Of everything this call may say, and of what a ladder that is new to the clock may say next."""
        coming = self.version.rungs[self.watch.rung :] if self.is_early and self.version else ()
        new = self.right.rungs if self.right and self.right is not self.version else ()
        return [key_of(self.clock, rung) for rung in (*(rung for rung, _day in self.due), *coming, *new)]


@dataclass(frozen=True)
class Firing:
    """One rung of one clock, fired."""

    rung: Rung
    fell_on: date
    came_from: str  # the claim's level before it
    level: str  # and after it
    seats: dict[str, list[Person]]
    vacant: tuple[str, ...]  # posts skipped because nobody holds them today
    version: Version
    is_early: bool = False  # nobody acknowledged the rung before it
    order: Way | None = None  # of the supervision order it issues
    by_hand: str = ""  # the day on which somebody did what it would have done
    ack_by: datetime | None = None
    body_id: Any = None  # of the referral it is about
    is_own: bool = False  # the levels are of what the clock is about; the claim stays where it is
    notices: list[Letter] = field(default_factory=list)
    link: ReplyLink | None = None  # by which a body without people of its own is called
    outside: list[Notice] = field(default_factory=list)  # to whoever holds it

    @property
    def climbs(self) -> bool:
        return self.level != self.came_from

    @property
    def is_unaddressed(self) -> bool:
        """Was it to issue an order that nobody could sign for?"""
        return bool(self.rung.order_days) and self.order is None


@dataclass
class Plan:
    """What becomes of one watch. `reasons`: what was not done, and why (run.REASONS)."""

    call: Call
    firings: list[Firing] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    next: Next | None = None  # None: the ladder is done and the watch goes

    @property
    def climbs_to(self) -> str | None:
        """The level the claim climbs to."""
        return next((firing.level for firing in reversed(self.firings) if firing.climbs and not firing.is_own), None)

    @property
    def lifts_to(self) -> str | None:
        """The level that what the clock is about climbs to by itself."""
        return next((firing.level for firing in reversed(self.firings) if firing.climbs and firing.is_own), None)


@dataclass(frozen=True)
class Known:
    """What earlier sweeps wrote about the clocks of a batch, and the referrals that some of them are about."""

    told: Mapping[str, list[Asked]]  # by key of notice
    last: Mapping[Any, list[Asked]]  # by clock that waits for an acknowledgement: those asked last
    climbed: set[tuple[str, str]]  # clock and rung
    climbed_on: set[tuple[Any, str]]  # claim and day on which a rung fell that climbed, or that somebody's hand stood for
    lifted: dict[Any, set[str]]  # by claim, the days of climbs by hand that have stood for no rung yet
    referrals: dict[Any, Referral]
    links: dict[Any, ReplyLink]  # by referral, the link by which its body can be written to
    hands: dict[Any, Any]  # by what a clock is about, who works on it
    own_levels: dict[Any, str]  # by what a clock is about, the level it lies at, where that is not the claim's

    @classmethod
    def of(cls, calls: Sequence[Call], book: Book, now: datetime) -> Self:
        waiting = {call.clock.pk: asking_keys(call.clock, book) for call in calls if call.is_early}
        told: dict[str, list[Asked]] = defaultdict(list)
        keys = {*(key for call in calls for key in call.keys), *(key for keys in waiting.values() for key in keys)}
        rows = Notice.objects.filter(key__in=keys, channel="in_app").order_by()
        for key, *row in rows.values_list("key", *Asked._fields):
            told[key].append(Asked(*row))
        climbing = {call.clock.claim_id for call in calls if any(rung.climbs for rung in rungs_of(call))}
        climbed, climbed_on, lifted = climbs_of(climbing)
        return cls(
            told=told,
            last={clock: last_asked(row for key in keys for row in told.get(key, ())) for clock, keys in waiting.items()},
            climbed=climbed,
            climbed_on=climbed_on,
            lifted=lifted,
            referrals=Referral.objects.select_related("body", "claim").in_bulk({call.clock.about_id for call in calls if call.clock.about_id}),
            links=written_to({call.clock.about_id for call in calls if (call.due or call.is_early) and family_of(call.clock.rule_id) == "partner"}, now),
            hands=hands_of(call.clock for call in calls if call.due or call.is_early),
            own_levels=own_levels_of(call.clock for call in calls if call.due or call.is_early),
        )


def climbs_of(claims: Collection[Any]) -> tuple[set[tuple[str, str]], set[tuple[Any, str]], dict[Any, set[str]]]:
    """Of these claims: the rungs that climbed, the days they fell on, and the climbs by hand that are still to stand for
    one. What a hand stood for counts like a climb; each stands for one rung, whichever sweep comes to it first."""
    wanted = Q(kind__in=("climbed", BY_HAND)) | Q(kind="alerted", facts__has_key="by_hand")
    facts = ("claim_id", "kind", "happened_on", "facts__clock", "facts__rung", "facts__fell_on", "facts__by_hand")
    climbed, climbed_on, spent = set(), set(), set()
    lifted: dict[Any, set[str]] = defaultdict(set)
    for claim, kind, day, clock, rung, fell_on, by_hand in Event.objects.filter(wanted, claim__in=claims).order_by().values_list(*facts):
        if kind == BY_HAND:
            lifted[claim].add(day.isoformat())
            continue
        climbed.add((clock, rung))
        climbed_on.add((claim, fell_on))
        spent.add((claim, by_hand))
    return climbed, climbed_on, {claim: {day for day in days if (claim, day) not in spent} for claim, days in lifted.items()}


def rungs_of(call: Call) -> Iterable[Rung]:
    """Those that this call may fire."""
    return call.version.rungs[call.watch.rung :] if call.is_early and call.version else (rung for rung, _day in call.due)


def asking_keys(clock: Clock, book: Book) -> list[str]:
    """Under which the clock may have asked for an acknowledgement, on whatever ladder it was then."""
    return [f"{clock.pk}:{clock.due_on}:{name}" for name in book.asking(family_of(clock.rule_id))]


def last_asked(rows: Iterable[Asked]) -> list[Asked]:
    asked = [row for row in rows if row.ack_by]
    latest = max((row.created_at for row in asked), default=None)
    return [row for row in asked if row.created_at == latest]


def asked_last(clock: Clock, book: Book) -> list[Asked]:
    """Those who were last asked to acknowledge a rung of the clock. One query."""
    rows = Notice.objects.filter(key__in=asking_keys(clock, book), channel="in_app").order_by()
    return last_asked(Asked(*row) for row in rows.values_list(*Asked._fields))


def silent_until(rows: Sequence[Asked]) -> datetime | None:
    """When the next rung is to come because nobody of those asked acknowledged, or later if one of them put it off;
    None: somebody did, or nobody was asked."""
    asked = [row for row in rows if row.ack_by]
    if not asked or any(row.acknowledged_at for row in asked):
        return None
    return max(until for row in asked for until in (row.ack_by, row.snoozed_until) if until)


def put_off(call: Call) -> Plan:
    """A watch that is left as it is, until later or for good."""
    watch = call.watch
    waits = Next(watch.ladder_id, watch.rung, call.waits_until, watch.cause) if call.waits_until else None
    return Plan(call, reasons=[call.reason], next=waits)


def sooner(coming: Next, silence: datetime) -> Next:
    """The rung's own time, or the end of the wait for an acknowledgement before it."""
    return coming._replace(at=silence, cause=UNACKED) if silence < coming.at else coming
