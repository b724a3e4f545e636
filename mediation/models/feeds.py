"""The secret address from which a person's own calendar reads their hearings."""

from django.conf import settings
from django.db import models

from grid.ids import uuid7


class CalendarLink(models.Model):
    """Whoever knows the address reads the calendar; the database knows only its digest. A new one ends the old one."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_link")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)  # last, to the hour
