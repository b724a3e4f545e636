"""Working days against the State Council's notices, written here by hand, and against a slow walk."""

from datetime import date, datetime, timedelta

import chinese_calendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arrears.workdays import OFF, PUBLISHED, WORK, Calendar, NoCalendar, year_to_load
from arrears.year_files import BadYearFile, parse_year_file


def day(text: str) -> date:
    return date.fromisoformat(text)


def span(first: str, last: str) -> list[date]:
    return [day(first) + timedelta(n) for n in range((day(last) - day(first)).days + 1)]


# Days off and make-up days as the notices of 2024 to 2026 give them.
NOTICES = {
    2024: (
        [("01-01", "01-01"), ("02-10", "02-17"), ("04-04", "04-06"), ("05-01", "05-05"), ("06-10", "06-10"),
         ("09-15", "09-17"), ("10-01", "10-07")],
        ["02-04", "02-18", "04-07", "04-28", "05-11", "09-14", "09-29", "10-12"],
        251,
    ),
    2025: (
        [("01-01", "01-01"), ("01-28", "02-04"), ("04-04", "04-06"), ("05-01", "05-05"), ("05-31", "06-02"),
         ("10-01", "10-08")],
        ["01-26", "02-08", "04-27", "09-28", "10-11"],
        248,
    ),
    2026: (
        [("01-01", "01-03"), ("02-15", "02-23"), ("04-04", "04-06"), ("05-01", "05-05"), ("06-19", "06-21"),
         ("09-25", "09-27"), ("10-01", "10-07")],
        ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"],
        248,
    ),
}  # fmt: skip


@pytest.mark.parametrize("year", NOTICES)
def test_every_day_follows_the_notice(year: int) -> None:
    spans, make_ups, working_days = NOTICES[year]
    off = {one for first, last in spans for one in span(f"{year}-{first}", f"{year}-{last}")}
    on = {day(f"{year}-{text}") for text in make_ups}
    for one in span(f"{year}-01-01", f"{year}-12-31"):
        assert PUBLISHED.is_working(one) == (one in on or (one.weekday() < 5 and one not in off)), one
    assert PUBLISHED.working_days_in(year) == working_days


def test_new_years_eve_2024_was_an_ordinary_working_day() -> None:
    assert PUBLISHED.is_working(day("2024-02-09"))
    assert not PUBLISHED.is_working(day("2025-01-28"))  # statutory since 2025


def test_an_instant_asks_as_well_as_a_day() -> None:
    assert PUBLISHED.is_working(datetime(2026, 2, 14, 9, 30))


@pytest.mark.parametrize(
    ("text", "cause", "name", "said"),
    [
        ("2026-02-13", "weekday", "", "工作日"),
        ("2026-02-07", "weekend", "", "周末"),
        ("2026-02-20", "holiday", "春节", "春节放假"),
        ("2026-02-15", "holiday", "春节", "春节放假"),  # a Sunday inside the holiday
        ("2026-02-14", "make_up", "春节", "春节调休上班"),
        ("2026-06-19", "holiday", "端午节", "端午节放假"),
        ("2027-02-09", "holiday", "春节", "春节放假"),  # a substitute day, inferred
        ("2028-10-03", "holiday", "中秋节、国庆节", "中秋节、国庆节放假"),
    ],
)
def test_a_day_says_why(text: str, cause: str, name: str, said: str) -> None:
    fact = PUBLISHED.why(day(text))
    assert (fact.cause, fact.name, fact.phrase().text()) == (cause, name, said)
    assert fact.is_working == (cause in ("weekday", "make_up"))
    assert fact.is_provisional == (fact.day.year > 2026)


@pytest.mark.parametrize(
    ("start", "n", "expected"),
    [
        ("2026-02-12", 2, "2026-02-14"),  # a make-up Saturday counts
        ("2026-02-14", 1, "2026-02-24"),  # over the Spring Festival
        ("2026-02-24", -1, "2026-02-14"),
        ("2025-12-31", 1, "2026-01-04"),  # over the year's end to a make-up Sunday
        ("2026-01-04", -1, "2025-12-31"),
        ("2026-10-03", 1, "2026-10-08"),  # from a holiday
        ("2026-10-03", -1, "2026-09-30"),
        ("2026-10-03", 0, "2026-10-03"),
        ("2026-01-01", 248, "2026-12-31"),
        ("2026-12-31", -248, "2025-12-31"),
        ("2024-01-01", 251 + 248 + 248, "2026-12-31"),
    ],
)
def test_working_days_are_added(start: str, n: int, expected: str) -> None:
    assert PUBLISHED.add(day(start), n) == day(expected)


