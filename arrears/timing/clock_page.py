"""What the page of a clock shows: why this date, what moved it, what happens next. Templates neither query nor decide."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from typing import Any, Self
from uuid import UUID

from django.db.models import Model, Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language, gettext

from arrears.answerable import Call, Left, Places, calls_to_come, target_within
from arrears.calendars import calendar_now
from arrears.deadlines import Due
from arrears.ladders.rungs import seat_phrase
from arrears.ladders.store import book_now
from arrears.models import Clock, Event, Extension, Order, Pause, Proceeding, Referral, Report, Watch
from arrears.models.clocks import ClockQuerySet
from arrears.permits import Denied
from arrears.rules import AFTER_NUMBER, HOURS
from arrears.sources.promised import named
from arrears.telling import Told, tell
from arrears.timing.counting import PAUSES, calendar_of, counted, rule_of
from arrears.timing.extension_permits import ASKED, is_recorded, may_ask
from arrears.timing.grounds import GROUNDS, Ground
from arrears.timing.step_lines import StepLine, lines_of
from arrears.timing.watches import woken_watch
from grid.channels import CHANNELS
from grid.days import SHANGHAI, day_of
from grid.duty import Roster
from grid.models import Person
from grid.scope import sees_region


@dataclass(frozen=True)
class Rest:
    """Days that did not count, and on what ground."""

    pause: Pause
    ground: Ground | None

    @property
    def days(self) -> int:
        return (self.pause.ends_on - self.pause.starts_on).days

    @property
    def is_on(self) -> bool:
        return self.pause.suspension.ended_on is None


@dataclass(frozen=True)
class OldDay:
    """A change of the clock's day: what was done, and what that made of it."""

    told: Told
    was: date
    became: date

    @classmethod
    def of(cls, event: Event, clock: str) -> Self:
        rows = event.facts.get("clocks") or [event.facts]  # a suspension moves several at once
        row = next(row for row in rows if row["clock"] == clock)
        return cls(tell(event), date.fromisoformat(row["old"]), date.fromisoformat(row["new"]))


@dataclass(frozen=True)
class Coming:
    """A rung to come, with what it asks of those it tells."""

    call: Call
    seats: str  # 经办人、负责层级
    channels: str  # besides the system itself; "": each reader's usual ones
    sign_by: date | None
    reply_by: date | None  # of the supervision order it issues


# What a clock may be about, with the address of its page. Who sees that row sees the clock too. Apps above add theirs.
ABOUT: dict[type[Model], str] = {Referral: "referral_detail", Order: "order_detail", Proceeding: "proceeding_detail", Report: "report_detail"}


def about_of(clock: Clock, person: Person, today: date) -> str:
    """Address of the page of what the clock is about, if the person may see that."""
    seen = (
        address for model, address in ABOUT.items()
        if clock.about_id and model._default_manager.visible_to(person, today).filter(pk=clock.about_id).exists()
    )  # fmt: skip
    return next(seen, "")


