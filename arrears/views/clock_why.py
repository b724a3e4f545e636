"""Why this date? The count of one clock day by day, its article, and whom its ladder calls next."""

from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from arrears.answerable import Left, Places, calls_to_come
from arrears.calendars import calendar_now
from arrears.deadlines import Due, due
from arrears.models import Clock, Referral
from arrears.reasons import Step
from arrears.rules import HOURS, Rule
from arrears.views.asking import clock as clock_on_the_wall
from arrears.workdays import Calendar
from grid.duty import Roster
from grid.scope import get_visible


@require_safe
def clock_why(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, today = clock_on_the_wall()
    clock = get_visible(Clock.objects.select_related("claim__region", "claim__handler", "watch"), request.user, today, pk=pk)
    calendar, language = calendar_now(), get_language() or ""
    answer = count(clock, calendar)
    places = Places(clock.claim.region_id)
    referral = Referral.objects.filter(pk=clock.about_id).select_related("body").first() if clock.about_id else None
    context = {
        "clock": clock,
        "claim": clock.claim,
        "referral": referral,
        "name": clock.rule.text("name", language),
        "texts": {column: clock.rule.text(column, language) for column in ("starts", "stops", "note", "source")},
        "article": clock.rule.citation(language),
        "left": None if clock.ended_on else Left.of(clock, today, calendar),
        "steps": [StepLine(step, clock) for step in answer.steps] if answer else [],
        "is_moved": bool(answer and answer.due_on != clock.due_on),
        "counted_on": answer.due_on if answer else None,
        "calls": calls_to_come(clock, clock.claim, Roster(today), places, calendar, referral),
        "places": places,
    }
    return render(request, "arrears/clock/why.html", context)


def count(clock: Clock, calendar: Calendar) -> Due | None:
    """The count once more, by the calendar of today. None for limits in hours, whose instant a clock does not keep."""
    if clock.rule.unit == HOURS:
        return None
    return due(clock.rule, start_of(clock.rule, clock), calendar)


def start_of(rule: Rule, clock: Clock) -> date:
    return clock.started_on if rule.length is not None else clock.due_on  # an agreed day is counted from itself


class StepLine:
    """A step of the count as a line of the page."""

    LOOKS = {"start": "muted", "event": "muted", "skipped": "muted", "rolled": "warn", "rolled_back": "warn",
             "provisional": "provisional", "due": "bad", "due_back": "bad", "due_fixed": "bad", "strict": "bad"}  # fmt: skip

    def __init__(self, step: Step, clock: Clock) -> None:
        self.text = step.text(gettext)
        self.tone = self.LOOKS.get(step.kind, "plain")
        self.count = step.count
        self.is_day_off = step.kind in ("skipped", "rolled", "rolled_back")
