"""Writing down, in the transaction of the event, what a source is to be told. Called by the two places that write events:
reports.record and arrears.history; nothing that changes a state can forget it."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import Q

from arrears.models import Claim, Event, Report, ReportEvent, Returned
from arrears.models.sources import NONE, WEBHOOK
from arrears.sources.states import OF_CLAIM, OF_REPORT, told_of


def of_report(report: Report, event: ReportEvent) -> None:
    state = OF_REPORT.get(event.kind)
    if report.source_id and state:
        write([report], state, event.pk, event.at, event.facts, claim_id=report.claim_id)


def of_claim(claim: Claim, event: Event) -> None:
    """Every report that led to the claim, or to one that went into it."""
    state = OF_CLAIM.get(event.kind) or OF_CLAIM.get(f"{event.kind}.{event.facts.get('move')}")
    if state:
        reports = Report.objects.filter(claim__in=with_merged(claim.pk), source__isnull=False).select_related("source")
        write(list(reports), state, event.pk, event.at, event.facts, claim_id=claim.pk)


def with_merged(claim: UUID) -> Collection[UUID]:
    """The claim and all that went into it, and into those."""
    found, newly = {claim}, [claim]
    while newly := list(Claim.objects.filter(Q(merged_into__in=newly)).exclude(pk__in=found).values_list("pk", flat=True)):
        found.update(newly)
    return found


def write(reports: Collection[Report], state: str, cause: UUID, at: Any, facts: dict[str, Any], *, claim_id: UUID | None) -> None:
    """Nothing for a source that is told nothing. One that is switched off is told what happens to what it sent."""
    Returned.objects.bulk_create(
        Returned(
            source=report.source, report=report, claim_id=claim_id, cause=cause, state=state, at=at, facts=told_of(state, facts),
            way=report.source.return_way, next_try_at=at if report.source.return_way == WEBHOOK else None,
        )  # fmt: skip
        for report in reports
        if report.source.return_way != NONE
    )
