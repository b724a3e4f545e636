"""Logging every look at personal data. Reading the log is itself logged by its page."""

from datetime import datetime
from typing import Any

from grid.models import AccessLog, Person


def log_access(
    person: Person,
    act: str,
    subject: str,
    subject_id: Any,
    *,
    now: datetime,
    region_code: str = "",
    reason: str = "",
    address: str | None = None,
) -> AccessLog:
    """One row: `person` did `act` (read, reveal, download, export) to `subject`."""
    return AccessLog.objects.create(
        person=person, at=now, act=act, subject=subject, subject_id=subject_id, region_code=region_code,
        reason=reason, address=address,
    )  # fmt: skip
