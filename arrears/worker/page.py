"""What the worker's own page shows. Posts instead of people, no amounts but the worker's own, nothing of others."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

from django.conf import settings
from django.db.models import Sum
from django.utils.translation import gettext

from arrears.answerable import Duty, Places, duty_of
from arrears.calendars import calendar_now
from arrears.desk.turns import shortly
from arrears.models import Clock, Event
from arrears.supervision.nudges import may_be_nudged, worker_may_again
from arrears.worker.track_words import STANDINGS, words_of
from arrears.worker.tracking import Visitor
from grid.duty import Roster


@dataclass(frozen=True)
class Happened:
    at: datetime
    words: str


class TrackPage:
    def __init__(self, visitor: Visitor, today: date) -> None:
        self.claim, self.claimant, self.today = visitor.claim, visitor.claimant, today

    @property
    def stands(self) -> str:
        return gettext(STANDINGS[self.claim.stage].now)

    @property
    def next(self) -> str:
        return gettext(STANDINGS[self.claim.stage].next)

    @property
    def place(self) -> str:
        """Where it was registered, down to the township."""
        return self.claim.region.full_name.rsplit(settings.CITY_NAME, 1)[-1]

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

    @cached_property
    def unpaid(self) -> Decimal | None:
        """What was registered for this worker alone."""
        return self.claimant.lines.aggregate(sum=Sum("unpaid"))["sum"] if self.claimant else None

    @cached_property
    def history(self) -> list[Happened]:
        rows = Event.objects.filter(claim=self.claim).values_list("at", "kind", "facts__move")
        told = ((at, words_of(kind, move)) for at, kind, move in rows)
        return [Happened(at, gettext(words)) for at, words in told if words]

    # 催办

    @property
    def is_open_to_nudge(self) -> bool:
        return bool(may_be_nudged(self.claim))

    @cached_property
    def nudge_from(self) -> date | None:
        """None: now."""
        again = worker_may_again(self.claim)
        return again if again and again > self.today else None
