"""The day an instant falls on here. Legal days are plain dates in Asia/Shanghai; instants are aware."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def day_of(now: datetime) -> date:
    """The legal day of an aware instant, whatever zone the instant is written in."""
    assert now.tzinfo is not None, "an instant without a zone has no day"
    return now.astimezone(SHANGHAI).date()
