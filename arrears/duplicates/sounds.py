"""Names that are heard alike: 王建国 and 王建囯, 张伟 and 章玮, 陈静 and 程晶. Django-free.

Each character's commonest reading (pypinyin), without its tone. The database has the same table in a function, for its index
(a migration called duplicates): with another version of pypinyin, or another FOLDED, a migration makes function and index
anew; a test holds the two together.
"""

import re
from functools import cache

from pypinyin import lazy_pinyin

BETWEEN = re.compile(r"[\s·•.\-—_/\\()（）]+")
CHARACTERS = range(0x4E00, 0x9FA6)  # those GB 18030 writes in two bytes
FOLDED = re.compile(r"(?<=^[zcs])h|(?<=[ei]n)g$")  # names in northern Jiangsu are heard without telling zh from z, ing from in


@cache
def table() -> dict[int, str]:
    """Each character's first of its sound; what pypinyin does not know is left out."""
    first: dict[str, str] = {}
    return {
        code: first.setdefault(FOLDED.sub("", sound), chr(code))
        for code in CHARACTERS
        for sound in lazy_pinyin(chr(code), errors="ignore")
    }


def sound_of(name: str) -> str:
    """The same for two names that are heard alike. What the table does not know stays itself."""
    return BETWEEN.sub("", name.lower()).translate(table())


def plain(name: str) -> str:
    return BETWEEN.sub("", name.lower())


def is_near(one: str, other: str) -> bool:
    """Two names of three characters and more that differ in one place: changed, left out, or two neighbours exchanged."""
    one, other = sorted((plain(one), plain(other)), key=len)
    if len(other) < 3 or len(other) - len(one) > 1:
        return False
    if len(one) < len(other):
        return any(other[:place] + other[place + 1 :] == one for place in range(len(other))) and len(one) >= 3
    places = [place for place in range(len(one)) if one[place] != other[place]]
    if len(places) == 2 and places[1] - places[0] == 1:
        return one[places[0]] == other[places[1]] and one[places[1]] == other[places[0]]
    return len(places) == 1 and places[0] > 0  # another family name is another family
