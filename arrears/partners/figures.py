"""How fast bodies receive and answer, body by body, for those who supervise them. Counted over what was sent within a year, and
only over what the reader sees."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import median

from arrears.lifecycle import REFERRAL
from arrears.models import Clock
from arrears.models.referrals import ReferralQuerySet
from grid.models import Body

YEAR = timedelta(days=365)
IN_TIME = {"REF-RECEIVE-2": "receipts", "REF-ANSWER-5": "answers"}


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
    receiving: list[float] = field(default_factory=list)  # days
    answering: list[float] = field(default_factory=list)
    receipts: Kept = field(default_factory=Kept)
    answers: Kept = field(default_factory=Kept)

    @property
    def days_to_receive(self) -> float | None:
        return round(median(self.receiving), 1) if self.receiving else None

    @property
    def days_to_answer(self) -> float | None:
        return round(median(self.answering), 1) if self.answering else None


def figures(rows: ReferralQuerySet, now: datetime, today: date) -> list[Figures]:
    """Three queries, however many there are. Those that are late most come first."""
    rows = rows.filter(sent_at__gte=now - YEAR)
    of: dict[object, Figures] = {}
    bodies = Body.objects.in_bulk(set(rows.values_list("body", flat=True)))
    about = {}
    for pk, body, state, sent, received, answered, answer_by in rows.order_by().values_list(
        "pk", "body", "state", "sent_at", "received_at", "answered_at", "answer_by"
    ):
        one = of.setdefault(body, Figures(bodies[body]))
        about[pk] = one
        one.sent += 1
        is_open = state in REFERRAL.open_states
        one.open += is_open
        one.late += bool(is_open and answer_by and answer_by < today)
        one.declined += state == "declined"
        if received:
            one.receiving.append((received - sent) / timedelta(days=1))
        if received and answered and answered >= received:
            one.answering.append((answered - received) / timedelta(days=1))
    count_clocks(rows, about)
    return sorted(of.values(), key=lambda one: (-one.late, -one.sent, one.body.name))


def count_clocks(rows: ReferralQuerySet, about: dict[object, Figures]) -> None:
    ended = Clock.objects.filter(rule_id__in=IN_TIME, ended_on__isnull=False, about_id__in=rows.order_by().values("pk"))
    met: dict[tuple[object, str], list[bool]] = defaultdict(list)
    for pk, rule, was_met in ended.values_list("about_id", "rule_id", "was_met"):
        met[pk, rule].append(bool(was_met))
    for (pk, rule), each in met.items():
        kept: Kept = getattr(about[pk], IN_TIME[rule])
        kept.ended += len(each)
        kept.kept += sum(each)
