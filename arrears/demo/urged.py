"""Cases somebody presses, or that may not go on as usual: they rest, ask for more time, are ordered, nudged, sensitive, or
their worker must be reached with care; see arrears/demo/stories.py. Most are at home, where people sign in first.
"""

from collections.abc import Generator, Sequence
from datetime import datetime, timedelta
from functools import partial

from arrears import contacts
from arrears.demo import sayings, words
from arrears.demo.case import Case
from arrears.demo.cases import GROUP_SIZES
from arrears.demo.stories import Story, begun, looked_into, taken_up
from arrears.models import Extension
from arrears.supervision import nudges, orders
from arrears.timing import extending, suspending
from arrears.timing.extension_permits import approvers
from grid import tasklist
from grid.models import Task

# A rest, more time


def resting(case: Case, days: int) -> Story:
    """Suspended for so many days; after that it has woken by itself, and somebody goes on with it."""
    yield from looked_into(case)
    yield case.later(2, 4)
    case.refresh()
    until = case.day + timedelta(days=days)
    suspending.suspend(case.claim, case.officer(), case.clock, "appraisal", until, case.pick(words.SUSPEND_REASONS))
    yield case.later(days)
    case.claim.refresh_from_db(fields=["suspended_until", "due_on", "level", "handler"])
    case.do("note", case.officer(), note=case.pick(words.NOTES))


def wants_time(case: Case) -> Generator[datetime, None, Extension]:
    """The investigation will not be done in time, and says so."""
    yield from looked_into(case)
    yield case.later(20, 24)
    case.refresh()
    clock = case.claim.clocks.get(rule_id="JC-INVEST", ended_on=None)
    return extending.ask(clock, case.lead(), case.clock, case.pick((20, 30)), case.pick(words.EXTEND_REASONS))


def has_time_decided(case: Case, verdict: str) -> Story:
    extension = yield from wants_time(case)
    yield case.later(1, 2)
    approver = case.chronicle.present(approvers(extension, case.chronicle.roster())[0])
    verb = {"granted": extending.grant, "refused": extending.refuse}[verdict]
    verb(extension, approver, case.clock, sayings.EXTENSION_NOTES[verdict])


# Orders and nudges


def ordered(case: Case, moves: Sequence[str] = ()) -> Story:
    """A superior orders a reply by hand; then these moves of the order's table, the addressed and the issuer in turn."""
    yield from begun(case, at=case.chronicle.inventor.home())
    yield case.later(1)
    issuer = case.superior()
    order = orders.issue(
        case.refresh(), issuer, now=case.clock, demand=case.pick(sayings.ORDER_DEMANDS), reply_by=case.working_day(5)
    )
    for move in moves:
        yield case.later(1)
        case.refresh()
        by_issuer = move in sayings.ORDER_VERDICTS
        person = case.lead(order.from_level) if by_issuer else case.lead(order.level)
        answers = {"verdict": sayings.ORDER_VERDICTS[move]} if by_issuer else {}
        if move == "reply":
            answers["reply"] = sayings.ORDER_REPLIES[order.times_sent_back]
        if move == "send_back":
            answers["reply_by"] = case.working_day(3)
        orders.advance(order, move, person, now=case.clock, **answers)


def nudged(case: Case) -> Story:
    """By the superior, and a day later by the worker."""
    yield from taken_up(case, at=case.chronicle.inventor.home())
    yield case.later(1)
    nudges.nudge(case.refresh(), case.superior(), now=case.clock, text=case.pick(sayings.NUDGES))
    yield case.later(1)
    nudges.nudge(case.refresh(), None, now=case.clock)


# With care


def sensitive(case: Case, ground: str, size: int = 0, is_at_home: bool = False) -> Story:
    yield from begun(case, size=size, at=case.chronicle.inventor.home() if is_at_home else None)
    yield case.later(1)
    case.do("mark_sensitive", ground=ground, reason=sayings.SENSITIVE_REASONS[ground])
    yield case.later(3, 5)
    case.do("note", note=case.pick(words.NOTES))


def reached_with_care(case: Case, rule: str, is_visited: bool = False) -> Story:
    """`none`: nobody writes to the worker, so the decision is told by a visit, a task of the handler's."""
    case.register(at=case.chronicle.inventor.home(), size=1)
    yield case.later(0)
    worker = case.claim.claimants.select_related("claim").get()
    safe = sayings.SAFE_PHONE if rule == "discreet" else ""
    contacts.change(
        worker, case.worker(), now=case.clock, contact_rule=rule, phone=worker.phone, safe_phone=safe
    )  # fmt: skip
    yield case.later(1)
    case.do("accept", conditions=True)
    if is_visited:
        yield case.later(1)
        visit = Task.objects.filter(subject_id=case.claim.pk, done_at=None).select_related("owner").get()
        tasklist.done(visit, visit.owner, case.clock, sayings.VISIT_NOTE)


REPLIED = ("receive", "reply")
SENT_BACK = (*REPLIED, "send_back")

# Story, how many, and how many working days ago they began, from–to.
URGED = (
    (partial(resting, days=75), 4, 12, 26),
    (partial(resting, days=14), 2, 45, 55),
    (wants_time, 4, 32, 44),
    (partial(has_time_decided, verdict="granted"), 2, 38, 46),
    (partial(has_time_decided, verdict="refused"), 1, 40, 40),
    (ordered, 2, 7, 9),
    (partial(ordered, moves=("receive",)), 2, 9, 11),
    (partial(ordered, moves=REPLIED), 2, 10, 12),
    (partial(ordered, moves=SENT_BACK), 2, 11, 13),
    (partial(ordered, moves=(*SENT_BACK, "reply", "accept")), 2, 18, 30),
    (nudged, 3, 6, 9),
    (partial(sensitive, ground="gathering", size=GROUP_SIZES[3], is_at_home=True), 1, 12, 12),
    (partial(sensitive, ground="many", size=GROUP_SIZES[-1]), 1, 25, 25),
    (partial(sensitive, ground="hardship"), 2, 8, 16),
    (partial(reached_with_care, rule="discreet"), 2, 4, 6),
    (partial(reached_with_care, rule="none"), 1, 3, 3),
    (partial(reached_with_care, rule="none", is_visited=True), 1, 6, 6),
)
