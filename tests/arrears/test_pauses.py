"""Days that do not count: worked out by hand, and against an oracle that walks one day after another."""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from math import ceil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arrears.deadlines import RULES, Rule, at_share, due, remaining, share_used
from arrears.timing.pauses import Interval, Paused, merged
from arrears.workdays import OFF, PUBLISHED, WORK, Calendar
from grid.days import SHANGHAI

DAY = timedelta(days=1)


def day(text: str) -> date:
    return date.fromisoformat(text)


def paused(*intervals: tuple[str, str]) -> Paused:
    return Paused(PUBLISHED, tuple(Interval(day(first), day(until)) for first, until in intervals))


def end_of(rule_id: str, start: str, *intervals: tuple[str, str]) -> str:
    return due(RULES[rule_id], day(start), paused(*intervals)).due_on.isoformat()


# By hand


@pytest.mark.parametrize(
    ("rule_id", "start", "intervals", "expected"),
    [
        # five working days after Monday 2 March 2026: Monday 9 March
        ("JC-ACCEPT", "2026-03-02", [], "2026-03-09"),
        ("JC-ACCEPT", "2026-03-02", [("2026-03-04", "2026-03-06")], "2026-03-11"),  # two working days
        ("JC-ACCEPT", "2026-03-02", [("2026-03-07", "2026-03-09")], "2026-03-09"),  # a weekend
        ("JC-ACCEPT", "2026-03-02", [("2026-03-09", "2026-03-10")], "2026-03-10"),  # the last day itself
        ("JC-ACCEPT", "2026-03-02", [("2026-03-10", "2026-04-10")], "2026-03-09"),  # after it
        ("JC-ACCEPT", "2026-03-02", [("2026-02-01", "2026-03-03")], "2026-03-09"),  # up to the start
        ("JC-ACCEPT", "2026-03-02", [("2026-02-01", "2026-03-04")], "2026-03-10"),  # over it
        ("JC-ACCEPT", "2026-03-02", [("2026-03-04", "2026-03-04")], "2026-03-09"),  # no day at all
        # fifteen days after Monday 2 March: Tuesday 17 March
        ("MED-15", "2026-03-02", [], "2026-03-17"),
        ("MED-15", "2026-03-02", [("2026-03-05", "2026-03-09")], "2026-03-23"),  # 21 March is a Saturday
        ("MED-15", "2026-03-02", [("2026-03-17", "2026-03-20")], "2026-03-20"),
        # one year from 31 January 2025: 31 January 2026 is a Saturday
        ("ARB-LIMIT-1Y", "2025-01-31", [], "2026-02-02"),
        ("ARB-LIMIT-1Y", "2025-01-31", [("2025-06-01", "2025-06-11")], "2026-02-10"),
        ("ARB-LIMIT-1Y", "2025-01-31", [("2026-02-02", "2026-02-05")], "2026-02-05"),  # over the day it rolls to
        # counted or rolled backward: a day hangs on an event, not on work
        ("ARB-POSTPONE", "2026-10-12", [("2026-10-01", "2026-10-12")], "2026-10-08"),
        ("PAYDAY", "2026-01-02", [("2025-12-20", "2026-01-10")], "2025-12-31"),
    ],
)
def test_paused_days_do_not_count(rule_id: str, start: str, intervals: list[tuple[str, str]], expected: str) -> None:
    assert end_of(rule_id, start, *intervals) == expected


def test_hours_run_through_a_pause() -> None:
    start = datetime(2026, 2, 13, 17, 30, tzinfo=SHANGHAI)
    assert due(RULES["PRE-48H"], start, paused(("2026-02-14", "2026-03-01"))).due_at == start + timedelta(hours=48)


def test_a_given_day_is_pushed_by_the_days_paused_since_it_was_given() -> None:
    calendar = paused(("2026-03-04", "2026-03-06"), ("2026-01-01", "2026-01-20"))
    rule = RULES["ORDER-REPLY"]
    assert due(rule, day("2026-03-10"), calendar, given_on=day("2026-03-02")).due_on == day("2026-03-12")
    assert due(rule, day("2026-03-10"), calendar, given_on=day("2026-03-05")).due_on == day("2026-03-10")


def test_an_extension_counts_from_the_same_start_and_rests_as_well() -> None:
    rule = RULES["JC-INVEST"].longer(30)
    assert due(rule, day("2026-01-05"), PUBLISHED).due_on == day("2026-05-20")
    assert due(rule, day("2026-01-05"), paused(("2026-03-02", "2026-03-09"))).due_on == day("2026-05-27")


def test_shares_and_what_is_left_leave_paused_days_out() -> None:
    calendar = paused(("2026-03-04", "2026-03-18"))  # ten working days; the fifth is Monday 23 March
    start, end = day("2026-03-02"), due(RULES["JC-ACCEPT"], day("2026-03-02"), calendar).due_on
    assert end == day("2026-03-23")
    assert at_share(start, end, 0.8, calendar) == day("2026-03-20")
    assert [share_used(start, end, day(f"2026-03-{d}"), calendar) for d in ("03", "10", "17", "18")] == [0.2, 0.2, 0.2, 0.4]
    assert remaining(end, day("2026-03-10"), calendar).text() == "还剩4个工作日"
    assert remaining(day("2026-03-03"), day("2026-03-18"), calendar).text() == "已逾期1个工作日"


