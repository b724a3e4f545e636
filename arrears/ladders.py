"""Escalation ladders as tables: when a clock calls, whom, and whether the claim climbs. Django-free.

A rung falls on a share of the time, or so many working days before or after the due day; it calls at
CALL_TIME of that day. Which ladder a rule climbs is the second table. These are the city's own rules
(本市督办规则), not law.
"""

from dataclasses import dataclass
from datetime import date, datetime, time

from arrears.deadlines import RULES, at_share
from arrears.workdays import Calendar
from grid.days import SHANGHAI

CALL_TIME = time(9, 0)


def _(text: str) -> str:
    """Marks a label for the catalogues; whoever shows it translates it."""
    return text


@dataclass(frozen=True)
class Rung:
    """`tells`: handler (who is answerable now), level (its leads), above (the next level's leads), city,
    sender and body (of a referral)."""

    name: str
    label: str
    tells: tuple[str, ...]
    share: float | None = None  # of the time from start to due
    working_days: int | None = None  # after the due day; negative: before it
    climbs: bool = False
    urgency: str = "warn"

    def falls_on(self, start: date, due: date, calendar: Calendar) -> date:
        if self.share is not None:
            return at_share(start, due, self.share, calendar)
        return calendar.add(due, self.working_days) if self.working_days else due


NEAR = Rung("near", _("时限已用八成"), ("handler",), share=0.8)
DUE = Rung("due", _("今日到期"), ("handler", "level"), working_days=0)

LADDERS: dict[str, tuple[Rung, ...]] = {
    # A legal limit of the office: the day after it the claim climbs.
    "legal": (
        NEAR,
        DUE,
        Rung("late1", _("逾期一个工作日，提级"), ("handler", "level", "above"), working_days=1, climbs=True, urgency="late"),
        Rung("late3", _("逾期三个工作日，再次提级"), ("level", "above"), working_days=3, climbs=True, urgency="late"),
        Rung("late5", _("逾期五个工作日，报市级督办"), ("level", "city"), working_days=5, urgency="late"),
    ),
    # A local target: reminds first, climbs late.
    "local": (
        NEAR,
        DUE,
        Rung("late2", _("逾期两个工作日，提醒上级"), ("handler", "level", "above"), working_days=2, urgency="late"),
        Rung("late5", _("逾期五个工作日，提级"), ("handler", "level", "above"), working_days=5, climbs=True, urgency="late"),
    ),
    # A right of the worker that runs out: warn early, the level does not matter.
    "right": (
        Rung("before20", _("时效将在二十个工作日后届满"), ("handler", "level"), working_days=-20),
        Rung("before5", _("时效将在五个工作日后届满"), ("handler", "level", "above"), working_days=-5, urgency="late"),
        Rung("due", _("时效今日届满"), ("handler", "level", "above"), working_days=0, urgency="late"),
    ),
    # A payment promised in an agreement.
    "promise": (
        Rung("before3", _("约定付款日将至"), ("handler",), working_days=-3),
        Rung("due", _("今日为约定付款日"), ("handler",), working_days=0),
        Rung("late1", _("约定款项未付清"), ("handler", "level"), working_days=1, urgency="late"),
        Rung("late5", _("约定款项逾期五个工作日，提级"), ("level", "above"), working_days=5, climbs=True, urgency="late"),
    ),
    # A partner body owes an answer: the body first, then whoever sent it, then their superior.
    "partner": (
        Rung("near", _("答复期限将至"), ("body",), share=0.8),
        Rung("due", _("今日应答复"), ("body", "sender"), working_days=0),
        Rung("late2", _("逾期未答复"), ("body", "sender", "above"), working_days=2, urgency="late"),
        Rung("late5", _("逾期未答复，报市级督办"), ("sender", "city"), working_days=5, urgency="late"),
    ),
}

# Rules that do not follow their kind's ladder ("legal" or "local").
LADDER_OF_RULE = {
    "ARB-LIMIT-1Y": "right",
    "JC-LIMIT-2Y": "right",
    "AGREED-PAY": "promise",
    "REF-RECEIVE-2": "partner",
    "REF-ANSWER-5": "partner",
    "REF-CONCLUDE-60": "partner",
}
# Ladders whose clocks say when the office itself must act; the claim's own due date comes from them.
DUTY_LADDERS = ("legal", "local", "promise")


def ladder_name(rule_id: str) -> str:
    return LADDER_OF_RULE.get(rule_id) or RULES[rule_id].kind


def ladder_of(rule_id: str) -> tuple[Rung, ...]:
    return LADDERS[ladder_name(rule_id)]


def rung_times(rule_id: str, start: date, due: date, calendar: Calendar) -> list[datetime]:
    """When each rung of the rule's ladder calls, in the ladder's order."""
    return [
        datetime.combine(rung.falls_on(start, due, calendar), CALL_TIME, SHANGHAI) for rung in ladder_of(rule_id)
    ]
