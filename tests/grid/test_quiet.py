"""Quiet hours, also over midnight, and days on which nobody works."""

from datetime import UTC, date, datetime, time

from grid.days import SHANGHAI
from grid.quiet import next_morning, next_weekday, quiet_until


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=SHANGHAI)


def test_over_midnight() -> None:
    for now, ends in (
        (at(2, 21, 59), None),
        (at(2, 22), at(3, 7)),
        (at(2, 23, 59), at(3, 7)),
        (at(3, 0), at(3, 7)),
        (at(3, 6, 59), at(3, 7)),
        (at(3, 7), None),
    ):
        assert quiet_until(now, time(22), time(7)) == ends, now


def test_within_a_day() -> None:
    for now, ends in ((at(2, 11, 59), None), (at(2, 12), at(2, 14)), (at(2, 14), None)):
        assert quiet_until(now, time(12), time(14)) == ends, now


def test_hours_are_shanghais_whatever_zone_the_instant_is_written_in() -> None:
    assert quiet_until(datetime(2026, 3, 2, 15, 0, tzinfo=UTC), time(22), time(7)) == at(3, 7)


def test_no_quiet_hours() -> None:
    assert quiet_until(at(2, 3), None, None) is None
    assert quiet_until(at(2, 3), time(3), time(3)) is None


def test_the_next_weekday_leaves_out_the_weekend() -> None:
    assert next_weekday(date(2026, 3, 2)) == date(2026, 3, 3)
    assert next_weekday(date(2026, 3, 6)) == date(2026, 3, 9)
    assert next_weekday(date(2026, 3, 7)) == date(2026, 3, 9)
    assert next_morning(at(6, 18)) == at(9, 9)
