"""Which papers and fields of the record each road needs, which are there, which are missing, and who can bring them. Django-free."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from arrears.completing.fields import FIELDS
from arrears.lifecycle import EVIDENCE_KINDS
from arrears.routes import ROADS
from arrears.rules.tables import column_faults, own_file, read_section, refuse
from arrears.situation.facts import TICKS, unknown_facts


def _(text: str) -> str:
    """Marks a label for the catalogues; whoever shows it translates it."""
    return text


BRING = {
    "worker": _("劳动者提供"),
    "employer": _("用人单位掌握，可以发举证通知"),
    "office": _("由本单位调取"),
}
KINDS = dict(EVIDENCE_KINDS)


@dataclass(frozen=True, kw_only=True)
class Need:
    """One thing a road needs: there when any of the `kinds` is on file, any of the `facts` holds, or all of the `fields` of
    the record are filled."""

    id: str
    roads: tuple[str, ...]
    name: str
    name_en: str
    bring: str
    kinds: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()

    def text(self, column: str, language: str = "zh-hans") -> str:
        return str(getattr(self, f"{column}_en" if language.startswith("en") else column))

    def is_met(self, papers: Collection[str], said: Collection[str], blank: Collection[str]) -> bool:
        """`blank`: names of fields that are empty for somebody."""
        is_filled = bool(self.fields) and set(self.fields).isdisjoint(blank)
        return is_filled or not set(self.kinds).isdisjoint(papers) or not set(self.facts).isdisjoint(said)


def load(override: Path | None = None) -> dict[str, Need]:
    """Raises BadRules."""
    rows = read_section("needs", Path(__file__).with_name("needs.toml"), override=override)
    return {row_id: need_of(row_id, row) for row_id, row in rows.items()}


def need_of(row_id: str, row: Mapping[str, Any]) -> Need:
    refuse(f"need {row_id}", column_faults(row, Need, given={"id"}))
    lists = {name: tuple(value) for name, value in row.items() if isinstance(value, list)}
    need = Need(**{**row, **lists, "id": row_id})
    refuse(f"need {row_id}", faults(need))
    return need


def faults(need: Need) -> Iterator[str]:
    yield from (f"there is no road {road}" for road in need.roads if road not in ROADS)
    yield from (f"there is no kind of evidence {kind}" for kind in need.kinds if kind not in KINDS)
    yield from unknown_facts(need.facts, TICKS)
    yield from (f"there is no field {field}" for field in need.fields if field not in FIELDS)
    if not need.kinds and not need.facts and not need.fields:
        yield "neither kinds nor facts nor fields: it would never be met"
    if need.bring not in BRING:
        yield f"bring {need.bring} is unknown ({', '.join(BRING)})"


NEEDS: Mapping[str, Need] = load(own_file())


def needs_of(road: str) -> list[Need]:
    return [need for need in NEEDS.values() if road in need.roads]