class ClockPage:
    """`clock` was fetched with `rows()`; everything else is read when the template first asks for it."""

    def __init__(self, clock: Clock, person: Person, today: date, referral: Referral | None = None) -> None:
        if referral:
            self.referral = referral
        self.clock, self.claim, self.person, self.today = clock, clock.claim, person, today
        self.calendar, self.language = calendar_now(), get_language() or ""
        self.rule = rule_of(clock)

    @staticmethod
    def rows() -> ClockQuerySet:
        return Clock.objects.select_related("claim__region", "claim__handler", "watch").prefetch_related(PAUSES)

    @classmethod
    def seen_by(cls, person: Person, today: date, pk: UUID) -> Self:
        """Of a claim in sight, or about what was handed to the person. Raises Http404."""
        clock = get_object_or_404(cls.rows(), pk=pk)
        page = cls(clock, person, today)
        if not (page.sees_claim or page.about):
            raise Http404
        return page

    @cached_property
    def name(self) -> str:
        """With whom or what it is about, where several of one rule may run."""
        about = named([self.clock]).get(self.clock.about_id)
        return " · ".join(filter(None, (self.rule.text("name", self.language), about)))

    @cached_property
    def sees_claim(self) -> bool:
        """Whoever was only handed the referral or the mediation this is about has this page, and nothing else of the
        claim."""
        return sees_region(self.person, self.claim.region_id, self.today)

    @cached_property
    def about(self) -> tuple[str, Any] | None:
        """Address and key of the page of what it is about."""
        found = about_of(self.clock, self.person, self.today)
        return found and (found, self.clock.about_id)

    @property
    def article(self) -> str:
        return self.rule.citation(self.language)

    @property
    def texts(self) -> dict[str, str]:
        return {column: self.rule.text(column, self.language) for column in ("starts", "stops", "note", "source")}

    @cached_property
    def referral(self) -> Referral | None:
        return Referral.objects.filter(pk=self.clock.about_id).select_related("body").first() if self.clock.about_id else None

    # The date

    @cached_property
    def siblings(self) -> list[Clock]:
        return list(Clock.objects.filter(claim=self.claim, about_id=self.clock.about_id).prefetch_related(PAUSES))

    @cached_property
    def target(self) -> Clock | None:
        """The city's own target within this limit."""
        return target_within(self.clock, self.siblings)

    @cached_property
    def limit(self) -> Clock | None:
        """The limit this target is to undercut."""
        return next((c for c in self.siblings if c.rule_id == self.rule.target_of and c.started_on == self.clock.started_on), None)

    @cached_property
    def left(self) -> Left | None:
        return None if self.clock.ended_on else Left.of(self.clock, self.today, self.calendar, self.target)

    @cached_property
    def answer(self) -> Due | None:
        """The count once more, by the calendar of today. None for limits in hours, whose instant a clock does not keep."""
        return None if self.rule.unit == HOURS else counted(self.clock, self.calendar)

    @property
    def steps(self) -> list[StepLine]:
        return lines_of(self.answer.steps) if self.answer else []

    @property
    def is_moved(self) -> bool:
        return bool(self.answer and self.answer.due_on != self.clock.due_on)

    # What moved it

    @cached_property
    def rests(self) -> list[Rest]:
        return [Rest(pause, GROUNDS.get(pause.suspension.ground)) for pause in self.clock.pauses.all()]

    @cached_property
    def extensions(self) -> Sequence[Extension]:
        return list(self.clock.extensions.select_related("asked_by", "decided_by"))

    @property
    def unit(self) -> str:
        return gettext(AFTER_NUMBER[self.rule.unit])

    @cached_property
    def old_days(self) -> list[OldDay]:
        """Each change of its day, the latest first."""
        pk = str(self.clock.pk)
        about = Q(kind="clock_moved", facts__clock=pk) | Q(kind="suspend", facts__clocks__contains=[{"clock": pk}])
        events = Event.objects.filter(about, claim=self.claim).select_related("actor")
        return [OldDay.of(event, pk) for event in events]

    @property
    def asked(self) -> Extension | None:
        return next((row for row in self.extensions if row.state == ASKED), None)

    @cached_property
    def asking(self) -> Denied | bool:
        return may_ask(self.clock, self.person, self.today)

    @property
    def is_recorded(self) -> bool:
        return is_recorded(self.clock)

    @property
    def why_not_longer(self) -> str:
        """Said to those who could ask at all."""
        told = isinstance(self.asking, Denied) and self.asking.code not in ("not_your_role", "no_extension", "clock_ended")
        return self.asking.message if told else ""

    # What happens next

    @cached_property
    def places(self) -> Places:
        return Places(self.claim.region_id)

    @cached_property
    def coming(self) -> list[Coming]:
        calls = calls_to_come(
            self.clock, self.claim, Roster(self.today), self.places, self.calendar, self.referral, watch=self.woken,
        )  # fmt: skip
        return [self.coming_of(call) for call in calls]

    @cached_property
    def next_call(self) -> Call | None:
        """When the system next reminds somebody if nobody acts; what is past, the next sweep says at once."""
        return next((one.call for one in self.coming if day_of(one.call.at) >= self.today), None)

    @property
    def woken(self) -> Watch | None:
        """While it rests: the watch it will have when it counts again on the planned day."""
        pause = next((rest.pause for rest in self.rests if rest.is_on and rest.pause.rung is not None), None)
        if pause is None or not self.rests_now or not self.claim.suspended_until:
            return None
        wakes_at = datetime.combine(self.claim.suspended_until, time(), SHANGHAI)
        return woken_watch(pause, self.clock, self.claim, book_now(), self.calendar, wakes_at)

    def coming_of(self, call: Call) -> Coming:
        """Signing and replying are counted as the sweep counts them, in working days from the call."""
        rung, day, days = call.rung, call.at.date(), calendar_of(self.clock, self.calendar).unpaused
        return Coming(
            call,
            gettext("、").join(seat_phrase(seat).text(gettext) for seat in rung.tells),
            gettext("、").join(gettext(CHANNELS[name].label) for name in rung.channels if name in CHANNELS),
            days.add(day, rung.ack_days) if rung.ack_days else None,
            days.add(day, rung.order_days) if rung.order_days else None,
        )  # fmt: skip

    @property
    def rests_now(self) -> bool:
        return bool(self.claim.suspended_until and any(rest.is_on for rest in self.rests))
