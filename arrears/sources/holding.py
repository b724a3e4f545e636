"""A report and the claim in which its matter goes on, held in the order in which every verb of a claim takes them."""

from django.db import transaction

from arrears.history import hold
from arrears.models import Claim, Report
from arrears.sources.payload import last_claim


def hold_with_claim(report: Report) -> tuple[Report, Claim | None]:
    """Both as they are now, the claim taken first. Where the matter went into another claim meanwhile, what was taken is let go
    and the other claim taken: while the report is held nothing waits for a claim."""
    while True:
        begun = transaction.savepoint()
        claim = last_claim(Report.objects.select_related("claim").get(pk=report.pk))
        claim = claim and hold(claim)
        held = Report.objects.select_for_update(of=("self",)).select_related("region", "site", "source", "claim").get(pk=report.pk)
        if last_claim(held) == claim:
            transaction.savepoint_commit(begun)
            return held, claim
        transaction.savepoint_rollback(begun)
