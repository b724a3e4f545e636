"""The faces a PDF is set in, and which characters they have: what no face has is found before it is printed as a box.

Two faces come with the program: 宋 for text, 黑 for headings and emphasis. Characters they lack (𠮷, names from far away)
are looked for in the fonts of the machine or of the office (setting PAPER_FONTS).
"""

import struct
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pylopdf_fonts_zh_cn
import typst
from django.conf import settings
from django.utils.translation import gettext as _

from grid.refused import Refused

BUNDLED = Path(pylopdf_fonts_zh_cn.__file__).parent
INVISIBLE = frozenset("\n\t\f\u2003\u200b\u2060\ufeff ")
# What Word templates name, and which of the two faces is set for it.
SONG = frozenset(
    "宋体 SimSun 新宋体 NSimSun 仿宋 FangSong 仿宋_GB2312 方正仿宋_GBK 楷体 KaiTi 楷体_GB2312 华文仿宋 STFangsong 华文宋体 STSong 华文楷体 "
    "STKaiti 方正小标宋简体 方正小标宋_GBK Times_New_Roman Cambria Calibri Noto_Serif_SC Noto_Serif_CJK_SC Songti_SC 等线 DengXian".split()
)
HEI = frozenset("黑体 SimHei 微软雅黑 Microsoft_YaHei 方正黑体_GBK 华文黑体 STHeiti Arial Noto_Sans_SC Noto_Sans_CJK_SC 等线_Light".split())


def is_known(face: str) -> bool:
    return face.replace(" ", "_") in SONG | HEI or face.startswith("+")  # "+mn-ea": whatever the theme says


def faces_for(text: Iterable[str]) -> list[str]:
    """Families to fall back on for characters the bundled faces lack. Raises Refused: no_glyph."""
    missing = {mark for mark in set(text) - INVISIBLE if ord(mark) not in covered(BUNDLED / "NotoSerifSC-Regular.otf")}
    families = []
    for file, family in others().items() if missing else ():
        found = {mark for mark in missing if ord(mark) in covered(file)}
        if found:
            families.append(family)
            missing -= found
        if not missing:
            break
    if missing:
        mark = min(missing)
        raise Refused(
            "no_glyph",
            _("没有字体能印“%(mark)s”（U+%(code)s）。请系统管理员把含有这个字的字体放进 %(folder)s，或者改用同音同义的常用字。")
            % {"mark": mark, "code": f"{ord(mark):04X}", "folder": settings.PAPER_FONTS},
        )
    return families


@cache
def fonts(families: tuple[str, ...] = ()) -> typst.Fonts:
    """The machine's fonts are only read where one of them is needed."""
    folders = [str(BUNDLED), *([settings.PAPER_FONTS] if families else [])]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)


@cache
def others() -> dict[Path, str]:
    """Font files of the machine and what each is called: faces for text first; of a collection the mainland's forms."""
    found: dict[Path, str] = {}
    for font in sorted(fonts(("",)).fonts(), key=lambda font: (not font.family.endswith(" SC"), font.family)):
        if font.path and Path(font.path).parent != BUNDLED:
            found.setdefault(Path(font.path), font.family)
    return dict(sorted(found.items(), key=lambda pair: ("Serif" not in pair[1], "Regular" not in pair[0].name, pair[0])))


@cache
def covered(file: Path) -> frozenset[int]:
    """The code points of a font file; none of one that cannot be read."""
    try:
        data = file.read_bytes()
        starts = struct.unpack_from(f">{struct.unpack_from('>I', data, 8)[0]}I", data, 12) if data[:4] == b"ttcf" else (0,)
        return frozenset(point for start in starts[:1] for point in points(data, start))
    except (OSError, struct.error, ValueError):
        return frozenset()


def points(data: bytes, start: int) -> Iterator[int]:
    """The table `cmap`, formats 4 and 12: the two that every font in use has (OpenType 1.9, cmap)."""
    count = struct.unpack_from(">H", data, start + 4)[0]
    tables = {data[at : at + 4]: struct.unpack_from(">I", data, at + 8)[0] for at in range(start + 12, start + 12 + 16 * count, 16)}
    base = tables.get(b"cmap")
    if base is None:
        return
    for number in range(struct.unpack_from(">H", data, base + 2)[0]):
        at = base + struct.unpack_from(">I", data, base + 4 + 8 * number + 4)[0]
        form = struct.unpack_from(">H", data, at)[0]
        if form == 12:
            for group in range(struct.unpack_from(">I", data, at + 12)[0]):
                first, last, glyph = struct.unpack_from(">III", data, at + 16 + 12 * group)
                yield from range(first + (glyph == 0), min(last, 0x10FFFF) + 1)
        elif form == 4:
            yield from short_points(data, at)


def short_points(data: bytes, at: int) -> Iterator[int]:
    double = struct.unpack_from(">H", data, at + 6)[0]
    ends = struct.unpack_from(f">{double // 2}H", data, at + 14)
    firsts = struct.unpack_from(f">{double // 2}H", data, at + 16 + double)
    for first, last in zip(firsts, ends, strict=True):
        yield from range(first, last + 1 if last < 0xFFFF else last)
