"""Starting, stopping and moving the clocks of a claim. Verbs call these inside their transaction."""

import logging
from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime, time
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Min, Model, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from arrears.calendars import calendar_now
from arrears.deadlines import RULES, NoCalendar
from arrears.history import event_row
from arrears.ladders import DUTY_LADDERS, RIGHT_LADDERS, family_of, is_target
from arrears.ladders.book import Book, kinds_of
from arrears.ladders.store import book_now
from arrears.models import Claim, Clock, Extension, Referral, Report, Watch
from arrears.models.sources import NONE
from arrears.rules import targets_of
from arrears.timing.counting import OBSTACLES_OF_CLAIM, PAUSES, count, rests
from arrears.timing.watches import coming_watch, first_watch, moved_watch
from arrears.workdays import Calendar
from grid import alerts
from grid.bulk import insert, update
from grid.days import SHANGHAI, day_of
from grid.refused import Refused

DUTY_RULES = [rule for rule in RULES if family_of(rule) in DUTY_LADDERS]
LIMIT_RULES = [rule for rule in DUTY_RULES if not is_target(rule)]  # of these, what binds: the law, an agreement
RIGHTS = [rule for rule in RULES if family_of(rule) in RIGHT_LADDERS]  # what the worker may do, not what the office must
OF_SOURCE = "SOURCE-ANSWER"  # about a report
EVERY = "*"
CLAIMS_AT_ONCE = 200
# What a clock may be about, with the column that keeps the earliest running due day. Apps above add theirs.
SHOWN: list[tuple[type[Model], str]] = [(Referral, "answer_by")]

logger = logging.getLogger(__name__)


def add_shown(model: type[Model], column: str) -> None:
    if (model, column) not in SHOWN:
        SHOWN.append((model, column))


def start(
    claim: Claim, rule_id: str, started_on: date, *, now: datetime, due_on: date | None = None, about_id: Any = None,
    quietly: bool = False, calendar: Calendar | None = None, book: Book | None = None,
) -> Clock:  # fmt: skip
    """Begins the rule's clock, and with it the city's targets within that limit. `due_on` is for rules whose day
    somebody gave (an agreement). A clock of the same rule that still runs is ended first, unmet: a fresh start never
    leaves two. `quietly`: rungs that are past call nobody. `calendar`, `book`: read already, by whoever starts several.
    Raises Refused: no_calendar."""
    calendar, book = calendar_now() if calendar is None else calendar, book_now() if book is None else book
    watch_of = coming_watch if quietly else first_watch
    stop(claim, [rule_id], now=now, was_met=False, about_id=about_id)
    begun, watches = [], []
    for rule in with_targets([rule_id]):
        if not suits(rule, claim):
            continue
        clock = Clock(claim=claim, rule_id=rule, about_id=about_id, started_on=started_on, natural_on=due_on, due_on=due_on)
        try:
            if due_on is None:
                count(clock, calendar)
            watches.append(watch_of(clock, claim, book, calendar, now))
        except NoCalendar as error:
            raise Refused("no_calendar", error.phrase.text(_)) from error
        begun.append(clock)
    Clock.objects.bulk_create(begun)
    Watch.objects.bulk_create(watch for watch in watches if watch)
    return begun[0]


def with_targets(rule_ids: Collection[str]) -> list[str]:
    """What starts, rests and ends together."""
    return [rule for rule_id in rule_ids for rule in (rule_id, *targets_of(rule_id))]


def suits(rule_id: str, claim: Claim) -> bool:
    """Some targets are for claims of one kind (arrears.timing.kinds)."""
    kind = RULES[rule_id].claim_kind
    return not kind or kind in kinds_of(claim.worker_count, claim.sensitive, in_season=False)


def stop(
    claim: Claim, rule_ids: Collection[str], *, now: datetime, was_met: bool = True, about_id: Any = None
) -> int:
    """Ends running clocks of the rules and their targets; "*" ends every clock of the claim, whatever it is about.
    What was done after its day was done, but did not meet it; nor is a right of the worker used, or an office told that the system
    tells nothing, because the case has ended. Who had asked for more time no longer needs it."""
    running = Clock.objects.running().filter(claim=claim)
    if EVERY not in rule_ids:
        running = running.filter(rule_id__in=with_targets(rule_ids), about_id=about_id)
    ended = list(running.values_list("pk", flat=True))
    if not ended:  # as a rule, where a clock begins
        return 0
    Watch.objects.filter(clock__in=ended).delete()
    Extension.objects.filter(clock__in=ended, state="asked").update(state="lapsed", decided_at=now)
    fall_silent(claim, ended)
    today = day_of(now)
    in_time = Q(due_on__gte=today)
    if EVERY in rule_ids:
        untold = Report.objects.filter(source__return_way=NONE, answer_by__isnull=False)
        in_time &= ~Q(rule_id__in=RIGHTS) & ~Q(rule_id=OF_SOURCE, about_id__in=untold.values("pk"))
    return Clock.objects.filter(pk__in=ended).update(ended_on=today, was_met=in_time if was_met else False)


