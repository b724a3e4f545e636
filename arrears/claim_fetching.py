"""How the claim of its own page is fetched: with what hangs on it, and with what most claims would be asked in vain."""

from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from arrears.groups.parts import count_of_parts
from arrears.models import (
    Claim,
    ClaimLine,
    Clock,
    Evidence,
    Nudge,
    Order,
    Question,
    Referral,
    Representative,
    Respondent,
)
from arrears.models.claims import ClaimQuerySet
from arrears.timing.counting import PAUSES


def whole() -> ClaimQuerySet:
    people = ("region", "handler", "site", "registered_by", "merged_into", "part_of", "situation")
    return Claim.objects.select_related(*people).annotate(**asked_along()).prefetch_related(
        Prefetch("respondents", Respondent.objects.select_related("employer")),
        Prefetch("clocks", Clock.objects.select_related("watch").prefetch_related(PAUSES, "extensions")),
        Prefetch("referrals", Referral.objects.select_related("body")),
        Prefetch("evidence", Evidence.objects.select_related("added_by").prefetch_related("redacted")),
        "payments__claimant", "mediations", "owed_papers", "incidents", "proceedings__steps",
    )  # fmt: skip


def asked_along() -> dict[str, Any]:
    """What the page would ask in vain for most claims, asked along with the claim."""
    own = OuterRef("pk")
    lines = ClaimLine.objects.filter(claim=own).order_by().values("claim")
    sums = {name: Subquery(lines.annotate(sum=Sum(name)).values("sum")) for name in ("due", "paid")}
    return {
        "part_count": count_of_parts(),
        "has_kin": Exists(Claim.objects.filter(Q(merged_into=own) | Q(split_from=own))),
        "was_urged": Q(Exists(Order.objects.filter(claim=own))) | Q(Exists(Nudge.objects.filter(claim=own))),
        "was_asked": Exists(Question.objects.filter(claim=own)),
        "is_represented": Exists(Representative.objects.filter(claim=own, ended_at=None)),
        "lines_due": Coalesce(sums["due"], Decimal(0)), "lines_paid": Coalesce(sums["paid"], Decimal(0)),
    }  # fmt: skip
