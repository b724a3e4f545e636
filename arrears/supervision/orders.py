"""The verbs of a supervision order 督办单: one level of the grid asks a lower one for a reply by a day.

Issued by a superior, or by a rung of a ladder (many at once). An order stays owed while its claim rests, with its
clock paused like the claim's own; it lapses when the claim ends.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from arrears.calendars import calendar_now
from arrears.history import event_row, hold, record
from arrears.ladders.store import book_now
from arrears.lifecycle import ORDER
from arrears.models import Claim, Clock, Order
from arrears.models.claims import OPEN_CLAIM
from arrears.moves import Move
from arrears.permits import find, require
from arrears.supervision.permits import (
    issuing_post,
    levels_below,
    may_be_ordered,
    may_issue,
    may_order,
)
from arrears.supervision.words import (
    TOLD,
    WORDS,
    demand_of_rung,
    event_facts,
    first_notices,
    next_numbers,
    notice_facts,
    page_of,
)
from arrears.timing import clocks
from arrears.timing.watches import first_watch
from grid.bulk import insert
from grid.days import day_of
from grid.duty import Roster
from grid.models import Notice, Person, Posting
from grid.notices import Ways, tell
from grid.refused import Refused
from grid.roles import LEADS, LEVEL_LABELS, LEVEL_WIDTHS, LEVELS

Answers = dict[str, Any]
RULE = "ORDER-REPLY"
LONGEST = timedelta(days=366)  # a reply asked for later is a slip of the pen


def issue(
    claim: Claim, person: Person, *, now: datetime, demand: str, reply_by: date, level: str | None = None
) -> Order:
    """Orders `level` (the one in charge, if None) to act and to reply. Raises Refused: claim_closed, claim_suspended,
    not_your_role, not_above, vacant, reply_too_soon, reply_too_late, no_demand."""
    today, level = day_of(now), level or claim.level
    require(may_issue(claim, person, level, today))
    post = issuing_post(claim, person, level, today)
    assert post is not None and post.level is not None
    check(demand, reply_by, today)
    check_held(claim, level, post.level, today)
    roster = Roster.around(claim.region_id, today)
    with transaction.atomic():
        locked = hold(claim)  # before the counter, as a sweep does
        require(may_be_ordered(locked))
        order = Order.objects.create(
            number=next_numbers(claim.city_code, today.year, 1)[0], claim=claim, from_level=post.level, level=level,
            demand=demand.strip(), issued_by=person, issued_at=now, reply_by=reply_by,
        )  # fmt: skip
        clocks.start(claim, RULE, today, now=now, due_on=reply_by, about_id=order.pk)
        record(locked, "order", person, now=now, **event_facts(order, "issue", demand=order.demand, reply_by=reply_by))
        Notice.objects.bulk_create(first_notices(order, roster, person, now), ignore_conflicts=True)
    return order


def check(demand: str, reply_by: date, today: date) -> None:
    if not demand.strip():
        raise Refused("no_demand", _("请写明督办要求。"))
    check_day(reply_by, today)


def check_day(reply_by: date, today: date) -> None:
    if reply_by <= today:
        raise Refused("reply_too_soon", _("回复期限应在今天之后。"))
    if reply_by > today + LONGEST:
        raise Refused("reply_too_late", _("回复期限不能超过一年，请核对日期。"))


def check_held(claim: Claim, level: str, from_level: str, today: date) -> None:
    """Somebody below the issuer must hold a post that answers; they may be away today."""
    if not is_held(claim, level, from_level, today):
        raise vacant(level)


def is_held(claim: Claim, level: str, from_level: str, today: date) -> bool:
    posts = Q()
    for between in LEVELS[LEVELS.index(level) : LEVELS.index(from_level)]:
        posts |= Q(role=LEADS[between], region=claim.region_id[: LEVEL_WIDTHS[between]])
    return Posting.objects.on(today).filter(posts).exists()


def vacant(level: str) -> Refused:
    return Refused(
        "vacant",
        _("%(level)s岗位空缺，没有人可以签收督办单。请先补充人员，或者直接提级办理。") % {"level": _(LEVEL_LABELS[level])},
    )


def levels_for(claim: Claim, person: Person, today: date) -> tuple[list[str], list[str]]:
    """The levels the person can order on this claim, and those they could if somebody were there; the one in charge
    first. Raises Refused as `issue` does, before anything is asked."""
    require(may_issue(claim, person, None, today))
    levels = levels_below(claim, person, today)
    posts = {level: issuing_post(claim, person, level, today) for level in levels}
    held = [level for level in levels if is_held(claim, level, posts[level].level, today)]
    if levels and not held:
        raise vacant(levels[0])
    return held, [level for level in levels if level not in held]


# What follows on an order.


def advance(order: Order, move_name: str, person: Person | None, *, now: datetime, **answers: Any) -> Order:
    """Makes one move of the order's table. `person` None is the system. Raises Refused: unknown_move, not_your_role,
    wrong_state, not_addressed, not_the_issuer, stale, or a guard's code."""
    move = find(ORDER, move_name)
    if person is not None:
        require(may_order(move, order, person, day_of(now)))
    with transaction.atomic():
        order.claim = hold(order.claim)
        for guard in move.guards:
            GUARDS[guard](order, answers, day_of(now))
        shift(order, move, CHANGES[move.name](order, answers, person, now))
        record(order.claim, "order", person, now=now, **event_facts(order, move.name, **answers))
        if move.stops:
            clocks.stop(order.claim, move.stops, now=now, was_met=move.name == "reply", about_id=order.pk)
        for rule in move.starts:
            clocks.start(order.claim, rule, day_of(now), now=now, due_on=order.reply_by, about_id=order.pk)
        announce(order, move, person, now)
    return order


