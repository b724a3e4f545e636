"""What the worker does for everybody. Every task may run twice, late or in parallel."""

import logging
from time import monotonic

from celery import shared_task
from django.utils import timezone

from grid import circuits, outbox, rounds
from grid import digests as bundles

PATIENCE = 30  # seconds after which no further message is begun; one may take settings.CHANNEL_LIMIT

logger = logging.getLogger(__name__)


@shared_task(ignore_result=True)
def deliver(limit: int = 200) -> int:
    """Sends what waits in the outbox, oldest first; how many."""
    begun, done = monotonic(), 0
    outbox.release_stuck(timezone.now())
    circuits.clear_way(timezone.now())
    while done < limit and monotonic() < begun + PATIENCE and outbox.send_one(timezone.now()):
        done += 1
    if done:
        logger.info("deliver %d", done)
    rounds.end(rounds.DELIVER, timezone.now(), {"sent": done, "seconds": round(monotonic() - begun, 3)})
    return done


@shared_task(ignore_result=True)
def digests() -> int:
    """Queues the digests that are due; how many."""
    begun, made = monotonic(), bundles.send_due(timezone.now())
    if made:
        logger.info("digests %d", made)
    rounds.end(rounds.DIGESTS, timezone.now(), {"made": made, "seconds": round(monotonic() - begun, 3)})
    return made
