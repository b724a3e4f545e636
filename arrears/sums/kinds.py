"""法定数额: what the law leaves to figures somebody publishes, and the published ones that come with the program.

Rows of figures.toml, read by a lawyer; an installation corrects them in its own file (XINAN_RULES), and its
administrators publish newer figures on a page (arrears.sums.book). Django-free.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from arrears.rules.tables import BadRules, LawRow, own_file, read_section, refuse


def _(text: str) -> str:
    """Marks a text for the catalogues; whoever shows it translates it."""
    return text


UNITS = {"month": _("元/月"), "year": _("元/年"), "yuan": _("元"), "case": _("元/件"), "day": _("每日")}
PLACES = {"county": _("各县（区）"), "province": _("全省"), "country": _("全国")}


@dataclass(frozen=True, kw_only=True)
class Kind(LawRow):
    """A kind of figure. `stale_after`: months from which a newer one is likely; 0 never."""

    name: str
    name_en: str
    unit: str
    place: str
    stale_after: int


@dataclass(frozen=True, kw_only=True)
class Sum(LawRow):
    """What is reckoned, with which figures, by which article."""

    name: str
    name_en: str
    figures: tuple[str, ...]
    note: str
    note_en: str


UNVERIFIED, STALE = "unverified", "stale"


@dataclass(frozen=True)
class Figure:
    """A published figure. `region`: the code of the place it holds in, "" everywhere. `amount` in the unit of its kind."""

    kind: str
    region: str
    amount: Decimal
    since: date
    source: str
    confidence: str
    source_en: str = ""  # of what comes with the program; an administrator types one text

    def doubts(self, day: date) -> tuple[str, ...]:
        """Why a sum reckoned with it on that day is provisional: nobody checked it, or a newer one is likely."""
        after = KINDS[self.kind].stale_after
        months = (day.year - self.since.year) * 12 + day.month - self.since.month - (day.day < self.since.day)
        return (UNVERIFIED,) * (self.confidence == "K") + (STALE,) * bool(after and months >= after)


@dataclass(frozen=True)
class Band:
    over: Decimal
    base: Decimal
    rate: Decimal


def read_kinds(table: Path, override: Path | None = None) -> dict[str, Kind]:
    """Raises BadRules."""
    kinds = {row_id: Kind.of("figure", row_id, row) for row_id, row in read_section("figures", table, override=override).items()}
    for kind in kinds.values():
        refuse(f"figure {kind.id}", kind_faults(kind))
    return kinds


def kind_faults(kind: Kind) -> Iterator[str]:
    if kind.unit not in UNITS:
        yield f"unit {kind.unit} is unknown ({', '.join(UNITS)})"
    if kind.place not in PLACES:
        yield f"place {kind.place} is unknown ({', '.join(PLACES)})"


def read_sums(table: Path, kinds: Collection[str], override: Path | None = None) -> dict[str, Sum]:
    """Raises BadRules."""
    sums = {row_id: Sum.of("sum", row_id, row) for row_id, row in read_section("sums", table, override=override).items()}
    for row in sums.values():
        refuse(f"sum {row.id}", (f"there is no figure {name}" for name in row.figures if name not in kinds))
    return sums


def read_published(table: Path, kinds: Collection[str], override: Path | None = None) -> tuple[Figure, ...]:
    """Raises BadRules."""
    found = []
    for row_id, row in read_section("published", table, override=override).items():
        refuse(f"published {row_id}", published_faults(row, kinds))
        found.append(
            Figure(
                row["figure"], row["region"], Decimal(row["amount"]), date.fromisoformat(row["since"]), row["source"], row["confidence"], row["source_en"]
            )
        )
    return tuple(found)


def published_faults(row: Mapping[str, Any], kinds: Collection[str]) -> Iterator[str]:
    columns = {"figure", "region", "amount", "since", "source", "source_en", "confidence"}
    if row.keys() != columns or not all(isinstance(value, str) for value in row.values()):
        yield f"needs the texts {', '.join(sorted(columns))}"
        return
    if row["figure"] not in kinds:
        yield f"there is no figure {row['figure']}"
    if row["confidence"] not in ("T", "P", "K"):
        yield f"confidence {row['confidence']} is unknown (T, P, K)"
    try:
        if not Decimal(row["amount"]) > 0:
            yield "amount must be above 0"
        date.fromisoformat(row["since"])
    except (InvalidOperation, ValueError):
        yield "amount must be a number and since a day (YYYY-MM-DD)"


def read_bands(table: Path, override: Path | None = None) -> tuple[Band, ...]:
    """Of the fee of property cases, lowest first. Raises BadRules."""
    try:
        bands = [Band(*(Decimal(row[column]) for column in ("over", "base", "rate"))) for row in read_section("fees", table, override=override).values()]
    except (KeyError, TypeError, InvalidOperation) as wrong:
        raise BadRules("fees: each band needs over, base and rate as texts of numbers") from wrong
    bands.sort(key=lambda band: band.over)
    for lower, upper in zip(bands, bands[1:], strict=False):
        if lower.base + (upper.over - lower.over) * lower.rate != upper.base:
            raise BadRules(f"fees: the band over {upper.over} does not begin with what the one before ends with")
    return tuple(bands)


TABLE = Path(__file__).with_name("figures.toml")
KINDS: Mapping[str, Kind] = read_kinds(TABLE, own_file())
PUBLISHED = read_published(TABLE, KINDS, own_file())
BANDS = read_bands(TABLE, own_file())
SUMS: Mapping[str, Sum] = read_sums(TABLE, KINDS, own_file())


def entry_faults(kind_id: str, region: str, amount: Decimal) -> Iterator[tuple[str, str]]:
    """What is wrong with a figure somebody publishes: the field, and what to do."""
    kind = KINDS.get(kind_id)
    if kind is None:
        yield "kind", _("没有这种数额。")
        return
    if kind.place == "county" and not region:
        yield "region", _("这个数额各县（区）自己有标准，请选适用地区。")
    if amount <= 0:
        yield "amount", _("数值要大于零。")
    elif kind.unit == "day" and amount >= 1:
        yield "amount", _("每日的利率要小于 1，例如 0.000175。")
    elif kind.unit != "day" and amount != round(amount, 2):
        yield "amount", _("金额最多写到分（两位小数）。")


def in_force(kind: str, region: str, day: date, figures: Iterable[Figure]) -> Figure | None:
    """The one that holds at a place on a day: the narrowest place first, then the newest; of two as new, the later one in `figures`."""
    fitting = [one for one in figures if one.kind == kind and one.since <= day and region.startswith(one.region)]
    return max(enumerate(fitting), key=lambda at: (len(at[1].region), at[1].since, at[0]))[1] if fitting else None
