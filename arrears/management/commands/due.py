"""manage.py due: when a time limit ends, and why.

    due JC-ACCEPT 2026-02-12            one limit, told to a person (--json: to a machine)
    due --csv FILE > answered.csv       columns rule_id,start_date; due_date,provisional are added

Works without a database; official years stored there are then missing, which it says on stderr.
"""

import csv
import difflib
import json
import re
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, InterfaceError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from arrears.calendars import calendar_now
from arrears.deadlines import Due, due, written
from arrears.rules import HOURS, RULES, Rule
from arrears.workdays import PUBLISHED, Calendar, NoCalendar
from grid.refused import Refused

NEEDED = ("rule_id", "start_date")
ADDED = ("due_date", "provisional")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MINUTE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}")
# In which column of a sheet the cause of a refusal is to be looked for.
COLUMN_OF = {"unknown_rule": "rule_id", "bad_start": "start_date", "no_calendar": "start_date"}


class Command(BaseCommand):
    help = "The end of a time limit, counted by the State Council's calendar, with the reason."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("rule", nargs="?", help="rule id, for example JC-ACCEPT")
        parser.add_argument("start", nargs="?", help="YYYY-MM-DD; YYYY-MM-DDTHH:MM for a limit in hours")
        parser.add_argument("--json", action="store_true", dest="as_json", help="one JSON object")
        parser.add_argument("--csv", type=Path, dest="sheet", metavar="FILE", help="answer every row of a UTF-8 CSV file")

    def handle(
        self, *args: Any, rule: str | None, start: str | None, sheet: Path | None, as_json: bool, **options: Any
    ) -> None:
        if sheet and (rule or as_json):
            raise CommandError(_("--csv 不能与规则编号或 --json 同时使用。"))
        if sheet:
            self.answer_sheet(sheet)
        elif rule and start:
            self.answer_one(rule, start, as_json)
        else:
            raise CommandError(_("请写规则编号和起算日，例如 due JC-ACCEPT 2026-02-12；或者用 --csv 指定文件。"))

    def answer_one(self, rule_id: str, start: str, as_json: bool) -> None:
        try:
            answer = answer_to(rule_id, start, self.calendar())
        except Refused as refused:
            raise CommandError(refused.message) from None
        self.stdout.write(to_json(answer) if as_json else "\n".join(told(answer)))

    def answer_sheet(self, file: Path) -> None:
        calendar = self.calendar()
        try:
            with file.open(encoding="utf-8-sig", newline="") as sheet:
                refused = self.answer_rows(sheet, file, calendar)
        except OSError as error:
            raise CommandError(_("打不开%(file)s：%(cause)s。") % {"file": file, "cause": error.strerror}) from None
        except UnicodeDecodeError:
            raise CommandError(
                _("%(file)s不是 UTF-8 编码，请在表格软件中另存为“CSV UTF-8”。") % {"file": file}
            ) from None
        if refused:
            raise CommandError(_("%(count)s行有错，没有写出；其余各行已写出。") % {"count": refused})

    def answer_rows(self, sheet: TextIO, file: Path, calendar: Calendar) -> int:
        """Writes the good rows; how many were bad."""
        rows = numbered(sheet)
        names = header_of(next(rows, (0, []))[1], file)
        columns = names + [name for name in ADDED if name not in names]
        out = csv.writer(self.stdout, lineterminator="\n")
        out.writerow(columns)
        refused = 0
        for line, cells in rows:
            try:
                out.writerow(answered(columns, own_cells(cells, len(names)), calendar))
            except Refused as bad:
                refused += 1
                self.stderr.write(complaint(line, bad))
        return refused

    def calendar(self) -> Calendar:
        try:
            return calendar_now()
        except (DatabaseError, InterfaceError):
            self.stderr.write(_("数据库无法读取，只按已公布的放假安排计算，不含管理员载入的年份。"))
            return PUBLISHED


def answer_to(rule_id: str, start: str, calendar: Calendar) -> Due:
    rule = RULES.get(rule_id)
    if not rule:
        raise Refused("unknown_rule", unknown_rule(rule_id))
    try:
        return due(rule, start_of(rule, start), calendar)
    except NoCalendar as error:
        raise Refused("no_calendar", error.phrase.text(_)) from None


def unknown_rule(rule_id: str) -> str:
    if not rule_id:
        return _("没有写规则编号。")
    near = difflib.get_close_matches(rule_id.upper(), RULES, n=3, cutoff=0.5)
    if near:
        return _("没有规则“%(id)s”，是不是%(near)s？") % {"id": rule_id, "near": _("、").join(near)}
    return _("没有规则“%(id)s”，规则编号见 arrears/rules/ 各表。") % {"id": rule_id}


