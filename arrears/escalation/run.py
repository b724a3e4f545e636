"""The sweep: takes the watches that are due in bounded batches, one transaction each, and writes what was planned.

A batch locks watches, clocks and claims together and skips what somebody else holds, so it never waits, two
sweeps share the work, and a verb that has a claim in hand is never in its way. Killed midway, a batch is undone
whole and found again by the next sweep; what is written is keyed, so nothing is written twice.
"""

import gc
import logging
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import DataError, IntegrityError, connection, transaction
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.functional import cached_property

from arrears.calendars import calendar_now
from arrears.escalation.known import Firing, Plan
from arrears.escalation.ordering import ask_to_fill, rung_order
from arrears.escalation.plan import FAULTS, FAULTY_WAITS, Planner
from arrears.escalation.seats import BODY, lift
from arrears.models import Claim, Clock, Event, Watch
from arrears.models.claims import OPEN_CLAIM
from arrears.partners.links import link_to
from arrears.supervision.orders import issue_by_rung
from arrears.timing.watches import TIME, UNACKED
from arrears.worker.notices import tell_all
from grid.bulk import insert, unwaited, update
from grid.days import day_of
from grid.duty import Roster
from grid.letters import post
from grid.notices import robot_rows

BATCH = 1000  # a few tenths of a second under lock
PART = 250  # of a batch, planned while the one before is written
OF_CLAIM = ("number", "region", "stage", "level", "handler", "worker_count", "sensitive", "suspended_until")
BEFORE_ALL = ("-infinity", UUID(int=0))


def _(text: str) -> str:
    """Marks a label for the catalogues; whoever shows it translates it."""
    return text


# Why a clock was not escalated, or not as far as its rung says.
REASONS = {
    "not_due_yet": _("尚未到下一级督办时间"),
    "ladder_done": _("各级督办均已发出"),
    "met": _("时限已经终止"),
    "closed": _("案件已经结束"),
    "suspended": _("案件已经中止，恢复后再查"),
    "acknowledged": _("上一次提醒已经签收，到时再发"),
    "put_off": _("上一次提醒已经暂缓，到时再查"),
    "already_told": _("该级督办此前已发出"),
    "already_climbed": _("当日已经提级"),
    "top_level": _("已由最高层级办理，不再提级"),
    "vacant": _("上级岗位均空缺，未能提级"),
    "nobody": _("没有可以通知的人"),
    "unaddressed": _("没有人可以签收督办单，未下达，已请管理员补充人员"),
    "busy": _("正由他人处理，下一轮再查"),
    "faulty": _("数据有误，一小时后重试（见日志）"),
}

logger = logging.getLogger(__name__)


@dataclass
class Sweep:
    """What one sweep did, or in a dry run would have done. Counts: clocks taken, rungs, claims climbed, notices."""

    at: datetime
    dry_run: bool
    in_detail: bool = True
    escalated: list[dict[str, Any]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=lambda: Counter(clocks=0, rungs=0, climbed=0, notices=0))
    not_escalated: Counter[str] = field(default_factory=Counter)

    def add(self, plan: Plan) -> None:
        self.counts["clocks"] += 1
        self.not_escalated.update(plan.reasons)
        for firing in plan.firings:
            self.counts["rungs"] += 1
            self.counts["climbed"] += firing.climbs
            self.counts["notices"] += len(firing.notices) + len(firing.outside)
            if self.in_detail:
                self.escalated.append(told(plan, firing))


def told(plan: Plan, firing: Firing) -> dict[str, Any]:
    """One rung that was fired, for people and machines."""
    clock, seats = plan.call.clock, {p.pk: seat for seat, people in firing.seats.items() for p in people}
    return {
        "claim": str(clock.claim_id),
        "number": clock.claim.number,
        "rule": clock.rule_id,
        "rule_name": clock.rule.name,
        "due_on": clock.due_on.isoformat(),
        "rung": firing.rung.name,
        "label": firing.rung.label,
        "label_en": firing.rung.label_en,
        "ladder": str(firing.version.id) if firing.version.id else None,
        "cause": UNACKED if firing.is_early else TIME,
        "climbs_to": firing.level if firing.climbs else None,
        "orders": firing.order.level if firing.order else None,
        "told": [
            {
                "person": letter.recipient.username,
                "name": letter.recipient.full_name,
                "role": seats[letter.recipient.pk],
                "channel": letter.channel,
            }
            for letter in firing.notices
        ] + [{"person": "", "name": link_to(firing.link), "role": BODY, "channel": row.channel} for row in firing.outside if firing.link],
        "vacant": list(firing.vacant),
    }


