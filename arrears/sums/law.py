"""算一算: what the law has reckoned for a claim of wages. Each sum says by which articles. Django-free.

Money in yuan, to the cent. Figures that somebody publishes (arrears.sums.kinds) are arguments; a sum whose figure is
missing is not reckoned. Articles of the Civil Procedure Law by its numbering of 2023.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from arrears.money import q
from arrears.sums.kinds import BANDS, Band


def _(text: str) -> str:
    """Marks a text for the catalogues; whoever shows it translates it."""
    return text


# ── 终局裁决  劳动争议调解仲裁法 第四十七条第一项；解释（一）第十九条、第二十条

FINAL_MONTHS = 12
FINAL_ITEMS = {
    "wages": _("劳动报酬"),
    "overtime": _("加班工资"),
    "injury": _("工伤医疗费"),
    "severance": _("经济补偿"),
    "damages": _("赔偿金"),
}
FINAL, MIXED, OPEN = "final", "mixed", "open"


@dataclass(frozen=True)
class FinalAward:
    """`within`: which items stay within the ceiling. FINAL binds the employer at once; the worker may still sue (art. 48)."""

    ceiling: Decimal
    within: Mapping[str, bool]

    @property
    def verdict(self) -> str:
        return FINAL if all(self.within.values()) else MIXED if any(self.within.values()) else OPEN


def final_award(items: Mapping[str, Decimal], minimum_wage: Decimal) -> FinalAward:
    """Each item by itself against twelve months of the local minimum wage; an item of exactly that is within it."""
    ceiling = q(minimum_wage * FINAL_MONTHS)
    return FinalAward(ceiling, {item: amount <= ceiling for item, amount in items.items()})


# ── 简易处理  劳动人事争议仲裁办案规则 第五十六条


def simple_arbitration(amount: Decimal, average_wage: Decimal) -> bool:
    return amount <= average_wage


# ── 小额诉讼  民事诉讼法 第一百六十五条、第一百六十六条

MUST, AGREE, NEITHER, BARRED = "must", "agree", "neither", "barred"
BARS = {
    "debtor_missing": _("一方当事人下落不明"),
    "appraisal": _("需要评估、鉴定"),
    "counter_claim": _("对方提出反诉"),
}


def small_claim(amount: Decimal, must: Decimal, agree: Decimal, bars: Iterable[str] = ()) -> str:
    """MUST be heard once and finally, by AGREEment of both, NEITHER because of the amount, BARRED for what it is."""
    if any(bars):
        return BARRED
    return MUST if amount <= must else AGREE if amount <= agree else NEITHER


# ── 诉讼费  诉讼费用交纳办法 第十三条第四项、第十四条第三项、第十五条、第十六条

HALVED = {"mediated": _("调解结案"), "withdrawn": _("撤诉"), "simplified": _("适用简易程序")}


def labour_fee(fee: Decimal, ended: str = "") -> Decimal:
    return q(fee / 2) if ended in HALVED else q(fee)


def property_fee(amount: Decimal, bands: tuple[Band, ...] = BANDS) -> Decimal:
    band = next(band for band in reversed(bands) if amount > band.over or band is bands[0])
    return q(band.base + (amount - band.over) * band.rate)


def payment_order_fee(amount: Decimal) -> Decimal:
    """A third of the fee of a property case."""
    return q(property_fee(amount) / 3)


# ── 建设单位先行垫付  保障农民工工资支付条例 第二十九条第二款


def advance_cap(owed: Decimal, unsettled: Decimal) -> Decimal:
    """The owner advances what is owed, at most the project payment that is not settled."""
    return q(max(min(owed, unsettled), Decimal(0)))


# ── 加付赔偿金  劳动保障监察条例 第二十六条；劳动合同法 第八十五条

NO_ORDER, NOT_YET, PAID = "no_order", "not_yet", "paid"


@dataclass(frozen=True)
class Extra:
    """`locked`: why it cannot be ordered, else "". Amounts are the least and the most."""

    locked: str
    least: Decimal = Decimal(0)
    most: Decimal = Decimal(0)


def extra_compensation(unpaid: Decimal, *, pay_by: date | None, today: date) -> Extra:
    """50–100 % of what is owed. Only after the labour department has ordered payment, and the day it set (`pay_by`) has passed."""
    if pay_by is None:
        return Extra(NO_ORDER)
    if today <= pay_by:
        return Extra(NOT_YET)
    if unpaid <= 0:
        return Extra(PAID)
    return Extra("", q(unpaid / 2), q(unpaid))


# ── 迟延履行期间的加倍利息  民事诉讼法 第二百六十四条


def delay_interest(principal: Decimal, *, perform_by: date, until: date, daily: Decimal) -> tuple[int, Decimal]:
    """Days after the last day of performance, and the added part of the interest for them."""
    days = max((until - perform_by).days, 0)
    return days, q(principal * daily * days)


# ── 拒不支付劳动报酬  刑法 第二百七十六条之一；法释〔2013〕3号 第三条

CRIME_MONTHS, CRIME_HEADS = 3, 10
ONE, MANY, BELOW = "one", "many", "below"


@dataclass(frozen=True)
class Worker:
    """What one worker is owed, and for how many months."""

    owed: Decimal
    months: int


def crime_threshold(workers: Iterable[Worker], *, one: Decimal, many: Decimal) -> str:
    """ONE worker reaches it (three months or more and the amount), MANY do together (ten or more and the total), or it stays BELOW.
    Whether it is a crime asks for more: evading or refusing though able, and still unpaid after a government order."""
    workers = list(workers)
    if any(worker.months >= CRIME_MONTHS and worker.owed >= one for worker in workers):
        return ONE
    return MANY if len(workers) >= CRIME_HEADS and sum((worker.owed for worker in workers), Decimal(0)) >= many else BELOW
