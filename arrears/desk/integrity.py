"""For the administrator: what the last check of integrity found, or that there has been none for two nights."""

from datetime import timedelta
from typing import Any

from arrears.desk.table import Desk, Panel, add_panels
from arrears.integrity import CHECKS
from grid import rounds
from grid.roles import ADMINISTRATOR

UNCHECKED = timedelta(hours=50)


def integrity(desk: Desk) -> dict[str, Any] | None:
    last = rounds.last(rounds.CHECK_INTEGRITY)
    if last is None:
        return None
    examples, found = last.counts["examples"], last.counts["found"]
    wrong = [(CHECKS[name], found[name], examples[name]) for name in examples if name in CHECKS]
    is_missing = last.ended_at < desk.now - UNCHECKED
    return {"last": last, "wrong": wrong, "is_missing": is_missing} if wrong or is_missing else None


add_panels((Panel("integrity", "arrears/desk/_integrity.html", (ADMINISTRATOR,), integrity),))
