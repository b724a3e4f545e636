"""Who looked at what. Append-only: the database refuses to change or delete a row (migration 0001)."""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Q

from grid.ids import uuid7


class AccessLogQuerySet(models.QuerySet):
    def visible_to(self, person: Any, today: date) -> Self:
        """Only auditors read the log, of their regions."""
        wanted = Q(pk__in=[])
        for code in person.scope(today).audited:
            wanted |= Q(region_code__startswith=code)
        return self.filter(wanted)


class AccessLog(models.Model):
    """One look at one record by one person. Kept at least six months (网络安全法 第二十三条)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey("grid.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    act = models.CharField(max_length=20)  # read, reveal, download, export
    subject = models.CharField(max_length=40)  # "claim", "claimant.id_number", …
    subject_id = models.UUIDField(null=True)
    region_code = models.CharField(max_length=12, db_collation="C", default="")
    reason = models.CharField(max_length=200, default="")
    address = models.GenericIPAddressField(null=True)

    objects = AccessLogQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["subject_id", "-at"], name="access_subject"),  # "who read this claim?"
            models.Index(fields=["region_code", "-at"], name="access_region"),  # the auditor of a township
            models.Index(fields=["-at", "-id"], name="access_newest"),  # the auditor of a city: nearly every row is theirs
        ]
