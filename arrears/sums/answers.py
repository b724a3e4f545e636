"""What the sums come to, in sentences: verdict, amounts, the figures used and why an answer is provisional. Django-free."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from arrears.phrases import Phrase
from arrears.sums import law
from arrears.sums.kinds import SUMS, UNVERIFIED, Figure, Sum
from arrears.sums.law import Worker


def _(text: str) -> str:
    """Marks a text for the catalogues; whoever shows it translates it."""
    return text


@dataclass(frozen=True)
class Asked:
    """What is known. `workers`: what each is owed in wages. `items`: what one worker claims besides (law.FINAL_ITEMS).
    `pay_by`: the day an order of the labour department set. `perform_by`: the last day of performance of a judgment,
    award or other title; `until`: the day of payment, or today. `bars`: of law.BARS; `ended`: of law.HALVED. `unsettled`: what the owner
    has not paid of the project."""

    workers: tuple[Worker, ...]
    today: date
    items: Mapping[str, Decimal] = field(default_factory=dict)
    pay_by: date | None = None
    perform_by: date | None = None
    until: date | None = None
    bars: tuple[str, ...] = ()
    ended: str = ""
    unsettled: Decimal | None = None

    @property
    def wages(self) -> Decimal:
        return sum((worker.owed for worker in self.workers), Decimal(0))

    @property
    def claimed(self) -> list[dict[str, Decimal]]:
        """Each worker's items."""
        return [{"wages": worker.owed, **self.items} for worker in self.workers]


@dataclass(frozen=True)
class Line:
    label: Phrase
    amount: Decimal


@dataclass(frozen=True)
class Answer:
    """`verdict` None: not reckoned, because figures are `missing`. `tone`: good, warn, info or muted."""

    sum: Sum
    verdict: Phrase | None = None
    tone: str = "muted"
    lines: tuple[Line, ...] = ()
    used: tuple[Figure, ...] = ()
    missing: tuple[str, ...] = ()
    today: date | None = None

    @property
    def doubts(self) -> tuple[str, ...]:
        """Why the answer is provisional, each reason once."""
        found = [] if self.sum.verified else [UNVERIFIED]
        found += [doubt for figure in self.used for doubt in figure.doubts(self.today)]
        return tuple(dict.fromkeys(found))


@dataclass(frozen=True)
class Said:
    verdict: Phrase
    tone: str
    lines: tuple[Line, ...] = ()


Reckoner = Callable[..., Said]


def reckon(asked: Asked, figure: Callable[[str], Figure | None]) -> list[Answer]:
    """Every sum. `figure` gives what is in force at the place of the claim, today."""
    return [answer_of(row, asked, figure) for row in SUMS.values()]


def answer_of(row: Sum, asked: Asked, figure: Callable[[str], Figure | None]) -> Answer:
    found = {name: figure(name) for name in row.figures}
    used = tuple(one for one in found.values() if one)
    missing = tuple(name for name, one in found.items() if one is None)
    if missing:
        return Answer(row, used=used, missing=missing, today=asked.today)
    said = RECKONERS[row.id](asked, *(one.amount for one in used))
    return Answer(row, said.verdict, said.tone, said.lines, used, today=asked.today)


WITHIN, ABOVE = _("%(item)s：在限额以内"), _("%(item)s：超过限额")


def final(asked: Asked, minimum: Decimal) -> Said:
    awards = [law.final_award(items, minimum) for items in asked.claimed]
    ceiling = Line(Phrase(_("限额（十二个月最低工资）")), law.final_award({}, minimum).ceiling)
    counts = Counter(award.verdict for award in awards)
    if len(awards) != 1:
        words = Phrase(_("%(of)s 人中，%(n)s 人的各项都在限额以内，裁决对用人单位终局。"), {"of": len(awards), "n": counts[law.FINAL]})
        return Said(words, "good" if counts[law.FINAL] == len(awards) else "info", (ceiling,))
    items = tuple(
        Line(Phrase(WITHIN if within else ABOVE, {"item": Phrase(law.FINAL_ITEMS[item])}), asked.claimed[0][item])
        for item, within in awards[0].within.items()
    )  # fmt: skip
    above = [Phrase(law.FINAL_ITEMS[item]) for item, within in awards[0].within.items() if not within]
    if not above:
        return Said(Phrase(_("各项都在限额以内：裁决对用人单位终局。")), "good", (ceiling, *items))
    words, tone = {
        law.MIXED: (_("%(above)s超过限额：分项裁决的，其余各项终局；没有分开的，整份裁决不是终局。"), "warn"),
        law.OPEN: (_("%(above)s超过限额：裁决不是终局，双方都可以起诉。"), "info"),
    }[awards[0].verdict]
    return Said(Phrase(words, {"above": listed(above)}), tone, (ceiling, *items))


def listed(phrases: list[Phrase]) -> Phrase:
    """A list of phrases as one, joined in the reader's language."""
    joined = phrases[0]
    for phrase in phrases[1:]:
        joined = Phrase(_("%(first)s、%(second)s"), {"first": joined, "second": phrase})
    return joined


