"""What the worker does for the case. Every task may run twice, late or in parallel."""

import logging
from collections import Counter
from time import monotonic

from celery import shared_task
from django.utils import timezone

from arrears import escalation, suspending
from grid import rounds

AT_ONCE = 1000  # clocks; what a sweep has done is held in memory until it is logged
PATIENCE = 40  # seconds; the task's limit is 50 and the next one comes each minute

logger = logging.getLogger(__name__)


@shared_task(ignore_result=True)
def sweep() -> int:
    """Fires all rungs that are due, as long as the time lasts; how many. The rest waits for the next minute. Claims
    whose suspension ends today wake before, so that their rungs are found."""
    if woken := suspending.wake_due(timezone.now()):
        logger.info("woken %d", woken)
    begun, counts = monotonic(), Counter(rungs=0)
    while monotonic() < begun + PATIENCE:
        done = escalation.sweep(timezone.now(), limit=AT_ONCE)
        counts.update(done.counts)
        if done.counts["clocks"]:
            logger.info("sweep %s %s", dict(done.counts), dict(done.not_escalated))
        if done.counts["clocks"] < AT_ONCE:
            break
    rounds.end(rounds.SWEEP, timezone.now(), {**counts, "seconds": round(monotonic() - begun, 3)})
    return counts["rungs"]
