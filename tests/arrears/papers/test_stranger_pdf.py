"""PDF files that somebody brought: pages where there are some, nothing where there are none, and never anything raised."""

import shutil
import subprocess
from datetime import date
from io import BytesIO
from random import Random

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject

from arrears.papers.binding import Bundle, Section, bound, cleaned, stream
from arrears.papers.blocks import Paragraph, Words
from arrears.papers.pdf import Foot, typeset
from arrears.partners.watermarks import document
from arrears.stranger_pdf import of_stranger

TURNS = 120


@pytest.fixture(scope="module")
def sound() -> bytes:
    return typeset([Paragraph([Words("工资欠条。" * 40)])], Foot("欠条", date(2026, 3, 2)))


def pages(content: bytes, most: int = 10) -> int | None:
    found = of_stranger(content, most, cleaned)
    return found and len(found.pages)


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


def annotated(**more: object) -> PdfWriter:
    """A page, turned as scanners turn them, with a red seal that stands on it as an annotation."""
    writer = PdfWriter()
    page = writer.add_blank_page(200, 100)
    page[NameObject("/Contents")] = writer._add_object(stream("0 1 0 rg 0 0 20 20 re f"))
    page.rotation = 90
    seal = stream("1 0 0 rg 0 0 10 10 re f")
    seal[NameObject("/BBox")] = ArrayObject([NumberObject(number) for number in (0, 0, 10, 10)])
    annotation = DictionaryObject({
        NameObject("/Type"): NameObject("/Annot"), NameObject("/Subtype"): NameObject("/Stamp"),
        NameObject("/Rect"): ArrayObject([NumberObject(number) for number in (100, 40, 140, 80)]),
        NameObject("/AP"): DictionaryObject({NameObject("/N"): writer._add_object(seal)}),
    })  # fmt: skip
    annotation.update({NameObject(f"/{name}"): value for name, value in more.items()})
    page[NameObject("/Annots")] = ArrayObject([writer._add_object(annotation)])
    return writer


def bytes_of(writer: PdfWriter) -> bytes:
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def bound_of(writer: PdfWriter) -> tuple[PdfReader, bool]:
    found = of_stranger(bytes_of(writer), 10, cleaned)
    assert found is not None
    whole = bound(Bundle("材料", [], date(2026, 3, 2), [Section("证据", found.pages)]))
    return PdfReader(BytesIO(whole.pdf)), found.is_signed


def test_a_seal_on_a_page_is_drawn_into_it_and_can_do_nothing() -> None:
    reader, is_signed = bound_of(annotated())
    page = reader.pages[-1]
    assert "/Annots" not in page and not is_signed
    (name,) = [name for name in page["/Resources"]["/XObject"] if name.startswith("/XinanMark")]
    assert b"1 0 0 rg" in page["/Resources"]["/XObject"][name].get_data()
    drawn = page.get_contents().get_data().decode()
    assert name in drawn and "0 1 0 rg" in drawn
    assert (float(page.mediabox.width), float(page.mediabox.height)) == (100, 200)


@pytest.mark.parametrize("more", [{"F": NumberObject(2)}, {"Subtype": NameObject("/Link")}, {"Subtype": NameObject("/Popup")}])
def test_what_is_hidden_or_a_link_is_not_drawn(more: dict) -> None:
    page = bound_of(annotated(**more))[0].pages[-1]
    assert "XinanMark" not in page.get_contents().get_data().decode()


def test_a_form_or_signature_is_told() -> None:
    assert bound_of(annotated(Subtype=NameObject("/Widget")))[1]


def test_a_seal_is_seen_where_it_was() -> None:
    """By eyes: the page is drawn and the point in the middle of the seal is red."""
    pdftoppm = shutil.which("pdftoppm")
    if not pdftoppm:
        pytest.skip("nothing to draw a PDF with (Debian: poppler-utils)")
    writer = PdfWriter()
    found = of_stranger(bytes_of(annotated()), 10, cleaned)
    assert found is not None
    writer.add_page(found.pages[0])
    drawn = subprocess.run([pdftoppm, "-r", "72", "-png", "-"], input=bytes_of(writer), capture_output=True, check=True, timeout=60)
    picture = Image.open(BytesIO(drawn.stdout)).convert("RGB")
    assert picture.size == (100, 200)
    assert picture.getpixel((60, 120)) == (255, 0, 0)  # 120, 60 from the lower left, turned clockwise
    assert picture.getpixel((10, 10)) == (0, 255, 0)
    assert picture.getpixel((60, 40)) == (255, 255, 255)
