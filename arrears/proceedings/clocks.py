"""What a step starts, stops and meets, and which days follow from it. Called by the verbs, the claim held."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Min
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from arrears.calendars import calendar_now
from arrears.deadlines import NoCalendar, due
from arrears.models import Claim, Clock, Proceeding, Service, Step
from arrears.proceedings.shows import has_preserved, steps_of
from arrears.proceedings.table import EVERY, FOLLOW, Start, StepRow
from arrears.rules import RULES
from arrears.timing import clocks
from arrears.timing.clocks import add_shown, pass_over
from grid.days import day_of
from grid.refused import Refused

ONE_DAY = timedelta(days=1)
PERFORMED_BY = "ENF-2Y"  # 民事诉讼法第二百五十条: from the last day of performance, and never before the title is in force


def run(proceeding: Proceeding, step: Step, row: StepRow, now: datetime) -> None:
    """Stops, meets and starts; the step keeps which."""
    claim, today = proceeding.claim, day_of(now)
    mine = Clock.objects.running().filter(claim=claim, about_id=proceeding.pk)
    own = mine if EVERY in row.stops or row.ends else mine.filter(rule_id__in=[*row.stops, FOLLOW])
    met = list(Clock.objects.running().filter(claim=claim, rule_id__in=row.meets))
    step.ended = [*end(own, claim, step.on, now), *end(met, claim, step.on, now)]
    clocks.refresh_shown([claim.pk], {clock.about_id for clock in met} - {None})
    step.started = []
    for start in row.begins if claim.is_open else ():
        if (day := starts_on(start, proceeding, step)) is not None:
            step.ended += end(of_services(claim, start.rule, day), claim, step.on, now)
            step.started.append(str(clocks.start(claim, start.rule, day, now=now, about_id=proceeding.pk).pk))
    if not row.ends and claim.is_open and not mine.exists():
        step.started.append(str(clocks.start(claim, FOLLOW, today, now=now, about_id=proceeding.pk).pk))
    step.save(update_fields=["started", "ended"])
    clocks.refresh_due(claim)


def follow_open(claim: Claim, now: datetime) -> None:
    """The claim is taken up again: of each proceeding that goes on somebody asks how it stands."""
    for proceeding in claim.proceedings.open():
        clocks.start(claim, FOLLOW, day_of(now), now=now, about_id=proceeding.pk)
        proceeding.claim = claim
        refresh(proceeding)


def end(running: Iterable[Clock], claim: Any, on: date, now: datetime) -> list[str]:
    """Done on the day `on`, whenever that is entered: what was in time then was in time."""
    ended = []
    for clock in list(running):
        clocks.stop(claim, [clock.rule_id], now=now, about_id=clock.about_id)
        Clock.objects.filter(pk=clock.pk).update(was_met=clock.due_on >= on)
        ended.append(str(clock.pk))
    return ended


def of_services(claim: Claim, rule: str, day: date) -> Iterable[Clock]:
    """What was counted from a receipt before the paper was on record, from that day or later: the proceeding counts it now."""
    return Clock.objects.running().filter(claim=claim, rule_id=rule, started_on__gte=day, about_id__in=Service.objects.filter(claim=claim).values("pk"))


def starts_on(start: Start, proceeding: Proceeding, step: Step) -> date | None:
    """From which day; None: this rule does not run now."""
    if start.procedure and start.procedure != step.procedure:
        return None
    if start.if_preserved and not has_preserved(proceeding.claim):
        return None
    if start.day == "until":
        until = step.until or proceeding.until
        return max(until, step.on) if until else step.on
    return step.day(start.day)


def undo(step: Step, now: datetime) -> None:
    """As if the step had never been: what it began ends unmet, what it ended runs on."""
    claim = step.proceeding.claim
    for clock in Clock.objects.running().filter(pk__in=step.started):
        clocks.stop(claim, [clock.rule_id], now=now, was_met=False, about_id=clock.about_id)
    calendar = calendar_now()
    for clock in Clock.objects.filter(pk__in=step.ended if claim.is_open else ()).exclude(ended_on=None).select_related("claim"):
        again = Clock.objects.running().filter(claim=claim, rule_id=clock.rule_id, about_id=clock.about_id)
        if not again.exists():
            Clock.objects.filter(pk=clock.pk).update(ended_on=None, was_met=None)
            pass_over(clock, calendar, now)
    clocks.refresh_due(claim)


# Days that follow


def last_of(proceeding: Proceeding, rule_id: str) -> Clock | None:
    """The newest clock of the rule about this proceeding, running or ended."""
    return Clock.objects.filter(claim=proceeding.claim_id, about_id=proceeding.pk, rule_id=rule_id).order_by("-started_on", "-id").first()


def in_force_on(proceeding: Proceeding, row: StepRow) -> date | None:
    """The day on which the system takes the step `row` by itself: when the limit has ended for whoever received the paper
    last. None while the other side's day is not known where it counts, or no calendar reaches there."""
    steps = steps_of(proceeding)
    place = next((place for place, step in reversed([*enumerate(steps)]) if row.auto in {start.rule for start in step.row.begins}), None)
    if place is None:
        return None
    begun = steps[place]
    start = next(start for start in begun.row.begins if start.rule == row.auto)
    days = [starts_on(start, proceeding, begun)]
    if not row.auto_own and any(one.name == "other_on" for one in begun.row.asked):
        days.append(others_day(steps[place:]))
    if None in days:
        return None
    try:
        ends = max(due(RULES[row.auto], day, calendar_now()).due_on for day in days if day)
    except NoCalendar:
        return None
    return ends if row.auto_on == "due" else ends + ONE_DAY


