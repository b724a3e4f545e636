"""The worker's own side of it: which mediations of their case they may say something about, and as whom."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from arrears.models import Claim, Claimant
from arrears.worker.tracking import Visitor, course
from mediation.marks.verbs import may_say
from mediation.models import Mark, Mediation


def worker_in(claim: Claim, worker: Claimant) -> Claimant:
    """The row by which they stand in that claim: of two that are one worker it is the one that goes on, where the matter went on."""
    return worker if worker.claim_id == claim.pk else worker.goes_on_as


def ended(claims: Sequence[Claim], worker: Claimant | None, today: date) -> list[Mediation]:
    """Those that can be marked now, or whose mark can be corrected; the newest first. Two queries. Not by a telephone that several share."""
    if worker is None:
        return []
    rows = Mediation.objects.filter(claim__in=[claim.pk for claim in claims], ended_on__isnull=False).select_related("claim").order_by("-ended_on", "-id")
    known = {row.mediation_id: row for row in Mark.objects.filter(claimant__in={worker.pk, worker.same_as_id or worker.pk}, mediation__claim__in=claims)}
    return [row for row in rows if may_say(row, known.get(row.pk), today)]


def party_of(visitor: Visitor, pk: UUID) -> tuple[Mediation, Claimant] | None:
    """The mediation of the visitor's own case, and the visitor in it; None: it is none of theirs."""
    if visitor.claim is None or visitor.claimant is None:
        return None
    claims = course(visitor.claim, visitor.claimant)
    found = Mediation.objects.select_related("claim", "mediator").filter(pk=pk, claim__in=[claim.pk for claim in claims]).first()
    return (found, worker_in(found.claim, visitor.claimant)) if found else None


def mark_of(mediation: Mediation, worker: Claimant) -> Mark | None:
    return Mark.objects.filter(mediation=mediation, claimant=worker).first()
