"""What the page of a wage sheet shows: its lines so many at a time, what is wrong at which cell, what it comes to.
ID numbers are masked but for the one that has to be corrected. Templates neither query nor decide."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from arrears.duplicates.sheets import Known, Twin
from arrears.identity import mask_id, mask_phone
from arrears.models.claims import UNITS
from arrears.money import LARGEST, to_chinese_capitals
from arrears.sheet_kept import Kept
from arrears.sheet_leaves import Leaves
from arrears.sheets.fields import BY_NAME, DAY, FIELDS, ID, MONEY, PERIOD, PHONE, QUANTITY
from arrears.sheets.kept import unpack_row
from arrears.sheets.rows import LEFT, SKIPPED, TAKEN, WRONG, Finding, Row
from arrears.sheets.table import BLANK
from arrears.sheets.total import Total

AT_ONCE = 100  # lines on a page
CORRECTED_AT_ONCE = 50  # of those with fields to type in
TOTALS_SHOWN = 12
# What of the lines is shown, in the order of the tabs.
WRONGS, KNOWN, LOOKS, ALL, LEFTS, SKIPS = "wrong", "known", "look", "all", "left", "skipped"
SHOWS: Mapping[str, str] = {
    WRONGS: _("要改正"), KNOWN: _("可能已登记"), LOOKS: _("请看一眼"), ALL: _("可以登记"), LEFTS: _("不登记"), SKIPS: _("已跳过"),
}  # fmt: skip
ASKED: Mapping[str, dict[str, object]] = {
    WRONGS: {"verdict": WRONG}, LOOKS: {"verdict": TAKEN, "is_remarked": True}, ALL: {"verdict": TAKEN}, LEFTS: {"verdict": LEFT},
    SKIPS: {"verdict": SKIPPED},
}  # fmt: skip
REASONS = (_("重复的一行"), _("不是劳动者"), _("已经结清"), _("本人不愿意登记"), _("另案登记"), _("其他原因"))
KEYBOARDS = {MONEY: "decimal", QUANTITY: "decimal", PHONE: "tel"}
# What tells two people apart, or two lines of one person.
APART = {"same_name": ("id_number", "phone"), "other_name": ("id_number",), "same_row": ("period", "period_from", "period_to")}


@dataclass(frozen=True)
class FixField:
    """One cell to type in."""

    name: str  # of the input
    label: str
    value: str
    placeholder: str
    keyboard: str
    errors: list[str]


@dataclass(frozen=True)
class LineRow:
    row: Row
    fields: list[FixField]  # empty: it is shown only
    reason: str  # why it was left out
    twins: Sequence[Twin] = ()  # claims its worker seems to stand in already

    @property
    def place(self) -> str:
        return self.row.place.text(gettext)

    @property
    def id_masked(self) -> str:
        return mask_id(self.row.values.get("id_number") or "")

    @property
    def phone_masked(self) -> str:
        return mask_phone(self.row.values.get("phone") or "")

    @property
    def unit(self) -> str:
        return str(dict(UNITS)[self.row.wage.unit]) if self.row.wage else ""

    @property
    def problems(self) -> list[str]:
        """Those that stand at no cell one can type in, or at none at all."""
        shown = {field.name.partition("|")[2].partition("|")[2] for field in self.fields}
        return [said(finding) for finding in self.row.findings if finding.field not in shown]

    @property
    def remarks(self) -> list[str]:
        return [said(finding) for finding in self.row.remarks]

    @property
    def is_wrong(self) -> bool:
        return self.row.verdict == WRONG

    @property
    def is_taken(self) -> bool:
        return self.row.verdict == TAKEN

    @property
    def anchor(self) -> str:
        return f"line-{self.row.key}"


def said(finding: Finding) -> str:
    return finding.cause.text(gettext)


def fields_of(row: Row, *, is_whole: bool) -> list[FixField]:
    """The cells to correct: those blamed, and those without which they cannot be; or all of them."""
    wanted = {finding.field for finding in row.findings} & set(BY_NAME)
    for finding in row.findings:
        wanted |= {name for name in APART.get(finding.code, ()) if name in row.cells or name in ("id_number", "phone")}
    if any(BY_NAME[name].kind in (MONEY, QUANTITY) for name in wanted):
        wanted |= {name for name in row.cells if BY_NAME[name].kind in (MONEY, QUANTITY)}
    if is_whole:
        wanted |= set(row.cells)
    return [field_of(row, field.name) for field in FIELDS if field.name in wanted]


def field_of(row: Row, name: str) -> FixField:
    field = BY_NAME[name]
    hint = mask_id(row.cells.get(name, BLANK).text) if field.kind == ID and not row.blamed(name) else HINTS.get(field.kind, "")
    return FixField(
        f"fix|{row.key}|{name}", gettext(field.label), shown_in(row, name), hint, KEYBOARDS.get(field.kind, ""),
        [said(finding) for finding in row.findings if finding.field == name],
    )  # fmt: skip


HINTS = {PERIOD: "2025-10", DAY: "2025-10-01"}


def shown_in(row: Row, name: str) -> str:
    """What stands in the field at first. An ID number that is right stays covered."""
    if BY_NAME[name].kind == ID and not row.blamed(name):
        return ""
    return row.cells.get(name, BLANK).text


@dataclass(frozen=True)
class TotalRow:
    total: Total
    place: str

    @property
    def columns(self) -> list[dict[str, Any]]:
        return [{"label": gettext(BY_NAME[column.field].label), "column": column} for column in self.total.columns]


class SheetPage(Leaves):
    """Reads the summary of the sheet, and of its lines those it shows."""

    def __init__(self, kept: Kept, params: Mapping[str, str], known: Known) -> None:
        self.kept, self.summary, self.known = kept, kept.summary, known
        asked = params.get("show", "")
        is_empty = not self.counts.get(asked)  # the last wrong line has just been put right
        self.show = (WRONGS if self.counts[WRONGS] else ALL) if is_empty else asked
        self.editing = params.get("edit", "")
        self.open_at(params)

    @cached_property
    def counts(self) -> dict[str, int]:
        found = self.summary
        return {WRONGS: found.wrong, KNOWN: self.known.count, LOOKS: found.remarked, ALL: found.taken, LEFTS: found.left, SKIPS: found.skipped}

    @property
    def tabs(self) -> list[dict[str, Any]]:
        return [
            {"name": name, "label": gettext(label), "count": self.counts[name], "is_here": name == self.show}
            for name, label in SHOWS.items()
            if self.counts[name] or name == ALL
        ]

    @property
    def size(self) -> int:
        return CORRECTED_AT_ONCE if self.show == WRONGS else AT_ONCE

    @property
    def last(self) -> int:
        return max(1, -(-self.counts[self.show] // self.size))

    @cached_property
    def rows(self) -> list[LineRow]:
        start = (self.number - 1) * self.size
        lines = (self.known.lines if self.show == KNOWN else self.kept.row.lines.filter(**ASKED[self.show]))[start : start + self.size]
        rows = [unpack_row(line.packed()) for line in lines]
        twins = self.known.twins(rows)
        return [self.line(row, twins.get(row.key, ())) for row in rows]

    def line(self, row: Row, twins: Sequence[Twin]) -> LineRow:
        is_edited = row.key == self.editing and row.verdict == TAKEN
        fields = fields_of(row, is_whole=is_edited) if row.verdict == WRONG or is_edited else []
        return LineRow(row, fields, self.kept.left.get(row.key, ""), twins)

    @property
    def reasons(self) -> list[str]:
        return [gettext(reason) for reason in REASONS]

    # What it comes to

    @property
    def people(self) -> int:
        return self.summary.people

    @property
    def wrong(self) -> int:
        return self.summary.wrong

    @property
    def total(self) -> Decimal:
        return self.summary.total

    @property
    def in_capitals(self) -> str:
        return to_chinese_capitals(self.total) if self.total <= LARGEST else ""

    @property
    def lacks(self) -> list[str]:
        return self.kept.lacks

    @property
    def is_ready(self) -> bool:
        return self.kept.is_ready

    @cached_property
    def totals(self) -> list[TotalRow]:
        """The sheet's own sums, those that differ first."""
        ordered = sorted(self.summary.totals, key=lambda total: (not total.differs, not total.is_grand))
        return [
            TotalRow(total, Row(total.table, total.line, {}, table_name=self.summary.tables.get(total.table, "")).place.text(gettext))
            for total in ordered[:TOTALS_SHOWN]
        ]

    @property
    def differs(self) -> bool:
        return any(total.differs for total in self.summary.totals)

    @property
    def agrees(self) -> bool:
        return bool(self.summary.totals) and not self.differs


def posted_fixes(rows: Mapping[str, Row], posted: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """What was typed in and differs from what stood there. `rows` by key: what is no line of the sheet is not corrected."""
    found: dict[str, dict[str, str]] = {}
    for field, value in posted.items():
        mark, _bar, rest = field.partition("|")
        key, _bar, name = rest.partition("|")
        if mark == "fix" and key in rows and name in BY_NAME and value.strip() != shown_in(rows[key], name):
            found.setdefault(key, {})[name] = "".join(c for c in value if c.isprintable()).strip()
    return found
