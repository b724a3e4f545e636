"""The draft of an agreement: kept while it is written, until it is signed."""

from django.conf import settings
from django.db import models

from grid.ids import uuid7


class AgreementDraft(models.Model):
    """One per mediation; `told` is what was typed (mediation.drafting.terms), readable or not. `version` counts the savings: a
    page that shows an older one writes nothing. It stays after the signing, as what was signed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    mediation = models.OneToOneField("mediation.Mediation", models.CASCADE, related_name="draft")
    told = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    edited_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.mediation)
