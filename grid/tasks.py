"""What the worker does for everybody. Every task may run twice, late or in parallel."""

import logging
from time import monotonic

from celery import shared_task
from django.utils import timezone

from grid import circuits, outbox
from grid import digests as bundles

PATIENCE = 30  # seconds after which no further message is begun; one may take a few time-outs of its server

logger = logging.getLogger(__name__)


@shared_task(ignore_result=True)
def deliver(limit: int = 200) -> int:
    """Sends what waits in the outbox, oldest first; how many."""
    ends, done = monotonic() + PATIENCE, 0
    outbox.release_stuck(timezone.now())
    circuits.clear_way(timezone.now())
    while done < limit and monotonic() < ends and outbox.send_one(timezone.now()):
        done += 1
    if done:
        logger.info("deliver %d", done)
    return done


@shared_task(ignore_result=True)
def digests() -> int:
    """Queues the digests that are due; how many."""
    made = bundles.send_due(timezone.now())
    if made:
        logger.info("digests %d", made)
    return made