def sweep(now: datetime, *, dry_run: bool = False, limit: int | None = None, in_detail: bool = True) -> Sweep:
    """Fires every rung that is due at `now`, of at most `limit` clocks. A dry run writes nothing. `in_detail`: says of
    each rung who was told, for somebody who reads it."""
    result, crew = Sweep(now, dry_run, in_detail), Crew(now, dry_run)
    for due in batches(now, limit):
        plans = crew.dry(due) if dry_run else crew.fire(due)
        result.not_escalated["busy"] += len(due) - len(plans)
        for plan in plans:
            result.add(plan)
    result.not_escalated += Counter()  # drops the zeros
    return result


def batches(now: datetime, limit: int | None) -> Iterator[list[UUID]]:
    """Ids of the due watches, soonest first. Each batch begins behind the last, whatever became of that one."""
    last, left = BEFORE_ALL, limit
    while left is None or left > 0:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT next_at::text, clock_id FROM arrears_watch "
                "WHERE next_at <= %s AND (next_at, clock_id) > (%s::timestamptz, %s) "
                "ORDER BY arrears_watch.next_at, clock_id LIMIT %s",
                [now, *last, BATCH if left is None else min(BATCH, left)],
            )
            rows = cursor.fetchall()
        if not rows:
            return
        last, left = rows[-1], left and left - len(rows)
        yield [clock for _next_at, clock in rows]


class Crew:
    """Plans and writes for one sweep; roster and calendar are read once, and only if something is due."""

    def __init__(self, now: datetime, dry_run: bool) -> None:
        self.now, self.dry_run = now, dry_run

    @cached_property
    def planner(self) -> Planner:
        return Planner(self.now, Roster(day_of(self.now)), calendar_now(), remembers=self.dry_run)

    def dry(self, due: list[UUID]) -> list[Plan]:
        return [plan for plans in self.planner.plan(taken(due, self.now)) for plan in plans]

    def fire(self, due: list[UUID]) -> list[Plan]:
        """One transaction. If it cannot be written, the halves are tried, down to the row that is to blame."""
        try:
            with uncollected(), transaction.atomic(), unwaited():
                return self.carry_out(locked(due, self.now))
        except (IntegrityError, DataError, *FAULTS):
            logger.exception("a batch of %d clocks could not be written", len(due))
        if len(due) == 1:
            Watch.objects.filter(pk__in=due).update(
                next_at=self.now + FAULTY_WAITS, faulty_since=Coalesce("faulty_since", "next_at")
            )
            return []
        middle = len(due) // 2
        return self.fire(due[:middle]) + self.fire(due[middle:])

    def carry_out(self, watches: Any) -> list[Plan]:
        """The database writes one part while the next is planned; what needs an answer comes last."""
        done: list[Plan] = []
        happened: list[tuple[Claim, Event]] = []
        for plans in self.planner.plan(watches, PART):
            happened += write(plans, self.now)
            done += plans
        follow_up(done, happened, self.now, self.planner)
        return done


