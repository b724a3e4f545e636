"""Reads an official year file: the State Council's holiday notice of one year as a small CSV. Django-free.

    # 国务院办公厅关于2027年部分节假日安排的通知（lines that begin with # are remarks; the first is kept as the source）
    date,kind,name
    2027-01-01,off,元旦
    2027-02-20,work,春节

One line for every day the notice names: `off` (or 休) for each day without work, weekends inside a holiday
included, `work` (or 班) for each weekend day made up for. Other days follow the week. A notice may name days
of the December before. Dates may be written 2027-01-01 or, as spreadsheets save them, 2027/1/1.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from arrears.phrases import Phrase
from arrears.workdays import OFF, WORK, YearDays

COLUMNS = ("date", "kind", "name")
KINDS = {"off": OFF, "休": OFF, "work": WORK, "班": WORK}
DATE = re.compile(r"([0-9]{4})([-/])([0-9]{1,2})\2([0-9]{1,2})")
FEWEST_OFF = 13  # the statutory holidays alone (全国年节及纪念日放假办法 art. 2)
ALWAYS_OFF = ((1, 1), (5, 1), (10, 1), (10, 2), (10, 3))


def _(text: str) -> str:
    """Marks a text for the catalogues; whoever shows it translates it."""
    return text


@dataclass(frozen=True)
class Problem:
    """`line` counts from 1 with the header; 0 means the file as a whole."""

    line: int
    column: str
    cause: Phrase

    def phrase(self) -> Phrase:
        if not self.line:
            return self.cause
        return Phrase(
            _("第%(line)s行，%(column)s列：%(cause)s"),
            {"line": self.line, "column": self.column, "cause": self.cause},
        )


class BadYearFile(ValueError):
    """The file cannot be used; every problem it has."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problem.phrase().text() for problem in self.problems))


@dataclass(frozen=True)
class YearFile:
    year: int
    days: YearDays
    source: str  # the first remark: title and number of the notice


@dataclass(frozen=True)
class _Row:
    line: int
    day: date
    kind: str
    name: str


def parse_year_file(text: str) -> YearFile:
    """The year and its days. Raises BadYearFile with every problem found."""
    lines = text.removeprefix("\ufeff").splitlines()
    remarks = [line.lstrip("#").strip() for line in lines if line.startswith("#")]
    problems: list[Problem] = []
    rows = list(_read_rows(lines, problems))
    if problems:
        raise BadYearFile(problems)
    year = Counter(row.day.year for row in rows).most_common(1)[0][0]
    problems += [*_row_problems(rows, year), *_year_problems(rows, year)]
    if problems:
        raise BadYearFile(problems)
    days = {row.day: (row.kind, row.name) for row in rows}
    return YearFile(year, days, next(iter(remarks), ""))


def _read_rows(lines: list[str], problems: list[Problem]) -> Iterator[_Row]:
    written = [(number, line) for number, line in enumerate(lines, 1) if line.strip() and not line.startswith("#")]
    if len(written) < 2:
        problems.append(Problem(0, "", Phrase(_("文件里没有日期。首行应为 date,kind,name，其后每行一天。"))))
        return
    header_line, header = written[0]
    if [name.strip() for name in _cells(header)] != list(COLUMNS):
        problems.append(Problem(header_line, COLUMNS[0], Phrase(_("首行应为 date,kind,name。"))))
        return
    for number, line in written[1:]:
        cells = [cell.strip() for cell in _cells(line)]
        found = list(_cell_problems(number, cells))
        problems += found
        if not found:
            day, kind, name = cells
            yield _Row(number, _day(day), KINDS[kind.lower()], name)


def _cells(line: str) -> list[str]:
    return next(csv.reader([line]))


def _cell_problems(line: int, cells: list[str]) -> Iterator[Problem]:
    if len(cells) != len(COLUMNS):
        cause = Phrase(_("应有三栏，实有%(count)s栏。"), {"count": len(cells)})
        yield Problem(line, COLUMNS[min(len(cells), len(COLUMNS)) - 1], cause)
        return
    day, kind, name = cells
    if not DATE.fullmatch(day):
        yield Problem(line, "date", Phrase(_("“%(text)s”不是日期，请写成 2027-01-01 的样子。"), {"text": day}))
    elif not _is_day(day):
        yield Problem(line, "date", Phrase(_("日历上没有“%(text)s”这一天。"), {"text": day}))
    if kind.lower() not in KINDS:
        yield Problem(line, "kind", Phrase(_("“%(text)s”不认识，请写 off（放假）或 work（调休上班）。"), {"text": kind}))
    if not name:
        yield Problem(line, "name", Phrase(_("没有写节日名称。")))


def _day(text: str) -> date:
    year, month, day = (int(part) for part in re.split("[-/]", text))
    return date(year, month, day)


def _is_day(text: str) -> bool:
    try:
        _day(text)
    except ValueError:
        return False
    return True


def _row_problems(rows: list[_Row], year: int) -> Iterator[Problem]:
    first_seen: dict[date, int] = {}
    for row in rows:
        values = {"day": row.day.isoformat(), "year": year, "first": first_seen.setdefault(row.day, row.line)}
        # the notice of a year may make days of the December before working days (2007, 2012 …)
        if row.day.year != year and (row.day.year, row.day.month) != (year - 1, 12):
            yield Problem(row.line, "date", Phrase(_("%(day)s不属于本文件的年份%(year)s。"), values))
        if values["first"] != row.line:
            yield Problem(row.line, "date", Phrase(_("%(day)s与第%(first)s行重复。"), values))
        if row.kind == WORK and row.day.weekday() < 5:
            yield Problem(row.line, "kind", Phrase(_("%(day)s不是周末，不能作为调休上班日。"), values))


def _year_problems(rows: list[_Row], year: int) -> Iterator[Problem]:
    off = {row.day for row in rows if row.kind == OFF and row.day.year == year}
    if len(off) < FEWEST_OFF:
        values = {"year": year, "count": len(off), "fewest": FEWEST_OFF}
        yield Problem(0, "", Phrase(_("%(year)s年只列了%(count)s天放假，少于法定的%(fewest)s天，文件不完整。"), values))
    for month, day in ALWAYS_OFF:
        holiday = date(year, month, day)
        if holiday not in off:
            yield Problem(0, "", Phrase(_("%(day)s是法定节假日，文件里没有列为放假。"), {"day": holiday.isoformat()}))
