"""Is what the officer answered lawful and possible? Before a paper is issued. Django-free.

`faults` refuse it; `cautions` are shown, and the officer decides. Both are phrases that say what to do.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from arrears.papers.asks import ASKS
from arrears.papers.forms import FORMS, Form
from arrears.phrases import Phrase


def _(text: str) -> str:
    """Marks a text for the catalogues; whoever shows it translates it."""
    return text


# 限期改正: the law fixes no length; the house warns outside these (a choice of this house, not law).
SHORTEST, LONGEST = 3, 15
LEAST_RATE, MOST_RATE = Decimal(50), Decimal(100)  # 劳动合同法 第八十五条: 百分之五十以上百分之一百以下
# What must lie ahead, and what has happened already, on the day of the paper.
AHEAD = ("due_on", "order_due_on", "correct_by", "pay_by", "promise_by")
BEHIND = (
    "filed_on", "received_on", "order_expired_on", "reported_on", "approved_on", "served_on", "effective_on", "urged_on", "happened_at", "visited_on",
    "debt_due_on", "perform_by",
)  # fmt: skip
# Pairs that must follow each other.
IN_ORDER = (("reported_on", "approved_on"), ("starts_at", "ends_at"), ("effective_on", "urged_on"))
IN_ORDER_SAID = {
    "reported_on": _("移送报告的日期不能晚于批准日期。"),
    "starts_at": _("开始时间不能晚于结束时间。"),
    "effective_on": _("生效日期不能晚于催告日期。"),
}


def faults(form: Form, answers: Mapping[str, Any], *, today: date) -> Iterator[Phrase]:
    """What keeps the paper from being issued."""
    for ask in form.asks:
        if ask.is_required and answers.get(ask.name) in (None, "", False):
            yield Phrase(_("还没有填：%(ask)s。"), {"ask": Phrase(ask.label)})
    yield from unknown(form, answers)
    for name in form.questions:
        day, label = day_of(answers.get(name)), Phrase(ASKS[name].label)
        if day and name in AHEAD and day <= today:
            yield Phrase(_("%(ask)s应当在今天以后。"), {"ask": label})
        if day and name in BEHIND and day > today:
            yield Phrase(_("%(ask)s还没有到，不能写在已经发生的事里。"), {"ask": label})
    yield from (Phrase(IN_ORDER_SAID[first]) for first, then in IN_ORDER if is_out_of_order(answers.get(first), answers.get(then)))
    if "rate" in form.questions and answers.get("rate") not in (None, "") and rate_of(answers["rate"]) is None:
        yield Phrase(_("加付比例应当在百分之五十到百分之一百之间（劳动合同法第八十五条），请只写数字，例如 50。"))


def unknown(form: Form, answers: Mapping[str, Any]) -> Iterator[Phrase]:
    for name in answers:
        if name not in form.questions:
            yield Phrase(_("这份文书没有这一项：%(name)s。"), {"name": name})
    for ask in form.asks:
        value = answers.get(ask.name)
        if ask.choices and value not in (None, "") and value not in dict(ask.choices):
            yield Phrase(_("%(ask)s没有这一个选择：%(value)s。"), {"ask": Phrase(ask.label), "value": value})


def cautions(form: Form, answers: Mapping[str, Any], *, today: date) -> Iterator[Phrase]:
    """What the officer should look at again."""
    due = day_of(answers.get("order_due_on"))
    if due and "order_due_on" in form.questions and today < due and not SHORTEST <= (due - today).days <= LONGEST:
        yield Phrase(
            _("改正期限是 %(days)s 日。法律没有规定长短，通常为 %(least)s 至 %(most)s 日；确有必要的可以照此制作。"),
            {"days": (due - today).days, "least": SHORTEST, "most": LONGEST},
        )
    reported, approved = day_of(answers.get("reported_on")), day_of(answers.get("approved_on"))
    if reported and approved and (approved - reported).days > 3:
        yield Phrase(_("移送应当自接到报告之日起三日内决定（移送规定第五条），现在已经超过。"))
    if form.id == "F-14" and answers.get("debt_due_on") and day_of(answers["debt_due_on"]) == today:
        yield Phrase(_("债务今天才到期，明天起才算没有按期支付。"))


def day_of(value: Any) -> date | None:
    return value.date() if isinstance(value, datetime) else value if isinstance(value, date) else None


def is_out_of_order(first: Any, then: Any) -> bool:
    return type(first) is type(then) and isinstance(first, date) and first > then


def rate_of(typed: Any) -> Decimal | None:
    """The percentage; None if it is none that the law allows. 50, 50%, 75.5 ％."""
    try:
        rate = Decimal(str(typed).strip().rstrip("%％").strip())
    except InvalidOperation:
        return None
    return rate if rate.is_finite() and LEAST_RATE <= rate <= MOST_RATE else None


assert set(AHEAD) | set(BEHIND) <= ASKS.keys()
assert FORMS
