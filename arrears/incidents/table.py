"""Reports of an incident: which, within how many hours, to which levels; and from how many workers on a claim is sensitive.
Django-free."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from arrears.lifecycle import SENSITIVE_GROUNDS
from arrears.rules.tables import CONFIDENCES, column_faults, own_file, read_section, refuse
from grid.roles import LEVELS

FIRST, FOLLOW, FINAL = "first", "follow", "final"
HAPPENED, LAST, ENDED = "happened", "last", "ended"
KINDS = tuple(row for row in SENSITIVE_GROUNDS if row[0] != "hardship")  # a hardship is no incident
TABLE = Path(__file__).with_name("reports.toml")


class Sourced:
    source: str
    source_en: str
    confidence: str

    def text(self, column: str, language: str = "zh-hans") -> str:
        return str(getattr(self, f"{column}_en" if language.startswith("en") else column))

    def citation(self, language: str = "zh-hans") -> str:
        return self.text("source", language)

    @property
    def verified(self) -> bool:
        return self.confidence in ("T", "P")


@dataclass(frozen=True, kw_only=True)
class Report(Sourced):
    id: str
    name: str
    name_en: str
    hours: int
    since: str
    starts: str
    starts_en: str
    to: tuple[str, ...]
    source: str
    source_en: str
    confidence: str

    def due_at(self, since: datetime) -> datetime:
        return since + timedelta(hours=self.hours)


@dataclass(frozen=True, kw_only=True)
class Threshold(Sourced):
    id: str
    workers: int
    source: str
    source_en: str
    confidence: str


def load(override: Path | None = None) -> tuple[dict[str, Report], dict[str, Threshold]]:
    """Raises BadRules."""
    reports = {name: made(Report, "report", name, row) for name, row in read_section("reports", TABLE, override=override).items()}
    thresholds = {name: made(Threshold, "threshold", name, row) for name, row in read_section("thresholds", TABLE, override=override).items()}
    refuse("reports", missing(reports, thresholds))
    for report in reports.values():
        refuse(f"report {report.id}", faults(report))
    return reports, thresholds


def made(shape: type[Any], section: str, name: str, row: Mapping[str, Any]) -> Any:
    refuse(f"{section} {name}", column_faults(row, shape, given={"id"}))
    lists = {column: tuple(value) for column, value in row.items() if isinstance(value, list)}
    return shape(**{**row, **lists, "id": name})


def missing(reports: Mapping[str, Report], thresholds: Mapping[str, Threshold]) -> Iterator[str]:
    if reports.keys() != {FIRST, FOLLOW, FINAL} or thresholds.keys() != {"many"}:
        yield f"there are exactly {FIRST}, {FOLLOW}, {FINAL}, and the threshold many"
    yield from (f"{row.id}: confidence {row.confidence} is unknown" for row in (*reports.values(), *thresholds.values()) if row.confidence not in CONFIDENCES)


def faults(report: Report) -> Iterator[str]:
    if report.hours <= 0:
        yield "hours must be above zero"
    if report.since not in (HAPPENED, LAST, ENDED):
        yield f"since {report.since} is unknown ({HAPPENED}, {LAST}, {ENDED})"
    yield from (f"there is no level {level}" for level in report.to if level not in LEVELS)


REPORTS, THRESHOLDS = load(own_file())
MANY = THRESHOLDS["many"]
REPORT_KINDS = tuple((name, REPORTS[name].name) for name in (FIRST, FOLLOW, FINAL))
