"""Reading a table of law: TOML files with one section per row, and an installation's own file laid over them.

What every such table shares: the legal texts (laws.toml), how far a row was checked (CONFIDENCES), and the check of its
columns. Deadlines are rows of arrears.rules, liability of arrears.liability, roads of arrears.routes. Django-free.
"""

import os
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any, Self

FOLDER = Path(__file__).resolve().parent
# [laws.NAME] the legal texts · [rules.ID] time limits · [facts.ID], [liability.ID] who must pay · [roads.ID], [traps.ID] which door
# [proceedings.KIND], [steps."KIND.STEP"], [exclusions.ID], [hard.RULE], [combined.ID] the chains of the roads
# [figures.ID], [published.ID], [fees.N] what is reckoned with · [sums.ID] what is reckoned
# [conditions.ID], [reasons.ID], [supporters.ID], [practice.ID], [ways.ID] support to sue
# [clauses.ID] what an agreement may say
# [papers.ID] the documents · [packets.ID] which of them go together · [paper_words.ID] what they call things here
SECTIONS = (
    "laws", "rules", "facts", "liability", "roads", "traps", "presumptions", "needs", "reports", "thresholds", "hours",
    "figures", "published", "fees", "sums", "retention", "conditions", "reasons", "supporters", "practice", "ways",
    "papers", "packets", "paper_words", "proceedings", "steps", "exclusions",
    "hard", "combined", "methods", "served", "clauses",
)  # fmt: skip


def _(text: str) -> str:
    """Marks a text for the catalogues; whoever shows it translates it."""
    return text


CONFIDENCES = {
    "T": _("已通读条文"),
    "P": _("依据网页摘录"),
    "K": _("未核实"),
}
Rows = dict[str, dict[str, Any]]


class BadRules(Exception):
    """A table of law is wrong; the process must not start."""


@dataclass(frozen=True)
class Law:
    name: str
    name_en: str
    source: str
    source_en: str


class Cited:
    """What a row with a law, an article and a confidence says about itself. Texts come in pairs (name, name_en)."""

    law: str
    article: str
    confidence: str

    @property
    def verified(self) -> bool:
        return self.confidence in ("T", "P")

    def text(self, column: str, language: str = "zh-hans") -> str:
        return str(getattr(self, f"{column}_en" if language.startswith("en") else column))

    def citation(self, language: str = "zh-hans") -> str:
        """保障农民工工资支付条例 第三十条第三款"""
        joint = ", " if language.startswith("en") else " "
        return f"{self.text('law', language)}{joint}{self.text('article', language)}"


FROM_LAW = frozenset({"id", "law_en", "source", "source_en"})  # columns a row does not write itself


@dataclass(frozen=True, kw_only=True)
class LawRow(Cited):
    """A row that rests on an article: liability, a road, a trap, a figure, a sum."""

    id: str
    law: str
    law_en: str
    article: str
    article_en: str
    source: str
    source_en: str
    confidence: str

    @classmethod
    def of(cls, section: str, row_id: str, row: Mapping[str, Any]) -> Self:
        """The row with what its law says of itself. Raises BadRules."""
        refuse(f"{section} {row_id}", list(column_faults(row, cls, given=FROM_LAW)) or law_faults(row, LAWS))
        lists = {name: tuple(value) for name, value in row.items() if isinstance(value, list)}
        return cls(**{**cited(row, LAWS), **row, **lists, "id": row_id})


def read_section(section: str, *tables: Path, override: Path | None = None) -> Rows:
    """The rows of one section by id, an installation's own columns laid over them. Raises BadRules."""
    rows: Rows = {}
    for path in tables:
        found = read(path).get(section, {})
        if twice := found.keys() & rows.keys():
            raise BadRules(f"{path.name}: {', '.join(sorted(twice))} is in another table already")
        rows.update(found)
    if override:
        for row_id, columns in read(override).get(section, {}).items():
            rows[row_id] = {**rows.get(row_id, {}), **columns}
    return rows


def read(path: Path) -> dict[str, Rows]:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadRules(f"{path} cannot be read as a rule table: {error}") from error
    parts = table.values()
    if table.keys() - set(SECTIONS) or not all(isinstance(part, dict) and all(isinstance(row, dict) for row in part.values()) for part in parts):
        raise BadRules(f"{path}: only sections {', '.join(f'[{name}.ID]' for name in SECTIONS)} belong here")
    return table


def read_laws(*tables: Path, override: Path | None = None) -> dict[str, Law]:
    laws = {}
    for name, columns in read_section("laws", *tables, override=override).items():
        refuse(f"law {name}", column_faults(columns, Law, given={"name"}))
        laws[name] = Law(**{**columns, "name": name})
    return laws


def refuse(row: str, faults: Iterable[str]) -> None:
    if found := list(faults):
        raise BadRules(f"{row}: " + "; ".join(found))


TYPES: dict[str, tuple[type, str]] = {
    "int": (int, "a whole number"), "bool": (bool, "true or false"), "tuple[str, ...]": (list, "a list of texts"),
}  # fmt: skip


def column_faults(row: Mapping[str, Any], shape: type, given: set[str] = frozenset()) -> Iterator[str]:
    """Unknown and missing columns, and values of the wrong type. `given` columns come from elsewhere."""
    kinds = {f.name: str(getattr(f.type, "__name__", f.type)) if isinstance(f.type, type) else str(f.type) for f in fields(shape)}
    optional = {f.name for f in fields(shape) if f.default is not MISSING} | set(given)
    if unknown := row.keys() - kinds.keys():
        yield f"unknown column {', '.join(sorted(unknown))}"
    if missing := kinds.keys() - optional - row.keys():
        yield f"missing column {', '.join(sorted(missing))}"
    for column, value in row.items():
        kind, words = TYPES.get(kinds.get(column, "str"), (str, "a text"))
        if type(value) is not kind or (kind is str and not value.strip()) or kind is list and not all(isinstance(one, str) for one in value):
            yield f"{column} must be {words}"


def cited(row: Mapping[str, Any], laws: Mapping[str, Law]) -> dict[str, str]:
    """The columns a row has from its law."""
    law = laws.get(row.get("law", ""))
    return {"law_en": law.name_en, "source": law.source, "source_en": law.source_en} if law else {}


def law_faults(row: Mapping[str, Any], laws: Mapping[str, Law]) -> Iterator[str]:
    if row.get("law") not in laws:
        yield f"law {row.get('law')} is not in the table of laws"
    if row.get("confidence") not in CONFIDENCES:
        yield f"confidence {row.get('confidence')} is unknown ({', '.join(CONFIDENCES)})"


def own_file() -> Path | None:
    """The installation's own table, named by XINAN_RULES."""
    name = os.environ.get("XINAN_RULES", "").strip()
    return Path(name) if name else None


LAWS_TABLE = FOLDER / "laws.toml"
LAWS: Mapping[str, Law] = read_laws(LAWS_TABLE, override=own_file())
