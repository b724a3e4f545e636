"""The lines of a file of work orders as its page shows them: what is wrong first, with the cells to type in."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from arrears.identity import mask_phone
from arrears.sheet_columns import veiled
from arrears.sheet_leaves import Leaves
from arrears.sheets.table import BLANK, Line
from arrears.sources.columns import BY_NAME, COLUMNS, WHAT_HAPPENED
from arrears.sources.lines import GOOD, LEFT, SKIPPED, WRONG, Finding, OrderLine
from arrears.sources.sheets import CHANGED, LONGEST_FIX, NEW, SAME, Kept, Part

AT_ONCE = 50
SHOWS = {WRONG: _("要改正"), GOOD: _("可以导入"), LEFT: _("不导入"), SKIPPED: _("已跳过")}
STANDINGS = {NEW: (_("新工单"), "good"), SAME: (_("已经收到过"), "muted"), CHANGED: (_("内容有变化"), "warn")}
REASONS = (_("不是欠薪"), _("重复的一行"), _("不属于本地"), _("其他原因"))
SAMPLES = 3


@dataclass(frozen=True)
class FixField:
    name: str  # of the input
    label: str
    value: str
    errors: list[str]


@dataclass(frozen=True)
class LineRow:
    line: OrderLine
    fields: list[FixField]
    standing: str
    tone: str
    reason: str  # why it was left out

    @property
    def phone(self) -> str:
        return mask_phone(self.line.values.get("phone") or "")

    @property
    def parts(self) -> list[str]:
        values = self.line.values
        return [part for part in (values.get("name"), self.phone, values.get("employer"), values.get("township"), values.get("address")) if part]

    @property
    def place(self) -> str:
        return self.line.place.text(gettext)

    @property
    def problems(self) -> list[str]:
        shown = {field.name.rpartition("|")[2] for field in self.fields}
        return [said(finding) for finding in self.line.findings if finding.column not in shown]

    @property
    def is_wrong(self) -> bool:
        return self.line.verdict == WRONG


def said(finding: Finding) -> str:
    return finding.cause.text(gettext)


def fields_of(line: OrderLine) -> list[FixField]:
    blamed = {finding.column for finding in line.findings}
    if any(finding.code == "empty" for finding in line.findings):
        blamed |= {name for name in WHAT_HAPPENED if name in line.cells}
    return [
        FixField(
            f"fix|{line.key}|{column.name}", gettext(column.label), line.cells[column.name].text,
            [said(finding) for finding in line.findings if finding.column == column.name],
        )  # fmt: skip
        for column in COLUMNS
        if column.name in blamed and column.name in line.cells
    ]


class SheetPage(Leaves):
    def __init__(self, kept: Kept, params: Mapping[str, str]) -> None:
        self.kept = kept
        asked = params.get("show", "")
        self.show = asked if asked in SHOWS and self.by_show[asked] else WRONG if self.by_show[WRONG] else GOOD
        self.open_at(params)

    @cached_property
    def by_show(self) -> dict[str, list[OrderLine]]:
        return {name: self.kept.having(name) for name in SHOWS}

    @property
    def tabs(self) -> list[dict[str, Any]]:
        return [
            {"name": name, "label": gettext(label), "count": len(self.by_show[name]), "is_here": name == self.show}
            for name, label in SHOWS.items() if self.by_show[name] or name == GOOD
        ]  # fmt: skip

    @property
    def last(self) -> int:
        return max(1, -(-len(self.by_show[self.show]) // AT_ONCE))

    @cached_property
    def rows(self) -> list[LineRow]:
        start = (self.number - 1) * AT_ONCE
        return [self.row(line) for line in self.by_show[self.show][start : start + AT_ONCE]]

    def row(self, line: OrderLine) -> LineRow:
        words, tone = STANDINGS[self.kept.standings[line.external_number]] if line.verdict == GOOD else ("", "")
        return LineRow(line, fields_of(line) if line.verdict == WRONG else [], gettext(words) if words else "", tone, self.kept.left.get(line.key, ""))

    @property
    def wrong(self) -> int:
        return len(self.by_show[WRONG])

    @property
    def counts(self) -> dict[str, int]:
        found = list(self.kept.standings.values())
        return {name: found.count(name) for name in STANDINGS}

    @property
    def reasons(self) -> list[str]:
        return [gettext(reason) for reason in REASONS]

    @property
    def parts(self) -> list[dict[str, Any]]:
        """The tables of the file with their columns: what each is taken for, and a few of its cells."""
        return [
            {"number": part.number, "name": part.table.name, "is_taken": part.is_taken, "lines": len(below(part)), "heads": heads_of(part)}
            for part in self.kept.parts
        ]

    @property
    def options(self) -> list[tuple[str, str]]:
        return [("", gettext("不用这一列")), *((column.name, gettext(column.label)) for column in COLUMNS)]


def below(part: Part) -> list[Line]:
    return [line for line in part.table.lines if line.number > part.header.ends]


def heads_of(part: Part) -> list[dict[str, Any]]:
    found = []
    for place, head in enumerate(part.header.heads[:200]):
        texts = [veiled(line.cell(place).text) for line in below(part)[:20] if line.cell(place).text]
        name = f"field-{part.number}-{place}" if part.number else f"field-{place}"
        found.append({"name": name, "head": head, "column": part.fields.get(head, ""), "samples": texts[:SAMPLES]})
    return found


def posted_fixes(kept: Kept, posted: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """What was typed in and differs from what stood there."""
    lines = {line.key: line for line in kept.lines}
    found: dict[str, dict[str, str]] = {}
    for field, value in posted.items():
        mark, _bar, rest = field.partition("|")
        key, _bar, name = rest.partition("|")
        if mark == "fix" and key in lines and name in BY_NAME and name in lines[key].cells and value.strip() != lines[key].cells.get(name, BLANK).text:
            found.setdefault(key, {})[name] = "".join(c if c.isprintable() else " " for c in value[:LONGEST_FIX]).strip()
    return found
