"""Division codes (行政区划代码) as paths. Django-free.

A code's width says its level: 省 2 · 市 4 · 县 6 · 乡镇 9 · 村 12 digits. We keep *significant* codes, the
digits up to the end of the region's own level, so that a region lies inside another exactly when its code
starts with the other's. Officials write the same codes padded with zeros (321300, 321322000000).

Cut padded codes at level boundaries, never with rstrip("0"): 330110 is not 33011. Where the level is known,
say it: 441900 is Dongguan the city (4419) and its only county (441900), 350527000 is a township.
"""

from collections.abc import Mapping
from itertools import pairwise


def _(text: str) -> str:
    """Marks a label for the catalogues; whoever shows it translates it."""
    return text


PROVINCE, CITY, COUNTY, TOWNSHIP, VILLAGE = "province", "city", "county", "township", "village"
# Widest first is the order of the path: province → village.
WIDTHS = {PROVINCE: 2, CITY: 4, COUNTY: 6, TOWNSHIP: 9, VILLAGE: 12}
LEVELS = tuple(WIDTHS)
LEVEL_LABELS = {
    PROVINCE: _("省"),
    CITY: _("市"),
    COUNTY: _("县（区）"),
    TOWNSHIP: _("乡镇（街道）"),
    VILLAGE: _("村（社区）"),
}
LEVEL_OF_WIDTH = {width: level for level, width in WIDTHS.items()}
ABOVE = dict(pairwise(reversed(LEVELS)))  # city → province, … ; the province has none
OFFICIAL_WIDTHS = (2, 4, 6, 9, 12)

# Rows of the statistics bureau that only hold a level's place; people never say them.
PLACEHOLDERS = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})


class BadCode(ValueError):
    """Not a division code; the text says why."""


def _digits(code: str) -> str:
    if not (code.isascii() and code.isdigit()):
        raise BadCode(f"{code!r} is not made of digits")
    if len(code) not in OFFICIAL_WIDTHS:
        raise BadCode(f"{code} has {len(code)} digits; division codes have 2, 4, 6, 9 or 12")
    return code


def significant(code: str, level: str | None = None) -> str:
    """The code without its official padding: up to `level`, or up to the last level that is not zeros."""
    _digits(code)
    width = WIDTHS[level] if level else _last_width(code)
    if len(code) < width or code[width:].strip("0"):
        raise BadCode(f"{code} is not the code of a {level}")
    return code[:width]


def _last_width(code: str) -> int:
    starts = {end: start for start, end in pairwise((0, *OFFICIAL_WIDTHS))}
    filled = [end for end, start in starts.items() if code[start:end].strip("0")]
    if not filled:
        raise BadCode(f"{code} names no region")
    return filled[-1]


def level_of(code: str) -> str:
    """The level of a significant code."""
    return LEVEL_OF_WIDTH[len(_digits(code))]


def parent_of(code: str) -> str | None:
    """The significant code one level up; None for a province."""
    above = ABOVE.get(level_of(code))
    return code[: WIDTHS[above]] if above else None


def ancestors(code: str) -> list[str]:
    """The codes above a significant code, widest region first."""
    return [code[:width] for width in OFFICIAL_WIDTHS if width < len(_digits(code))]


def covers(scope: str, code: str) -> bool:
    """Is the region `code` the region `scope` or inside it? An empty scope covers nothing."""
    return bool(scope) and code.startswith(scope)


def pad(code: str, width: int = 12) -> str:
    """The official spelling of a significant code. One way only: 4419 and 441900 pad to the same text."""
    return _digits(code).ljust(width, "0")


def is_placeholder(name: str) -> bool:
    return name in PLACEHOLDERS


def full_name(names: list[str]) -> str:
    """江苏省 宿迁市 沭阳县 → 江苏省宿迁市沭阳县; placeholders on the way and a name said twice (东莞市 东莞市) are
    left out. `names` run from the province to the region itself."""
    said = [name for name in names[:-1] if not is_placeholder(name)] + names[-1:]
    return "".join(name for before, name in pairwise(["", *said]) if name != before)


def follow(code: str, successors: Mapping[str, str]) -> str:
    """The last heir of `code`. `successors` maps each retired code to its heir; a loop ends where it closes."""
    seen = {code}
    while (heir := successors.get(code)) and heir not in seen:
        seen.add(heir)
        code = heir
    return code
