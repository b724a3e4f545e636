"""What the pages of the sums and of the figures show. Templates neither query nor decide."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.utils.translation import get_language, gettext

from arrears.models import PublishedFigure
from arrears.rules.tables import CONFIDENCES
from arrears.sums.answers import Answer
from arrears.sums.kinds import KINDS, PUBLISHED, STALE, UNITS, UNVERIFIED, Figure, Kind, in_force
from grid.models import Region


def _(text: str) -> str:
    """Marks a text for the catalogues; whoever shows it translates it."""
    return text


DOUBTS = {UNVERIFIED: _("依据的数额或者规则未核实，结果为暂定"), STALE: _("依据的数额公布较早，可能已有新标准，结果为暂定")}


def language() -> str:
    return get_language() or ""


@dataclass(frozen=True)
class AnswerRow:
    answer: Answer

    @property
    def title(self) -> str:
        return self.answer.sum.text("name", language())

    @property
    def note(self) -> str:
        return self.answer.sum.text("note", language())

    @property
    def citation(self) -> str:
        return self.answer.sum.citation(language())

    @property
    def verdict(self) -> str:
        return self.answer.verdict.text(gettext) if self.answer.verdict else ""

    @property
    def missing(self) -> list[str]:
        return [KINDS[kind].text("name", language()) for kind in self.answer.missing]

    @property
    def lines(self) -> list[tuple[str, Decimal]]:
        return [(line.label.text(gettext), line.amount) for line in self.answer.lines]

    @property
    def used(self) -> list["FigureRow"]:
        return [FigureRow(figure, self.answer.today) for figure in self.answer.used]

    @property
    def doubts(self) -> list[str]:
        return [gettext(DOUBTS[doubt]) for doubt in self.answer.doubts]


@dataclass(frozen=True)
class FigureRow:
    """A figure; `row` is the published one, None for what comes with the program."""

    figure: Figure
    today: date
    row: PublishedFigure | None = None
    place: str = ""

    @property
    def name(self) -> str:
        return KINDS[self.figure.kind].text("name", language())

    @property
    def unit(self) -> str:
        return gettext(UNITS[KINDS[self.figure.kind].unit])

    @property
    def amount(self) -> str:
        """60,862.00; a rate with the digits it has."""
        if KINDS[self.figure.kind].unit == "day":
            return f"{self.figure.amount.normalize():f}"
        return f"{self.figure.amount:,.2f}"

    @property
    def source(self) -> str:
        return self.figure.source_en if self.figure.source_en and language().startswith("en") else self.figure.source

    @property
    def confidence(self) -> str:
        return gettext(CONFIDENCES[self.figure.confidence])

    @property
    def is_verified(self) -> bool:
        return self.figure.confidence != "K"

    @property
    def is_stale(self) -> bool:
        return STALE in self.figure.doubts(self.today)

    @property
    def is_withdrawn(self) -> bool:
        return bool(self.row and self.row.is_withdrawn)

    @property
    def has_badges(self) -> bool:
        return self.is_coming or self.is_withdrawn or not self.is_verified

    @property
    def is_coming(self) -> bool:
        return self.figure.since > self.today and not self.is_withdrawn


@dataclass(frozen=True)
class KindRow:
    """A kind with what holds today, place by place, and everything else that was or will be. `gaps`: counties without one."""

    kind: Kind
    holds: list[FigureRow]
    others: list[FigureRow]
    gaps: list[str]

    @property
    def name(self) -> str:
        return self.kind.text("name", language())

    @property
    def unit(self) -> str:
        return gettext(UNITS[self.kind.unit])

    @property
    def citation(self) -> str:
        return self.kind.citation(language())


class FiguresPage:
    def __init__(self, rows: Iterable[PublishedFigure], counties: Iterable[Region], today: date, everywhere: str) -> None:
        self.rows, self.counties, self.today, self.everywhere = list(rows), list(counties), today, everywhere

    @cached_property
    def figures(self) -> list[FigureRow]:
        """The program's and the published ones, also the withdrawn."""
        own = [FigureRow(figure, self.today, place=self.everywhere) for figure in PUBLISHED]
        return own + [
            FigureRow(
                Figure(row.kind, row.region_id or "", row.amount, row.since, row.source, row.confidence), self.today, row,
                row.region.name if row.region else self.everywhere,
            )
            for row in self.rows if row.kind in KINDS
        ]  # fmt: skip

    @cached_property
    def kinds(self) -> list[KindRow]:
        return [self.kind_row(kind) for kind in KINDS.values()]

    def kind_row(self, kind: Kind) -> KindRow:
        mine = [row for row in self.figures if row.figure.kind == kind.id]
        counting = [row.figure for row in mine if not row.is_withdrawn]
        places = {county.code: in_force(kind.id, county.code, self.today, counting) for county in self.counties}
        now = [row for row in mine if not row.is_withdrawn and any(row.figure is one for one in places.values())]
        rest = sorted((row for row in mine if row not in now), key=lambda row: row.figure.since, reverse=True)
        gaps = [county.name for county in self.counties if places[county.code] is None]
        return KindRow(kind, now, rest, gaps)
