"""What the worker's own page shows. Posts instead of people, no amounts but the worker's own, nothing of others."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from itertools import pairwise

from django.conf import settings
from django.db.models import Q, Sum
from django.utils.translation import get_language, gettext

from arrears.answerable import Duty, Places, duty_of
from arrears.calendars import calendar_now
from arrears.desk.turns import shortly
from arrears.ladders import is_target
from arrears.lifecycle import CLAIM
from arrears.models import Claim, Claimant, Clock, Event, Objection, Owed, Proceeding, Question
from arrears.objections.objecting import OBJECT_WITHIN
from arrears.proceedings.alerts import URGENT
from arrears.proceedings.table import HARD
from arrears.supervision.nudges import may_be_nudged, worker_may_again
from arrears.support.standing import SupportStands
from arrears.worker.passing import has_said
from arrears.worker.questions import asked_of
from arrears.worker.track_words import STANDINGS, words_of
from arrears.worker.tracking import Visitor, course
from grid.duty import Roster


@dataclass(frozen=True)
class Agreed:
    """The worker's own part of an agreement, to the cent; `next_on`: when money is to come next."""

    amount: Decimal
    paid: Decimal
    left: Decimal
    next_on: date | None
    is_late: bool


AGREED: list[Callable[[Claim, Claimant | None, date], Agreed | None]] = []  # the apps above add theirs


@dataclass(frozen=True)
class Happened:
    at: datetime
    words: str


@dataclass(frozen=True)
class Underway:
    """A proceeding in plain words."""

    name: str
    done: str
    plain: str
    court: str
    docket_number: str
    hearing_at: datetime | None

    @classmethod
    def of(cls, row: Proceeding) -> "Underway":
        plain = row.row.text("plain", get_language() or "")
        return cls(row.name, row.done, plain, row.court, row.docket_number, row.hearing_at)


@dataclass(frozen=True)
class RightAtRisk:
    says: str
    lost: str

    @classmethod
    def of(cls, clock: Clock) -> "RightAtRisk":
        hard, language = HARD[clock.rule_id], get_language() or ""
        return cls(hard.text("worker", language) % {"due": clock.due_on.isoformat()}, hard.text("lost", language))


@dataclass(frozen=True)
class ToCome:
    """Where the worker is called to be. `link`: of a meeting that people join from where they are; `door`: the page of this house
    by which they do."""

    what: str
    starts_at: datetime
    ends_at: datetime
    where: str
    link: str = ""
    door: str = ""


# What the apps above know of it: of a claim and one of its workers.
CALLS: list[Callable[[Claim, Claimant, date], list[ToCome]]] = []


def add_calls(calls: Callable[[Claim, Claimant, date], list[ToCome]]) -> None:
    CALLS.append(calls)


@dataclass(frozen=True)
class Offer:
    """A page of the worker's own: something to say, or a paper to keep."""

    label: str
    url: str
    icon: str
    note: str = ""
    is_paper: bool = False


# What the apps above add: of the claims a worker's matter went through, and the worker; nobody, where a telephone is shared.
OFFERS: list[Callable[[list[Claim], Claimant | None, date], list[Offer]]] = []


def add_offers(offers: Callable[[list[Claim], Claimant | None, date], list[Offer]]) -> None:
    OFFERS.append(offers)


