"""What becomes of papers that are to be served when claims are merged or split. Called inside the transaction, the claims held.

What was served stays in the record of the claim it was served in; what still waits goes on where the matter goes on, to the same
receiver there. The paper it is a service of stays where it was issued, and both say so of each other.
"""

from collections.abc import Collection

from arrears.models import Claim, Claimant, Respondent, Service
from arrears.models.serving import WAITING


def carry(merged: Claim, target: Claim) -> None:
    """The workers and the respondents of the merged claim stand in the target by now."""
    theirs = list(target.respondents.all())
    for service in Service.objects.select_for_update(of=("self",)).filter(claim=merged, state=WAITING).select_related("respondent", "claimant"):
        service.claim = target
        if service.respondent:
            service.respondent = same_of(service.respondent, theirs)
        if service.claimant:
            service.claimant = service.claimant.goes_on_as
        service.save(update_fields=["claim", "respondent", "claimant"])


def same_of(respondent: Respondent, theirs: Collection[Respondent]) -> Respondent:
    """The one of the target that is the same; the merged claim's own, if nobody is."""
    names = (respondent.legal_name, respondent.aliases)
    alike = [row for row in theirs if (row.legal_name, row.aliases) == names or (row.credit_code and row.credit_code == respondent.credit_code)]
    return next((row for row in alike if row.role == respondent.role), alike[0] if alike else respondent)


def follow(new: Claim, chosen: Collection[Claimant]) -> None:
    """What is to be served on a worker goes with the worker; on the respondents it stays with the first claim."""
    Service.objects.filter(claimant__in=chosen, state=WAITING).update(claim=new)
