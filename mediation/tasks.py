"""What mediations do by the clock."""

from celery import shared_task
from django.utils import timezone

from mediation.room.reminding import remind_due


@shared_task(ignore_result=True)
def remind() -> int:
    """Safe to repeat: each step of each hearing is said once."""
    return remind_due(timezone.now())