def simple(asked: Asked, average: Decimal) -> Said:
    counts = Counter(law.simple_arbitration(sum(items.values()), average) for items in asked.claimed)
    if len(asked.workers) != 1:
        return Said(Phrase(_("%(of)s 人中，%(n)s 人的标的额在限额以内，可以简易处理。"), {"of": len(asked.workers), "n": counts[True]}), "info")
    if counts[True]:
        return Said(Phrase(_("在限额以内：可以简易处理，更快。")), "good")
    return Said(Phrase(_("超过限额：事实清楚或者双方同意的，仍然可以简易处理。")), "info")


def small(asked: Asked, must: Decimal, agree: Decimal) -> Said:
    lines = Line(Phrase(_("应当适用的上限")), must), Line(Phrase(_("双方可以约定适用的上限")), agree)
    found = Counter(law.small_claim(sum(items.values()), must, agree, asked.bars) for items in asked.claimed)
    if found[law.BARRED]:
        why = listed([Phrase(law.BARS[bar]) for bar in asked.bars])
        return Said(Phrase(_("不能适用：%(why)s。"), {"why": why}), "warn", lines)
    if len(asked.workers) != 1:
        words = Phrase(
            _("分别起诉的，%(of)s 人中 %(must)s 人应当适用，%(agree)s 人可以约定适用；一方人数众多的共同诉讼不适用简易程序。"),
            {"of": len(asked.workers), "must": found[law.MUST], "agree": found[law.AGREE]},
        )  # fmt: skip
        return Said(words, "info", lines)
    words, tone = {
        law.MUST: (_("应当适用小额诉讼，一审终审。"), "good"),
        law.AGREE: (_("双方约定的，可以适用小额诉讼。"), "info"),
        law.NEITHER: (_("超过上限：按简易程序或者普通程序审理。"), "info"),
    }[next(iter(found))]
    return Said(Phrase(words), tone, lines)


def fee(asked: Asked, per_case: Decimal) -> Said:
    amount = law.labour_fee(per_case, asked.ended)
    if asked.ended:
        return Said(Phrase(_("减半交：%(why)s。"), {"why": Phrase(law.HALVED[asked.ended])}), "good", (Line(Phrase(_("每件")), amount),))
    return Said(Phrase(_("按件交，不看数额；调解、撤诉或者适用简易程序的减半。")), "good", (Line(Phrase(_("每件")), amount),))


def payord(asked: Asked) -> Said:
    return Said(Phrase(_("按所欠工资 %(wages)s 元计算。"), {"wages": f"{asked.wages:,.2f}"}), "info", (
        Line(Phrase(_("支付令")), law.payment_order_fee(asked.wages)), Line(Phrase(_("财产案件受理费（对照）")), law.property_fee(asked.wages)),
    ))  # fmt: skip


def advance(asked: Asked) -> Said:
    if asked.unsettled is None:
        return Said(Phrase(_("填上建设单位没有结清的工程款，就能计算。")), "muted")
    most = law.advance_cap(asked.wages, asked.unsettled)
    if not most:
        return Said(Phrase(_("没有可以垫付的：工程款已经结清，或者没有欠薪。")), "muted")
    words = _("全部欠薪都在未结清的工程款以内。") if most >= asked.wages else _("只能垫付未结清的工程款那一部分，其余仍由用人单位支付。")
    return Said(Phrase(words), "good" if most >= asked.wages else "warn", (
        Line(Phrase(_("未结清的工程款")), asked.unsettled), Line(Phrase(_("最多先行垫付")), most),
    ))  # fmt: skip


def extra(asked: Asked) -> Said:
    found = law.extra_compensation(asked.wages, pay_by=asked.pay_by, today=asked.today)
    if found.locked:
        return Said(Phrase({
            law.NO_ORDER: _("还不能：人社部门还没有责令限期支付。"),
            law.NOT_YET: _("还不能：责令的期限还没有过。"),
            law.PAID: _("没有欠付的数额。"),
        }[found.locked]), "muted")  # fmt: skip
    return Said(Phrase(_("责令的期限已过仍未支付，可以责令加付。")), "warn", (
        Line(Phrase(_("最低（50%）")), found.least), Line(Phrase(_("最高（100%）")), found.most),
    ))  # fmt: skip


def delay(asked: Asked, daily: Decimal) -> Said:
    if asked.perform_by is None:
        return Said(Phrase(_("填上生效文书确定的履行期限，就能计算。")), "muted")
    until = asked.until or asked.today
    days, amount = law.delay_interest(asked.wages, perform_by=asked.perform_by, until=until, daily=daily)
    words = Phrase(_("从履行期限届满的次日算到 %(until)s，共 %(days)s 日。"), {"until": until.isoformat(), "days": days})
    return Said(words, "warn" if days else "muted", (Line(Phrase(_("加倍部分的利息")), amount),))


def crime(asked: Asked, one: Decimal, many: Decimal) -> Said:
    lines = Line(Phrase(_("一人三个月以上")), one), Line(Phrase(_("十人以上合计")), many)
    words, tone = {
        law.ONE: (_("有劳动者被拖欠三个月以上而且达到数额。"), "warn"),
        law.MANY: (_("十人以上，合计达到数额。"), "warn"),
        law.BELOW: (_("没有达到数额。"), "muted"),
    }[law.crime_threshold(asked.workers, one=one, many=many)]
    return Said(Phrase(words), tone, lines)


RECKONERS: Mapping[str, Reckoner] = {
    "final": final, "simple": simple, "small": small, "fee": fee, "payord": payord, "advance": advance, "extra": extra, "delay": delay, "crime": crime,
}  # fmt: skip
