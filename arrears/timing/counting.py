"""What one clock counts by: its rule with the extensions it was granted, and a calendar without its paused days.

Whoever counts many clocks prefetches `pauses` with their suspension (PAUSES)."""

from collections.abc import Iterable
from datetime import datetime, time

from arrears.deadlines import RULES, Days, Due, Rule, due
from arrears.ladders import RESTING_LADDERS, family_of
from arrears.limitation.limits import ARBITRATION, OBSTACLES
from arrears.models import Clock, LimitEntry
from arrears.rules import HOURS
from arrears.timing.grounds import GROUNDS
from arrears.timing.pauses import Interval, Paused
from grid.days import SHANGHAI

PAUSES = "pauses__suspension"
OBSTACLES_OF_CLAIM = "claim__limit_entries"  # for whoever counts many clocks anew


def rule_of(clock: Clock) -> Rule:
    """Raises KeyError for a rule that is no longer in the table."""
    return RULES[clock.rule_id].longer(clock.extended_by)


def rests(clock: Clock) -> bool:
    """Does it rest while its claim is suspended? What the office owes does; a right of the worker, a partner's answer,
    a mediation and a promised payment go on. Raises KeyError for a rule that is no longer in the table."""
    family = family_of(clock.rule_id)
    return family in RESTING_LADDERS and (clock.about_id is None or family == "order")


def calendar_of(clock: Clock, calendar: Days) -> Days:
    """The calendar without the days on which the clock rests or rested."""
    pauses = () if clock._state.adding or not rests(clock) else clock.pauses.all()
    intervals = tuple(Interval(pause.starts_on, pause.ends_on, why_of(pause.suspension.ground)) for pause in pauses)
    return Paused(calendar.unpaused, intervals) if intervals else calendar.unpaused


def why_of(ground: str) -> str:
    return GROUNDS[ground].label if ground in GROUNDS else ""


def counted(clock: Clock, calendar: Days) -> Due:
    """The clock's date from its beginning. A day that was given (an agreement, an order) is pushed by the days paused
    since. Raises NoCalendar, KeyError."""
    rule, days = rule_of(clock), calendar_of(clock, calendar)
    if rule.id == ARBITRATION:
        days = around_obstacles(clock.claim.limit_entries.all(), days)
    if rule.length is None:
        return due(rule, clock.natural_on, days, given_on=clock.started_on)
    if rule.unit == HOURS:  # of the beginning only the day is kept: a whole number of days ends on the right one
        return due(rule, datetime.combine(clock.started_on, time(), SHANGHAI), days)
    return due(rule, clock.started_on, days)


def around_obstacles(entries: Iterable[LimitEntry], calendar: Days) -> Days:
    """The calendar without the days on which something kept the worker from applying for arbitration, up to the day the
    cause was gone (劳动争议调解仲裁法 第二十七条第三款). What still lasts stops the clock (arrears.limitation.running)."""
    labels = dict(OBSTACLES)
    gone = [row for row in entries if row.is_obstacle and row.ended_on and not row.is_withdrawn]
    intervals = tuple(Interval(row.starts_on, row.ended_on, labels[row.kind]) for row in gone)
    return Paused(calendar.unpaused, intervals) if intervals else calendar


def count(clock: Clock, calendar: Days) -> None:
    """Sets the clock's dates. What was given stays what it was."""
    answer = counted(clock, calendar)
    clock.due_on, clock.is_provisional = answer.due_on, answer.provisional
    if clock.rule.length is not None:
        clock.natural_on = answer.natural_on