@contextmanager
def uncollected() -> Iterator[None]:
    """A batch makes tens of thousands of objects that all live to its end; looking through them for garbage again and
    again would cost a sixth of the sweep."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def taken(due: list[UUID], now: datetime) -> Any:
    """The watches of the batch that are still due, with clock and claim."""
    return (
        Watch.objects.filter(pk__in=due, next_at__lte=now)
        .select_related("clock__claim")
        .only("ladder", "rung", "cause", "next_at", "faulty_since", *(f"clock__claim__{name}" for name in OF_CLAIM),
              *(f"clock__{f.attname}" for f in Clock._meta.concrete_fields if f.name != "id"))
        .order_by("next_at", "pk")
    )  # fmt: skip


def locked(due: list[UUID], now: datetime) -> Any:
    # NO KEY: others may go on adding events and notices that point at the claim
    return taken(due, now).select_for_update(skip_locked=True, no_key=True, of=("self", "clock", "clock__claim"))


def write(plans: list[Plan], now: datetime) -> list[tuple[Claim, Event]]:
    """What the plans change, in a handful of statements however many there are; the events."""
    firings = [(plan, firing) for plan in plans for firing in plan.firings]
    post(letter for _plan, firing in firings for letter in firing.notices)
    happened = [(plan.call.clock.claim, event_of(plan, firing, now)) for plan, firing in firings]
    insert(event for _claim, event in happened)
    climb(plans)
    rewind(plans)
    return happened


def follow_up(plans: list[Plan], happened: list[tuple[Claim, Event]], now: datetime, planner: Planner) -> None:
    """Whoever else hears of it: chat groups, those who are ordered to reply, workers."""
    firings = [(plan, firing) for plan in plans for firing in plan.firings]
    insert((row for _plan, firing in firings for row in firing.outside), ignore_conflicts=True)
    insert(robot_rows(letter.about for _plan, firing in firings for letter in firing.notices), ignore_conflicts=True)
    if orders := [rung_order(plan.call.clock, firing, planner.calendar, now) for plan, firing in firings if firing.order]:
        issue_by_rung(orders, now, planner.roster, planner.ways)
    ask_to_fill(plans, planner.roster, now)
    tell_all(happened, now, roster=planner.roster, ways=planner.ways)


def event_of(plan: Plan, firing: Firing, now: datetime) -> Event:
    clock, rung = plan.call.clock, firing.rung
    names = [person.full_name for people in firing.seats.values() for person in people]
    names += [link_to(firing.link)] if firing.link and firing.outside else []
    facts = {
        "clock": str(clock.pk),
        "rule": clock.rule_id,
        "rung": rung.name,
        "due": clock.due_on.isoformat(),
        "fell_on": firing.fell_on.isoformat(),
        "from": firing.came_from if firing.climbs else "",
        "to_level": firing.level if firing.climbs and firing.is_own else "",
        "told": names,
        "vacant": list(firing.vacant),
        "cause": UNACKED if firing.is_early else "",
        "ack_by": firing.ack_by.isoformat() if firing.ack_by else "",
        "by_hand": firing.by_hand,
        "unaddressed": firing.is_unaddressed,
    }
    if firing.version.id:  # the code's own rungs are put into words by their names
        facts |= {"ladder": str(firing.version.id), "rung_label": rung.label, "rung_en": rung.label_en}
    kind = "alerted" if not firing.climbs else "opinion_climbed" if firing.is_own else "climbed"
    return Event(
        claim_id=clock.claim_id, kind=kind, at=now, happened_on=day_of(now), stage=clock.claim.stage,
        level=plan.call.clock.claim.level if firing.is_own else firing.level, facts={name: fact for name, fact in facts.items() if fact},
    )  # fmt: skip


def climb(plans: Iterable[Plan]) -> None:
    """A claim that climbs leaves its handler behind, who keeps seeing it through the region."""
    climbing = {plan.call.clock.claim_id: plan.climbs_to for plan in plans if plan.climbs_to}
    for level in set(climbing.values()):
        claims = [claim for claim, target in climbing.items() if target == level]
        Claim.objects.filter(pk__in=claims).update(level=level, handler=None)
    lift({plan.call.clock: plan.lifts_to for plan in plans if plan.lifts_to})


def rewind(plans: Iterable[Plan]) -> None:
    """Sets each watch on what it waits for next; one whose ladder is done goes."""
    going_on = []
    for plan in plans:
        watch = plan.call.watch
        if plan.next:
            watch.faulty_since = (watch.faulty_since or watch.next_at) if "faulty" in plan.reasons else None
            watch.ladder_id, watch.rung, watch.next_at, watch.cause = plan.next
            going_on.append(watch)
    Watch.objects.filter(pk__in=[plan.call.watch.pk for plan in plans if not plan.next]).delete()
    update(going_on, ("ladder", "rung", "next_at", "cause", "faulty_since"))


def standing(now: datetime) -> Counter[str]:
    """Why the clocks that no sweep at `now` takes are not escalated. Counts whole tables: for a person who asks."""
    ended = Clock.objects.exclude(ended_on=None)
    counts = {
        "not_due_yet": Watch.objects.filter(next_at__gt=now).count(),
        "ladder_done": Clock.objects.running().filter(watch=None).count(),
        "met": ended.filter(Q(claim__in=Claim.objects.filter(OPEN_CLAIM))).count(),
        "closed": ended.exclude(claim__in=Claim.objects.filter(OPEN_CLAIM)).count(),
    }
    return +Counter(counts)
