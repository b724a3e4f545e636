"""What the page of a draft shows. Templates neither query nor decide."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.translation import gettext, gettext_lazy

from grid.models import Person
from mediation.drafting.case import case_of, words_of
from mediation.drafting.clauses import DEFAULT, TERMS, usual_for, written
from mediation.drafting.lint import Case, Finding, lint
from mediation.drafting.terms import CONSENTS, Terms, read
from mediation.drafting.verbs import draft_of, may_draft
from mediation.forms.draft import DraftForm, PlanLine, ShareLine, initial_of, plan_lines, share_lines
from mediation.lifecycle import MEDIATION
from mediation.models import AgreementDraft, Mediation
from mediation.permits import may_mediate

LABELS = {
    "total": gettext_lazy("协议支付总额（元）"), "manner": gettext_lazy("支付方式"), "payee": gettext_lazy("收款账户或者领取方式"), "terms": gettext_lazy("协议内容"),
    "default_clause": gettext_lazy("违约责任"), "less_reason": gettext_lazy("少于核定数额的理由"), "signer": gettext_lazy("被申请方由谁签名"),
    "signer_post": gettext_lazy("签名人的身份"), "plan": gettext_lazy("付款计划"), "shares": gettext_lazy("每名劳动者的数额"), "accelerates": gettext_lazy("约定了一期逾期、余款全部到期"),
}  # fmt: skip


@dataclass(frozen=True)
class Difference:
    label: str
    theirs: str


class DraftPage:
    def __init__(self, mediation: Mediation, person: Person, today: date) -> None:
        self.mediation, self.person, self.today = mediation, person, today
        self._typed: dict[str, Any] | None = None
        self._asked: Mapping[str, Any] = {}

    def typed(self, said: dict[str, Any], asked: Mapping[str, Any]) -> "DraftPage":
        """Shows what was typed instead of what is kept."""
        self._typed, self._asked = said, asked
        return self

    @cached_property
    def draft(self) -> AgreementDraft | None:
        return draft_of(self.mediation)

    @property
    def is_fresh(self) -> bool:
        """Nobody has written anything yet: what is empty is to be filled in, and is nobody's mistake."""
        return self.draft is None and self._typed is None

    @cached_property
    def case(self) -> Case:
        return case_of(self.mediation.claim, self.today)

    @cached_property
    def may(self) -> bool:
        return bool(may_draft(self.mediation, self.person, self.today))

    @property
    def why_not(self) -> str:
        denied = may_draft(self.mediation, self.person, self.today)
        return "" if denied is True else denied.message

    @cached_property
    def told(self) -> dict[str, Any]:
        if self._typed is not None:
            return {**self._typed, "plan": [line for line in self._typed["plan"] if any(line)]}
        return self.draft.told if self.draft else self.first

    @property
    def first(self) -> dict[str, Any]:
        """A fresh draft: all that is unpaid, in one sum, with the usual clauses."""
        claim, unpaid = self.mediation.claim, self.mediation.claim.unpaid
        clauses = usual_for(1) + (["each"] if self.case.is_group else [])
        told: dict[str, Any] = {"total": f"{unpaid:.2f}" if unpaid else "", "manner": "bank", "clauses": clauses, "plan": [], "shares": {}}
        words = words_of(claim, read(told))
        return {**told, "terms": written(clauses, TERMS, words), "default_clause": written(clauses, DEFAULT, words)}

    @cached_property
    def terms(self) -> Terms:
        return read(self.told)

    @cached_property
    def form(self) -> DraftForm:
        asked = {name: self._asked[name] for name in ("every", "weeks", "first", "count") if self._asked.get(name)}
        return DraftForm(initial={**initial_of(self.told, self.draft.version if self.draft else 0), **asked})

    @property
    def plan_lines(self) -> list[PlanLine]:
        return plan_lines(self.told)

    @property
    def share_lines(self) -> list[ShareLine]:
        return share_lines(self.told, self.case.workers) if self.case.is_group else []

    @property
    def consents(self) -> list[tuple[str, str]]:
        return [("", gettext("还没有登记")), *((value, gettext(label)) for value, label in CONSENTS)]

    @property
    def shares_sum(self) -> Decimal:
        return sum((share.amount for share in self.terms.shares.values() if share.amount is not None), Decimal(0))

    @property
    def plan_sum(self) -> Decimal:
        return sum((part.amount for part in self.terms.parts if part.amount is not None), Decimal(0))

    @cached_property
    def findings(self) -> list[tuple[Finding, str]]:
        return [(finding, finding.phrase.text(gettext)) for finding in lint(self.terms, self.case)]

    @property
    def hard(self) -> int:
        return sum(finding.is_hard for finding, _sentence in self.findings)

    @property
    def may_sign(self) -> bool:
        return self.draft is not None and bool(may_mediate(MEDIATION.find("agree"), self.mediation, self.person, self.today))

    @property
    def differences(self) -> list[Difference]:
        """Where what is kept differs from what was typed here, in the other's words."""
        if self._typed is None or self.draft is None:
            return []
        mine, kept = self.told, self.draft.told
        return [Difference(str(label), words(kept.get(name))) for name, label in LABELS.items() if said(kept.get(name)) != said(mine.get(name))]


def said(value: Any) -> Any:
    """Comparable: lines that say nothing are nothing."""
    if isinstance(value, list):
        return [tuple(line) for line in value if any(line)]
    if isinstance(value, dict):
        return {name: tuple(line) for name, line in value.items() if any(line)}
    return value or ""


def words(value: Any) -> str:
    if isinstance(value, list):
        return "；".join(" ".join(line) for line in value if any(line)) or "—"
    if isinstance(value, dict):
        return gettext("%(count)s 人") % {"count": len(value)}
    if isinstance(value, bool):
        return gettext("是") if value else gettext("否")
    return str(value or "—")
