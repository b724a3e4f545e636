"""Reports and the claims in which their matters go on, held in the order in which every verb of a claim takes them: the claims
first, then the reports, each by their ids."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from arrears.history import hold
from arrears.models import Claim, Report
from arrears.sources.payload import last_claim

Held = tuple[Report, Claim | None]


def hold_with_claim(report: Report) -> Held:
    (held,) = hold_with_claims([report.pk])
    return held


def hold_with_claims(ids: Collection[UUID]) -> list[Held]:
    """All as they are now. Where a matter went into another claim meanwhile, what was taken is let go and taken anew: while a
    report is held nothing waits for a claim."""
    while ids:
        begun = transaction.savepoint()
        claims = [claim for report in Report.objects.filter(pk__in=ids).select_related("claim") if (claim := last_claim(report))]
        if claims:
            hold(*claims)
        reports = Report.objects.select_for_update(of=("self",)).select_related("region", "site", "source", "claim").filter(pk__in=ids)
        found = [(report, last_claim(report)) for report in reports.order_by("pk")]
        if {claim for _report, claim in found if claim} <= {*claims}:
            transaction.savepoint_commit(begun)
            return found
        transaction.savepoint_rollback(begun)
    return []