def move(clock: Clock, claim: Claim, *columns: str, now: datetime) -> dict[str, str]:
    """Counts a running clock again whose `columns` have just been changed, and sets its watch on the fresh times; that it
    moved, as the facts of an event. While the claim rests no rung waits. Fetch it with its watch, under the claim's lock.
    Raises Refused: no_calendar."""
    was, calendar = clock.due_on, calendar_now()
    try:
        count(clock, calendar)
        rests_now = claim.suspended_until and rests(clock)
        watch = None if rests_now else moved_watch(clock, claim, book_now(), calendar, now, has_moved=clock.due_on != was)
    except NoCalendar as error:
        raise Refused("no_calendar", error.phrase.text(_)) from error
    clock.save(update_fields=[*columns, *Days._fields])
    Watch.objects.filter(clock=clock).delete()
    if watch:
        watch.save(force_insert=True)
    if clock.due_on != was:
        fall_silent(claim, [clock.pk])
    return moved(clock, was)


def fall_silent(claim: Claim, clock_ids: Iterable[Any]) -> None:
    """What these clocks called for is done, or rests, or has another day: nobody need acknowledge it any more."""
    alerts.release(claim.pk, [f"{clock}:" for clock in clock_ids])


def resume(claim: Claim, rule_ids: Collection[str], *, now: datetime, about_id: Any = None) -> None:
    """Ended clocks of the claim, or of what `about_id` says, run on from their old start, as if they had never ended. Rungs that fell
    meanwhile are past: a claim that comes back does not climb for the time it was closed."""
    calendar, resumed = calendar_now(), [rule for rule in with_targets(rule_ids) if suits(rule, claim)]
    for rule_id in resumed:
        clock = claim.clocks.filter(rule_id=rule_id, about_id=about_id).order_by("-ended_on", "-id").first()
        if clock is None or clock.ended_on is None:
            continue
        Clock.objects.filter(pk=clock.pk).update(ended_on=None, was_met=None)
        pass_over(clock, calendar, now)
    recount([claim.pk], Q(rule_id__in=resumed, about_id=about_id), now)  # a calendar that came while it was closed


def pass_over(clock: Clock, calendar: Calendar, now: datetime) -> None:
    """Sets the clock's watch on the first rung still to come. Those that fell before `now` call nobody."""
    Watch.objects.filter(clock=clock).delete()
    if watch := coming_watch(clock, clock.claim, book_now(), calendar, now):
        watch.save(force_insert=True)


def refresh_due(claim: Claim) -> None:
    """The claim's due dates: the earliest running clock that is the office's own duty, and the earliest that binds."""
    running = Clock.objects.running().filter(claim=claim, about_id=None, rule_id__in=DUTY_RULES)
    days = running.aggregate(first=Min("due_on"), binding=Min("due_on", filter=Q(rule_id__in=LIMIT_RULES)))
    claim.due_on, claim.limit_on = days["first"], days["binding"]
    Claim.objects.filter(pk=claim.pk).update(due_on=claim.due_on, limit_on=claim.limit_on)


def recompute_provisional(
    now: datetime, year: int | None = None, load: str = "", *, after: Any = None,
    goes_on: Callable[[int, int, Any], bool] = lambda done, of, last: True,
) -> int:  # fmt: skip
    """Counts again what a calendar that was loaded may have changed; how many due days moved.

    That is what rested on a guess and, since a notice may be corrected or change a year that was published already,
    whatever has days of the `year` behind it. Each due day that moves is an event with its cause and the day it was,
    the `year` and which `load` of it that was. Rungs that reach into the year are set on its real working days, also
    where the due day stands.
    Call it after the transaction that stored the calendar. Safe to repeat; `after`: the last claim that was counted when
    it was stopped. `goes_on` hears after each batch how many claims are done, of how many, and the last of them."""
    wanted = touched_by(year) if year else Q(is_provisional=True)
    claims, moved = claims_with(wanted, after), 0
    for first in range(0, len(claims), CLAIMS_AT_ONCE):
        ids = claims[first : first + CLAIMS_AT_ONCE]
        moved += recount(ids, wanted, now, year=year, load=load)
        if not goes_on(first + len(ids), len(claims), ids[-1]):
            break
    return moved