def test_rolling_leaves_a_working_day_alone() -> None:
    assert PUBLISHED.forward(day("2026-05-09")) == PUBLISHED.back(day("2026-05-09")) == day("2026-05-09")
    assert PUBLISHED.forward(day("2026-05-02")) == day("2026-05-06")
    assert PUBLISHED.back(day("2026-05-02")) == day("2026-04-30")


def test_working_days_between_counts_the_last_day_and_not_the_first() -> None:
    assert PUBLISHED.working_days_between(day("2026-02-12"), day("2026-02-26")) == 5
    assert PUBLISHED.working_days_between(day("2026-02-26"), day("2026-02-12")) == -5
    assert PUBLISHED.working_days_between(day("2026-02-15"), day("2026-02-23")) == 0
    assert PUBLISHED.working_days_between(day("2024-12-31"), day("2026-12-31")) == 248 + 248


def test_an_unpublished_year_is_never_a_plain_week() -> None:
    assert not PUBLISHED.is_known(2027)
    assert not PUBLISHED.is_working(day("2027-01-01"))
    assert not PUBLISHED.is_working(day("2027-02-10"))  # substitute day of the Spring Festival
    assert PUBLISHED.is_working(day("2027-02-11"))
    assert PUBLISHED.unknown_years(day("2026-12-31"), day("2027-01-01")) == [2027]
    assert PUBLISHED.unknown_years(day("2026-01-01"), day("2026-12-31")) == []


@pytest.mark.parametrize("year", [1900, 1995, 2101, 2200])
def test_a_year_nobody_can_say_is_refused(year: int) -> None:
    with pytest.raises(NoCalendar) as refused:
        PUBLISHED.is_working(date(year, 6, 1))
    assert refused.value.year == year
    assert str(year) in str(refused.value)


def test_counting_past_the_last_year_is_refused() -> None:
    with pytest.raises(NoCalendar):
        PUBLISHED.add(day("2100-12-30"), 5)


def works(one: date) -> bool:
    return chinese_calendar.is_workday(one)


@settings(max_examples=150, deadline=None)
@given(
    st.dates(date(2005, 6, 1), date(2025, 6, 1)),
    st.integers(-150, 150),
)
def test_adding_is_the_same_as_walking(start: date, n: int) -> None:
    one, step, left = start, timedelta(1 if n > 0 else -1), abs(n)
    while left:
        one += step
        left -= works(one)
    assert PUBLISHED.add(start, n) == one
    assert PUBLISHED.working_days_between(start, one) == (n if n >= 0 or works(start) else n + 1)


# Official year files

HEAD = "# 国务院办公厅关于2027年部分节假日安排的通知\ndate,kind,name\n"
GOOD = [
    "2027-01-01,off,元旦", "2027-01-02,off,元旦", "2027-01-03,off,元旦", "2026-12-27,work,元旦",
    *(f"2027-02-{n:02},off,春节" for n in range(5, 13)), "2027-02-13,work,春节",
    "2027-04-05,off,清明节", "2027-05-01,off,劳动节", "2027-05-02,off,劳动节", "2027-06-09,off,端午节",
    "2027-09-15,off,中秋节", *(f"2027-10-0{n},off,国庆节" for n in range(1, 8)),
]  # fmt: skip


def year_file(*lines: str) -> str:
    return HEAD + "\n".join(lines) + "\n"


