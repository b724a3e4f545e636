"""How papers write what was typed."""

import pytest

from arrears.papers.wording import lines_of


@pytest.mark.parametrize(
    "typed", ["二倍工资差额", "12,000元", "1.5倍加班费", "三个月的经济补偿", "2025年11月的高温津贴", "（含加班费）工资", "一次性伤残补助金"]
)
def test_what_a_line_begins_with_stays(typed: str) -> None:
    assert lines_of(typed) == [typed]


@pytest.mark.parametrize(
    "before", ["1.", "1. ", "2、", "12．", "3)", "4） ", "(5)", "（6）", "一、", "十二、", "（三）", "（十）", "  1、 ", "１．"]
)  # fmt: skip
def test_the_number_that_was_put_before_goes(before: str) -> None:
    assert lines_of(f"{before}二倍工资差额12,000元") == ["二倍工资差额12,000元"]


def test_empty_lines_and_bare_numbers_are_no_points() -> None:
    assert lines_of("1、经济补偿\n\n  \n2、\n12,000元\n") == ["经济补偿", "12,000元"]
