"""When each periodic piece of work last came to its end, and what it did. Tasks say it as the last thing they do."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from grid.models import Round

SWEEP, DELIVER, DIGESTS, CHECK_INTEGRITY = "sweep", "deliver", "digests", "check_integrity"
WATCHMAN = "watchman"  # when it was last seen alive


def end(name: str, now: datetime, counts: Mapping[str, Any]) -> None:
    """`counts`: plain values for JSON; `seconds` says how long it took."""
    Round.objects.bulk_create(
        [Round(name=name, ended_at=now, counts=dict(counts))],
        update_conflicts=True, unique_fields=["name"], update_fields=["ended_at", "counts"],
    )  # fmt: skip


def last(name: str) -> Round | None:
    return Round.objects.filter(name=name).first()
