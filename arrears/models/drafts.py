"""A claim on its way in: what has been typed so far, kept between the steps of the form."""

import json
from typing import Any

from django.conf import settings
from django.db import models

from grid.ids import uuid7
from grid.vault import open_sealed, seal

SEAL = "arrears.IntakeDraft.sealed"


class SealedTyped(models.Model):
    """Sealed as a whole: it holds ID numbers, and nobody searches in it. Only its owner opens it."""

    sealed = models.TextField()

    class Meta:
        abstract = True

    def put(self, typed: dict[str, Any]) -> None:
        """Seals what was typed, by step, into the row (not saved)."""
        self.sealed = seal(json.dumps(typed, ensure_ascii=False), SEAL)

    def typed(self) -> dict[str, Any]:
        return json.loads(open_sealed(self.sealed, SEAL)) if self.sealed else {}


class IntakeDraft(SealedTyped):
    """Gone once the claim is registered, whose source_key then carries this id; what stays is its receipt."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="drafts")
    step = models.CharField(max_length=10)  # where to go on
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ["-updated_at", "-id"]
        indexes = [models.Index(fields=["person", "-updated_at"], name="draft_of_person")]

    @property
    def source_key(self) -> str:
        return f"draft:{self.pk}"


class DraftReceipt(SealedTyped):
    """What became of a draft: the claim, and the words it was registered with. A phone whose answer was lost asks
    again under the same id, and is told; what it changed since is put beside this and never overwrites anything.
    After their time the words go (arrears.field.forgetting) and leave their fingerprint `said`."""

    id = models.UUIDField(primary_key=True, editable=False)  # the draft's
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    claim = models.OneToOneField("arrears.Claim", models.CASCADE, related_name="receipt")
    received_at = models.DateTimeField()
    said = models.CharField(max_length=64, blank=True)

    class Meta:
        # What is to be forgotten tonight.
        indexes = [models.Index(fields=["received_at"], condition=~models.Q(sealed=""), name="receipt_with_words")]

    @property
    def is_forgotten(self) -> bool:
        return not self.sealed
