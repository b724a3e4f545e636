"""The working-day calendar this installation counts by: the published years and those an administrator loaded."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from arrears.models import CalendarYear
from arrears.workdays import PUBLISHED, Calendar, YearDays


def calendar_now() -> Calendar:
    """One query. Whoever needs it often asks once and passes it on."""
    official = {row.year: from_json(row.days) for row in CalendarYear.objects.only("year", "days")}
    return Calendar(official) if official else PUBLISHED


def to_json(days: YearDays) -> dict[str, list[str]]:
    """{"2027-01-01": ["off", "元旦"], …}, the form in which a year is stored."""
    return {day.isoformat(): [kind, name] for day, (kind, name) in sorted(days.items())}


def from_json(stored: Mapping[str, Any]) -> YearDays:
    return {date.fromisoformat(day): (kind, name) for day, (kind, name) in stored.items()}
