"""Escalation ladders as tables: when a clock calls, whom, and whether the claim climbs. Django-free.

A rung (arrears.ladders.rungs) falls on a share of the time, or so many working days before or after the due day; it calls
at CALL_TIME of that day. Which ladder a rule follows is the second table, in which words it calls the third.
These are the city's own rules (本市督办规则), not law, and version 0 of what administrators publish
(arrears.ladders.book). The tables are checked at import (BadLadders).
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time

from arrears.deadlines import ANSWER, LIMIT, RULES, TARGET, WAITED
from arrears.ladders.rungs import LATE, SEATS, WARN, Rung, ladder_faults, rungs_from_json
from arrears.workdays import Calendar
from grid.days import SHANGHAI

__all__ = [
    "ANSWER_LADDERS", "CALL_TIME", "CLAIM_KINDS", "DUE", "DUTY_LADDERS", "LADDERS", "LADDER_OF_RULE", "LATE", "NEAR", "RESTING_LADDERS", "RIGHT_LADDERS",
    "OF_TARGETS", "REFERRAL_LADDERS", "SEATS", "TARGET_LADDERS", "WARN", "WORDS", "BadLadders", "Rung", "call_at", "day_of_what", "family_of", "faults", "faults_of", "is_target", "ladder_of",
    "notice_kind", "rung_times", "rungs_from_json",
]  # fmt: skip

CALL_TIME = time(9, 0)


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


NEAR = Rung("near", _("时限已用八成"), ("handler",), share=0.8)
DUE = Rung("due", _("时限届满"), ("handler", "level"), working_days=0, ack_days=1)

LADDERS: dict[str, tuple[Rung, ...]] = {
    # A legal limit of the office: the day after it the claim climbs, and again if nobody signs for that.
    "legal": (
        NEAR,
        DUE,
        Rung("late1", _("逾期一个工作日，提级"), ("handler", "level", "above"), working_days=1, climbs=True, urgency=LATE, ack_days=1),
        Rung("late3", _("逾期三个工作日，再次提级"), ("level", "above"), working_days=3, climbs=True, urgency=LATE, ack_days=1),
        Rung("late5", _("逾期五个工作日，报市级督办"), ("level", "city"), working_days=5, urgency=LATE, ack_days=1, order_days=3),
    ),
    # A local target: reminds first, climbs late.
    "local": (
        NEAR,
        DUE,
        Rung("late2", _("超过本市目标两个工作日，提醒上级"), ("handler", "level", "above"), working_days=2, urgency=LATE),
        Rung("late5", _("超过本市目标五个工作日，提级"), ("handler", "level", "above"), working_days=5, climbs=True, urgency=LATE),
    ),
    # A local target inside a legal limit: reminds, and leaves the climbing to the limit.
    "target": (
        NEAR,
        Rung("due", _("本市目标届满"), ("handler", "level"), working_days=0),
        Rung("late5", _("超出本市目标五个工作日，提醒上级"), ("handler", "level", "above"), working_days=5, urgency=LATE),
    ),
    # A right of the worker that runs out: warn early, the level does not matter.
    "right": (
        Rung("before20", _("时效还剩二十个工作日"), ("handler", "level"), working_days=-20),
        Rung("before5", _("时效还剩五个工作日"), ("handler", "level", "above"), working_days=-5, urgency=LATE),
        Rung("due", _("时效届满"), ("handler", "level", "above"), working_days=0, urgency=LATE),
    ),
    # A day with which a right is lost (arrears.proceedings.table.HARD): called early, again and again, and up to the city.
    "hard": (
        Rung("before20", _("权利将失：还剩二十个工作日"), ("handler",), working_days=-20),
        Rung("before10", _("权利将失：还剩十个工作日"), ("handler", "level"), working_days=-10),
        Rung("before5", _("权利将失：还剩五个工作日"), ("handler", "level", "above"), working_days=-5, urgency=LATE, ack_days=1),
        Rung("before2", _("权利将失：还剩两个工作日"), ("handler", "level", "above"), working_days=-2, urgency=LATE, ack_days=1),
        Rung("due", _("今天不办，权利丧失"), ("handler", "level", "above", "city"), working_days=0, urgency=LATE),
        Rung("late1", _("期限已过，请查明原因并补救"), ("handler", "level", "above", "city"), working_days=1, urgency=LATE, ack_days=1),
    ),
    # What a court, a commission or another body owes: whoever has the claim asks there.
    "court": (
        Rung("near", _("请向办理机关了解进展"), ("handler",), share=0.8),
        Rung("due", _("办理机关的期限届满，请催办"), ("handler",), working_days=0),
        Rung("late3", _("办理机关超过期限三个工作日，请催办"), ("handler", "level"), working_days=3, urgency=LATE),
        Rung("late10", _("办理机关超过期限十个工作日，请上级协调"), ("handler", "level", "above"), working_days=10, urgency=LATE),
    ),
    # A time that has to pass before the next step.
    "wait": (
        Rung("due", _("等候期届满，可以走下一步"), ("handler",), working_days=0),
        Rung("late3", _("等候期已满三个工作日，请走下一步"), ("handler", "level"), working_days=3, urgency=LATE),
    ),
    # A payment promised in an agreement.
    "promise": (
        Rung("before3", _("约定付款日将至"), ("handler",), working_days=-3),
        Rung("due", _("约定付款日"), ("handler",), working_days=0),
        Rung("late1", _("约定款项未付清"), ("handler", "level"), working_days=1, urgency=LATE),
        Rung("late5", _("约定款项逾期五个工作日，提级"), ("level", "above"), working_days=5, climbs=True, urgency=LATE),
    ),
    # One instalment of several: its mediator first, and on the first day it is late everybody who can act on it.
    "instalment": (
        Rung("before3", _("分期付款日将至"), ("handler",), working_days=-3),
        Rung("due", _("分期付款日"), ("handler",), working_days=0),
        Rung("late1", _("一期没有付清"), ("handler", "level"), working_days=1, urgency=LATE),
        Rung("late5", _("一期逾期五个工作日，提级"), ("level", "above"), working_days=5, climbs=True, urgency=LATE),
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
        Rung("late1", _("督办单过了答复日未回复"), ("handler", "level", "above"), working_days=1, urgency=LATE),
        Rung("late3", _("督办单过了答复日三个工作日未回复，报市级督办"), ("above", "city"), working_days=3, urgency=LATE),
    ),
    # A paper that a worker promised or the employer must produce: who has the claim in hand asks for it.
    "paper": (
        Rung("before3", _("交材料的日期将至"), ("handler",), working_days=-3),
        Rung("due", _("交材料的日期"), ("handler",), working_days=0),
        Rung("late1", _("材料逾期未交"), ("handler", "level"), working_days=1, urgency=LATE),
    ),
    # Another office was promised an answer to its work order by a day: past it the level above takes the claim.
    "source": (
        Rung("before1", _("答复来源单位的日期将至"), ("handler", "level"), working_days=-1),
        Rung("due", _("答复来源单位的日期"), ("handler", "level"), working_days=0),
        Rung("late1", _("过了答复日未答复来源单位，提级"), ("handler", "level", "above"), working_days=1, climbs=True, urgency=LATE),
        Rung("late3", _("过了答复日三个工作日未答复来源单位，报市级督办"), ("level", "city"), working_days=3, urgency=LATE),
    ),
    # A paper that is to be served: whoever serves it, then who leads the level; past its day the one above.
    "serving": (
        Rung("before1", _("文书送达的日期将至"), ("handler",), working_days=-1),
        Rung("due", _("文书送达的日期"), ("handler", "level"), working_days=0),
        Rung("late1", _("文书逾期没有送达，转由上级督促"), ("handler", "level", "above"), working_days=1, climbs=True, urgency=LATE),
        Rung("late3", _("文书逾期三个工作日没有送达，报市级督办"), ("level", "city"), working_days=3, climbs=True, urgency=LATE),
    ),
    # A worker objects to how the claim ended: whoever answers for the level above, then the next one up.
    "objection": (
        Rung("before1", _("异议答复期限将至"), ("level",), working_days=-1),
        Rung("due", _("异议答复期限届满"), ("level",), working_days=0),
        Rung("late1", _("异议过了答复日未答复，转由上级答复"), ("level", "above"), working_days=1, climbs=True, urgency=LATE),
        Rung("late3", _("异议过了答复日三个工作日未答复，报市级督办"), ("level", "city"), working_days=3, climbs=True, urgency=LATE),
    ),
    # A low mark of a mediation: whoever leads above the mediator looks at it, then the next one up.
    "mark": (
        Rung("before1", _("低分评价回看期限将至"), ("level",), working_days=-1),
        Rung("due", _("低分评价回看期限届满"), ("level",), working_days=0),
        Rung("late1", _("低分评价到期没有回看，转由上级回看"), ("level", "above"), working_days=1, climbs=True, urgency=LATE),
        Rung("late3", _("低分评价过期三个工作日没有回看，报市级"), ("level", "city"), working_days=3, climbs=True, urgency=LATE),
    ),
    # 支持起诉: an opinion that a level of the grid owes. What climbs is the opinion, not the claim: the next level up gives it.
    "opinion": (
        Rung("before1", _("支持起诉意见期限将至"), ("level",), working_days=-1),
        Rung("due", _("支持起诉意见期限届满"), ("level",), working_days=0),
        Rung("late1", _("支持起诉意见到期未提出，转由上级提出"), ("level", "above"), working_days=1, climbs=True, urgency=LATE),
        Rung("late3", _("支持起诉意见过期三个工作日未提出，报市级"), ("level", "city"), working_days=3, climbs=True, urgency=LATE),
    ),
    # An errand for a support case, that whoever has the claim in hand does: complete the papers, find the defendant.
    "errand": (
        Rung("before3", _("补正或者查找被告的期限将至"), ("handler",), working_days=-3),
        Rung("due", _("补正或者查找被告的期限届满"), ("handler", "level"), working_days=0),
        Rung("late2", _("补正或者查找被告逾期两个工作日"), ("handler", "level", "above"), working_days=2, urgency=LATE),
        Rung("late5", _("补正或者查找被告逾期五个工作日，提级"), ("level", "above"), working_days=5, climbs=True, urgency=LATE),
    ),
    # A partner body owes an answer: the body first, then whoever sent it, then their superior.
    "partner": (
        Rung("near", _("答复期限将至"), ("body",), share=0.8),
        Rung("due", _("答复期限届满"), ("body", "sender"), working_days=0),
        Rung("late2", _("过了答复日未答复"), ("body", "sender", "above"), working_days=2, urgency=LATE),
        Rung("late5", _("过了答复日未答复，报市级督办"), ("sender", "city"), working_days=5, urgency=LATE),
    ),
    # The body waits for the sender: papers it asked for, a referral it returned to be put right.
    "supply": (
        Rung("near", _("补充或补正期限将至"), ("sender",), share=0.8),
        Rung("due", _("补充或补正期限届满"), ("sender", "level"), working_days=0),
        Rung("late2", _("过了补充或补正的日期"), ("sender", "level", "above"), working_days=2, urgency=LATE),
        Rung("late5", _("过了补充或补正的日期，报市级督办"), ("sender", "city"), working_days=5, urgency=LATE),
    ),
    # Two bodies say that it is not theirs: whoever rules has a day too.
    "ruling": (
        Rung("near", _("裁定期限将至"), ("arbiter",), share=0.8),
        Rung("due", _("裁定期限届满"), ("arbiter", "sender"), working_days=0),
        Rung("late2", _("过了裁定日未裁定"), ("arbiter", "sender", "level"), working_days=2, urgency=LATE),
    ),
    # The same where a county rules: the city hears sooner.
    "ruling_county": (
        Rung("near", _("裁定期限将至"), ("arbiter",), share=0.8),
        Rung("due", _("裁定期限届满"), ("arbiter", "sender"), working_days=0),
        Rung("late1", _("过了裁定日未裁定，报市级督办"), ("arbiter", "sender", "city"), working_days=1, urgency=LATE),
    ),
}
# Of these the clocks are about a referral: its body and its sender can be called.
REFERRAL_LADDERS = ("partner", "supply", "ruling", "ruling_county")

# Rules that do not follow their kind's ladder ("legal", "local", or "target" inside a legal limit).
LADDER_OF_RULE = {
    "ARB-LIMIT-1Y": "right",
    "JC-LIMIT-2Y": "right",
    "CIV-LIMIT-3Y": "right",
    "MED-ARBREVIEW-15": "right",
    "PAYORD-NOSUE-7": "right",
    **dict.fromkeys(
        (
            "MED-CONFIRM-30", "ENF-2Y", "ARB-SUE-15", "ARB-REVOKED-15", "CIV-APPEAL-15", "CIV-APPEAL-10", "PRE-SUIT-30",
            "PRE-ENFORCE-3M", "ENF-ADMIN-3M", "PAYORD-SERVE-30",
        ), "hard",
    ),
    **dict.fromkeys(
        (
            "ARB-ACCEPT", "ARB-SERVE", "ARB-TRIBUNAL", "ARB-AWARD-45", "CIV-FILE-7", "CIV-SERVE-5", "CIV-SIMPLE-3M",
            "CIV-SMALL-2M", "CIV-ORD-6M", "CIV-SECOND-3M", "CIV-SECOND-30", "PRE-48H", "PRE-RULING-5", "CONFIRM-ACCEPT-3", "CONFIRM-DECIDE-15", "PAYORD-ACCEPT-5",
            "PAYORD-ISSUE-15", "ARBREVIEW-DECIDE-5", "POLICE-REVIEW-3", "POLICE-ANSWER-3", "LA-REVIEW-7", "LA-ASSIGN-3",
            "LA-OBJECT-5", "PROC-FOLLOW-30",
        ), "court",
    ),
    **dict.fromkeys(
        (
            "ENF-CUIGAO", "RECON-60", "ADMLIT-6M", "PAYORD-OBJECT-15", "ARB-REVOKE-30", "PEN-HEARING-REQ", "BLK-OBJECT-5",
            "BLK-3Y", "BLK-6M", "ENF-6M",
        ), "wait",
    ),
    "AGREED-PAY": "promise",
    "INSTALMENT-PAY": "instalment",
    "MED-15": "mediation",
    "MED-ARRANGE-5": "mediation",
    "ORDER-REPLY": "order",
    "PAPER-PROMISE": "paper",
    "PRODUCE-NOTICE": "paper",
    "OBJECTION-ANSWER-3": "objection",
    "MARK-LOOK-5": "mark",
    "SUPPORT-TOWNSHIP-3": "opinion",
    "SUPPORT-COUNTY-3": "opinion",
    "SUPPORT-CITY-5": "opinion",
    "SUPPORT-QUERY-3": "opinion",
    "SUPPORT-COMPLETE": "errand",
    "FIND-RESPONDENT-15": "errand",
    "SOURCE-ANSWER": "source",
    "SERVE-WITHIN-7": "serving",
    "AGREEMENT-SERVE-3": "serving",
    "REF-RECEIVE-2": "partner",
    "REF-ANSWER-5": "partner",
    "REF-CONCLUDE-60": "partner",
    "REF-SUPPLEMENT-2": "partner",
    "REF-SUPPLY": "supply",
    "REF-CORRECT-5": "supply",
    "REF-RULING-5": "ruling",
    "REF-RULING-3": "ruling_county",
}
# The kinds of notice (arrears/notice_kinds.py) a ladder calls with; a rung on which the claim does climb says so.
WORDS: dict[str, Mapping[str, str]] = {
    "legal": {WARN: "clock_near", LATE: "clock_late"},
    "local": {WARN: "clock_near", LATE: "clock_late"},
    "target": {WARN: "clock_near", LATE: "clock_late"},
    "mediation": {WARN: "clock_near", LATE: "clock_late"},
    "right": {WARN: "right_near", LATE: "right_ends"},
    "hard": {WARN: "right_near", LATE: "right_lost"},
    "court": {WARN: "court_near", LATE: "court_late"},
    "wait": {WARN: "wait_over", LATE: "wait_over"},
    "promise": {WARN: "payment_near", LATE: "payment_late"},
    "instalment": {WARN: "payment_near", LATE: "payment_late"},
    "order": {WARN: "order_near", LATE: "order_late"},
    "paper": {WARN: "paper_near", LATE: "paper_late"},
    "objection": {WARN: "objection_near", LATE: "objection_late"},
    "mark": {WARN: "mark_near", LATE: "mark_late"},
    "serving": {WARN: "serving_near", LATE: "serving_late"},
    "opinion": {WARN: "opinion_near", LATE: "opinion_late"},
    "errand": {WARN: "errand_near", LATE: "errand_late"},
    "source": {WARN: "source_near", LATE: "source_late"},
    "partner": {WARN: "answer_near", LATE: "answer_late"},
    "supply": {WARN: "supply_near", LATE: "supply_late"},
    "ruling": {WARN: "ruling_near", LATE: "ruling_late"},
    "ruling_county": {WARN: "ruling_near", LATE: "ruling_late"},
}
OF_TARGETS = {"clock_late": "target_late"}  # where what has passed is no legal limit
# Ladders whose clocks say when the office itself must act; the claim's own due date comes from them.
DUTY_LADDERS = ("legal", "local", "target", "promise", "instalment")
# Of these, what the city set itself: past it nothing is overdue (逾期), the city's own target is missed.
TARGET_LADDERS = ("local", "target")
# Those with whose day a right of the worker ends.
RIGHT_LADDERS = ("right", "hard")
# Those whose day somebody was asked to answer by.
ANSWER_LADDERS = ("order", "partner", "supply", "ruling", "ruling_county", "objection", "opinion", "errand", "source", "serving", "mark")

# Ladders whose clocks rest with a suspended claim: what the office owes, not what runs out for the worker.
RESTING_LADDERS = ("legal", "local", "target", "order")


def family_of(rule_id: str) -> str:
    """The kind of ladder the rule follows. Raises KeyError for a rule that is no longer in the table."""
    rule = RULES[rule_id]
    return LADDER_OF_RULE.get(rule_id) or ("target" if rule.target_of else rule.kind)


def ladder_of(rule_id: str) -> tuple[Rung, ...]:
    """The code's own; which one a clock follows today says arrears.ladders.book.Book."""
    return LADDERS[family_of(rule_id)]