def start_of(rule: Rule, text: str) -> date:
    """A day or, for a limit in hours, a minute on the clock in Asia/Shanghai. Raises Refused."""
    if not text:
        raise Refused("bad_start", _("没有写起算日。"))
    in_hours = rule.unit == HOURS
    if not (MINUTE if in_hours else DAY).fullmatch(text):
        if in_hours:
            message = _("%(id)s按小时计算，起算时刻应写成 2026-02-13T17:30 的样子，不能是“%(text)s”。")
        else:
            message = _("起算日应写成 2026-02-13 的样子，不能是“%(text)s”。")
        raise Refused("bad_start", message % {"id": rule.id, "text": text})
    try:
        return datetime.fromisoformat(text) if in_hours else date.fromisoformat(text)
    except ValueError:
        raise Refused("bad_start", _("没有“%(text)s”这个时间，请核对。") % {"text": text}) from None


def to_json(answer: Due) -> str:
    language, rule = get_language() or "zh-hans", answer.rule
    shown = {
        "rule_id": rule.id,
        "name": rule.text("name", language),
        "start": written(answer.start),
        "due_date": written(answer.end),
        "natural_date": written(answer.due_at or answer.natural_on),
        "provisional": answer.provisional,
        "article": rule.text("article", language),
        "law": rule.text("law", language),
        "verified": rule.verified,
        "steps": [
            {"day": step.day and written(step.day), "count": step.count, "kind": step.kind, "text": step.text(_)}
            for step in answer.steps
        ],
    }
    return json.dumps(shown, ensure_ascii=False, indent=2)


def told(answer: Due) -> Iterator[str]:
    language, rule = get_language() or "zh-hans", answer.rule
    yield f"{rule.id}  {rule.text('name', language)}"
    yield _("依据：%(citation)s（%(standing)s）") % {"citation": rule.citation(language), "standing": _(rule.standing)}
    yield _("起算：%(start)s（%(event)s）") % {"start": written(answer.start), "event": rule.text("starts", language)}
    yield _("届满：%(day)s") % {"day": written(answer.end)}
    yield _("顺延前：%(day)s") % {"day": written(answer.due_at or answer.natural_on)}
    yield _("暂定：%(answer)s") % {"answer": _("是，放假安排未公布") if answer.provisional else _("否")}
    if rule.note:
        yield _("须知：%(note)s") % {"note": rule.text("note", language)}
    yield _("逐日说明：")
    yield from (f"  {step.text(_)}" for step in answer.steps)


def numbered(sheet: TextIO) -> Iterator[tuple[int, list[str] | csv.Error]]:
    """The rows that are not empty, each with the line of the file on which it begins."""
    reader = csv.reader(sheet, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, error
            continue
        if any(cell.strip() for cell in cells):
            yield line, cells


def header_of(header: list[str] | csv.Error, file: Path) -> list[str]:
    """The sheet's column names: the needed ones once, those of an earlier answer at most once."""
    names = [] if isinstance(header, csv.Error) else [name.strip() for name in header]
    for name in (*NEEDED, *ADDED):
        count, fewest = names.count(name), int(name in NEEDED)
        if not fewest <= count <= 1:
            values = {"file": file, "name": name, "count": count}
            raise CommandError(_("%(file)s的首行应有且只有一列 %(name)s，实有%(count)s列。") % values)
    return names


def own_cells(cells: list[str] | csv.Error, width: int) -> list[str]:
    """The row's cells, as many as the sheet has columns; spreadsheets leave out empty ones at the end."""
    if isinstance(cells, csv.Error):
        raise Refused("broken_row", _("引号不成对，读不出这一行（%(cause)s）。") % {"cause": cells})
    if any(cells[width:]):
        raise Refused("broken_row", _("本行的栏数多于首行，请检查多余的逗号。"))
    return (cells + [""] * width)[:width]


def answered(columns: list[str], cells: list[str], calendar: Calendar) -> list[str]:
    """The row as it was with the answer in its columns; the answer of an earlier run is replaced."""
    row = cells + [""] * (len(columns) - len(cells))
    rule_id, start = (row[columns.index(name)].strip() for name in NEEDED)
    answer = answer_to(rule_id, start, calendar)
    row[columns.index("due_date")] = written(answer.end)
    row[columns.index("provisional")] = str(answer.provisional).lower()
    return row


def complaint(line: int, bad: Refused) -> str:
    if bad.code not in COLUMN_OF:
        return _("第%(line)s行：%(cause)s") % {"line": line, "cause": bad.message}
    values = {"line": line, "column": COLUMN_OF[bad.code], "cause": bad.message}
    return _("第%(line)s行，%(column)s列：%(cause)s") % values
