"""Between which hours workers are written to, as a table of the city's own (hours.toml). Django-free.

Outside them a message waits for the next morning, unless waiting would take its purpose: one about a hearing that begins
so soon after the morning that nobody could still come, or stay away.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time, timedelta
from pathlib import Path

from arrears.rules.tables import CONFIDENCES, column_faults, own_file, read_section, refuse

TABLE = Path(__file__).with_name("hours.toml")
MOST_LEAD = 12  # hours; more would wake people for the afternoon


@dataclass(frozen=True, kw_only=True)
class Hours:
    opens: str  # 08:00
    closes: str
    lead_hours: int
    source: str
    source_en: str
    confidence: str

    @property
    def quiet(self) -> tuple[time, time]:
        """From, to."""
        return time.fromisoformat(self.closes), time.fromisoformat(self.opens)

    @property
    def lead(self) -> timedelta:
        return timedelta(hours=self.lead_hours)

    def citation(self, language: str = "zh-hans") -> str:
        return self.source_en if language.startswith("en") else self.source


def load(override: Path | None = None) -> Hours:
    """Raises BadRules."""
    rows = read_section("hours", TABLE, override=override)
    refuse("hours", [] if rows.keys() == {"worker_sms"} else ["there are exactly the hours worker_sms"])
    row = rows["worker_sms"]
    refuse("hours worker_sms", column_faults(row, Hours))
    hours = Hours(**row)
    refuse("hours worker_sms", faults(hours))
    return hours


def faults(hours: Hours) -> Iterator[str]:
    try:
        closes, opens = hours.quiet
    except ValueError:
        yield "opens and closes are times like 08:00"
        return
    if not opens < closes:
        yield "opens must be before closes"
    if not 0 <= hours.lead_hours <= MOST_LEAD:
        yield f"lead_hours must be between 0 and {MOST_LEAD}"
    if hours.confidence not in CONFIDENCES:
        yield f"confidence {hours.confidence} is unknown"


WORKER_SMS = load(own_file())
