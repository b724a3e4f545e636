"""签收 and 暂缓 of an alert about a claim stand in the claim's history, written in the same transaction."""

from datetime import datetime
from typing import Any

from arrears.history import record
from arrears.models import Claim
from arrears.notice_kinds import KINDS
from grid.alerts import add_hook
from grid.days import SHANGHAI
from grid.models import Notice, Person

ACTS = {"acknowledged": "alert_acknowledged", "replied": "alert_replied", "snoozed": "alert_snoozed"}  # kinds of events


def stand_in_history(
    notice: Notice, person: Person, now: datetime, act: str, *, reply: str = "", until: datetime | None = None,
    reason: str = "",
) -> None:  # fmt: skip
    """What was answered is quoted; the notice is named by its key, so that alert and answer can be put side by side."""
    claim = Claim.objects.filter(pk=notice.subject_id).first() if notice.subject_id else None
    if claim is None:
        return
    said: dict[str, Any] = {"notice": notice.key, "due": notice.facts.get("due", ""), "note": reply, "reason": reason}
    if until:
        said["until"] = f"{until.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    record(claim, ACTS[act], person, now=now, **said)


add_hook((kind.name for kind in KINDS), stand_in_history)
