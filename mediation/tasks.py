"""What the worker does for mediations. Every task may run twice, late or in parallel."""

import logging

from celery import shared_task
from django.utils import timezone

from mediation.online import presence

logger = logging.getLogger(__name__)


@shared_task(ignore_result=True)
def end_online_stays() -> int:
    """Ends the stays in online rooms of those who fell silent, where nobody else is there to notice; how many."""
    ended = presence.end_silent(timezone.now())
    if ended:
        logger.info("online stays ended %d", ended)
    return ended
