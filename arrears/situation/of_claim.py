"""The facts of a claim: what was ticked, and what its record shows already, so that nobody is asked twice."""

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal

from arrears.limitation.limits import ARBITRATION, INSPECTION
from arrears.models import Claim, Respondent, Situation
from arrears.models.claims import ClaimQuerySet
from arrears.proceedings.shows import shown_by
from arrears.situation.facts import TICKS, Facts

# What an open referral of a kind shows, from which states on; one that was concluded shows nothing by itself.
OPEN, TAKEN_UP = ("sent", "received", "queried", "returned", "accepted", "in_progress"), ("accepted", "in_progress")
REFERRED = {
    "inspection": ("inspecting", OPEN), "arbitration": ("arbitrating", TAKEN_UP),
    "payment_order": ("paying_order", OPEN), "preservation": ("preserved", OPEN),
}  # fmt: skip
Knower = Callable[[Claim, date], Iterable[str]]
KNOWERS: list[Knower] = []


def add_knower(knower: Knower) -> None:
    """What an app above knows of a claim: a function from the claim and today to facts that hold."""
    KNOWERS.append(knower)


def rows() -> ClaimQuerySet:
    """Claims with what their facts are read from, in a fixed number of queries."""
    return Claim.objects.select_related("region", "site", "handler", "situation__recorded_by").prefetch_related(
        "respondents", "evidence", "referrals", "clocks", "mediations", "proceedings__steps", "proceedings__workers",
    )  # fmt: skip


def situation_of(claim: Claim) -> Situation:
    """What was said of the claim; of one nobody was asked about yet, nothing."""
    return getattr(claim, "situation", None) or Situation(claim_id=claim.pk)  # claim= would hang it on the claim


def is_asked(claim: Claim) -> bool:
    """Has anybody been asked about the situation yet?"""
    return bool(getattr(claim, "situation", None))


def known_of(claim: Claim, today: date) -> set[str]:
    """What the record shows. Ids of TICKS among them need not be asked."""
    known = {name for knower in KNOWERS for name in knower(claim, today)}
    known.update(shown_by(claim, today))
    for referral in claim.referrals.all():
        fact, states = REFERRED.get(referral.kind, ("", ()))
        if referral.state in states:
            known.add(fact)
    if claim.site_id:
        known.add("construction")
    if claim.is_collective:
        known.add("collective")
    papers = claim.evidence.all()
    replaced = {paper.replaces_id for paper in papers}
    if any(paper.kind == "iou" and paper.pk not in replaced for paper in papers):
        known.add("iou")
    if any(mediation.is_open for mediation in claim.mediations.all()):
        known.add("mediating")
    return known | expired_of(claim, today)


def expired_of(claim: Claim, today: date) -> set[str]:
    """Limits whose day has passed while they ran."""
    late = {clock.rule_id for clock in claim.clocks.all() if clock.ended_on is None and clock.due_on < today}
    return {name for rule, name in ((ARBITRATION, "arb_expired"), (INSPECTION, "inspect_expired")) if rule in late}


def names_of(respondents: Iterable[Respondent]) -> dict[str, list[str]]:
    """Whom the claim names in each role, as written."""
    names: dict[str, list[str]] = {}
    for respondent in respondents:
        names.setdefault(respondent.role, []).append(str(respondent))
    return names


def facts_of(claim: Claim, today: date) -> Facts:
    """The one value that liability, roads, pages, API and documents read. `claim` comes from `rows()`, or is read here."""
    kept = situation_of(claim)
    said = {name for name in kept.said if name in TICKS}  # one that left the table counts no more
    return Facts.of(
        said | known_of(claim, today), names_of(claim.respondents.all()), max(claim.unpaid, Decimal(0)), kept.unsettled,
        kept.lender,
    )  # fmt: skip
