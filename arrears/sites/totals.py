"""The money of many claims, exactly: sums the database makes of decimals, never of what a page shows."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Self

from django.db.models import Count, DecimalField, F, Max, Q, Sum, Value
from django.db.models.functions import Coalesce, Greatest

from arrears.models.claims import OPEN_CLAIM, ClaimQuerySet, overdue, past_target

# Claims whose amounts stand in another claim, or are owed by nobody as far as this office knows.
NOT_COUNTED = ("merged", "rejected", "transferred", "withdrawn")
NOTHING = Value(Decimal(0), DecimalField(max_digits=14, decimal_places=2))
# Claim.owed and Claim.unpaid, in SQL.
UNPAID = Greatest(Coalesce(F("agreed"), F("verified"), F("claimed")) - F("paid"), NOTHING)


@dataclass(frozen=True)
class Totals:
    """`claims` is all of them; the money leaves out what is NOT_COUNTED; `unpaid` is of open claims only: what a closed
    claim left unpaid was given up or goes another way."""

    claims: int
    open: int
    overdue: int
    past_target: int
    workers: int  # of open claims
    claimed: Decimal
    agreed: Decimal
    paid: Decimal
    unpaid: Decimal
    last_on: date | None

    @classmethod
    def of(cls, claims: ClaimQuerySet, today: date) -> Self:
        counted = ~Q(stage__in=NOT_COUNTED)
        found = claims.order_by().aggregate(
            claims=Count("pk"), open=Count("pk", filter=OPEN_CLAIM), overdue=Count("pk", filter=overdue(today)),
            past_target=Count("pk", filter=past_target(today)),
            workers=Coalesce(Sum("worker_count", filter=OPEN_CLAIM), 0), last_on=Max("received_on"),
            sum_claimed=total("claimed", counted), sum_agreed=total("agreed", counted), sum_paid=total("paid", counted),
            sum_unpaid=total(UNPAID, OPEN_CLAIM),
        )  # fmt: skip
        return cls(**{name.removeprefix("sum_"): value for name, value in found.items()})  # a name of its own beside each column


def total(amount: Any, which: Q) -> Coalesce:
    return Coalesce(Sum(amount, filter=which), NOTHING)
