"""Which number formats of a spreadsheet show a date. Django-free."""

import re
from functools import cache

# Numbers of built-in formats (ECMA-376, 18.8.30), those of Chinese systems included: 27–36 and 50–58.
BUILT_IN_DAYS = frozenset({14, 15, 16, 22, 28, 29, 30, 31, 36, 50, 51, 53, 54, 58})
BUILT_IN_MONTHS = frozenset({17, 27, 52, 55, 56, 57})
NOT_CODE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')


@cache
def shows(code: str) -> str:
    """"day", "month" or "" (no date), for a format's code: yyyy"年"m"月" is a month."""
    bare = NOT_CODE.sub("", code.partition(";")[0]).lower()
    if "general" in bare or "g/" in bare or not set(bare) & set("ymd"):
        return ""
    if "y" not in bare and "d" not in bare and set(bare) & set("hs"):
        return ""  # minutes
    return "day" if "d" in bare else "month"


def built_in(number: int) -> str:
    return "day" if number in BUILT_IN_DAYS else "month" if number in BUILT_IN_MONTHS else ""