class TrackPage:
    def __init__(self, visitor: Visitor, today: date) -> None:
        """`own`: what the worker filed. `claim`: the same, or what it was merged into, which is the one that moves."""
        self.own, self.claimant, self.today = visitor.claim, visitor.claimant, today
        self.course = course(visitor.claim, visitor.claimant)
        self.claim = self.course[-1]

    @property
    def is_merged(self) -> bool:
        return any(case.stage == "merged" for case in self.course[:-1])

    @property
    def is_split(self) -> bool:
        """Taken out of a case that others go on with."""
        return self.own.pk != self.claim.pk and not self.is_merged

    @property
    def stands(self) -> str:
        return gettext(STANDINGS[self.claim.stage].now)

    @property
    def next(self) -> str:
        return gettext(STANDINGS[self.claim.stage].next)

    @cached_property
    def support(self) -> SupportStands | None:
        """The application for support to sue, as far as this worker is in it."""
        return SupportStands.of(self.claim, self.claimant)

    @property
    def place(self) -> str:
        """Where it was registered, down to the township."""
        return self.own.region.full_name.rsplit(settings.CITY_NAME, 1)[-1]

    @cached_property
    def duty(self) -> Duty | None:
        """The next thing the office owes; nothing while the case rests or has ended."""
        if not self.claim.is_open or self.claim.suspended_until:
            return None
        clocks = Clock.objects.running().filter(claim=self.claim)
        roster, places = Roster.around(self.claim.region_id, self.today), Places(self.claim.region_id)
        return duty_of(self.claim, clocks, roster, places, calendar_now(), self.today)

    @property
    def duty_name(self) -> str:
        return shortly(self.duty.clock.rule) if self.duty else ""

    @property
    def is_late(self) -> bool:
        return bool(self.duty and self.duty.clock.due_on < self.today)

    @property
    def is_target(self) -> bool:
        """What is owed next is a target of the city's own: nobody is overdue by it."""
        return bool(self.duty and is_target(self.duty.clock.rule_id))

    @cached_property
    def unpaid(self) -> Decimal | None:
        """What was registered for this worker alone."""
        return self.claimant.lines.aggregate(sum=Sum("unpaid"))["sum"] if self.claimant else None

    @cached_property
    def agreed(self) -> Agreed | None:
        """What an agreement says for this worker."""
        return next((found for find in AGREED if (found := find(self.claim, self.claimant, self.today))), None)

    @cached_property
    def history(self) -> list[Happened]:
        """Of what it was merged into, what happened since."""
        wanted = Q(claim=self.own)
        for before, case in pairwise(self.course):
            if before.merged_into_id == case.pk:
                wanted |= Q(claim=case, at__gt=Event.objects.filter(claim=before, kind="merge").values("at")[:1])
            else:  # split: the rest of that case is no more of theirs
                parted = Event.objects.filter(claim=case, kind="split_off").values("at")[:1]
                wanted = (wanted & ~Q(claim=before, at__gt=parted)) | Q(claim=case, at__gte=parted)
        rows = Event.objects.filter(wanted)
        told = ((at, words_of(kind, move)) for at, kind, move in rows.values_list("at", "kind", "facts__move"))
        return [Happened(at, gettext(words)) for at, words in told if words]

    @cached_property
    def promises(self) -> list[Owed]:
        """Papers that were promised and are still awaited; in a case of many, without saying by whom."""
        wanted = Q(state="open") | Q(state="broken")
        return list(self.claim.owed_papers.filter(wanted, side="promise").order_by("due_on")) if self.claim.is_open else []

    @cached_property
    def to_come(self) -> list[ToCome]:
        """Not by a telephone that several share: who of them is called is nothing for the others."""
        return [one for calls in CALLS for one in calls(self.claim, self.claimant, self.today)] if self.claimant else []

    @cached_property
    def offers(self) -> list[Offer]:
        return [one for offers in OFFERS for one in offers(self.course, self.claimant, self.today)]

    @property
    def papers(self) -> list[Offer]:
        return [one for one in self.offers if one.is_paper]

    @property
    def to_say(self) -> list[Offer]:
        return [one for one in self.offers if not one.is_paper]

    # what courts and others do

    @cached_property
    def proceedings(self) -> list[Underway]:
        rows = self.claim.proceedings.open() if self.claim.is_open else self.claim.proceedings.none()
        return [Underway.of(row) for row in rows if row.state in row.table.steps]

    @cached_property
    def rights(self) -> list[RightAtRisk]:
        """Days that cost the worker a right, as far as they are near."""
        if not self.claim.is_open:
            return []
        running = Clock.objects.running().filter(claim=self.claim, rule_id__in=HARD, due_on__lte=self.today + URGENT)
        return [RightAtRisk.of(clock) for clock in running.order_by("due_on", "id")]

    # what the worker can do (arrears.worker.saying)

    @cached_property
    def questions(self) -> list[Question]:
        return [asked for asked in asked_of([self.claim]) if asked.is_open] if self.claim.is_open else []

    @property
    def may_withdraw(self) -> bool:
        """Not by a telephone that several share: it may be the foreman's."""
        return bool(self.claimant) and self.claim.stage in CLAIM.find("withdraw").sources

    @property
    def has_ended(self) -> bool:
        return not self.claim.is_open

    @cached_property
    def objections(self) -> list[Objection]:
        """Newest first; that one alone can wait."""
        return list(Objection.objects.filter(claim=self.claim).select_related("event").order_by("-received_on", "-id"))

    @cached_property
    def may_rate(self) -> bool:
        return self.has_ended and self.claim.stage != "merged" and not has_said(self.claim, "rated")

    @cached_property
    def may_object(self) -> bool:
        """Offered while it would be taken."""
        ended_on = self.claim.closed_on or self.today
        if not self.has_ended or self.claim.stage == "merged" or (self.today - ended_on).days > OBJECT_WITHIN:
            return False
        return not has_said(self.claim, "objected")

    # 催办

    @property
    def is_open_to_nudge(self) -> bool:
        return bool(may_be_nudged(self.claim))

    @cached_property
    def nudge_from(self) -> date | None:
        """None: now."""
        again = worker_may_again(self.claim)
        return again if again and again > self.today else None
