"""The rule table: every time limit with its article, read from the TOML files beside this one. Django-free.

legal.toml        limits whose text was read
provisional.toml  limits whose length, unit or article nobody has checked yet (shown as 未核实)
local.toml        the city's own targets, which are not law
laws.toml         the legal texts and their English titles

An installation corrects or adds rules in a file of its own, named by the environment variable XINAN_RULES.
There a rule needs only the columns that differ:

    [rules.CASE-WHOLE-60]
    length = 45

A table that contradicts itself stops the start (BadRules). Other tables of law are read the same way (arrears.rules.tables).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from arrears.rules.tables import (
    CONFIDENCES,
    FOLDER,
    BadRules,
    Law,
    cited,
    column_faults,
    own_file,
    read_laws,
    read_section,
    refuse,
)

TABLES = tuple(FOLDER / f"{name}.toml" for name in ("laws", "legal", "provisional", "local"))


def _(text: str) -> str:
    """Marks a text for the catalogues; whoever shows it translates it."""
    return text


WORKING, CALENDAR, MONTHS, YEARS, HOURS = "working", "calendar", "months", "years", "hours"
UNITS = {
    WORKING: _("工作日"),
    CALENDAR: _("日"),
    MONTHS: _("个月"),
    YEARS: _("年"),
    HOURS: _("小时"),
}
AFTER_NUMBER = {  # 30个工作日
    WORKING: _("个工作日"),
    CALENDAR: _("日"),
    MONTHS: _("个月"),
    YEARS: _("年"),
    HOURS: _("小时"),
}
FORWARD, BACK, NONE = "forward", "back", "none"
ROLLS = (FORWARD, BACK, NONE)
LEGAL, LOCAL, AGREED = "legal", "local", "agreed"
KINDS = ("group",)  # of claims (arrears.ladders.CLAIM_KINDS), as far as a rule can be for one
RULE_ID = re.compile(r"[A-Z][A-Z0-9-]{2,23}")


@dataclass(frozen=True)
class Extension:
    """How often the limit may be extended, by how much (same unit), and who approves it. `level`: from which level of
    the grid upward it is approved here; "" : outside the grid, a county officer records the paper."""

    length: int
    times: int
    by: str
    by_en: str
    level: str


@dataclass(frozen=True)
class Rule:
    """One row of the table. Texts come in pairs (name, name_en): ask `text()` for the reader's language."""

    id: str
    name: str
    name_en: str
    unit: str
    length: int | None  # negative: counted backward; None: the day itself is given (an agreement)
    roll: str
    starts: str
    starts_en: str
    stops: str
    stops_en: str
    confidence: str
    kind: str = LEGAL
    target_of: str = ""  # the rule whose limit this local target is to undercut; it starts, rests and ends with it
    claim_kind: str = ""  # of a target: only claims of this kind have it (KINDS); "" : all
    law: str = ""
    law_en: str = ""
    article: str = ""
    article_en: str = ""
    source: str = ""
    source_en: str = ""
    extension: Extension | None = None
    note: str = ""
    note_en: str = ""

    @property
    def verified(self) -> bool:
        return self.confidence in ("T", "P")

    @property
    def is_legal(self) -> bool:
        return self.kind == LEGAL

    @property
    def standing(self) -> str:
        """What kind of limit a reader has before him, as a marked text."""
        if self.kind == AGREED:
            return _("协议约定")
        if not self.is_legal:
            return _("本市工作目标")
        return _("法定期限") if self.verified else _("法定期限（未核实）")

    def text(self, column: str, language: str = "zh-hans") -> str:
        """name, law, article, source, starts, stops or note in a language."""
        return str(getattr(self, f"{column}_en" if language.startswith("en") else column))

    def citation(self, language: str = "zh-hans") -> str:
        """劳动保障监察条例 第十七条; a local target cites what it rests on."""
        if not self.law:
            return self.text("source", language)
        joint = ", " if language.startswith("en") else " "
        return f"{self.text('law', language)}{joint}{self.text('article', language)}"

    def extended(self, times: int = 1) -> "Rule":
        """The same rule once it has been extended; still counted from the same start."""
        assert self.extension and 1 <= times <= self.extension.times, self.id
        return self.longer(times * self.extension.length)

    def longer(self, by: int) -> "Rule":
        """The same rule with granted extensions of so many units in all."""
        return replace(self, length=self.length + by) if by and self.length else self


