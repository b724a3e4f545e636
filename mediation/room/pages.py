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
    """At least one. A paragraph stays whole, so that a narrow screen may break it where it likes; only the end of a page cuts it."""
    texts: list[list[str]] = [[]]
    left = LINES
    for paragraph in text.split("\n"):
        rest = paragraph
        while True:
            if not left:
                texts.append([])
                left = LINES
            piece, rest = rest[: left * WIDTH], rest[left * WIDTH :]
            texts[-1].append(piece)
            left -= max(1, -(-len(piece) // WIDTH))
            if not rest:
                break
    return [Page(number, page, fingerprint(number, page)) for number, page in enumerate(map("\n".join, texts), 1)]


def fingerprint(number: int, text: str) -> str:
    return hashlib.sha256(f"{number}\n{text}".encode()).hexdigest()


def whole(pages: Iterable[str]) -> str:
    """Of the whole, from the fingerprints of its pages in their order."""
    return hashlib.sha256("\n".join(pages).encode()).hexdigest()


def unsigned(pages: Sequence[str], signed: Iterable[str]) -> list[int]:
    """Numbers of the pages somebody has not signed as they are now. `signed`: fingerprints of pages they did sign."""
    known = set(signed)
    return [number for number, page in enumerate(pages, 1) if page not in known]
