"""PDF files that somebody brought: pages where there are some, nothing where there are none, and never anything raised."""

from datetime import date
from io import BytesIO
from random import Random

import pytest
from pypdf import PdfReader, PdfWriter

from arrears.papers.binding import cleaned
from arrears.papers.blocks import Paragraph, Words
from arrears.papers.pdf import Foot, typeset
from arrears.partners.watermarks import document
from arrears.stranger_pdf import of_stranger

TURNS = 400


@pytest.fixture(scope="module")
def sound() -> bytes:
    return typeset([Paragraph([Words("工资欠条。" * 40)])], Foot("欠条", date(2026, 3, 2)))


def pages(content: bytes, most: int = 10) -> int | None:
    found = of_stranger(content, most, cleaned)
    return found and len(found)


def test_a_sound_one_has_its_pages_and_takes_the_words(sound: bytes) -> None:
    assert pages(sound) == 1
    marked = of_stranger(sound, 10, lambda reader: document(reader, "检察院 2026-03-02"))
    assert marked is not None and len(PdfReader(BytesIO(marked)).pages) == 1


def test_one_that_is_locked_has_too_many_pages_or_is_none_gives_nothing(sound: bytes) -> None:
    locked, out = PdfWriter(clone_from=PdfReader(BytesIO(sound))), BytesIO()
    locked.encrypt("secret", algorithm="RC4-128")
    locked.write(out)
    for content in (out.getvalue(), b"", b"%PDF-1.7", b"not at all", sound[:200]):
        assert pages(content) is None
    assert pages(sound, most=0) is None


def test_whatever_is_broken_in_it_nothing_is_raised(sound: bytes) -> None:
    chance, came = Random(20261129), {True: 0, False: 0}
    for _turn in range(TURNS):
        content = bytearray(sound)
        for _ in range(chance.choice((1, 3, 20, 200))):
            at = chance.randrange(len(content))
            if chance.random() < 0.3:
                del content[at : at + chance.randrange(1, 60)]
            else:
                content[at] = chance.randrange(256)
        found = pages(bytes(content))
        of_stranger(bytes(content), 10, lambda reader: document(reader, "检察院"))
        came[found is None] += 1
    assert min(came.values()) > TURNS // 20  # some could be read, some not: otherwise this has shown nothing
