"""事件快报: an incident around a claim and each report of it. Only arrears.incidents.verbs changes a row."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from arrears.incidents.table import FINAL, FOLLOW, KINDS, REPORT_KINDS, REPORTS
from arrears.models.suspensions import OfClaimQuerySet
from grid.ids import uuid7


class Incident(models.Model):
    """`next_due_at` is when the next report is owed; None once the final one has gone."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    claim = models.ForeignKey("arrears.Claim", models.PROTECT, related_name="incidents")
    kind = models.CharField(_("情形"), max_length=12, choices=KINDS)
    happened_at = models.DateTimeField(_("发生时间"))
    place = models.CharField(_("地点"), max_length=200)
    demand = models.CharField(_("诉求"), max_length=300, blank=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(_("处置结束时间"), null=True)
    next_due_at = models.DateTimeField(null=True)
    reminded_for = models.DateTimeField(null=True)  # the due moment that was already called about

    objects = OfClaimQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["claim"], condition=Q(next_due_at__isnull=False), name="one_open_incident")]
        indexes = [models.Index(fields=["next_due_at"], condition=Q(next_due_at__isnull=False), name="incident_report_due")]

    @property
    def is_open(self) -> bool:
        return self.next_due_at is not None

    @property
    def next_report(self) -> str:
        """Which is owed next."""
        return FINAL if self.ended_at else FOLLOW

    @property
    def report_name(self) -> str:
        return REPORTS[self.next_report].text("name", get_language() or "")

    def is_late(self, now: datetime) -> bool:
        return self.next_due_at is not None and self.next_due_at < now


class IncidentReport(models.Model):
    """首报, 续报 or 终报, as it was sent. `told` are the names of those it went to."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="reports")
    kind = models.CharField(max_length=8, choices=REPORT_KINDS)
    people = models.PositiveIntegerField(_("现场人数"))
    mood = models.CharField(_("情绪和动向"), max_length=300, blank=True)
    media = models.CharField(_("媒体和网络"), max_length=300, blank=True)
    steps = models.TextField(_("已采取的措施"))
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    told = models.JSONField(default=list)

    class Meta:
        ordering = ["sent_at", "id"]

    @property
    def was_late(self) -> bool:
        return self.sent_at > self.due_at
