"""What a claim gives the sums: each worker's wages and months, what bars small claims, and the figures of its place."""

from datetime import date, timedelta

from django.db.models import Max, Min, Sum

from arrears.models import Claim, Claimant
from arrears.situation.facts import Facts
from arrears.sums.law import Worker


def workers_of(claim: Claim, only: Claimant | None = None) -> tuple[Worker, ...]:
    """One query. A single worker is owed what is unpaid of the claim; several, what is unpaid of each one's lines. `only`: of
    these one alone."""
    rows = list(
        claim.lines.values("claimant").annotate(owed=Sum("unpaid"), first=Min("period_from"), last=Max("period_to")).order_by("claimant")
    )
    if len(rows) > 1:
        wanted = [row for row in rows if only is None or row["claimant"] == only.pk]
        return tuple(Worker(row["owed"], months(row["first"], row["last"])) for row in wanted)
    spell = months(rows[0]["first"], rows[0]["last"]) if rows else 0
    return (Worker(claim.unpaid, spell),)


def months(first: date | None, last: date | None) -> int:
    """Whole calendar months of a period, both days included: 1 March to 31 May are three, 15 March to 20 May two. 0 while a
    day is not known."""
    if not first or not last:
        return 0
    end = last + timedelta(days=1)
    return (end.year - first.year) * 12 + end.month - first.month - (end.day < first.day)


def bars_of(facts: Facts) -> tuple[str, ...]:
    return ("debtor_missing",) if "debtor_missing" in facts.said else ()
