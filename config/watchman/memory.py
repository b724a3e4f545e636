"""What the watchman knows and whom it has told, in a file of its own."""

import json
import logging
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Self

STALLED, WELL = "sweep_stalled", "sweep_well"
STUCK, FREED = "rung_stuck", "rung_freed"

log = logging.getLogger("watchman")


@dataclass
class Telling:
    """Something to be told: STALLED, or in the end WELL; STUCK, or in the end FREED. `turn` counts the hours; `told` are
    ids of who has it by mail."""

    kind: str
    since: str  # when the last sweep before it ended; when the oldest rung fell due
    at: str  # when this turn began
    turn: int = 1
    told: list[str] = field(default_factory=list)
    is_noted: bool = False  # stands in the inboxes
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.since}:{self.turn}"


@dataclass(frozen=True)
class Waiting:
    """Rungs that have been due for longer than RUNG_PATIENCE."""

    since: str
    count: int
    numbers: list[str]  # of the first claims


@dataclass
class Memory:
    """`people`: id, name, email, language of each administrator of the city."""

    people: list[dict[str, str]] = field(default_factory=list)
    swept_at: str | None = None
    telling: Telling | None = None  # of the sweep
    well_at: str | None = None  # when the last outage of the sweep was over
    waiting: Waiting | None = None
    rung: Telling | None = None  # of rungs that are not sent though the sweeps end

    @classmethod
    def read(cls, path: Path) -> Self:
        """Without a file, or with one that cannot be read, it begins anew."""
        try:
            kept = json.loads(path.read_text())
            telling, rung = (Telling(**kept[name]) if kept.get(name) else None for name in ("telling", "rung"))
            waiting = Waiting(**kept["waiting"]) if kept.get("waiting") else None
            return cls(kept["people"], kept["swept_at"], telling, kept.get("well_at"), waiting, rung)
        except FileNotFoundError:
            return cls()
        except (OSError, ValueError, TypeError, KeyError) as error:
            log.warning("%s cannot be used: %s", path, error)
            return cls()


def instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
