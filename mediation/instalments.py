"""Instalments: does a plan add up, and what has been paid of it. Django-free.

What became of an instalment is derived from the money that has come, oldest first, and never stored: a late
payment fills the oldest gap, so that no instalment is skipped and none vanishes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from arrears.money import q, shares
from arrears.moves import State
from arrears.phrases import Phrase

Plan = Sequence[tuple[date, Decimal]]


def _(text: str) -> str:
    """Marks a text for the catalogues; whoever shows it translates it."""
    return text


STATES = {
    state.name: state
    for state in (
        State("paid", _("已付清"), "good"),
        State("part", _("已付部分"), "info"),
        State("open", _("待付"), "plain"),
        State("overdue", _("已逾期"), "bad"),
    )
}


@dataclass(frozen=True)
class Part:
    """One instalment with what has come of it."""

    number: int
    due_on: date
    amount: Decimal
    paid: Decimal
    is_overdue: bool

    @property
    def left(self) -> Decimal:
        return self.amount - self.paid

    @property
    def status(self) -> State:
        if not self.left:
            return STATES["paid"]
        if self.is_overdue:
            return STATES["overdue"]
        return STATES["part" if self.paid else "open"]


def progress(plan: Plan, paid: Decimal, today: date) -> list[Part]:
    """Spreads `paid` over the plan in its order. The due day itself is not yet overdue."""
    parts = []
    rest = max(paid, Decimal(0))
    for number, (due_on, amount) in enumerate(plan, 1):
        covered = min(rest, amount)
        rest -= covered
        parts.append(Part(number, due_on, amount, covered, covered < amount and due_on < today))
    return parts


@dataclass(frozen=True)
class Standing:
    """What became of an agreement by one day. Everything that shows a sum of it asks here.

    `came` = what was paid of it + `over`, and the agreement's total = what was paid of it + `left`, always and to the cent.
    """

    parts: list[Part]
    came: Decimal
    accelerates: bool

    @property
    def total(self) -> Decimal:
        return sum((part.amount for part in self.parts), Decimal(0))

    @property
    def paid(self) -> Decimal:
        return sum((part.paid for part in self.parts), Decimal(0))

    @property
    def left(self) -> Decimal:
        return sum((part.left for part in self.parts), Decimal(0))

    @property
    def over(self) -> Decimal:
        """What came beyond the agreement: it stays in sight."""
        return max(self.came - self.total, Decimal(0))

    @property
    def late(self) -> list[Part]:
        return [part for part in self.parts if part.is_overdue]

    @property
    def has_fallen_due(self) -> bool:
        """One instalment was missed, and the agreement says that then the rest is due."""
        return self.accelerates and bool(self.late) and len(self.late) < len([part for part in self.parts if part.left])

    @property
    def due_now(self) -> Decimal:
        return self.left if self.has_fallen_due else sum((part.left for part in self.late), Decimal(0))

    @property
    def next_part(self) -> Part | None:
        return next((part for part in self.parts if part.left), None)


def standing(plan: Plan, came: Decimal, today: date, *, accelerates: bool = False) -> Standing:
    return Standing(progress(plan, came, today), came, accelerates)


@dataclass(frozen=True)
class Own:
    """One worker's part of it."""

    key: Any
    amount: Decimal
    paid: Decimal

    @property
    def left(self) -> Decimal:
        return self.amount - self.paid


def each(amounts: Sequence[tuple[Any, Decimal]], reached: Mapping[Any, Decimal], came: Decimal) -> list[Own]:
    """What has come by worker: first what reached each alone, then what came for all, in proportion to what is left of each. Together
    they are what was paid of the agreement, to the cent."""
    total = sum((amount for _key, amount in amounts), Decimal(0))
    paid = min(max(came, Decimal(0)), total)
    alone = [max(min(reached.get(key, Decimal(0)), amount), Decimal(0)) for key, amount in amounts]
    if sum(alone, Decimal(0)) > paid:  # a payment was reversed since
        alone = shares(paid, alone)
    left = [amount - own for (_key, amount), own in zip(amounts, alone, strict=True)]
    common = paid - sum(alone, Decimal(0))
    spread = shares(common, left) if common > 0 else [Decimal(0)] * len(left)
    return [Own(key, amount, own + more) for (key, amount), own, more in zip(amounts, alone, spread, strict=True)]


@dataclass(frozen=True)
class Fault:
    code: str
    phrase: Phrase


def faults(plan: Plan, total: Decimal, effective_on: date) -> Iterable[Fault]:
    """What is wrong with a plan, in the order in which a person would put it right."""
    if not plan:
        yield Fault("no_instalment", Phrase(_("请至少填写一期付款。")))
        return
    for number, (_day, amount) in enumerate(plan, 1):
        if amount <= 0 or amount != q(amount):
            yield Fault("instalment_amount", Phrase(_("第%(number)s期的金额须大于零，最多写到分。"), {"number": number}))
    yield from _order_faults(plan, effective_on)
    sum_of_plan = sum((amount for _day, amount in plan), Decimal(0))
    if sum_of_plan != total:
        values = {"sum": f"{sum_of_plan:,.2f}", "total": f"{total:,.2f}", "gap": f"{abs(total - sum_of_plan):,.2f}"}
        yield Fault(
            "sum_differs", Phrase(_("各期合计%(sum)s元，与协议总额%(total)s元相差%(gap)s元，请核对。"), values)
        )


def _order_faults(plan: Plan, effective_on: date) -> Iterable[Fault]:
    days = [day for day, _amount in plan]
    if days[0] < effective_on:
        yield Fault("due_before_effect", Phrase(_("第1期的付款日期不能早于协议生效日期。")))
    for number, (before, day) in enumerate(zip(days, days[1:], strict=False), 2):
        if day <= before:
            values = {"number": number, "before": number - 1}
            yield Fault("not_in_order", Phrase(_("第%(number)s期的付款日期须晚于第%(before)s期。"), values))