def shift(order: Order, move: Move, changes: Answers) -> None:
    changes = {**changes, "state": move.target}
    if not Order.objects.filter(pk=order.pk, state=order.state).update(**changes):
        raise Refused("stale", _("该督办单刚刚已被他人处理，请刷新后再操作。"))
    order.refresh_from_db(fields=list(changes))


def announce(order: Order, move: Move, person: Person | None, now: datetime) -> None:
    roster = Roster.around(order.claim.region_id, day_of(now))
    people = [one for seat in move.tells for one in TOLD[seat](order, roster)]
    tell(
        [one for one in people if one != person], WORDS.get(move.name, "order_moved"),
        key=f"order:{order.pk}:{move.name}:{now.timestamp()}", now=now,
        facts={**notice_facts(order, person), "move_msgid": move.label}, path=page_of(order),
        subject_id=order.claim_id, region_code=order.claim.region_id,
    )  # fmt: skip


# What a move writes on the order, beside its state.


def receive(order: Order, answers: Answers, person: Person | None, now: datetime) -> Answers:
    return {"received_by": person, "received_at": now}


def reply(order: Order, answers: Answers, person: Person | None, now: datetime) -> Answers:
    """Who replies without having signed signs with it."""
    signed = {} if order.received_at else receive(order, answers, person, now)
    return {**signed, "reply": answers["reply"], "replied_by": person, "replied_at": now}


def send_back(order: Order, answers: Answers, person: Person | None, now: datetime) -> Answers:
    return {
        "verdict": answers["verdict"], "reply_by": answers["reply_by"], "times_sent_back": F("times_sent_back") + 1,
    }  # fmt: skip


def end(order: Order, answers: Answers, person: Person | None, now: datetime) -> Answers:
    return {"closed_at": now, "verdict": answers.get("verdict") or answers.get("reason") or order.verdict}


CHANGES: dict[str, Callable[[Order, Answers, Person | None, datetime], Answers]] = {
    "receive": receive, "reply": reply, "send_back": send_back, "accept": end, "withdraw": end, "lapse": end,
}  # fmt: skip


def claim_goes_on(order: Order, answers: Answers, today: date) -> None:
    require(may_be_ordered(order.claim))


def reply_in_future(order: Order, answers: Answers, today: date) -> None:
    check_day(answers["reply_by"], today)


GUARDS: dict[str, Callable[[Order, Answers, date], None]] = {
    guard.__name__: guard for guard in (claim_goes_on, reply_in_future)
}
assert {name for move in ORDER.moves for name in move.guards} <= GUARDS.keys(), "a guard of the table is not written"


