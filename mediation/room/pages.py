"""The pages of minutes, and the fingerprints a signature names. Django-free.

The same words always fall into the same pages, on every machine: a page is so many lines of so many characters, not what a printer makes
of it. What is signed is the text of each page with its number, and the whole.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

WIDTH, LINES = 38, 26  # full-width characters of a line, lines of a page


@dataclass(frozen=True)
class Page:
    number: int
    text: str
    sha256: str


def of(text: str) -> list[Page]:
    """At least one."""
    lines = [piece for line in text.split("\n") for piece in wrapped(line)]
    texts = ["\n".join(lines[at : at + LINES]) for at in range(0, max(len(lines), 1), LINES)]
    return [Page(number, page, fingerprint(number, page)) for number, page in enumerate(texts, 1)]


def wrapped(line: str) -> list[str]:
    return [line[at : at + WIDTH] for at in range(0, max(len(line), 1), WIDTH)]


def fingerprint(number: int, text: str) -> str:
    return hashlib.sha256(f"{number}\n{text}".encode()).hexdigest()


def whole(pages: Iterable[str]) -> str:
    """Of the whole, from the fingerprints of its pages in their order."""
    return hashlib.sha256("\n".join(pages).encode()).hexdigest()


def unsigned(pages: Sequence[str], signed: Iterable[str]) -> list[int]:
    """Numbers of the pages somebody has not signed as they are now. `signed`: fingerprints of pages they did sign."""
    known = set(signed)
    return [number for number, page in enumerate(pages, 1) if page not in known]
