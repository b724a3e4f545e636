"""The lines of "why this date": days that rest in a row are one line, and the last day stands there once."""

from datetime import date

from arrears.deadlines import due
from arrears.rules import RULES
from arrears.timing.pauses import Interval, Paused
from arrears.timing.step_lines import StepLine, lines_of
from arrears.workdays import Calendar


def lines(rule: str, start: str, **more: object) -> list[StepLine]:
    calendar = more.pop("calendar", None) or Calendar()
    return lines_of(due(RULES[rule], date.fromisoformat(start), calendar, **more).steps)


def texts(rule: str, start: str, **more: object) -> list[str]:
    return [line.text for line in lines(rule, start, **more)]


def test_working_days_over_a_weekend() -> None:
    assert texts("JC-ACCEPT", "2026-03-02") == [
        "2026-03-02 周一：起算日，不计入（民法典第二百零一条）",
        "2026-03-03 周二：工作日，第1个工作日", "2026-03-04 周三：工作日，第2个工作日", "2026-03-05 周四：工作日，第3个工作日",
        "2026-03-06 周五：工作日，第4个工作日", "2026-03-07至2026-03-08：周末，共2日，不计入",
        "2026-03-09 周一：工作日，第5个工作日，期限届满",
    ]  # fmt: skip


def test_the_line_of_the_last_day_has_its_number_and_the_colour_of_the_end() -> None:
    *_before, off, last = lines("JC-ACCEPT", "2026-03-02")
    assert (off.is_day_off, off.count, off.tone) == (True, None, "muted")
    assert (last.count, last.tone, last.is_day_off) == (5, "bad", False)


def test_holidays_and_the_weekend_behind_them_are_one_run_with_each_cause_once() -> None:
    run = next(text for text in texts("JC-ACCEPT", "2026-04-30") if text.startswith("2026-05-01"))
    assert run == "2026-05-01至2026-05-05：劳动节放假，共5日，不计入"


def test_one_resting_day_alone_keeps_its_weekday() -> None:
    assert "2026-05-10 周日：周末，不计入" in texts("JC-ACCEPT", "2026-04-30")


def test_a_limit_that_rolls_over_holidays_says_so_once() -> None:
    assert texts("ARB-LIMIT-1Y", "2025-05-01")[-2:] == ["2026-05-01至2026-05-05：劳动节放假，顺延（民法典第二百零三条）", "2026-05-06 周三：工作日，期限届满"]


def test_days_that_are_paused_are_one_run_too_and_the_count_goes_on() -> None:
    pause = Interval(date(2026, 3, 4), date(2026, 3, 6), "等待鉴定")
    assert texts("JC-ACCEPT", "2026-03-02", calendar=Paused(Calendar(), (pause,)))[1:4] == [
        "2026-03-03 周二：工作日，第1个工作日", "2026-03-04至2026-03-05：中止（等待鉴定），共2日，不计入", "2026-03-06 周五：工作日，第2个工作日",
    ]  # fmt: skip


def test_an_agreed_day_and_a_day_of_an_order_stand_there_once() -> None:
    assert texts("AGREED-PAY", "2026-03-06") == ["2026-03-06 周五：约定的日期，期限届满，遇节假日不顺延"]
    assert texts("ORDER-REPLY", "2026-03-06") == ["2026-03-06 周五：写明的日期，期限届满，遇节假日不顺延"]