def lapse(claim: Claim, now: datetime) -> None:
    """The claim has ended: its open orders end with it. Called inside the transaction that ends it."""
    for order in Order.objects.filter(claim=claim, state__in=ORDER.open_states):
        order.claim = claim
        advance(order, "lapse", None, now=now)


# Issued by rungs, many at once.


@dataclass(frozen=True)
class RungOrder:
    """A rung of a clock that orders `level`, in the name of `from_level` above it, to reply by a day."""

    clock: Clock
    claim: Claim
    rung_name: str
    due_on: date  # the clock's, as the rung found it
    level: str
    from_level: str
    reply_by: date

    @property
    def source_key(self) -> str:
        return f"{self.clock.pk}:{self.due_on}:{self.rung_name}"


def issue_by_rung(
    rows: Sequence[RungOrder], now: datetime, roster: Roster | None = None, ways: Ways | None = None
) -> list[Order]:
    """Writes the orders that are not there yet, with clocks, events and notices, in a handful of statements however
    many they are. Claims that have ended or rest get none. Call it inside the batch's transaction, its claims locked;
    roster and ways are read here if the batch has not read them."""
    wanted = fresh(rows)
    if not wanted:
        return []
    orders = order_rows(wanted, now)
    if insert(orders, ignore_conflicts=True) < len(orders):  # another sweep was first
        kept = set(Order.objects.filter(pk__in=[order.pk for order in orders]).values_list("pk", flat=True))
        orders = [order for order in orders if order.pk in kept]
    start_clocks(orders, now)
    insert(
        event_row(order.claim, "order", None, now=now, **event_facts(order, "issue", demand=order.demand, reply_by=order.reply_by))
        for order in orders
    )
    roster, ways = roster or Roster(day_of(now)), ways or Ways.read()
    insert((row for order in orders for row in first_notices(order, roster, None, now, ways)), ignore_conflicts=True)
    return orders


def fresh(rows: Iterable[RungOrder]) -> list[tuple[RungOrder, Claim]]:
    """Each with its claim as it is now: the batch may have moved it up."""
    by_key = {row.source_key: row for row in rows if LEVELS.index(row.from_level) > LEVELS.index(row.level)}
    known = set(Order.objects.filter(source_key__in=by_key).order_by().values_list("source_key", flat=True))
    claims = (
        Claim.objects.filter(OPEN_CLAIM, pk__in={row.claim.pk for row in by_key.values()}, suspended_until=None)
        .only("number", "region", "city_code", "stage", "level", "handler", "worker_count", "sensitive").in_bulk()
    )  # fmt: skip
    return [
        (row, claims[row.claim.pk]) for key, row in by_key.items() if key not in known and row.claim.pk in claims
    ]


def order_rows(wanted: Sequence[tuple[RungOrder, Claim]], now: datetime) -> list[Order]:
    """Unsaved, numbered city by city in one order, so that two sweeps cannot wait for each other."""
    year, numbers = day_of(now).year, {}
    for city in sorted({claim.city_code for _row, claim in wanted}):
        count = sum(claim.city_code == city for _row, claim in wanted)
        numbers[city] = iter(next_numbers(city, year, count))
    return [
        Order(
            number=next(numbers[claim.city_code]), claim=claim, source_key=row.source_key, rule_id=row.clock.rule_id,
            from_level=row.from_level, level=row.level, demand=demand_of_rung(row.clock, claim, row.due_on, row.reply_by),
            issued_at=now, reply_by=row.reply_by,
        )  # fmt: skip
        for row, claim in wanted
    ]


def start_clocks(orders: Iterable[Order], now: datetime) -> None:
    calendar, book, today = calendar_now(), book_now(), day_of(now)
    started = [
        Clock(
            claim=order.claim, rule_id=RULE, about_id=order.pk, started_on=today, natural_on=order.reply_by,
            due_on=order.reply_by,
        )  # fmt: skip
        for order in orders
    ]
    insert(started)
    insert(first_watch(clock, clock.claim, book, calendar, now) for clock in started)
