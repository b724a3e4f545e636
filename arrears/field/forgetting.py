"""The words a draft was registered with go after their time (retention.toml). The key stays, so that the same draft sent once
more makes no second claim; a fingerprint stays, so that the same words are known as the same."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from arrears.field.retention import DRAFT_WORDS
from arrears.field.shape import ASKED, taken_out
from arrears.models import DraftReceipt
from grid.vault import blind_index

AT_ONCE = 500
SEAL = "arrears.DraftReceipt.said"


def fingerprint(fields: Mapping[str, str]) -> str:
    """Of the phone's fields; a choice left alone is what it means."""
    said = [fields.get(asked.name) or asked.otherwise for asked in ASKED]
    return blind_index(json.dumps(said, ensure_ascii=False), SEAL)


def forget_due(now: datetime) -> int:
    """Empties so many receipts whose time is over, oldest first; how many."""
    late = DraftReceipt.objects.exclude(sealed="").filter(received_at__lt=now - timedelta(days=DRAFT_WORDS.days))
    rows = list(late.order_by("received_at", "id")[:AT_ONCE])
    for row in rows:
        row.said, row.sealed = fingerprint(taken_out(row.typed())), ""
    DraftReceipt.objects.bulk_update(rows, ["said", "sealed"])
    return len(rows)