def test_an_official_year_replaces_what_was_inferred() -> None:
    loaded = parse_year_file(year_file(*GOOD))
    calendar = Calendar({loaded.year: loaded.days})
    assert (loaded.year, loaded.source) == (2027, "国务院办公厅关于2027年部分节假日安排的通知")
    assert calendar.is_known(2027) and not calendar.is_known(2028)
    assert calendar.is_working(day("2027-02-13")) and not PUBLISHED.is_working(day("2027-02-13"))
    assert not calendar.is_working(day("2027-02-11")) and PUBLISHED.is_working(day("2027-02-11"))
    assert calendar.why(day("2027-02-13")).name == "春节"


def test_a_notice_can_reach_into_the_december_before() -> None:
    calendar = Calendar({2027: parse_year_file(year_file(*GOOD)).days})
    assert calendar.is_working(day("2026-12-27"))
    assert not PUBLISHED.is_working(day("2026-12-27"))
    assert calendar.is_working(day("2026-02-14"))  # the rest of 2026 is as published
    only_2028 = Calendar({2028: {day("2027-12-26"): (WORK, "元旦"), day("2028-01-01"): (OFF, "元旦")}})
    assert only_2028.is_working(day("2027-12-26")) and not only_2028.is_known(2027)


def test_calendars_with_the_same_years_are_equal() -> None:
    days = parse_year_file(year_file(*GOOD)).days
    assert Calendar({2027: days}) == Calendar({2027: dict(days)}) != PUBLISHED


def test_spreadsheet_spellings_are_read() -> None:
    loaded = parse_year_file("\ufeffdate,kind,name\r\n" + "\r\n".join(GOOD).replace("-0", "/").replace("-", "/").replace("off", "休"))
    assert loaded.days == parse_year_file(year_file(*GOOD)).days


@pytest.mark.parametrize(
    ("line", "at", "cause"),
    [
        ("2027-02-30,off,春节", (3, "date"), "没有“2027-02-30”这一天"),
        ("二月五日,off,春节", (3, "date"), "不是日期"),
        ("2027-03-01,holiday,春节", (3, "kind"), "“holiday”不认识"),
        ("2027-03-01,off,", (3, "name"), "没有写节日名称"),
        ("2027-03-01,off", (3, "kind"), "应有三栏，实有2栏"),
        ("2028-03-01,off,春节", (3, "date"), "2028-03-01不属于本文件的年份2027"),
        ("2026-11-30,off,元旦", (3, "date"), "2026-11-30不属于本文件的年份2027"),
        ("2027-03-01,work,春节", (3, "kind"), "2027-03-01不是周末"),
    ],
)
def test_a_bad_line_is_named(line: str, at: tuple[int, str], cause: str) -> None:
    with pytest.raises(BadYearFile) as bad:
        parse_year_file(year_file(line, *GOOD))
    (problem,) = bad.value.problems
    assert (problem.line, problem.column) == at
    assert cause in str(bad.value)


def test_a_repeated_day_names_both_lines() -> None:
    with pytest.raises(BadYearFile, match="第28行，date列：2027-01-01与第3行重复"):
        parse_year_file(year_file(*GOOD, GOOD[0]))


def test_every_bad_line_is_reported() -> None:
    with pytest.raises(BadYearFile) as bad:
        parse_year_file(year_file("x,off,春节", "2027-03-01,?,", *GOOD))
    assert [(problem.line, problem.column) for problem in bad.value.problems] == [
        (3, "date"), (4, "kind"), (4, "name"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("", "没有日期"),
        ("date,kind,name\n", "没有日期"),
        ("day,kind,name\n2027-01-01,off,元旦\n", "首行应为 date,kind,name"),
        (year_file(*GOOD[:6]), "只列了5天放假，少于法定的13天"),
        (year_file(*(line for line in GOOD if "05-01" not in line)), "2027-05-01是法定节假日"),
    ],
)
def test_an_incomplete_file_is_refused(text: str, cause: str) -> None:
    with pytest.raises(BadYearFile, match=cause):
        parse_year_file(text)


@pytest.mark.parametrize(
    ("today", "year"),
    [("2026-10-31", None), ("2026-11-01", 2027), ("2026-12-31", 2027), ("2027-01-01", 2027), ("2025-12-01", None)],
)
def test_the_missing_year_is_asked_for_from_november_on(today: str, year: int | None) -> None:
    assert year_to_load(PUBLISHED, day(today)) == year
