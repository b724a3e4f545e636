"""How long the words of a registered draft are kept. Django-free."""

from dataclasses import dataclass
from pathlib import Path

from arrears.rules.tables import CONFIDENCES, column_faults, own_file, read_section, refuse

NAME = "draft_words"


@dataclass(frozen=True, kw_only=True)
class Retention:
    days: int
    source: str
    source_en: str
    confidence: str


def load(override: Path | None = None) -> Retention:
    """Raises BadRules."""
    rows = read_section("retention", Path(__file__).with_name("retention.toml"), override=override)
    refuse("retention", (f"there is exactly {NAME}" for _ in range(rows.keys() != {NAME})))
    refuse(f"retention {NAME}", column_faults(rows[NAME], Retention, given=()))
    kept = Retention(**rows[NAME])
    refuse(f"retention {NAME}", faults(kept))
    return kept


def faults(kept: Retention) -> list[str]:
    unknown = [] if kept.confidence in CONFIDENCES else [f"confidence {kept.confidence} is unknown"]
    return unknown + ([] if kept.days > 0 else ["days must be above zero"])


DRAFT_WORDS = load(own_file())
