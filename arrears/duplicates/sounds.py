"""Names that are heard alike: 王建国 and 王建囯, 张伟 and 章玮, 陈静 and 程晶. Django-free.

`sounds.txt` has a line for each sound, with the characters read so: the readings of the common characters (simplified and
traditional, from the pypinyin tables), without tones, and without the differences between zh and z, ch and c, sh and s, ing
and in, eng and en that are not heard in these parts. The database has the same function for its index (a migration called
duplicates); whoever changes the file adds a migration that makes function and index anew.
"""

import re
from functools import cache
from pathlib import Path

BETWEEN = re.compile(r"[\s·•.\-—_/\\()（）]+")


@cache
def table() -> dict[int, str]:
    """Each character's first of its sound."""
    lines = (line.split() for line in Path(__file__).with_name("sounds.txt").read_text(encoding="utf-8").splitlines())
    return {ord(character): alike[0] for _sound, alike in lines for character in alike}


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
