"""Has the claim reached the amount of 拒不支付劳动报酬罪? By the figures of its province (arrears.sums)."""

from datetime import date

from arrears.models import Claim
from arrears.sums.book import figures_now
from arrears.sums.kinds import Figure, in_force
from arrears.sums.law import MANY, ONE, crime_threshold
from arrears.sums.of_claim import workers_of

FIGURES = ("CRIME-ONE", "CRIME-MANY")


def reached(claim: Claim, today: date, known: list[Figure] | None = None) -> str:
    """ONE worker reaches it, MANY do together, or "": neither, nothing is unpaid, or no figure is known for the place."""
    if claim.unpaid <= 0:
        return ""
    known = figures_now() if known is None else known
    one, many = (in_force(kind, claim.region_id, today, known) for kind in FIGURES)
    if one is None or many is None:
        return ""
    verdict = crime_threshold(workers_of(claim), one=one.amount, many=many.amount)
    return verdict if verdict in (ONE, MANY) else ""