def test_what_touches_or_overlaps_is_one_interval() -> None:
    def days(*pairs: tuple[int, int]) -> list[Interval]:
        return [Interval(date(2026, 3, first), date(2026, 3, until)) for first, until in pairs]

    assert merged(days((5, 8), (2, 5), (7, 9), (20, 20), (12, 13), (3, 4))) == tuple(days((2, 9), (12, 13)))
    grounds = (Interval(date(2026, 3, 2), date(2026, 3, 6), "甲"), Interval(date(2026, 3, 4), date(2026, 3, 9), "乙"))
    assert merged(grounds) == (grounds[0], Interval(date(2026, 3, 6), date(2026, 3, 9), "乙"))


# Reasons


def texts(rule_id: str, start: str, *intervals: Interval) -> list[str]:
    return [step.text() for step in due(RULES[rule_id], day(start), Paused(PUBLISHED, intervals)).steps]


def test_paused_days_are_told_with_their_ground() -> None:
    pause = Interval(day("2026-03-04"), day("2026-03-06"), "等待鉴定")
    assert texts("JC-ACCEPT", "2026-03-02", pause)[1:5] == [
        "2026-03-03 周二：工作日，第1个工作日",
        "2026-03-04 周三：中止（等待鉴定），不计入",
        "2026-03-05 周四：中止（等待鉴定），不计入",
        "2026-03-06 周五：工作日，第2个工作日",
    ]


def test_a_long_pause_is_one_step() -> None:
    pause = Interval(day("2026-03-04"), day("2026-04-20"), "等待鉴定")
    assert texts("JC-ACCEPT", "2026-03-02", pause)[2:4] == [
        "2026-03-04至2026-04-19：中止（等待鉴定），共47日，不计入",
        "2026-04-20 周一：工作日，第2个工作日",
    ]


def test_days_go_on_where_they_stopped() -> None:
    assert texts("CONFIRM-ACCEPT-3", "2026-03-02", Interval(day("2026-03-04"), day("2026-03-05")))[1:5] == [
        "2026-03-03 周二：第1日", "2026-03-04 周三：中止，不计入", "2026-03-05 周四：第2日", "2026-03-06 周五：第3日",
    ]  # fmt: skip
    told = texts("RECON-60", "2026-03-02", Interval(day("2026-03-10"), day("2026-03-11")))
    assert told[1:4] == [
        "2026-03-03至2026-03-09：逐日连续计算，共7日，节假日照算",
        "2026-03-10 周二：中止，不计入",
        "2026-03-11至2026-05-02：逐日连续计算，共53日，节假日照算",
    ]


def test_a_year_says_by_how_much_it_grew() -> None:
    told = texts("ARB-LIMIT-1Y", "2025-03-03", Interval(day("2025-06-03"), day("2025-06-05")))
    assert told[1:5] == [
        "自2025-03-03起满一年，到期月的对应日是2026-03-03（民法典第二百零二条）",
        "2025-06-03 周二：中止，不计入",
        "2025-06-04 周三：中止，不计入",
        "中止共2日不计入，期限相应延至2026-03-05",
    ]


# The oracle: sets of days and a loop, nothing of what it checks


class Oracle:
    def __init__(self, off: set[date], work: set[date], pauses: list[tuple[date, date]]) -> None:
        self.off, self.work, self.pauses = off, work, pauses

    def works(self, on: date) -> bool:
        return on in self.work or (on.weekday() < 5 and on not in self.off)

    def rests(self, on: date) -> bool:
        return any(first <= on < until for first, until in self.pauses)

    def counts(self, on: date) -> bool:
        return self.works(on) and not self.rests(on)

    def walk(self, start: date, n: int, counts: Callable[[date], bool]) -> date:
        while n:
            start += DAY
            n -= counts(start)
        return start

    def natural(self, unit: str, length: int, start: date) -> int:
        """In days, for what is not counted in working days."""
        if unit == "calendar":
            return length
        months = start.month - 1 + length * (12 if unit == "years" else 1)
        year, month = start.year + months // 12, months % 12 + 1
        return (date(year, month, min(start.day, monthrange(year, month)[1])) - start).days

    def end(self, unit: str, length: int, start: date, rolls: bool) -> date:
        if unit == "working":
            return self.walk(start, length, self.counts)
        end = self.walk(start, self.natural(unit, length, start), lambda on: not self.rests(on))
        while rolls and not self.counts(end):
            end += DAY
        return end

    def used(self, start: date, to: date) -> int:
        used = 0
        while start < to:
            start += DAY
            used += self.counts(start)
        return used

    def at_share(self, start: date, end: date, share: float) -> date:
        wanted = ceil(round(share * self.used(start, end), 6))
        return self.walk(start, wanted, self.counts) if wanted else end