def others_day(steps: Sequence[Step]) -> date | None:
    """When the other side received the paper, as far as anybody has said since it came."""
    return next((step.other_on for step in reversed(steps) if step.other_on), None)


def refresh(proceeding: Proceeding) -> None:
    """What follows from the steps and clocks, on the row that lists read."""
    steps = steps_of(proceeding)
    moving = [step for step in steps if not step.row.stays]
    proceeding.state = moving[-1].name
    proceeding.ended_on = moving[-1].on if moving[-1].row.ends else None
    for column, name in (("court", "court"), ("docket_number", "docket"), ("amount", "amount"), ("until", "until")):
        said = [getattr(step, name) for step in steps if getattr(step, name) and not step.row.takes_payment]
        setattr(proceeding, column, said[-1] if said else ("" if name in ("court", "docket") else None))
    hearings = [step.hearing for step in steps if step.hearing]
    proceeding.hearing_at = hearings[-1] if hearings and proceeding.ended_on is None else None
    running = Clock.objects.running().filter(claim=proceeding.claim_id, about_id=proceeding.pk)
    proceeding.due_on = running.aggregate(first=Min("due_on"))["first"]
    proceeding.auto_step, proceeding.auto_on = "", None
    if proceeding.ended_on is None:
        for row in proceeding.table.after(proceeding.state, proceeding.opened_as):
            if row.auto and (day := in_force_on(proceeding, row)) and not was_wrong(proceeding, row, day):
                proceeding.auto_step, proceeding.auto_on = row.step, day
                break
    proceeding.save(
        update_fields=["state", "ended_on", "court", "docket_number", "amount", "until", "hearing_at", "due_on", "auto_step", "auto_on"]
    )


def was_wrong(proceeding: Proceeding, row: StepRow, day: date) -> bool:
    """Has the system taken this step on this day already, and somebody taken it back? Then it knows less than they do."""
    same = (step for step in proceeding.steps.all() if step.is_withdrawn and step.name == row.step)
    return any(step.recorded_by_id is None and step.on == day for step in same)


def require_answered(proceeding: Proceeding, row: StepRow) -> None:
    """Raises Refused: claim_closed — who would answer for what comes after?"""
    if not proceeding.claim.is_open and not row.outlives:
        raise Refused("claim_closed", _("案件已经办结，登记这一步以后的期限没有人办理。请先“重新办理”案件，再登记。"))


def too_early(proceeding: Proceeding, row: StepRow, on: date) -> None:
    """Raises Refused: too_early, step_missing."""
    known = {step.name for step in steps_of(proceeding)}
    for name in row.needs:
        if name not in known:
            said = {"step": proceeding.table.steps[name].text("name", get_language() or "")}
            raise Refused("step_missing", _("请先登记“%(step)s”，再走这一步。") % said)
    for rule_id in row.waits:
        clock = last_of(proceeding, rule_id)
        if clock is not None and clock.due_on >= on:
            language = get_language() or ""
            said = {"rule": clock.rule.text("name", language), "day": clock.due_on, "article": clock.rule.citation(language)}
            raise Refused("too_early", _("“%(rule)s”到 %(day)s 才届满（%(article)s），次日起才能走这一步。") % said)
    if row.auto and (day := in_force_on(proceeding, row)) and on < day:
        language = get_language() or ""
        said = {"rule": RULES[row.auto].text("name", language), "day": day, "article": RULES[row.auto].citation(language)}
        raise Refused("too_early", _("按登记的收到日期，要等“%(rule)s”届满（%(article)s），自 %(day)s 起才能走这一步。收到日期登记错了的，请先撤销。") % said)

add_shown(Proceeding, "due_on")
