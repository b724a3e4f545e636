"""What is still to be paid under an agreement: the one answer for the page of the mediation, its lists, the API, the worker, and what
watches it. Counted from the claim's payments; what had come before the agreement is not of it."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import DecimalField, F, OuterRef, QuerySet, Subquery, Sum

from arrears.models import Claim, Claimant, Payment
from mediation.instalments import Own, Standing, each, standing
from mediation.models import Agreement, Instalment

NOTHING = Decimal(0)
UNPAID = ("handling", "settled")  # stages: settled until somebody notes the breach, then handled again


def agreement_in_force(claim: Claim) -> Agreement | None:
    """The newest; one that was noted as broken is in force until another one is signed."""
    newest = Agreement.objects.filter(mediation__claim=claim).order_by("-effective_on", "-id")
    return newest.select_related("mediation__mediator").prefetch_related("instalments").first()


def unpaid_parts() -> QuerySet[Instalment]:
    """Instalments of agreements that are in force of which something is missing, as `standing_of` has it, counted by the database."""
    upto = Instalment.objects.filter(agreement=OuterRef("agreement"), number__lte=OuterRef("number")).order_by().values("agreement")
    owed = Subquery(upto.annotate(sum=Sum("amount")).values("sum"), output_field=DecimalField(max_digits=14, decimal_places=2))
    came = F("agreement__mediation__claim__paid") - F("agreement__paid_before")
    return Instalment.objects.filter(agreement__mediation__claim__stage="settled").annotate(owed=owed, came=came).filter(owed__gt=F("came"))


def plan_of(agreement: Agreement) -> list[tuple[date, Decimal]]:
    return [(row.due_on, row.amount) for row in agreement.instalments.all()]


def standing_of(agreement: Agreement, claim: Claim, today: date) -> Standing:
    """`claim` as it is now, its `paid` among it."""
    return standing(plan_of(agreement), claim.paid - agreement.paid_before, today, accelerates=agreement.accelerates)


def standing_with(agreement: Agreement, claim: Claim, today: date) -> Standing:
    """The same inside a verb, before the claim's own sum is counted anew."""
    paid = Payment.objects.filter(claim=claim).aggregate(sum=Sum("amount"))["sum"] or NOTHING
    return standing(plan_of(agreement), paid - agreement.paid_before, today, accelerates=agreement.accelerates)


def by_worker(agreement: Agreement, claim: Claim) -> list[Own]:
    """One row for each worker of the agreement, keyed by the claimant. Two queries, however many workers."""
    shares = list(agreement.shares.select_related("claimant").order_by("claimant_id"))
    return each([(share.claimant, share.amount) for share in shares], reached(agreement, claim, [share.claimant for share in shares]), claim.paid - agreement.paid_before)


def reached(agreement: Agreement, claim: Claim, workers: Iterable[Claimant]) -> dict[Any, Decimal]:
    """What came for one worker alone since the agreement was signed."""
    rows = Payment.objects.filter(claim=claim, claimant__isnull=False, paid_on__gte=agreement.effective_on).order_by()
    sums: dict[UUID, Decimal] = dict(rows.values_list("claimant").annotate(sum=Sum("amount")))
    return {worker: sums[worker.pk] for worker in workers if worker.pk in sums}
