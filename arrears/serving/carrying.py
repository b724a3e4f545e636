"""What becomes of papers that are to be served when claims are merged or split. Called inside the transaction, the claims held.

What still waits goes on where the matter goes on, to the same receiver there; so does what was served and has begun something: the
day of a receipt, with the worker's time that is counted from it. Any other paper that was served stays in the record of the claim it
was served in. The paper it is a service of stays where it was issued, and both say so of each other.
"""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import Q

from arrears.models import Claim, Claimant, Clock, Proof, Respondent, Service
from arrears.models.serving import WAITING
from arrears.owed.carrying import the_same
from arrears.serving.table import SERVED

BEGINS = [paper.id for paper in SERVED.values() if paper.step or paper.then]
GOES_ON = Q(state=WAITING) | Q(what__in=BEGINS)


def carry(merged: Claim, target: Claim) -> None:
    """The workers, the respondents and the evidence of the merged claim stand in the target by now."""
    theirs, moved = list(target.respondents.all()), []
    rows = Service.objects.select_for_update(of=("self",)).filter(GOES_ON, claim=merged).select_related("respondent", "claimant__same_as")
    for service in rows:
        service.claim = target
        if service.respondent:
            service.respondent = same_of(service.respondent, theirs)
        if service.claimant:
            service.claimant = service.claimant.goes_on_as
        service.save(update_fields=["claim", "respondent", "claimant"])
        moved.append(service.pk)
    follow_on(moved, merged, target)


def follow_on(moved: Iterable[UUID], claim: Claim, new: Claim) -> None:
    """The time that is counted from them, and what proves them."""
    Clock.objects.filter(claim=claim, about_id__in=moved).update(claim=new)
    for proof in Proof.objects.filter(attempt__service__in=moved).select_related("evidence"):
        proof.evidence = the_same(proof.evidence_id, new) or proof.evidence
        proof.save(update_fields=["evidence"])


def same_of(respondent: Respondent, theirs: Collection[Respondent]) -> Respondent:
    """The one of the target that is the same; the merged claim's own, if nobody is."""
    names = (respondent.legal_name, respondent.aliases)
    alike = [row for row in theirs if (row.legal_name, row.aliases) == names or (row.credit_code and row.credit_code == respondent.credit_code)]
    return next((row for row in alike if row.role == respondent.role), alike[0] if alike else respondent)


def follow(claim: Claim, new: Claim, chosen: Collection[Claimant]) -> None:
    """What is served on a worker goes with the worker; on the respondents it stays with the first claim."""
    moved = list(Service.objects.filter(GOES_ON, claimant__in=chosen).values_list("pk", flat=True))
    Service.objects.filter(pk__in=moved).update(claim=new)
    follow_on(moved, claim, new)
