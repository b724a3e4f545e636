"""Where a work order belongs: by the code it names, else by the names in its address. What cannot be told for certain goes
to the county, or to the city, whose inbox it then is; nothing is guessed."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from grid.models import Region

TAIL = re.compile(r"(?:街道办事处|街道|镇|乡|经济开发区|开发区|县|区|市)$")
SHORTEST = 2  # characters that a name still needs without its tail


@dataclass(frozen=True)
class Found:
    region: Region
    is_sure: bool  # it is a township, or smaller


def squeeze(text: str) -> str:
    return re.sub(r"[\s,，、。.·\-—_/\\()（）]", "", text)


class Places:
    """The divisions inside one source's region, read once for many orders."""

    def __init__(self, around: Region, rows: Iterable[Region], otherwise: Region | None = None) -> None:
        """`otherwise`: whose inbox it is when not even the county can be told."""
        self.around, self.otherwise = around, otherwise or around
        self.by_code = {region.code: region for region in rows}
        self.counties = [region for region in self.by_code.values() if len(region.code) == 6]
        self.townships = [region for region in self.by_code.values() if len(region.code) == 9]

    @classmethod
    def of(cls, around: Region, otherwise: Region | None = None) -> Self:
        """Villages only where a code names one; there are a thousand of them."""
        rows = Region.objects.current().under(around.code).filter(level__in=("county", "township"))
        return cls(around, [around, *rows], otherwise)

    def find(self, code: str, text: str) -> Found:
        region = self.by_its_code(code) if code else None
        if region is None or len(region.code) < 9:
            region = self.by_its_words(squeeze(text), region or self.around)
        if region.code == self.around.code:
            region = self.otherwise
        return Found(region, len(region.code) >= 9)

    def by_its_code(self, code: str) -> Region | None:
        """The division of that code, or the smallest known one around it."""
        if len(code) == 12 and code.startswith(self.around.code):
            village = Region.objects.current().filter(pk=code).first()
            if village:
                return village
        return next((self.by_code[code[:width]] for width in (9, 6) if len(code) >= width and code[:width] in self.by_code), None)

    def by_its_words(self, text: str, inside: Region) -> Region:
        counties = self.named(text, [one for one in self.counties if one.code.startswith(inside.code)])
        if len(counties) == 1:
            inside = counties[0]
        townships = self.named(text, [one for one in self.townships if one.code.startswith(inside.code)])
        if len(townships) == 1:
            return townships[0]
        if len(counties) != 1 and townships and len({one.code[:6] for one in townships}) == 1:
            return self.by_code.get(townships[0].code[:6], inside)
        return inside

    def short(self, region: Region) -> str:
        """Without its last word; nothing where a wider division is called so (沭阳经济开发区 is no township of 沭阳县's name)."""
        name = TAIL.sub("", squeeze(region.name))
        wider = (one for one in (self.around, *self.counties) if len(one.code) < len(region.code))
        return "" if any(name in one.name for one in wider) else name

    def named(self, text: str, rows: list[Region]) -> list[Region]:
        """Those whose whole name stands there; without one, those whose name stands there without its last word. A name inside a
        longer one that stands there as well does not count (城厢 in 新城厢)."""
        for names in ({row.code: squeeze(row.name) for row in rows}, {row.code: self.short(row) for row in rows}):
            said = {code: name for code, name in names.items() if len(name) >= SHORTEST and name in text}
            longest = [code for code, name in said.items() if not any(name != other and name in other for other in said.values())]
            if longest:
                return [self.by_code[code] for code in longest]
        return []

