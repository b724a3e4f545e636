"""Starting, stopping and moving the clocks of a claim. Verbs call these inside their transaction."""

import logging
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Min, Model, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from arrears.calendars import calendar_now
from arrears.deadlines import RULES, NoCalendar, due
from arrears.history import event_row
from arrears.ladders import DUTY_LADDERS, family_of, rung_times
from arrears.models import Claim, Clock, Referral, Watch
from arrears.workdays import Calendar
from grid.bulk import insert, update
from grid.days import SHANGHAI, day_of
from grid.refused import Refused

DUTY_RULES = [rule for rule in RULES if family_of(rule) in DUTY_LADDERS]
EVERY = "*"
CLAIMS_AT_ONCE = 200
# What a clock may be about, with the column that keeps the earliest running due day. Apps above add theirs.
SHOWN: list[tuple[type[Model], str]] = [(Referral, "answer_by")]

logger = logging.getLogger(__name__)


def add_shown(model: type[Model], column: str) -> None:
    if (model, column) not in SHOWN:
        SHOWN.append((model, column))


def start(
    claim: Claim, rule_id: str, started_on: date, *, now: datetime, due_on: date | None = None, about_id: Any = None
) -> Clock:
    """Begins the rule's clock. `due_on` is for rules whose day somebody gave (an agreement). A clock of the
    same rule that still runs is ended first, unmet: a fresh start never leaves two. Raises Refused: no_calendar."""
    calendar = calendar_now()
    stop(claim, [rule_id], now=now, was_met=False, about_id=about_id)
    clock = Clock(
        claim=claim, rule_id=rule_id, about_id=about_id, started_on=started_on, natural_on=due_on, due_on=due_on
    )
    try:
        if due_on is None:
            count(clock, calendar)
        times = times_of(clock, calendar)
    except NoCalendar as error:
        raise Refused("no_calendar", error.phrase.text(_)) from error
    clock.save(force_insert=True)
    Watch.objects.create(clock=clock, rung=0, next_at=times[0])
    return clock


def count(clock: Clock, calendar: Calendar) -> None:
    answer = due(RULES[clock.rule_id], clock.started_on, calendar)
    clock.natural_on, clock.due_on, clock.is_provisional = answer.natural_on, answer.due_on, answer.provisional


def times_of(clock: Clock, calendar: Calendar) -> list[datetime]:
    return rung_times(clock.rule_id, clock.started_on, clock.due_on, calendar)


def stop(
    claim: Claim, rule_ids: Collection[str], *, now: datetime, was_met: bool = True, about_id: Any = None
) -> int:
    """Ends running clocks of the rules; "*" ends every clock of the claim, whatever it is about. What was done
    after its day was done, but did not meet it."""
    running = Clock.objects.running().filter(claim=claim)
    if EVERY not in rule_ids:
        running = running.filter(rule_id__in=rule_ids, about_id=about_id)
    ended = list(running.values_list("pk", flat=True))
    Watch.objects.filter(clock__in=ended).delete()
    today = day_of(now)
    return Clock.objects.filter(pk__in=ended).update(ended_on=today, was_met=Q(due_on__gte=today) if was_met else False)


def resume(claim: Claim, rule_ids: Collection[str], *, now: datetime) -> None:
    """Ended clocks of the claim run on from their old start, as if they had never ended. Rungs that fell
    meanwhile are past: a claim that comes back does not climb for the time it was closed."""
    calendar = calendar_now()
    for rule_id in rule_ids:
        clock = claim.clocks.filter(rule_id=rule_id, about_id=None).order_by("-ended_on", "-id").first()
        if clock is None or clock.ended_on is None:
            continue
        Clock.objects.filter(pk=clock.pk).update(ended_on=None, was_met=None)
        pass_over(clock, calendar, now)
    recount([claim.pk], Q(is_provisional=True), calendar, now)  # a calendar that came while it was closed


def pass_over(clock: Clock, calendar: Calendar, now: datetime) -> None:
    """Sets the clock's watch on the first rung still to come. Those that fell before `now` call nobody."""
    Watch.objects.filter(clock=clock).delete()
    coming = next(((rung, at) for rung, at in enumerate(times_of(clock, calendar)) if at > now), None)
    if coming:
        Watch.objects.create(clock=clock, rung=coming[0], next_at=coming[1])


