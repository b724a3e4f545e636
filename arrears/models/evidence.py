"""证据: files as they came. Never overwritten, never served by URL."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from arrears.lifecycle import EVIDENCE_KINDS
from grid.ids import uuid7
from grid.scope import ScopedQuerySet


class EvidenceQuerySet(ScopedQuerySet):
    scope_path = "claim__"
    body_path = "referrals__body"

    def shared_with(self, bodies: Iterable[Any]) -> Q:
        """Only what a referral that was really sent carries; a subquery, so that no row comes twice."""
        chosen = Evidence.referrals.through.objects.filter(referral__body__in=list(bodies), referral__sent_at__isnull=False)
        return Q(pk__in=chosen.values("evidence_id"))


def stored_as(evidence: "Evidence", filename: str) -> str:
    """A name of our own: the sender's file name never reaches the disk."""
    return f"evidence/{evidence.added_at:%Y/%m}/{evidence.id or uuid.uuid4()}"


class Evidence(models.Model):
    """One file. A better copy is a new row that `replaces` the old one; both stay."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    claim = models.ForeignKey("arrears.Claim", models.PROTECT, related_name="evidence")
    kind = models.CharField(_("证据类型"), max_length=12, choices=EVIDENCE_KINDS)
    title = models.CharField(_("名称"), max_length=120)
    original_name = models.CharField(max_length=200)
    file = models.FileField(upload_to=stored_as, max_length=200)
    extension = models.CharField(max_length=8)
    mime = models.CharField(max_length=80)  # from the bytes, not from the sender
    size = models.PositiveIntegerField(_("大小"))
    sha256 = models.CharField(max_length=64)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField(_("添加时间"))

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["added_at", "id"]
        constraints = [models.UniqueConstraint(fields=["claim", "sha256"], name="same_file_once_per_claim")]
