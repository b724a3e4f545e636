"""How fast bodies receive and answer, body by body, for those who supervise them. Counted over what was sent within a year, and
only over what the reader sees.

Charged to a body is only time in which it was its turn: the clocks that it owes. While the sender owed it papers, or the city a
ruling, nothing counts, and what was recalled or disputed before its day was never late."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import median

from django.db.models import Q

from arrears.lifecycle import BODYS_OWN, REFERRAL
from arrears.models import Clock
from arrears.models.referrals import ReferralQuerySet
from grid.models import Body

YEAR = timedelta(days=365)
RECEIVE, ANSWER = "REF-RECEIVE-2", "REF-ANSWER-5"
IN_TIME = {RECEIVE: "receipts", ANSWER: "answers"}


@dataclass
class Kept:
    """Of the days that have ended, how many were kept."""

    kept: int = 0
    ended: int = 0

    @property
    def percent(self) -> int | None:
        return round(self.kept * 100 / self.ended) if self.ended else None


@dataclass
class Figures:
    body: Body
    sent: int = 0
    open: int = 0
    late: int = 0
    declined: int = 0
    receiving: list[int] = field(default_factory=list)  # days, of each referral
    answering: list[int] = field(default_factory=list)
    receipts: Kept = field(default_factory=Kept)
    answers: Kept = field(default_factory=Kept)

    @property
    def days_to_receive(self) -> float | None:
        return round(median(self.receiving), 1) if self.receiving else None

    @property
    def days_to_answer(self) -> float | None:
        return round(median(self.answering), 1) if self.answering else None


def figures(rows: ReferralQuerySet, now: datetime, today: date) -> list[Figures]:
    """Four queries, however many there are. Those that are late most come first."""
    rows = rows.filter(sent_at__gte=now - YEAR)
    of: dict[object, Figures] = {}
    bodies = Body.objects.in_bulk(set(rows.values_list("body", flat=True)))
    about = {}
    done: dict[str, set[object]] = {RECEIVE: set(), ANSWER: set()}
    for pk, body, state, received, answered in rows.order_by().values_list("pk", "body", "state", "received_at", "answered_at"):
        one = of.setdefault(body, Figures(bodies[body]))
        about[pk] = one
        one.sent += 1
        one.open += state in REFERRAL.open_states
        one.declined += state == "declined"
        if received:
            done[RECEIVE].add(pk)
        if received and answered and answered >= received:
            done[ANSWER].add(pk)
    for pk in rows.order_by().filter(overdue(today), state__in=REFERRAL.open_states).values_list("pk", flat=True):
        about[pk].late += 1
    count_clocks(rows, about, done)
    return sorted(of.values(), key=lambda one: (-one.late, -one.sent, one.body.name))


def overdue(today: date) -> Q:
    """Referrals whose body has let a day of its own pass."""
    return Q(pk__in=Clock.objects.running().filter(rule_id__in=BODYS_OWN, due_on__lt=today).values("about_id"))


def count_clocks(rows: ReferralQuerySet, about: dict[object, Figures], done: dict[str, set[object]]) -> None:
    """A referral that went back and forth has several of each: its days are the sum of them. One that ended before its day without
    the body's doing says nothing of the body."""
    ended = Clock.objects.filter(rule_id__in=IN_TIME, ended_on__isnull=False, about_id__in=rows.order_by().values("pk"))
    days: dict[tuple[object, str], int] = defaultdict(int)
    for pk, rule, started, due, until, was_met in ended.values_list("about_id", "rule_id", "started_on", "due_on", "ended_on", "was_met"):
        if was_met or until > due:
            kept: Kept = getattr(about[pk], IN_TIME[rule])
            kept.ended += 1
            kept.kept += bool(was_met)
        if pk in done[rule]:
            days[pk, rule] += (until - started).days
    for (pk, rule), taken in days.items():
        (about[pk].receiving if rule == RECEIVE else about[pk].answering).append(taken)