def refresh_due(claim: Claim) -> None:
    """The claim's due date: the earliest running clock that is the office's own duty."""
    running = Clock.objects.running().filter(claim=claim, about_id=None, rule_id__in=DUTY_RULES)
    claim.due_on = running.aggregate(day=Min("due_on"))["day"]
    Claim.objects.filter(pk=claim.pk).update(due_on=claim.due_on)


def recompute_provisional(now: datetime, year: int | None = None) -> int:
    """Counts again what rested on a guess, after a calendar was loaded; how many due days moved.

    Provisional due days are counted anew; each one that moves is an event with its cause and the day it was.
    Rungs that reach into the loaded `year` are set on its real working days, also where the due day stands.
    Call it after the transaction that stored the calendar. Safe to repeat."""
    wanted = Q(is_provisional=True)
    if year:
        # a notice may also turn days of the December before into working days
        wanted |= Q(watch__next_at__gte=datetime(year - 1, 12, 1, tzinfo=SHANGHAI))
    claims = list(Clock.objects.running().filter(wanted).order_by("claim").values_list("claim", flat=True).distinct())
    calendar = calendar_now()
    some = (claims[first : first + CLAIMS_AT_ONCE] for first in range(0, len(claims), CLAIMS_AT_ONCE))
    return sum(recount(ids, wanted, calendar, now) for ids in some)


@transaction.atomic
def recount(claim_ids: list[Any], wanted: Q, calendar: Calendar, now: datetime) -> int:
    """The claims are locked first, as verbs do, so that nobody stops a clock while it is counted."""
    claims = Claim.objects.select_for_update(no_key=True).filter(pk__in=claim_ids).order_by("pk").in_bulk()
    clocks = Clock.objects.running().filter(wanted, claim__in=claims).select_related("watch")
    kept, watches, events = [], [], []
    for clock in clocks:
        was = clock.due_on
        try:
            if clock.is_provisional:
                count(clock, calendar)
            rewound = rewind(clock, calendar, now, has_moved=clock.due_on != was)
        except (NoCalendar, KeyError):
            logger.exception("clock %s (%s) cannot be counted again", clock.pk, clock.rule_id)
            continue
        kept.append(clock)
        watches += [rewound] if rewound else []
        if clock.due_on != was:
            facts = {"clock": str(clock.pk), "rule": clock.rule_id, "old": was, "new": clock.due_on, "cause": "calendar"}
            events.append(event_row(claims[clock.claim_id], "clock_moved", None, now=now, **facts))
    update(kept, ("natural_on", "due_on", "is_provisional"))
    Watch.objects.bulk_create(
        watches, update_conflicts=True, unique_fields=["clock"], update_fields=["rung", "next_at"]
    )
    insert(events)
    refresh_shown(claims, {clock.about_id for clock in kept} - {None})
    return len(events)


def rewind(clock: Clock, calendar: Calendar, now: datetime, *, has_moved: bool) -> Watch | None:
    """The watch on its fresh times. After a move, rungs that were heard for the old day but are still to come for
    the new one call again; escalation sees to it that the claim does not climb again. None: nothing is to come."""
    times = times_of(clock, calendar)
    next_rung = clock.watch.rung if hasattr(clock, "watch") else len(times)
    if has_moved:
        next_rung = min(next_rung, next((index for index, at in enumerate(times) if at > now), len(times)))
    return Watch(clock=clock, rung=next_rung, next_at=times[next_rung]) if next_rung < len(times) else None


def refresh_shown(claim_ids: Collection[Any], about_ids: Collection[Any]) -> None:
    """The due dates that lists show, of claims and of what some of their clocks are about."""
    running = Clock.objects.running().order_by("due_on")
    own = running.filter(claim=OuterRef("pk"), about_id=None, rule_id__in=DUTY_RULES)
    Claim.objects.filter(pk__in=claim_ids).update(due_on=Subquery(own.values("due_on")[:1]))
    about = running.filter(about_id=OuterRef("pk"))
    for model, column in SHOWN:
        model.objects.filter(pk__in=about_ids).update(**{column: Subquery(about.values("due_on")[:1])})
