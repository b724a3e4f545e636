"""What the worker does for mediations. Every task may run twice, late or in parallel."""

import logging

from celery import shared_task
from django.utils import timezone

from mediation.marks import asking
from mediation.marks import clock as marks
from mediation.online import presence, recording, showing
from mediation.room.reminding import remind_due
from mediation.suits import close_links
from mediation.watching import tell_missed

logger = logging.getLogger(__name__)


@shared_task(ignore_result=True)
def watch_instalments() -> int:
    return tell_missed(timezone.now())


@shared_task(ignore_result=True)
def remind() -> int:
    """Safe to repeat: each step of each hearing is said once, and each link whose day has passed is closed once."""
    close_links(timezone.now())
    return remind_due(timezone.now())


@shared_task(ignore_result=True)
def end_online_stays() -> int:
    """Ends what nobody is there any more to end: stays in online rooms, recordings, papers that were shown; how many."""
    ended = presence.end_silent(timezone.now()) + recording.end_silent(timezone.now()) + showing.clear_over(timezone.now())
    removed = recording.remove_old(timezone.now())
    if removed:
        logger.info("online recordings removed %d", removed)
    if ended:
        logger.info("online stays, recordings, papers ended %d", ended)
    return ended


@shared_task(ignore_result=True)
def watch_marks() -> int:
    """Asks both sides about mediations that have ended, and calls whoever is to look at low marks; how many."""
    return asking.ask_due(timezone.now()) + marks.call_due(timezone.now())
