"""A wage sheet on its way in: the file as it came, what was read of it, and what has been said about it since."""

import base64
import json
from typing import Any

from django.db import models

from arrears.models.drafts import IntakeDraft
from grid.ids import uuid7
from grid.vault import open_sealed, seal

ORIGINAL, TABLES, ANSWERS, SUMMARY = (f"arrears.WageSheet.{name}" for name in ("original", "tables", "answers", "summary"))
LINE = "arrears.SheetLine.sealed"


class WageSheet(models.Model):
    """Sealed like the draft it belongs to, and gone with it. The cells are written once; what is said about them
    (columns, corrections, lines left out) is small and changes often, so it stands apart."""

    draft = models.OneToOneField(IntakeDraft, models.CASCADE, primary_key=True, related_name="sheet")
    name = models.CharField(max_length=200)  # of the file
    original = models.TextField()
    tables = models.TextField()
    answers = models.TextField()
    summary = models.TextField(blank=True)  # of what the last check found (arrears.sheets.kept); its lines stand beside it
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

    def put_summary(self, packed: dict[str, Any]) -> None:
        self.summary = seal(json.dumps(packed, ensure_ascii=False), SUMMARY)

    def packed_summary(self) -> dict[str, Any] | None:
        return json.loads(open_sealed(self.summary, SUMMARY)) if self.summary else None

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


class SheetLine(models.Model):
    """One line as the last check left it, so that a page reads the lines it shows and nothing else. `id_index`: by it the
    worker is looked for in claims that are registered already (arrears.duplicates.sheets)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    sheet = models.ForeignKey(WageSheet, models.CASCADE, related_name="lines", db_index=False)
    table = models.PositiveSmallIntegerField()
    line = models.PositiveIntegerField()
    verdict = models.CharField(max_length=7)
    is_remarked = models.BooleanField()
    id_index = models.CharField(max_length=64, blank=True)
    sealed = models.TextField()

    class Meta:
        ordering = ["table", "line"]
        constraints = [models.UniqueConstraint(fields=["sheet", "table", "line"], name="one_row_per_line_of_a_sheet")]

    def put(self, packed: list[Any]) -> None:
        self.sealed = seal(json.dumps(packed, ensure_ascii=False, separators=(",", ":")), LINE)

    def packed(self) -> list[Any]:
        return json.loads(open_sealed(self.sealed, LINE))
