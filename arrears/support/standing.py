"""What of a support case stands on record: what its conditions rest on, and what becomes of it when the claim ends. Imports no
verb of the claim."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Self

from django.db.models import Sum
from django.utils.translation import gettext as _

from arrears.history import record
from arrears.lifecycle import EVIDENCE_KINDS
from arrears.models import Claim, Claimant, Respondent, Search, SearchWay, SupportCase
from arrears.support.lifecycle import ASKED, CLOCKS, DENIED, FIND_RULE, GIVEN_UP, OPEN, QUERY_RULE, SEARCHING
from arrears.support.plain import MAY_WITHDRAW, PLAIN
from arrears.support.table import PROVES, Check, Given, check
from arrears.timing import clocks


@dataclass(frozen=True)
class Mediated:
    """A mediation that has ended."""

    on: date
    result: str


# What an app above knows of mediation: a function from the claim to the last mediation that has ended.
MEDIATIONS: list[Callable[[Claim], Mediated | None]] = []


def add_mediations(find: Callable[[Claim], Mediated | None]) -> None:
    MEDIATIONS.append(find)


def mediated_of(claim: Claim) -> Mediated | None:
    return next((found for find in MEDIATIONS if (found := find(claim))), None)


def given_of(case: SupportCase) -> Given:
    """In a fixed number of queries, whoever applies."""
    claim, known = case.claim, mediated_of(case.claim)
    applying = case.applicants.aggregate(sum=Sum("amount"))["sum"]
    counted = case.applicants.count()
    defendant = defendant_of(claim)
    lines = claim.lines.count()
    return Given(
        applying=counted,
        signed=case.applicants.filter(paper__isnull=False).exclude(paper__scan="infected").count(),
        amount=applying if applying is not None else (claim.unpaid if lines else Decimal(0)),
        lines=lines,
        legal_name=defendant.legal_name if defendant else "",
        aliases=defendant.aliases if defendant else "",
        number=bool(defendant and defendant.is_identified),
        told_apart=case.told_apart,
        papers=papers_of(claim),
        reasons=tuple(case.reasons),
        why=case.why,
        mediated_on=known.on if known else case.mediated_on,
        mediated=known.result if known else case.mediated,
        mediated_known=known is not None,
        why_not_mediated=case.why_not_mediated,
    )


def defendant_of(claim: Claim) -> Respondent | None:
    """Whom the suit is against: somebody who is known by name and number goes before one who is not."""
    return min(claim.respondents.all(), key=lambda one: (not one.legal_name, not one.is_identified, str(one.pk)), default=None)


def papers_of(claim: Claim) -> tuple[str, ...]:
    """Kinds of paper in the file that prove work or debt; no quarantined file, and none a better copy has replaced."""
    kinds = set(claim.evidence.filter(kind__in=PROVES, replaced_by=None).exclude(scan="infected").values_list("kind", flat=True))
    return tuple(_(label) for kind, label in EVIDENCE_KINDS if kind in kinds)


def checks_of(case: SupportCase) -> list[Check]:
    return check(given_of(case))


def open_of(claim: Claim) -> SupportCase | None:
    return SupportCase.objects.filter(claim=claim, state__in=OPEN).first()


@dataclass(frozen=True)
class SupportStands:
    """The newest application that was handed in, in words for the worker."""

    case: SupportCase
    bodies: tuple[str, ...] = ()

    @classmethod
    def of(cls, claim: Claim, claimant: Claimant | None) -> Self | None:
        """None where there is none, or where this worker did not apply."""
        case = SupportCase.objects.filter(claim=claim, state__in=PLAIN).order_by("-opened_at", "-id").first()
        if case is None or (claimant is not None and not case.applicants.filter(claimant=claimant.goes_on_as).exists()):
            return None
        sent = case.supporters.exclude(referral=None).select_related("body") if case.state == "handed_over" else ()
        return cls(case, tuple(row.body.name for row in sent))

    @property
    def now(self) -> str:
        said = {"lacking": self.case.lacking, "note": self.case.note, "bodies": _("、").join(self.bodies) or "—"}
        return _(PLAIN[self.case.state][0]) % said

    @property
    def next(self) -> str:
        return _(PLAIN[self.case.state][1])

    @property
    def may_withdraw(self) -> bool:
        return self.case.state in MAY_WITHDRAW


def event_facts(case: SupportCase, move: str, **answers: Any) -> dict[str, Any]:
    return {"move": move, "support": str(case.pk), **answers}


def lapse(claim: Claim, now: datetime) -> None:
    """The claim has ended. Called inside the transaction that ends it."""
    for case in SupportCase.objects.filter(claim=claim, state__in=OPEN):
        SupportCase.objects.filter(pk=case.pk).update(state="lapsed", level="", due_on=None, ended_at=now)
        clocks.stop(claim, CLOCKS, now=now, was_met=False, about_id=case.pk)
        record(claim, "support", None, now=now, **event_facts(case, "lapse"))
    for search in Search.objects.filter(claim=claim, state=SEARCHING):
        Search.objects.filter(pk=search.pk).update(state=GIVEN_UP, ended_at=now, due_on=None, result=_("案件已经结束。"))
        clocks.stop(claim, [FIND_RULE], now=now, was_met=False, about_id=search.pk)
        for way in SearchWay.objects.filter(search=search, state=ASKED):
            SearchWay.objects.filter(pk=way.pk).update(state=DENIED, level="", decided_at=now)
            clocks.stop(claim, [QUERY_RULE], now=now, was_met=False, about_id=way.pk)
        record(claim, "search", None, now=now, move="lapse", search=str(search.pk))
