"""Everybody's own copy of a signed agreement: one paper that is served on one party (arrears.serving)."""

from django.db import models

from grid.ids import uuid7


class AgreementCopy(models.Model):
    """Only mediation.handing writes a row. Who receives it, by when, and what proves it stand on its service."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agreement = models.ForeignKey("mediation.Agreement", models.CASCADE, related_name="copies")
    service = models.OneToOneField("arrears.Service", models.PROTECT, related_name="agreement_copy")

    class Meta:
        ordering = ["agreement", "id"]

    def __str__(self) -> str:
        return f"{self.agreement} · {self.service.receiver}"