def day_of_what(rule_id: str) -> str:
    """What its day is, for the words once it is past (arrears.deadlines.PASSED)."""
    family = family_of(rule_id)
    if family == "wait":
        return WAITED
    if RULES[rule_id].is_legal:
        return LIMIT
    return TARGET if family in (*TARGET_LADDERS, "mediation") else ANSWER if family in ANSWER_LADDERS else LIMIT


def is_target(rule_id: str) -> bool:
    """Is its day the city's own, which nobody is overdue by? Raises KeyError for a rule that is no longer in the table."""
    return family_of(rule_id) in TARGET_LADDERS


def notice_kind(rule_id: str, rung: Rung) -> str:
    kind = WORDS[family_of(rule_id)][rung.urgency]
    return kind if RULES[rule_id].is_legal else OF_TARGETS.get(kind, kind)


def call_at(day: date) -> datetime:
    return datetime.combine(day, CALL_TIME, SHANGHAI)


def rung_times(rungs: Sequence[Rung], start: date, due: date, calendar: Calendar) -> list[datetime]:
    """When each rung calls, in the ladder's order, which is the order of time."""
    return [call_at(rung.falls_on(start, due, calendar)) for rung in rungs]


def faults_of(family: str, rungs: Sequence[Rung]) -> list[str]:
    """What is wrong with a ladder for the clocks of the family, in Chinese sentences."""
    return [phrase.text() for phrase in ladder_faults(rungs, has_referral=family in REFERRAL_LADDERS, has_order=family == "order")]


def faults(ladders: Mapping[str, tuple[Rung, ...]], rules: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with the tables, in words."""
    for name, ladder in ladders.items():
        yield from (f"{name}: {fault}" for fault in faults_of(name, ladder))
        if unsaid := {rung.urgency for rung in ladder} - WORDS.get(name, {}).keys():
            yield f"{name} has no words (WORDS) for {', '.join(sorted(unsaid))}"
    yield from (f"{rule}: there is no such rule" for rule in rules.keys() - RULES.keys())
    yield from (f"{rule}: there is no ladder {name}" for rule, name in rules.items() if name not in ladders)


if wrong := list(faults(LADDERS, LADDER_OF_RULE)):
    raise BadLadders("; ".join(wrong))
