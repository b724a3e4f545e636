"""What the claim says to an agreement: its workers with what each is owed, its sums, and the words that fill its clauses."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db.models import OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from arrears.calendars import calendar_now
from arrears.groups.law import SPECIAL
from arrears.lifecycle import PROMISED_METHODS
from arrears.models import Authority, Claim, Claimant
from arrears.money import LARGEST, shares, to_chinese_capitals
from arrears.workdays import Calendar, NoCalendar
from mediation.drafting.dues import rolled
from mediation.drafting.lint import Case, Worker
from mediation.drafting.terms import Terms

NOTHING = Decimal(0)
MANNERS = dict(PROMISED_METHODS)


def case_of(claim: Claim, today: date, takes_effect_on: date | None = None) -> Case:
    return Case(
        today, claim.verified, claim.claimed, claim.paid, workers_of(claim, takes_effect_on or today), takes_effect_on, rests=rests_by(calendar_now()), refuses_opposed=settings.OPPOSED_INTERESTS == "refuse",
    )  # fmt: skip


def rests_by(calendar: Calendar) -> Callable[[date], date | None]:
    """Of a day of rest, the working day before it (条例第十四条); of a working day, and of a year nobody knows, nothing."""

    def rests(day: date) -> date | None:
        try:
            before = rolled(day, calendar)
        except NoCalendar:
            return None
        return before if before != day else None

    return rests


def workers_of(claim: Claim, day: date | None = None) -> list[Worker]:
    """In one query. With a day, who may sign for each: whoever holds a special authority of theirs on it."""
    given = Authority.objects.filter(Authority.holds_on(day or date.min), claimant=OuterRef("pk"), scope=SPECIAL, representative__ended_at=None, representative__claim=claim)
    rows = Claimant.objects.filter(claim=claim, same_as=None).annotate(owed=Coalesce(Sum("lines__unpaid"), NOTHING), by=Subquery(given.values("representative__claimant")[:1]))
    return [Worker(str(row.pk), row.name, row.owed, str(row.by or "")) for row in rows.order_by("id")]


def in_proportion(total: Decimal, workers: Sequence[Worker]) -> list[Decimal]:
    """`total` by what each is owed; of those of whom nothing is known, alike."""
    weights = [worker.owed for worker in workers]
    return shares(total, weights if sum(weights, NOTHING) > 0 else [Decimal(1)] * len(workers))


def words_of(claim: Claim, terms: Terms) -> dict[str, str]:
    """What fills the clauses; what is not known yet is left out, and stays a blank."""
    total = terms.total if terms.total and 0 < terms.total <= LARGEST else None
    days = [day for day, _amount in terms.plan]
    parts = "；".join(f"第{number}期于{day_word(day)}前支付{amount:,.2f}元" for number, (day, amount) in enumerate(terms.plan, 1))
    found = {
        "总额": f"{total:,.2f}元" if total else "", "大写": to_chinese_capitals(total) if total else "", "付款日": day_word(days[-1]) if days else "",
        "各期": parts, "方式": str(MANNERS.get(terms.manner, "")), "收款": terms.payee, "欠付": f"{claim.unpaid:,.2f}元",
        "此前已付": f"{claim.paid:,.2f}元", "申请人": workers_word(claim), "被申请人": claim.respondent_name, "案号": claim.number,
    }  # fmt: skip
    return {name: word for name, word in found.items() if word}


def day_word(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def workers_word(claim: Claim) -> str:
    """The first by name: what lists show of many (张三 +2) is no name for a paper."""
    first = claim.claimants.filter(same_as=None).order_by("id").values_list("name", flat=True).first() or claim.worker_name
    return f"{first}等{claim.worker_count}名劳动者" if claim.worker_count > 1 else first
