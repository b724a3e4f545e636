"""A wage sheet on its way in: the file as it came, what was read of it, and what has been said about it since."""

import base64
import json
from typing import Any

from django.db import models

from arrears.models.drafts import IntakeDraft
from grid.vault import open_sealed, seal

ORIGINAL, TABLES, ANSWERS = (f"arrears.WageSheet.{name}" for name in ("original", "tables", "answers"))


class WageSheet(models.Model):
    """Sealed like the draft it belongs to, and gone with it. The cells are written once; what is said about them
    (columns, corrections, lines left out) is small and changes often, so it stands apart."""

    draft = models.OneToOneField(IntakeDraft, models.CASCADE, primary_key=True, related_name="sheet")
    name = models.CharField(max_length=200)  # of the file
    original = models.TextField()
    tables = models.TextField()
    answers = models.TextField()
    # Registering many takes a while, so it is asked for here and done by a task (arrears.sheet_registering).
    asked_at = models.DateTimeField(null=True, blank=True)
    extra = models.JSONField(default=dict)  # said on the claim's first event
    tries = models.PositiveSmallIntegerField(default=0)
    refused = models.TextField(blank=True)  # why it was not registered

    class Meta:
        # The task's question.
        indexes = [models.Index(fields=["asked_at"], condition=models.Q(asked_at__isnull=False), name="wage_sheet_asked")]

    @property
    def is_under_way(self) -> bool:
        return self.asked_at is not None and not self.refused

    def put_original(self, data: bytes) -> None:
        self.original = seal(base64.b64encode(data).decode(), ORIGINAL)

    def original_bytes(self) -> bytes:
        return base64.b64decode(open_sealed(self.original, ORIGINAL))

    def put_tables(self, packed: list[dict[str, Any]]) -> None:
        self.tables = seal(json.dumps(packed, ensure_ascii=False, separators=(",", ":")), TABLES)

    def packed_tables(self) -> list[dict[str, Any]]:
        return json.loads(open_sealed(self.tables, TABLES))

    def put_answers(self, said: dict[str, Any]) -> None:
        self.answers = seal(json.dumps(said, ensure_ascii=False), ANSWERS)

    def packed_answers(self) -> dict[str, Any]:
        return json.loads(open_sealed(self.answers, ANSWERS))
