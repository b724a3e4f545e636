"""Days with which a right is lost, as pages show them in red: what is lost, and what to do today."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import get_language, gettext

from arrears.answerable import left_of
from arrears.models import Claim, Clock
from arrears.models.claims import OPEN_CLAIM
from arrears.proceedings.table import HARD, Hard
from arrears.timing.counting import calendar_of
from arrears.workdays import Calendar
from grid.models import Person

SHOWN_FROM = timedelta(days=45)  # before: further away it stands among the clocks
RED = timedelta(days=30)
URGENT = timedelta(days=15)  # on the desk, and told to the worker on the own page


@dataclass(frozen=True)
class Alert:
    clock: Clock
    hard: Hard
    left: str
    is_urgent: bool

    @classmethod
    def of(cls, clock: Clock, today: date, calendar: Calendar) -> "Alert":
        left = left_of(clock, today, calendar_of(clock, calendar)).text(gettext)
        return cls(clock, HARD[clock.rule_id], left, clock.due_on - today <= RED)

    @property
    def name(self) -> str:
        return self.clock.rule.text("name", get_language() or "")

    @property
    def lost(self) -> str:
        return self.hard.text("lost", get_language() or "")

    @property
    def today(self) -> str:
        return self.hard.text("today", get_language() or "")

    @property
    def tone(self) -> str:
        return "bad" if self.is_urgent else "warn"


def alerts_of(clocks: Iterable[Clock], today: date, calendar: Calendar) -> list[Alert]:
    """Of a claim whose clocks are read already, soonest first."""
    near = [clock for clock in clocks if clock.ended_on is None and clock.rule_id in HARD and clock.due_on <= today + SHOWN_FROM]
    return [Alert.of(clock, today, calendar) for clock in sorted(near, key=lambda clock: (clock.due_on, clock.pk))]


def alerts_in_sight(person: Person, today: date, calendar: Calendar, most: int) -> list[Alert]:
    """Of open claims in sight, the next `most`."""
    seen = Claim.objects.visible_to(person, today).filter(OPEN_CLAIM)
    rows = Clock.objects.running().filter(rule_id__in=HARD, due_on__lte=today + URGENT, claim__in=seen)
    return [Alert.of(clock, today, calendar) for clock in rows.select_related("claim").order_by("due_on", "id")[:most]]
