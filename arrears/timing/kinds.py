"""The city's targets for claims of one kind (rules with a `claim_kind`) begin and end as a claim becomes one of it, or no
longer is: workers join, are split off, come with another claim."""

from datetime import datetime

from arrears.calendars import calendar_now
from arrears.deadlines import RULES, NoCalendar
from arrears.ladders.store import book_now
from arrears.models import Claim, Clock, Pause
from arrears.timing import clocks
from arrears.timing.counting import count, rests
from arrears.timing.watches import coming_watch

OF_A_KIND = [rule for rule in RULES.values() if rule.claim_kind]


def fit(claim: Claim, now: datetime) -> None:
    """Called inside the transaction of the verb, which has the claim in hand; `refresh_due` after it. A target counts from
    the day its limit counts from and rests where that rested; what it would have called for before calls nobody."""
    running = {clock.rule_id: clock for clock in claim.clocks.running().filter(about_id=None)}
    for rule in OF_A_KIND:
        limit, own = running.get(rule.target_of), running.get(rule.id)
        if own and not clocks.suits(rule.id, claim):
            clocks.stop(claim, [rule.id], now=now, was_met=False)
        elif limit and not own and clocks.suits(rule.id, claim):
            begin(rule.id, limit, claim, now)


def begin(rule_id: str, limit: Clock, claim: Claim, now: datetime) -> None:
    calendar = calendar_now()
    own = Clock(claim=claim, rule_id=rule_id, started_on=limit.started_on)
    try:
        count(own, calendar)
        own.save(force_insert=True)
        rested = list(limit.pauses.all())
        Pause.objects.bulk_create(Pause(clock=own, suspension=one.suspension, starts_on=one.starts_on, ends_on=one.ends_on) for one in rested)
        if rested:
            count(own, calendar)
            own.save(update_fields=["due_on", "natural_on", "is_provisional"])
        watch = None if claim.suspended_until and rests(own) else coming_watch(own, claim, book_now(), calendar, now)
    except NoCalendar:  # the limit itself could be counted; a target that cannot be is not worth refusing the verb
        return
    if watch:
        watch.save(force_insert=True)