def load(*tables: Path, override: Path | None = None) -> dict[str, Rule]:
    """The rules of the tables by id, an installation's own file laid over them. Raises BadRules."""
    laws = read_laws(*tables, override=override)
    rows = read_section("rules", *tables, override=override)
    rules = {rule_id: _make_rule(rule_id, columns, laws) for rule_id, columns in rows.items()}
    if faults := list(_target_faults(rules)):
        raise BadRules("; ".join(faults))
    return rules


def _make_rule(rule_id: str, columns: Mapping[str, Any], laws: Mapping[str, Law]) -> Rule:
    row = {"roll": NONE, "length": None, **columns}
    refuse(f"rule {rule_id}", list(_column_faults(row)) or _row_faults(rule_id, row, laws))
    extension = Extension(**row["extension"]) if "extension" in row else None
    return Rule(**{**cited(row, laws), **row, "id": rule_id, "extension": extension})


NUMBERS = ("length", "times")
APPROVING = ("county", "city", "")  # who may grant an extension here
OWN = {"id", "length", "extension"}  # checked here; the rest is text


def _column_faults(row: Mapping[str, Any]) -> Iterator[str]:
    yield from column_faults({name: value for name, value in row.items() if name not in OWN - {"id"}}, Rule, given=OWN)
    if type(row["length"]) is not int and row["length"] is not None:
        yield "length must be a whole number"
    if "extension" in row:
        yield from (f"extension: {fault}" for fault in _extension_faults(row["extension"]))


def _extension_faults(value: object) -> Iterator[str]:
    if not isinstance(value, dict):
        yield "must be a table of length, times, by, by_en and level"
        return
    yield from column_faults({name: cell for name, cell in value.items() if name != "level"}, Extension, given={"level"})
    if value.get("level") not in APPROVING:
        yield f"level {value.get('level')} is unknown (county, city, or empty for whoever is outside the grid)"
    if not all(type(value.get(column)) is int and value[column] > 0 for column in NUMBERS):
        yield "length and times must be above 0"


def _row_faults(rule_id: str, row: Mapping[str, Any], laws: Mapping[str, Law]) -> Iterator[str]:
    unit, length, roll, kind = row["unit"], row["length"], row["roll"], row.get("kind", LEGAL)
    if not RULE_ID.fullmatch(rule_id):
        yield "an id is 3 to 24 capital letters, digits and hyphens"
    for column, value, allowed in (
        ("unit", unit, UNITS), ("roll", roll, ROLLS), ("kind", kind, (LEGAL, LOCAL, AGREED)), ("confidence", row["confidence"], CONFIDENCES),
    ):  # fmt: skip
        if value not in allowed:
            yield f"{column} {value} is unknown ({', '.join(allowed)})"
    if roll != NONE and unit in (WORKING, HOURS):
        yield f"a limit in {unit} does not roll"
    if length is None and (kind == LEGAL or unit != CALENDAR):
        yield "only a local target in calendar days may leave out length"
    if length == 0 and (unit != CALENDAR or roll == NONE):
        yield "length 0 means the day itself, which only makes sense for calendar days that roll"
    if kind == LEGAL and not (row.get("article") and row.get("article_en")):
        yield "a legal limit needs article and article_en"
    if kind == LEGAL and row.get("law") not in laws:
        yield f"law {row.get('law')} is not in the table of laws"
    if kind != LEGAL and not (row.get("source") and row.get("source_en")):
        yield "a local target needs source and source_en"


def _target_faults(rules: Mapping[str, Rule]) -> Iterator[str]:
    for rule in rules.values():
        if rule.claim_kind and (rule.claim_kind not in KINDS or not rule.target_of):
            yield f"rule {rule.id}: only a target can be for a kind of claim ({', '.join(KINDS)})"
        if not rule.target_of:
            continue
        if rule.is_legal:
            yield f"rule {rule.id}: only a local rule is a target"
        if rule.target_of not in rules or not rules[rule.target_of].is_legal:
            yield f"rule {rule.id}: target_of {rule.target_of} is no legal limit"


def targets_of(rule_id: str) -> list[str]:
    """The city's own targets within a legal limit."""
    return [rule.id for rule in RULES.values() if rule.target_of == rule_id]


RULES: Mapping[str, Rule] = load(*TABLES, override=own_file())
