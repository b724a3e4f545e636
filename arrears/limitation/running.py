"""The clocks of the worker's limits: from the last working day, anew from the last interruption, and not at all while
employment lasts, or once the right was used."""

from collections.abc import Collection, Iterable
from datetime import date, datetime

from django.utils.translation import gettext as _

from arrears.calendars import calendar_now
from arrears.deadlines import NoCalendar
from arrears.history import record
from arrears.limitation.limits import ARBITRATION, CIVIL, INSPECTION, interrupted
from arrears.models import Claim, Clock, Situation
from arrears.proceedings.shows import is_barred, shown_by
from arrears.timing import clocks
from arrears.timing.counting import around_obstacles, counted
from grid.days import day_of
from grid.models import Person
from grid.refused import Refused

# While these hold a limit does not run; those of DONE have met it.
STANDS_STILL = {ARBITRATION: ("still_employed",), INSPECTION: ("still_employed", "arrears_continue")}
DONE = {ARBITRATION: ("arbitrating", "awarded", "arb_refused", "suing", "title"), INSPECTION: ("ordered_unpaid",)}
DONE_CIVIL = ("suing", "title")
ACCEPTED_MEETS = {INSPECTION}  # 被发现、举报或者投诉: a claim that was accepted is a complaint that came


def run_limits(claim: Claim, said: Collection[str], person: Person | None, now: datetime) -> None:
    """Sets both clocks on what is true now: what was said, and what proceedings show. A verb calls it, its claim held.
    Raises Refused: no_calendar."""
    said, barred = {*said, *shown_by(claim, day_of(now))}, is_barred(claim)
    for rule_id in (ARBITRATION, INSPECTION):
        running = Clock.objects.running().select_related("watch").filter(claim=claim, rule_id=rule_id, about_id=None).first()
        if rule_id in ACCEPTED_MEETS and claim.stage != "registered":
            continue
        if any(name in said for name in DONE[rule_id]) or (rule_id == ARBITRATION and barred):
            clocks.stop(claim, [rule_id], now=now)
        elif any(name in said for name in STANDS_STILL[rule_id]) or (rule_id == ARBITRATION and is_kept(claim)) or (start := start_of(claim, rule_id)) is None:
            clocks.stop(claim, [rule_id], now=now, was_met=False)
        else:
            set_on(claim, rule_id, start, running, person, now)
    run_civil(claim, said, person, now, has_sued=barred)


def run_again(claim: Claim, person: Person | None, now: datetime) -> None:
    """As run_limits, with what was said of the claim."""
    said = next(iter(Situation.objects.filter(claim=claim).values_list("said", flat=True)), [])
    claim._prefetched_objects_cache = {}
    run_limits(claim, said, person, now)


def is_kept(claim: Claim) -> bool:
    """Is there an obstacle that still lasts?"""
    return any(entry.is_on for entry in claim.limit_entries.all())


def run_civil(claim: Claim, said: Collection[str], person: Person | None, now: datetime, *, has_sued: bool) -> None:
    """The general limit runs from the day somebody has recorded with its proof, until there is a suit."""
    running = Clock.objects.running().select_related("watch").filter(claim=claim, rule_id=CIVIL, about_id=None).first()
    started = next((row for row in claim.limit_entries.all() if not row.is_obstacle and not row.is_withdrawn), None)
    if has_sued or any(name in said for name in DONE_CIVIL):
        clocks.stop(claim, [CIVIL], now=now)
    elif started is None:
        clocks.stop(claim, [CIVIL], now=now, was_met=False)
    else:
        set_on(claim, CIVIL, started.starts_on, running, person, now)


def start_of(claim: Claim, rule_id: str, later: Iterable[date] = ()) -> date | None:
    """Since when the limit runs for those whose limit ends first: the workers of a claim that was merged into this one
    keep their own last day. `later`: what interrupted it for all, in the claim it was merged into. None: of nobody the
    last day is known."""
    days = [*claim.interruptions.filter(withdrawn_at=None).values_list("happened_on", flat=True), *later]
    starts = [start_with(claim, days, rule_id)]
    starts += [
        start_of(merged, rule_id, [day for day in days if merged.closed_on and day >= merged.closed_on])
        for merged in claim.merged.all()
    ]
    return min((start for start in starts if start), default=None)


def start_with(claim: Claim, days: Iterable[date], rule_id: str) -> date | None:
    """The interruptions are those of labour arbitration; nothing interrupts inspection's."""
    base = claim.last_working_day
    if base is None or rule_id != ARBITRATION:
        return base
    try:
        return interrupted(base, days, around_obstacles(claim.limit_entries.all(), calendar_now())).start
    except NoCalendar as error:
        raise Refused("no_calendar", error.phrase.text(_)) from error


def set_on(claim: Claim, rule_id: str, start: date, clock: Clock | None, person: Person | None, now: datetime) -> None:
    """A running clock is moved and keeps its history; one that does not run yet begins."""
    if clock is None:
        clocks.start(claim, rule_id, start, now=now, quietly=False)
        return
    was, clock.started_on, clock.claim = clock.started_on, start, claim
    try:
        is_right = was == start and counted(clock, calendar_now()).due_on == clock.due_on
    except NoCalendar as error:
        raise Refused("no_calendar", error.phrase.text(_)) from error
    if not is_right:
        record(claim, "clock_moved", person, now=now, cause="limit", start=start, **clocks.move(clock, claim, "started_on", now=now))
