"""Escalation ladders as tables: when a clock calls, whom, and whether the claim climbs. Django-free.

A rung falls on a share of the time, or so many working days before or after the due day; it calls at
CALL_TIME of that day. Which ladder a rule follows is the second table, in which words it calls the third.
These are the city's own rules (本市督办规则), not law. The tables are checked at import (BadLadders).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from arrears.deadlines import RULES, at_share
from arrears.workdays import Calendar
from grid.days import SHANGHAI

CALL_TIME = time(9, 0)
# handler: who works on it, else who leads its level · level, above: leads of the level in charge, of the next ·
# city · sender and body: of a referral
SEATS = ("handler", "level", "above", "city", "sender", "body")
WARN, LATE = "warn", "late"


def _(text: str) -> str:
    """Marks a label for the catalogues; whoever shows it translates it."""
    return text


# Kinds of claim a ladder may be for, the most particular first.
CLAIM_KINDS = (
    ("sensitive", _("敏感案件")),
    ("festival", _("专项行动期间")),
    ("group", _("集体欠薪（十人以上）")),
    ("single", _("十人以下")),
)


class BadLadders(Exception):
    """The tables contradict themselves; the process must not start."""


@dataclass(frozen=True)
class Rung:
    """`label` heads the notice and stays true when the notice comes late: no 今日."""

    name: str
    label: str
    tells: tuple[str, ...]  # SEATS
    share: float | None = None  # of the time from start to due
    working_days: int | None = None  # after the due day; negative: before it
    climbs: bool = False
    urgency: str = WARN

    def falls_on(self, start: date, due: date, calendar: Calendar) -> date:
        if self.share is not None:
            return at_share(start, due, self.share, calendar)
        return calendar.add(due, self.working_days or 0)

    @property
    def order(self) -> tuple[int, float]:
        """Rungs of a ladder stand in the order of their days: shares of the time come before the due day."""
        return (0, self.share) if self.share is not None else (1, self.working_days or 0)


NEAR = Rung("near", _("时限已用八成"), ("handler",), share=0.8)
DUE = Rung("due", _("时限届满"), ("handler", "level"), working_days=0)

LADDERS: dict[str, tuple[Rung, ...]] = {
    # A legal limit of the office: the day after it the claim climbs.
    "legal": (
        NEAR,
        DUE,
        Rung("late1", _("逾期一个工作日，提级"), ("handler", "level", "above"), working_days=1, climbs=True, urgency=LATE),
        Rung("late3", _("逾期三个工作日，再次提级"), ("level", "above"), working_days=3, climbs=True, urgency=LATE),
        Rung("late5", _("逾期五个工作日，报市级督办"), ("level", "city"), working_days=5, urgency=LATE),
    ),
    # A local target: reminds first, climbs late.
    "local": (
        NEAR,
        DUE,
        Rung("late2", _("逾期两个工作日，提醒上级"), ("handler", "level", "above"), working_days=2, urgency=LATE),
        Rung("late5", _("逾期五个工作日，提级"), ("handler", "level", "above"), working_days=5, climbs=True, urgency=LATE),
    ),
    # A right of the worker that runs out: warn early, the level does not matter.
    "right": (
        Rung("before20", _("时效还剩二十个工作日"), ("handler", "level"), working_days=-20),
        Rung("before5", _("时效还剩五个工作日"), ("handler", "level", "above"), working_days=-5, urgency=LATE),
        Rung("due", _("时效届满"), ("handler", "level", "above"), working_days=0, urgency=LATE),
    ),
    # A payment promised in an agreement.
    "promise": (
        Rung("before3", _("约定付款日将至"), ("handler",), working_days=-3),
        Rung("due", _("约定付款日"), ("handler",), working_days=0),
        Rung("late1", _("约定款项未付清"), ("handler", "level"), working_days=1, urgency=LATE),
        Rung("late5", _("约定款项逾期五个工作日，提级"), ("level", "above"), working_days=5, climbs=True, urgency=LATE),
    ),
    # The mediator's work: a mediation that takes long is no reason to take the claim from its level.
    "mediation": (
        NEAR,
        DUE,
        Rung("late2", _("调解逾期两个工作日，提醒上级"), ("handler", "level", "above"), working_days=2, urgency=LATE),
    ),
    # A superior asked for a reply by a day (督办单): who has the claim in hand first, then who asked.
    "order": (
        Rung("before1", _("督办单回复期限将至"), ("handler", "level"), working_days=-1),
        Rung("late1", _("督办单逾期未回复"), ("handler", "level", "above"), working_days=1, urgency=LATE),
        Rung("late3", _("督办单逾期三个工作日未回复，报市级督办"), ("above", "city"), working_days=3, urgency=LATE),
    ),
    # A partner body owes an answer: the body first, then whoever sent it, then their superior.
    "partner": (
        Rung("near", _("答复期限将至"), ("body",), share=0.8),
        Rung("due", _("答复期限届满"), ("body", "sender"), working_days=0),
        Rung("late2", _("逾期未答复"), ("body", "sender", "above"), working_days=2, urgency=LATE),
        Rung("late5", _("逾期未答复，报市级督办"), ("sender", "city"), working_days=5, urgency=LATE),
    ),
}

# Rules that do not follow their kind's ladder ("legal" or "local").
LADDER_OF_RULE = {
    "ARB-LIMIT-1Y": "right",
    "JC-LIMIT-2Y": "right",
    "MED-CONFIRM-30": "right",
    "ENF-2Y": "right",
    "CIV-LIMIT-3Y": "right",
    "ARB-SUE-15": "right",
    "CIV-APPEAL-15": "right",
    "CIV-APPEAL-10": "right",
    "AGREED-PAY": "promise",
    "MED-15": "mediation",
    "MED-ARRANGE-5": "mediation",
    "ORDER-REPLY": "order",
    "REF-RECEIVE-2": "partner",
    "REF-ANSWER-5": "partner",
    "REF-CONCLUDE-60": "partner",
}
# The kinds of notice (arrears/notice_kinds.py) a ladder calls with; a rung on which the claim does climb says so.
WORDS: dict[str, Mapping[str, str]] = {
    "legal": {WARN: "clock_near", LATE: "clock_late"},
    "local": {WARN: "clock_near", LATE: "clock_late"},
    "mediation": {WARN: "clock_near", LATE: "clock_late"},
    "right": {WARN: "right_near", LATE: "right_ends"},
    "promise": {WARN: "payment_near", LATE: "payment_late"},
    "order": {WARN: "order_near", LATE: "order_late"},
    "partner": {WARN: "answer_near", LATE: "answer_late"},
}
# Ladders whose clocks say when the office itself must act; the claim's own due date comes from them.
DUTY_LADDERS = ("legal", "local", "promise")


def family_of(rule_id: str) -> str:
    return LADDER_OF_RULE.get(rule_id) or RULES[rule_id].kind


def ladder_of(rule_id: str) -> tuple[Rung, ...]:
    return LADDERS[family_of(rule_id)]


def notice_kind(rule_id: str, rung: Rung) -> str:
    return WORDS[family_of(rule_id)][rung.urgency]


def rung_times(rule_id: str, start: date, due: date, calendar: Calendar) -> list[datetime]:
    """When each rung of the rule's ladder calls, in the ladder's order, which is the order of time."""
    return [
        datetime.combine(rung.falls_on(start, due, calendar), CALL_TIME, SHANGHAI) for rung in ladder_of(rule_id)
    ]


def faults(ladders: Mapping[str, tuple[Rung, ...]], rules: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with the tables, in words."""
    for name, ladder in ladders.items():
        yield from (f"{name}.{rung.name}: {fault}" for rung in ladder for fault in rung_faults(rung))
        if len({rung.name for rung in ladder}) < len(ladder):
            yield f"{name}: two rungs have one name"
        orders = [rung.order for rung in ladder]
        if orders != sorted(set(orders)):
            yield f"{name}: the rungs are not in the order of their days"
        if orders[0][0] == 0 and any(order < (1, 0) for order in orders if order[0]):
            yield f"{name}: shares of the time and days before the due day do not go together"
        if unsaid := {rung.urgency for rung in ladder} - WORDS.get(name, {}).keys():
            yield f"{name} has no words (WORDS) for {', '.join(sorted(unsaid))}"
    yield from (f"{rule}: there is no such rule" for rule in rules.keys() - RULES.keys())
    yield from (f"{rule}: there is no ladder {name}" for rule, name in rules.items() if name not in ladders)


def rung_faults(rung: Rung) -> Iterator[str]:
    if (rung.share is None) == (rung.working_days is None):
        yield "falls on a share of the time or on a working day, one of the two"
    if rung.share is not None and not 0 < rung.share < 1:
        yield "a share lies between 0 and 1"
    if not rung.tells or not set(rung.tells) <= set(SEATS):
        yield "tells nobody, or somebody unknown"
    if rung.climbs and (rung.working_days or 0) <= 0:
        yield "climbs before the time is over"


if wrong := list(faults(LADDERS, LADDER_OF_RULE)):
    raise BadLadders("; ".join(wrong))
