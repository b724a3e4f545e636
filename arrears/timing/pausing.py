"""What a suspension (中止) does to the clocks of a claim: they stop counting, fall silent, and later run on.

Called by arrears.casework inside the transaction of a move. The days are intervals (Pause): a clock's date and what is
used of its time are worked out from them, so the planned days count first and the real ones when the claim wakes.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from arrears.calendars import calendar_now
from arrears.deadlines import NoCalendar
from arrears.history import event_row, record
from arrears.ladders.store import book_now
from arrears.models import Claim, Clock, Pause, Suspension, Watch
from arrears.timing import clocks
from arrears.timing.counting import PAUSES, count, rests
from arrears.timing.grounds import GROUNDS, Ground
from arrears.timing.watches import woken_watch
from grid.bulk import insert
from grid.days import day_of
from grid.models import Person
from grid.refused import Refused
from grid.roles import LEVEL_LABELS, LEVELS
from grid.scope import Post

Moved = list[dict[str, str]]  # old and new day of each clock: clocks.moved


def pause(
    claim: Claim, person: Person, posts: Iterable[Post], *, now: datetime, ground: str, planned_end: date, note: str
) -> Moved:
    """Every clock that rests stops counting today and is silent. Raises Refused: already_suspended, no_ground,
    ground_not_yours, end_not_ahead, suspension_too_long, no_calendar."""
    today = day_of(now)
    check(GROUNDS.get(ground), posts, today, planned_end)
    locked = Claim.objects.select_for_update(no_key=True).get(pk=claim.pk)
    if locked.suspended_until:
        raise Refused("already_suspended", _("案件已经中止，不能再次中止。"))
    suspension = Suspension.objects.create(
        claim=claim, ground=ground, note=note, starts_on=today, planned_end=planned_end, set_by=person, set_at=now
    )
    resting = [clock for clock in running(claim).select_related("watch") if rests(clock)]
    Pause.objects.bulk_create(pause_of(clock, suspension) for clock in resting)
    Watch.objects.filter(clock__in=resting).delete()
    clocks.fall_silent(claim, [clock.pk for clock in resting])
    return recounted(resting, claim)


def check(ground: Ground | None, posts: Iterable[Post], today: date, planned_end: date) -> None:
    if ground is None:
        raise Refused("no_ground", _("请从列表中选择中止事由。"))
    if not any(post.level and LEVELS.index(post.level) >= LEVELS.index(ground.level) for post in posts):
        words = {"ground": _(ground.label), "level": _(LEVEL_LABELS[ground.level])}
        raise Refused("ground_not_yours", _("以“%(ground)s”为由中止，须由%(level)s决定。") % words)
    if planned_end <= today:
        raise Refused("end_not_ahead", _("预计恢复日期应在今天之后。"))
    if planned_end > ground.longest(today):
        words = {"ground": _(ground.label), "days": ground.max_days, "last": ground.longest(today).isoformat()}
        raise Refused(
            "suspension_too_long",
            _("以“%(ground)s”为由一次最多中止%(days)s日，最晚到%(last)s；届时事由仍在的，可以再次中止。") % words,
        )


def running(claim: Claim) -> QuerySet[Clock]:
    return Clock.objects.running().filter(claim=claim).order_by("due_on", "pk")


def pause_of(clock: Clock, suspension: Suspension) -> Pause:
    """With the place of its watch, from which it goes on."""
    watch = getattr(clock, "watch", None)
    return Pause(
        clock=clock, suspension=suspension, starts_on=suspension.starts_on, ends_on=suspension.planned_end,
        ladder_id=watch and watch.ladder_id, rung=watch and watch.rung,
    )  # fmt: skip


def recounted(resting: Iterable[Clock], claim: Claim) -> Moved:
    """Writes the days of the clocks anew; which of them moved."""
    calendar, found = calendar_now(), []
    fresh = Clock.objects.filter(pk__in=[clock.pk for clock in resting]).prefetch_related(PAUSES).order_by("due_on", "pk")
    for clock in fresh:
        was = clock.due_on
        try:
            count(clock, calendar)
        except NoCalendar as error:
            raise Refused("no_calendar", error.phrase.text(_)) from error
        if clock.due_on != was:
            found.append(clocks.moved(clock, was))
        clock.save(update_fields=["natural_on", "due_on", "is_provisional"])
    clocks.refresh_shown([claim.pk], {clock.about_id for clock in fresh} - {None})
    claim.refresh_from_db(fields=["due_on"])
    return found


def wake(claim: Claim, person: Person | None, *, now: datetime) -> dict[str, Any]:
    """The clocks count again from today, or from the planned day if that is past; what the event says about it. Days
    that turn out other than planned are events of their own."""
    Claim.objects.select_for_update(no_key=True).get(pk=claim.pk)  # before its clocks, as every other verb
    open_one = claim.suspensions.select_for_update().filter(ended_on=None).first()
    if open_one is None:
        raise Refused("not_suspended", _("案件没有中止，不需要恢复。"))
    open_one.ended_on, open_one.ended_by = min(day_of(now), open_one.planned_end), person
    open_one.save(update_fields=["ended_on", "ended_by"])
    resting = list(running(claim).filter(pauses__suspension=open_one))
    open_one.pauses.filter(clock__in=resting).update(ends_on=open_one.ended_on)
    found = recounted(resting, claim)
    insert(event_row(claim, "clock_moved", None, now=now, **facts, cause="suspension") for facts in found)
    watch_again(open_one, claim, now)
    return {"ground": open_one.ground, "since": open_one.starts_on, "days": (open_one.ended_on - open_one.starts_on).days}


def watch_again(suspension: Suspension, claim: Claim, now: datetime) -> None:
    calendar, book = calendar_now(), book_now()
    rested = suspension.pauses.filter(clock__ended_on=None).exclude(rung=None).prefetch_related(f"clock__{PAUSES}")
    watches = [woken_watch(pause, pause.clock, claim, book, calendar, now) for pause in rested]
    Watch.objects.bulk_create(watch for watch in watches if watch)


def end(claim: Claim, person: Person | None, now: datetime) -> None:
    """What takes the case on (an agreement, the last payment, a withdrawal) ends its suspension first. If somebody
    else has ended it, the move itself will find the claim changed."""
    if Claim.objects.filter(pk=claim.pk, suspended_until=claim.suspended_until).update(suspended_until=None):
        claim.suspended_until = None
        record(claim, "resume", person, now=now, **wake(claim, person, now=now))
