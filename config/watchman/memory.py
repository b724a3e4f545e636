"""What the watchman knows and whom it has told, in a file of its own."""

import json
import logging
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Self

STALLED, WELL = "sweep_stalled", "sweep_well"

log = logging.getLogger("watchman")


@dataclass
class Telling:
    """Something to be told: STALLED, or in the end WELL. `turn` counts the hours; `told` are ids of who has it by mail."""

    kind: str
    since: str  # when the last sweep before it ended
    at: str  # when this turn began
    turn: int = 1
    told: list[str] = field(default_factory=list)
    is_noted: bool = False  # stands in the inboxes

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.since}:{self.turn}"


@dataclass
class Memory:
    """`people`: id, name, email, language of each administrator of the city."""

    people: list[dict[str, str]] = field(default_factory=list)
    swept_at: str | None = None
    telling: Telling | None = None

    @classmethod
    def read(cls, path: Path) -> Self:
        """Without a file, or with one that cannot be read, it begins anew."""
        try:
            kept = json.loads(path.read_text())
            return cls(kept["people"], kept["swept_at"], Telling(**kept["telling"]) if kept["telling"] else None)
        except FileNotFoundError:
            return cls()
        except (OSError, ValueError, TypeError, KeyError) as error:
            log.warning("%s cannot be used: %s", path, error)
            return cls()


def instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