def touched_by(year: int) -> Q:
    """Clocks that a calendar of the year may change."""
    return Q(is_provisional=True) | reaching(year)


def claims_with(wanted: Q, after: Any = None) -> list[Any]:
    rows = Clock.objects.running().filter(wanted)
    rows = rows.filter(claim__gt=after) if after else rows
    return list(rows.order_by("claim").values_list("claim", flat=True).distinct())


def reaching(year: int) -> Q:
    """Clocks whose days or whose next rung lie in the year. A notice may also turn days of the December before into
    working days."""
    first, last = date(year - 1, 12, 1), date(year, 12, 31)
    return Q(started_on__lte=last, due_on__gte=first) | Q(watch__next_at__gte=datetime.combine(first, time(), SHANGHAI))


@transaction.atomic
def recount(claim_ids: list[Any], wanted: Q, now: datetime, **cause: Any) -> int:
    """The claims are locked first, as verbs do, so that nobody stops a clock while it is counted; then the calendar is
    read, so that the last one to be loaded also has the last word. A clock that rests gets its new day and no watch."""
    claims = Claim.objects.select_for_update(no_key=True).filter(pk__in=claim_ids).order_by("pk").in_bulk()
    clocks = Clock.objects.running().filter(wanted, claim__in=claims).select_related("watch").prefetch_related(PAUSES, OBSTACLES_OF_CLAIM)
    calendar, book = calendar_now(), book_now()
    changed, watches, events = [], [], []
    for clock in clocks:
        was, watch = days_of(clock), getattr(clock, "watch", None)
        try:
            count(clock, calendar)
            claim, has_moved = claims[clock.claim_id], clock.due_on != was.due_on
            rests_now = claim.suspended_until and rests(clock)
            rewound = None if rests_now else moved_watch(clock, claim, book, calendar, now, has_moved=has_moved)
        except (NoCalendar, KeyError):
            logger.exception("clock %s (%s) cannot be counted again", clock.pk, clock.rule_id)
            continue
        if days_of(clock) != was:
            changed.append(clock)
        if rewound and (watch is None or place_of(rewound) != place_of(watch)):
            watches.append(rewound)
        if has_moved:
            events.append(event_row(claim, "clock_moved", None, now=now, **moved(clock, was.due_on), cause="calendar", **cause))
    update(changed, Days._fields)
    Watch.objects.bulk_create(
        watches, update_conflicts=True, unique_fields=["clock"], update_fields=["ladder", "rung", "next_at", "cause"]
    )
    insert(events)
    refresh_shown({clock.claim_id for clock in changed}, {clock.about_id for clock in changed} - {None})
    return len(events)


class Days(NamedTuple):
    natural_on: date
    due_on: date
    is_provisional: bool


def days_of(clock: Clock) -> Days:
    return Days(clock.natural_on, clock.due_on, clock.is_provisional)


def place_of(watch: Watch) -> tuple[Any, ...]:
    return watch.ladder_id, watch.rung, watch.next_at, watch.cause


def moved(clock: Clock, was: date) -> dict[str, str]:
    """That a day changed, as the facts of an event."""
    return {"clock": str(clock.pk), "rule": clock.rule_id, "old": was.isoformat(), "new": clock.due_on.isoformat()}


def refresh_shown(claim_ids: Collection[Any], about_ids: Collection[Any]) -> None:
    """The due dates that lists show, of claims and of what some of their clocks are about."""
    running = Clock.objects.running().order_by("due_on")
    own = running.filter(claim=OuterRef("pk"), about_id=None)
    Claim.objects.filter(pk__in=claim_ids).update(
        due_on=Subquery(own.filter(rule_id__in=DUTY_RULES).values("due_on")[:1]),
        limit_on=Subquery(own.filter(rule_id__in=LIMIT_RULES).values("due_on")[:1]),
    )
    about = running.filter(about_id=OuterRef("pk"))
    for model, column in SHOWN:
        model.objects.filter(pk__in=about_ids).update(**{column: Subquery(about.values("due_on")[:1])})
