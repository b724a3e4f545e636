"""How a party was called to a hearing in writing: one paper served (arrears.serving), for the time and place the paper names."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grid.ids import uuid7
from mediation.models.contacts import CAPACITIES


class HearingNotice(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    hearing = models.ForeignKey("mediation.Hearing", models.CASCADE, related_name="notices")
    attendance = models.ForeignKey("mediation.Attendance", models.CASCADE, related_name="notices")
    service = models.OneToOneField("arrears.Service", models.PROTECT, related_name="hearing_notice")
    # what the paper says; another time or place of the hearing makes it stale
    starts_at = models.DateTimeField(_("通知的时间"))
    room = models.ForeignKey("mediation.Room", models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["made_at", "id"]
        indexes = [models.Index(fields=["attendance", "made_at"], name="notice_of_party")]


class HearingReminder(models.Model):
    """A step of mediation.room.reminders that was said, of one time of a hearing."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    hearing = models.ForeignKey("mediation.Hearing", models.CASCADE, related_name="reminders")
    starts_at = models.DateTimeField()
    step = models.CharField(max_length=8)
    said_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hearing", "starts_at", "step"], name="reminded_once_of_a_time")]


class HearingLink(models.Model):
    """The page of a hearing for one who has no account: a party that was called, or an observer (no party). The database knows only the
    digest of its address; a new one ends the old one of its kind, and so does the day after the hearing. `sent_to`: it goes with the
    messages to the party or to who stands in for it; "": somebody of the house handed it over."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    hearing = models.ForeignKey("mediation.Hearing", models.CASCADE, related_name="links")
    attendance = models.ForeignKey("mediation.Attendance", models.CASCADE, null=True, related_name="links")
    sent_to = models.CharField(max_length=5, choices=CAPACITIES, blank=True)
    name = models.CharField(_("给谁"), max_length=200)
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    opened_at = models.DateTimeField(_("打开时间"), null=True)
    seen_at = models.DateTimeField(_("确认收到"), null=True)
    seen_starts_at = models.DateTimeField(null=True)  # the time that was confirmed: another one is told anew

    class Meta:
        ordering = ["made_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["attendance", "sent_to"], condition=Q(attendance__isnull=False), name="one_hearing_link_per_party"),
            models.UniqueConstraint(fields=["hearing", "name"], condition=Q(attendance=None), name="one_hearing_link_per_observer"),
        ]
