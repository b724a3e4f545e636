"""Could what stands there be enforced? Every finding says what to do. Django-free; read by a lawyer.

Hard findings refuse the signing, the others are said and left to the mediator. A court confirms only what is clear
(民事诉讼法司法解释 第三百五十八条: 内容不明确), and an agreement binds only with its signatures and the seal
(劳动争议调解仲裁法 第十四条第二款; the verb asks for them).
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from arrears.phrases import Phrase
from mediation import instalments
from mediation.drafting.clauses import BLANK, CLAUSES, ONCE, PLAN
from mediation.drafting.terms import BY_AUTHORITY, Terms


def _(text: str) -> str:
    """Marks a text for the catalogues; whoever shows it translates it."""
    return text


def never(day: date) -> date | None:
    return None


LONG = timedelta(days=183)  # past it a promise is worth a second look
INTO_ACCOUNTS = ("bank", "account")  # manners that need an account
SAYS_WHERE = re.compile(r"[\d０-９]{4}|工资卡|附表")  # an account, or where it stands


@dataclass(frozen=True)
class Worker:
    id: str
    name: str
    owed: Decimal
    by: str = ""  # the worker who holds a special authority of theirs (民事诉讼法 第五十六条、第五十七条)

    @property
    def is_represented(self) -> bool:
        return bool(self.by)


@dataclass(frozen=True)
class Case:
    """What the claim says to the agreement."""

    today: date
    verified: Decimal | None
    claimed: Decimal
    paid: Decimal
    workers: Sequence[Worker]
    takes_effect_on: date | None = None  # None: not signed yet
    rests: Callable[[date], date | None] = never  # of a day of rest, the working day before it
    refuses_opposed: bool = False  # what an installation makes of one hand that signs for opposed interests

    @property
    def is_group(self) -> bool:
        return len(self.workers) > 1


@dataclass(frozen=True)
class Finding:
    code: str
    is_hard: bool
    phrase: Phrase
    at: str  # the id of the field


def hard(code: str, at: str, sentence: str, **values: object) -> Finding:
    return Finding(code, True, Phrase(sentence, values), at)


def soft(code: str, at: str, sentence: str, **values: object) -> Finding:
    return Finding(code, False, Phrase(sentence, values), at)


def yuan(amount: Decimal) -> str:
    return f"{amount:,.2f}"


def lint(terms: Terms, case: Case) -> list[Finding]:
    """Hard ones first, in the order of the page."""
    found = [*amounts(terms, case), *plan(terms, case), *manner(terms), *wording(terms), *shares(terms, case), *signer(terms)]
    return sorted(found, key=lambda finding: not finding.is_hard)


def amounts(terms: Terms, case: Case) -> Iterator[Finding]:
    if terms.total is None:
        if terms.is_total_typed:
            yield hard("total_unreadable", "total", _("看不懂协议支付总额，请只写数字，例如 8000 或 8000.50。"))
        else:
            yield hard("total_missing", "total", _("请写明协议支付总额；没有确定的数额，法院不能确认，也不能执行。"))
        return
    if terms.total <= 0:
        yield hard("nothing_to_pay", "total", _("协议支付总额须大于零。"))
        return
    known = case.claimed if case.verified is None else case.verified
    gap = known - case.paid - terms.total
    if gap > 0 and not terms.less_reason:
        values = {"known": yuan(known), "paid": yuan(case.paid), "gap": yuan(gap)}
        if case.verified is None:
            yield soft("less_than_claimed", "less_reason", _("比主张的%(known)s元（已付%(paid)s元）少%(gap)s元，请写明为什么，并确认劳动者明白放弃了什么。"), **values)
        else:
            yield hard("less_than_verified", "less_reason", _("比核定的%(known)s元（已付%(paid)s元）少%(gap)s元：请在“少于核定数额的理由”里写明为什么，或者改正总额。"), **values)
    if gap < 0:
        yield soft("more_than_owed", "total", _("比尚欠的数额多%(gap)s元，请核对总额；多出的是违约金或者补偿的，请在协议内容里写明。"), gap=yuan(-gap))


def plan(terms: Terms, case: Case) -> Iterator[Finding]:
    for number, part in enumerate(terms.parts, 1):
        if part.due_on is None:
            yield hard("due_missing", "plan", _("第%(number)s期没有写明付款日期，或者日期看不懂，请写成年-月-日。"), number=number)
        if part.amount is None:
            yield hard("amount_missing", "plan", _("第%(number)s期没有写明金额，或者金额看不懂，请只写数字。"), number=number)
    if any(part.due_on is None or part.amount is None for part in terms.parts):
        return
    for fault in instalments.faults(terms.plan, terms.total or Decimal(0), case.takes_effect_on or case.today):
        if fault.code != "sum_differs" or terms.total is not None:
            yield Finding(fault.code, True, fault.phrase, "plan")
    for number, (day, _amount) in enumerate(terms.plan, 1):
        if before := case.rests(day):
            yield soft("due_on_rest_day", "plan", _("第%(number)s期（%(day)s）是节假日或者休息日，付款日应当提前到%(before)s（保障农民工工资支付条例第十四条）。"), number=number, day=day, before=before)
    if terms.plan and terms.plan[-1][0] > case.today + LONG:
        yield soft("long_plan", "plan", _("最后一期在半年以后。请确认对方有能力拖这么久还付，必要时请担保人签字。"))


def manner(terms: Terms) -> Iterator[Finding]:
    if not terms.manner:
        yield hard("manner_missing", "manner", _("请选择支付方式。"))
    elif terms.manner in INTO_ACCOUNTS and not terms.payee:
        yield hard("payee_missing", "payee", _("付到账户的，请写明收款账户（户名、银行、账号），或者写明“劳动者本人工资卡，账号见附表”。"))
    elif terms.manner in INTO_ACCOUNTS and not SAYS_WHERE.search(terms.payee):
        yield soft("payee_vague", "payee", _("收款账户里没有账号，也没有写明“本人工资卡”或者“见附表”，执行时可能说不清付到哪里，请补上。"))
    elif not terms.payee:
        yield soft("payee_missing", "payee", _("请写明在哪里、凭什么领取。"))


def wording(terms: Terms) -> Iterator[Finding]:
    if not terms.terms.strip():
        yield hard("terms_missing", "terms", _("请写明协议内容；可以勾选条款后按“按条款写入”。"))
    if BLANK in terms.terms + terms.default_clause:
        yield hard("blank_left", "terms", _("协议里还有没有填的空（%(blank)s），请填好或者删去这一条。"), blank=BLANK)
    if not terms.default_clause.strip():
        yield soft("no_default_clause", "default_clause", _("没有写违约责任。建议写明逾期以后可以怎样，否则只能就到期的部分申请执行或者起诉。"))
    if len(terms.plan) > 1 and not terms.accelerates:
        yield soft("no_acceleration", "default_clause", _("分期付款而没有约定“一期逾期，余款全部到期”：对方停付以后，只能一期一期地追。"))
    fits = PLAN if len(terms.plan) > 1 else ONCE
    for clause in (CLAUSES[one] for one in terms.clauses if one in CLAUSES):
        if terms.plan and clause.fits not in ("", fits):
            yield soft("clause_does_not_fit", "clauses", _("“%(clause)s”和付款计划不合，请换一条。"), clause=Phrase(clause.name))


def shares(terms: Terms, case: Case) -> Iterator[Finding]:
    if not case.is_group:
        return
    missing = [worker.name for worker in case.workers if (share := terms.shares.get(worker.id)) is None or share.amount is None]
    if missing:
        yield hard("share_missing", "shares", _("请填写每名劳动者的数额，还缺：%(names)s。不参加本协议的劳动者，请先分案。"), names=some(missing))
    else:
        yield from sums(terms.shares, case, terms.total)
    unasked = [worker.name for worker in case.workers if (share := terms.shares.get(worker.id)) is None or not share.consent]
    if unasked:
        yield hard("consent_missing", "shares", _("还没有登记同意的劳动者：%(names)s。请逐人登记怎样同意（本人签名或者特别授权）。"), names=some(unasked))
    without = [worker.name for worker in case.workers if (share := terms.shares.get(worker.id)) and share.consent == BY_AUTHORITY and not worker.is_represented]
    if without:
        yield hard("no_authority", "shares", _("没有登记有效的特别授权（没有授权、只有一般授权或者已经过期），代表人不能代为和解：%(names)s。请先在案件的“代表人”里登记授权书，或者请本人签名。"), names=some(without))
    yield from opposed(terms, case)


def opposed(terms: Terms, case: Case) -> Iterator[Finding]:
    """One hand signs for several who do not get alike of what each is owed: then what one gets the other lacks. 民法典 第一百六十八条
    第二款 (nobody acts for both sides of a bargain without their leave) is read so by many; not verified, so an installation says
    whether it is refused (OPPOSED_INTERESTS)."""
    hands: dict[str, list[Worker]] = {}
    for worker in case.workers:
        share = terms.shares.get(worker.id)
        if share and share.amount is not None and worker.owed > 0:
            signed_by = worker.by if share.consent == BY_AUTHORITY else worker.id
            hands.setdefault(signed_by, []).append(worker)
    for hand, workers in hands.items():
        if len(workers) > 1 and hand and not are_alike([(terms.shares[worker.id].amount, worker.owed) for worker in workers]):
            sentence = _("一人代签，各人拿到的比例却不一样：%(names)s。利益不一致的，请各人本人签名确认（民法典第一百六十八条，未核实）。")
            yield Finding("opposed_interests", case.refuses_opposed, Phrase(sentence, {"names": some([worker.name for worker in workers])}), "shares")


def are_alike(got: Sequence[tuple[Decimal, Decimal]]) -> bool:
    """Does each get the same part of what is owed to them, to the cent?"""
    together, owed = sum((amount for amount, _owed in got), Decimal(0)), sum((own for _amount, own in got), Decimal(0))
    return all(abs(amount - own * together / owed) < Decimal("0.02") for amount, own in got)


def sums(found: Mapping[str, object], case: Case, total: Decimal | None) -> Iterator[Finding]:
    together = sum((found[worker.id].amount for worker in case.workers), Decimal(0))
    if total is not None and together != total:
        yield hard(
            "shares_differ", "shares", _("每人数额合计%(sum)s元，与协议总额%(total)s元相差%(gap)s元，请核对到分。"),
            sum=yuan(together), total=yuan(total), gap=yuan(abs(total - together)),
        )  # fmt: skip
    more = [worker.name for worker in case.workers if worker.owed and found[worker.id].amount > worker.owed]
    if more:
        yield soft("share_above_owed", "shares", _("约定的数额多于本人被欠的数额：%(names)s，请核对。"), names=some(more))
    nothing = [worker.name for worker in case.workers if found[worker.id].amount == 0]
    if nothing:
        yield soft("share_of_nothing", "shares", _("约定数额为零：%(names)s，请确认本人明白。"), names=some(nothing))


def signer(terms: Terms) -> Iterator[Finding]:
    if not terms.signer:
        yield hard("signer_missing", "signer", _("请写明被申请方由谁签名。"))
    if not terms.signer_post:
        yield hard("signer_without_authority", "signer_post", _("请选择被申请方签名人的身份；受托人须有授权委托书，没有的请法定代表人签名。"))


def some(names: Sequence[str]) -> list[str]:
    """The first of them, and that there are more."""
    return [*names[:5], *([f"…（{len(names)}）"] if len(names) > 5 else [])]
