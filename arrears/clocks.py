"""Starting and stopping the clocks of a claim. Verbs call these inside their transaction."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db.models import Min

from arrears.calendars import calendar_now
from arrears.deadlines import RULES, due
from arrears.ladders import DUTY_LADDERS, ladder_name, rung_times
from arrears.models import Claim, Clock, Watch
from arrears.workdays import Calendar
from grid.days import day_of

DUTY_RULES = [rule for rule in RULES if ladder_name(rule) in DUTY_LADDERS]


def start(
    claim: Claim, rule_id: str, started_on: date, *, now: datetime, due_on: date | None = None, about_id: Any = None
) -> Clock:
    """Begins the rule's clock. `due_on` is for rules whose day somebody gave (an agreement). A clock of the
    same rule that still runs is ended first, unmet: a fresh start never leaves two."""
    calendar = calendar_now()
    stop(claim, [rule_id], now=now, was_met=False, about_id=about_id)
    if due_on is None:
        answer = due(RULES[rule_id], started_on, calendar)
        natural, due_on, provisional = answer.natural_on, answer.due_on, answer.provisional
    else:
        natural, provisional = due_on, False
    clock = Clock.objects.create(
        claim=claim, rule_id=rule_id, about_id=about_id, started_on=started_on,
        natural_on=natural, due_on=due_on, is_provisional=provisional,
    )  # fmt: skip
    watch(clock, now, calendar)
    return clock


def stop(
    claim: Claim, rule_ids: Collection[str], *, now: datetime, was_met: bool = True, about_id: Any = None
) -> int:
    """Ends running clocks of the rules; "*" ends every clock of the claim itself (about_id None)."""
    running = Clock.objects.running().filter(claim=claim, about_id=about_id)
    if "*" not in rule_ids:
        running = running.filter(rule_id__in=rule_ids)
    ended = list(running.values_list("pk", flat=True))
    Watch.objects.filter(clock__in=ended).delete()
    return Clock.objects.filter(pk__in=ended).update(ended_on=day_of(now), was_met=was_met)


def watch(clock: Clock, now: datetime, calendar: Calendar, first: int = 0) -> None:
    """Sets the watch on the first rung, from `first` on, that is still to come; none left: no watch.
    Rungs before `now` that nobody heard are not skipped here: the sweep fires them."""
    times = rung_times(clock.rule_id, clock.started_on, clock.due_on, calendar)
    if first < len(times):
        Watch.objects.update_or_create(clock=clock, defaults={"rung": first, "next_at": times[first]})
    else:
        Watch.objects.filter(clock=clock).delete()


def refresh_due(claim: Claim) -> None:
    """The claim's due date: the earliest running clock that is the office's own duty."""
    running = Clock.objects.running().filter(claim=claim, about_id=None, rule_id__in=DUTY_RULES)
    claim.due_on = running.aggregate(day=Min("due_on"))["day"]
    Claim.objects.filter(pk=claim.pk).update(due_on=claim.due_on)


