"""How long `manage.py check_integrity` takes in a city of so many open claims, check by check. Each check runs in a
transaction of its own, as every night; what it finds in claims nobody lived through is counted, and is no fault."""

from django.utils import timezone

from arrears import integrity
from bench import city, claims
from bench.report import Figures, say


def run(size: int) -> Figures:
    now = timezone.now()
    city.build()
    claims.prepare(now)
    claims.fill(1, size, now)
    say(f"{len(integrity.CHECKS)} checks")
    results = integrity.run(now)
    took = {one.check.name: round(one.seconds, 2) for one in results}
    slowest = max(took, key=took.__getitem__)
    return {
        "seconds": round(sum(one.seconds for one in results), 2),
        "claims_per_s": round(size / sum(one.seconds for one in results)),
        "slowest": slowest, "slowest_s": took[slowest], "checks": took,
        "findings": {one.check.name: one.found.count for one in results if one.found.count},
    }  # fmt: skip
