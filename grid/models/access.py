"""Who looked at what. Append-only: the database refuses to change or delete a row (migration 0001)."""

from django.db import models

from grid.ids import uuid7


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

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["subject_id", "-at"], name="access_subject"),  # "who read this claim?"
            models.Index(fields=["region_code", "-at"], name="access_region"),  # the auditor's page
        ]
