"""What the worker does for mediations. Every task may run twice, late or in parallel."""

from celery import shared_task
from django.utils import timezone

from mediation.room.reminding import remind_due
from mediation.watching import tell_missed


@shared_task(ignore_result=True)
def watch_instalments() -> int:
    return tell_missed(timezone.now())


@shared_task(ignore_result=True)
def remind() -> int:
    """Safe to repeat: each step of each hearing is said once."""
    return remind_due(timezone.now())
