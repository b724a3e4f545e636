"""What the system writes into a draft on request: the chosen clauses, a plan by rule, each worker's share."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from arrears.models import Claim
from arrears.workdays import Calendar, NoCalendar
from grid.refused import Refused
from mediation.drafting import dues
from mediation.drafting.case import in_proportion, words_of, workers_of
from mediation.drafting.clauses import CLAUSES, DEFAULT, TERMS, written
from mediation.drafting.terms import Terms, kept, read

Said = dict[str, Any]


def by_clauses(claim: Claim, said: Said, asked: Mapping[str, Any], calendar: Calendar) -> Said:
    """What stood there before is replaced: the page says so beside the button."""
    if not said["clauses"]:
        raise Refused("no_clause", _("请先勾选要写入的条款。"))
    words = words_of(claim, terms_in(claim, said))
    return {
        **said, "terms": written(said["clauses"], TERMS, words) or said["terms"],
        "default_clause": written(said["clauses"], DEFAULT, words) or said["default_clause"],
        "accelerates": any(CLAUSES[one].accelerates for one in said["clauses"] if one in CLAUSES),
    }  # fmt: skip


def by_rule(claim: Claim, said: Said, asked: Mapping[str, Any], calendar: Calendar) -> Said:
    total, first, count = terms_in(claim, said).total, asked.get("first"), asked.get("count")
    if not total or not isinstance(first, date) or not count:
        raise Refused("no_rule", _("请先填写协议支付总额、第一次付款日和分几期（一至三十六期），再生成付款计划。"))
    weeks = asked.get("weeks") or 0
    if asked.get("every") == dues.WEEKLY and not weeks:
        raise Refused("no_rule", _("每几周付一次的，请写明几周（一至二十六）。"))
    try:
        plan = dues.plan(total, first, count, asked.get("every") or dues.MONTHLY, weeks, calendar)
    except NoCalendar as error:
        raise Refused("no_calendar", error.phrase.text(_)) from error
    return {**said, "plan": [[day.isoformat(), f"{amount:.2f}"] for day, amount in plan]}


def by_share(claim: Claim, said: Said, asked: Mapping[str, Any], calendar: Calendar) -> Said:
    """In proportion to what each is owed; consents stay as they were."""
    total, workers = terms_in(claim, said).total, workers_of(claim)
    if not total or not workers:
        raise Refused("no_total", _("请先填写协议支付总额，再按欠薪比例分到每个人。"))
    sums = in_proportion(total, workers)
    typed = said["shares"]
    return {**said, "shares": {worker.id: [f"{amount:.2f}", typed.get(worker.id, ("", ""))[1]] for worker, amount in zip(workers, sums, strict=True)}}


def terms_in(claim: Claim, said: Said) -> Terms:
    return read(kept(said, list(said["shares"])))


FILLS: dict[str, Callable[[Claim, Said, Mapping[str, Any], Calendar], Said]] = {"clauses": by_clauses, "plan": by_rule, "shares": by_share}