YEARS = range(2029, 2038)
FIRST = date(2030, 1, 1)
days_in_years = st.dates(FIRST, date(2034, 12, 31))
starts = st.dates(FIRST, date(2031, 6, 30))
units = st.sampled_from([("working", 1, 90), ("calendar", 1, 120), ("months", 1, 7), ("years", 1, 1)])
near = st.tuples(st.integers(-40, 420), st.integers(0, 60))  # from the start on, and how long


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Calendar, Rule, date, list[tuple[date, date]], Oracle]:
    """An official calendar with make-up days, a limit, and pauses around it."""
    off = draw(st.sets(days_in_years.filter(lambda d: d.weekday() < 5), max_size=60))
    work = draw(st.sets(days_in_years.filter(lambda d: d.weekday() >= 5), max_size=40))
    official = {
        year: {d: (OFF, "假") for d in off if d.year == year} | {d: (WORK, "假") for d in work if d.year == year}
        for year in YEARS
    }
    unit, shortest, longest = draw(units)
    length, extension = draw(st.integers(shortest, longest)), draw(st.integers(0, 3))
    roll = "none" if unit == "working" else draw(st.sampled_from(["forward", "none"]))
    start = draw(starts)
    pauses = [(start + f * DAY, start + (f + n) * DAY) for f, n in draw(st.lists(near, max_size=5))]
    rule = replace(RULES["JC-INVEST"], unit=unit, length=length, roll=roll).longer(extension)
    return Calendar(official), rule, start, pauses, Oracle(off, work, pauses)


def with_pauses(calendar: Calendar, pauses: list[tuple[date, date]]) -> Paused:
    return Paused(calendar, tuple(Interval(first, until) for first, until in pauses))


@settings(max_examples=300, deadline=None)
@given(worlds(), st.sampled_from([0.5, 0.7, 0.8, 0.9]), st.integers(-20, 500))
def test_the_oracle_agrees(world, share: float, later: int) -> None:
    calendar, rule, start, pauses, oracle = world
    days = with_pauses(calendar, pauses)
    end = due(rule, start, days).due_on
    assert end == oracle.end(rule.unit, rule.length, start, rule.roll == "forward")
    assert at_share(start, end, share, days) == oracle.at_share(start, end, share)
    today, whole = start + later * DAY, oracle.used(start, end)
    if whole:
        assert share_used(start, end, today, days) == max(0, oracle.used(start, today)) / whole
    assert days.working_days_between(today, end) == (oracle.used(today, end) if today <= end else -oracle.used(end, today))


@settings(max_examples=200, deadline=None)
@given(worlds(), st.integers(-60, 60))
def test_stepping_agrees_in_both_directions(world, n: int) -> None:
    calendar, _rule, start, pauses, oracle = world
    middle, expected = start + 200 * DAY, start + 200 * DAY
    for _step in range(abs(n)):
        expected += DAY if n > 0 else -DAY
        while not oracle.counts(expected):
            expected += DAY if n > 0 else -DAY
    assert with_pauses(calendar, pauses).add(middle, n) == expected


@settings(max_examples=200, deadline=None)
@given(worlds(), near, st.integers(0, 60))
def test_what_always_holds(world, one_more: tuple[int, int], split: int) -> None:
    calendar, rule, start, pauses, _oracle = world

    def end(intervals: list[tuple[date, date]]) -> date:
        return due(rule, start, with_pauses(calendar, intervals)).due_on

    before = end(pauses)
    first, until = start + one_more[0] * DAY, start + sum(one_more) * DAY
    more = [*pauses, (first, until)]
    assert end(more) >= before, "a pause makes no day earlier"
    assert end([*pauses, (first, first)]) == before, "resuming on the day of suspension changes nothing"
    middle = min(first + split * DAY, until)
    assert end([*pauses, (first, middle), (middle, until)]) == end(more), "two halves are the whole"
    assert end([*more, *more[::-1]]) == end(more), "said twice is said once"
    assert end([*pauses, (before + DAY, before + 30 * DAY)]) == before, "what comes after the end moves nothing"
    assert end([*pauses, (start - 30 * DAY, start + DAY)]) == before, "nor what ends with the start"
    extended = due(rule.longer(1), start, with_pauses(calendar, pauses)).due_on
    assert extended >= before


@settings(max_examples=100, deadline=None)
@given(worlds())
def test_the_reasons_end_on_the_due_day_and_name_each_paused_day(world) -> None:
    calendar, rule, start, pauses, oracle = world
    answer = due(rule, start, with_pauses(calendar, pauses))
    assert [step for step in answer.steps if step.kind.startswith("due")][-1].day == answer.due_on
    if rule.unit == "working":
        counted = [step.day for step in answer.steps if step.kind == "counted"]
        assert len(counted) == rule.length and all(oracle.counts(on) for on in counted)
