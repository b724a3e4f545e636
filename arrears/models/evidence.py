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

SCANS = (
    ("waiting", _("未查毒")),
    ("clean", _("已查毒")),
    ("infected", _("查出病毒，已隔离")),
    ("unscannable", _("无法查毒")),
)


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


def redacted_as(copy: "RedactedCopy", filename: str) -> str:
    return f"redacted/{copy.added_at:%Y/%m}/{copy.id}"


class KeptFile(models.Model):
    """A file on the disk, what its bytes say it is, and what the virus scanner said of it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    extension = models.CharField(max_length=8)
    mime = models.CharField(max_length=80)  # from the bytes, not from the sender
    size = models.PositiveIntegerField(_("大小"))
    sha256 = models.CharField(max_length=64)
    scan = models.CharField(_("查毒"), max_length=12, choices=SCANS, default="waiting")
    scanned_at = models.DateTimeField(null=True)
    threat = models.CharField(max_length=120, blank=True)  # what the scanner calls it, or why it could not scan
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField(_("添加时间"))

    class Meta:
        abstract = True

    @property
    def is_quarantined(self) -> bool:
        return self.scan == "infected"

    @property
    def waits_for_scan(self) -> bool:
        return self.scan == "waiting" and bool(settings.CLAMD_URL)


class Evidence(KeptFile):
    """One file. A better copy is a new row that `replaces` the old one; both stay."""

    claim = models.ForeignKey("arrears.Claim", models.PROTECT, related_name="evidence")
    kind = models.CharField(_("证据类型"), max_length=12, choices=EVIDENCE_KINDS)
    title = models.CharField(_("名称"), max_length=120)
    original_name = models.CharField(max_length=200)
    file = models.FileField(upload_to=stored_as, max_length=200)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    version = models.PositiveSmallIntegerField(default=1)  # of this paper: one more than what it replaces

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["added_at", "id"]
        constraints = [models.UniqueConstraint(fields=["claim", "sha256"], name="same_file_once_per_claim")]
        indexes = [models.Index(fields=["added_at"], condition=Q(scan="waiting"), name="evidence_to_scan")]


class RedactedCopy(KeptFile):
    """遮盖件: what others are shown in place of the original, which stays. The newest counts."""

    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="redacted")
    file = models.FileField(upload_to=redacted_as, max_length=200)
    is_drawn = models.BooleanField(default=False)  # rectangles drawn here; otherwise a file that was uploaded

    class Meta:
        ordering = ["added_at", "id"]
        indexes = [models.Index(fields=["added_at"], condition=Q(scan="waiting"), name="redacted_to_scan")]
