"""One PDF of many: cover, contents, papers, list of evidence, evidence; bookmarks; a running number on every page.

The cover and the contents name pages and are pages themselves: they are set once to see how long they are, and again with the
numbers that follow from it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from io import BytesIO
from pathlib import Path

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, NameObject, StreamObject

from arrears.papers.front import Listed, contents_blocks, cover_blocks, list_blocks
from arrears.papers.pdf import Foot, typeset
from arrears.stranger_pdf import of_stranger

MOST_PAGES = 600  # of one piece of evidence; what is longer lies in the ZIP
KEPT_KEYS = ("/Type", "/Resources", "/MediaBox", "/CropBox", "/Contents")  # no action, link or hidden note of a stranger's page
UNSEEN = 2 | 32  # an annotation's flags: hidden, not to be viewed
NEVER_DRAWN = ("/Link", "/Popup")
FROM_EDGE = (70, 26)  # points: where the running number stands, from the right and the top


@dataclass(frozen=True)
class Section:
    """One entry of the contents: a paper, or a piece of evidence."""

    title: str
    pages: Sequence[PageObject]
    listed: Listed | None = None  # evidence stands in the list, too


@dataclass(frozen=True)
class Bundle:
    title: str
    lines: Sequence[str]  # of the cover: claim, parties, body, day
    day: date
    papers: Sequence[Section]
    evidence: Sequence[Section] = ()
    gaps: Sequence[str] = ()  # sentences
    watermark: str = ""


@dataclass
class Bound:
    pdf: bytes
    pages: int
    firsts: list[int] = field(default_factory=list)  # where each piece of evidence begins


def pages_of(pdf: bytes) -> list[PageObject]:
    return list(PdfReader(BytesIO(pdf)).pages)


@dataclass(frozen=True)
class Brought:
    """A PDF of somebody else, as it is bound. `is_signed`: it has a form or a signature, which only the original proves."""

    pages: Sequence[PageObject]
    is_signed: bool


def pages_of_stranger(file: Path) -> Brought | None:
    """A PDF that somebody brought; None if it cannot be used. Raises OSError: the file itself cannot be read."""
    return of_stranger(file.read_bytes(), MOST_PAGES, cleaned)


def cleaned(reader: PdfReader) -> Brought:
    """In a writer of their own: what is broken inside is found here, not while the whole is written."""
    writer, is_signed = PdfWriter(), False
    for page in reader.pages:
        writer.add_page(page)
    for page in writer.pages:
        is_signed |= any(annotation.get("/Subtype") == "/Widget" for annotation in annotations_of(page))
        draw_annotations(writer, page)
        page.transfer_rotation_to_content()
        clean(page)
    return Brought(list(writer.pages), is_signed)


def annotations_of(page: PageObject) -> list[DictionaryObject]:
    found = page.get("/Annots")
    return [one.get_object() for one in found.get_object()] if found is not None else []


def draw_annotations(writer: PdfWriter, page: PageObject) -> None:
    """Seals, signatures and what was filled in stand on a page, not in it: what they look like becomes part of it, what they could
    do does not."""
    shown = [(annotation, look) for annotation in annotations_of(page) if (look := look_of(annotation)) is not None]
    if not shown:
        return
    objects = resources_of(page).setdefault(NameObject("/XObject"), DictionaryObject()).get_object()
    words = []
    for annotation, look in shown:
        place = fitted(look, [float(number) for number in annotation["/Rect"]])
        if place is None:
            continue
        name = f"/XinanMark{look.indirect_reference.idnum}"
        look[NameObject("/Type")], look[NameObject("/Subtype")] = NameObject("/XObject"), NameObject("/Form")
        objects[NameObject(name)] = look.indirect_reference
        words.append(f"q {' '.join(f'{number:.4f}' for number in place)} cm {name} Do Q")
    put_over(writer, page, "\n".join(words))


def look_of(annotation: DictionaryObject) -> StreamObject | None:
    """How it is to be seen now; of a box that can be ticked, as it stands."""
    if annotation.get("/Subtype") in NEVER_DRAWN or int(annotation.get("/F", 0)) & UNSEEN:
        return None
    looks = annotation.get("/AP")
    look = looks and looks.get_object().get("/N")
    look = look and look.get_object()
    if isinstance(look, DictionaryObject) and not isinstance(look, StreamObject):
        look = look.get(annotation.get("/AS"))
        look = look and look.get_object()
    return look if isinstance(look, StreamObject) and "/BBox" in look else None


def fitted(look: StreamObject, rect: list[float]) -> tuple[float, ...] | None:
    """The matrix that brings its box into the rectangle of the annotation (ISO 32000, 12.5.5); None: it has no extent."""
    a, b, c, d, e, f = (float(number) for number in look.get("/Matrix", (1, 0, 0, 1, 0, 0)))
    x0, y0, x1, y1 = (float(number) for number in look["/BBox"])
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in (x0, x1) for y in (y0, y1)]
    left, right = min(x for x, _y in corners), max(x for x, _y in corners)
    low, high = min(y for _x, y in corners), max(y for _x, y in corners)
    to_left, to_right = sorted((rect[0], rect[2]))
    to_low, to_high = sorted((rect[1], rect[3]))
    if right == left or high == low or to_left == to_right or to_low == to_high:
        return None
    wide, tall = (to_right - to_left) / (right - left), (to_high - to_low) / (high - low)
    return wide, 0, 0, tall, to_left - left * wide, to_low - low * tall


def bound(bundle: Bundle) -> Bound:
    """Raises Refused: no_glyph, typesetting."""
    front, listing, numbers = numbered(bundle)
    writer = PdfWriter()
    writer.add_metadata({"/Title": bundle.title, "/Producer": "Xin'an"})
    add_part(writer, "封面和目录", front)
    add_sections(writer, "文书", bundle.papers)
    if bundle.evidence:
        add_part(writer, "证据清单", listing)
        add_sections(writer, "证据", bundle.evidence)
    total = len(writer.pages)
    marked = pages_of(typeset([], Foot(bundle.title, bundle.day, watermark=bundle.watermark)))[0] if bundle.watermark else None
    font = writer._add_object(HELVETICA)
    for number, page in enumerate(writer.pages, 1):
        if marked is not None:
            page.merge_page(marked)
        stamp(writer, page, font, f"{number} / {total}")
    out = BytesIO()
    writer.write(out)
    return Bound(out.getvalue(), total, numbers[len(bundle.papers) :])


def numbered(bundle: Bundle) -> tuple[list[PageObject], list[PageObject], list[int]]:
    """Cover with contents, list of evidence, and the first page of each section."""
    sections = [*bundle.papers, *bundle.evidence]
    foot, numbers = Foot(bundle.title, bundle.day), [0] * len(sections)
    while True:
        front = pages_of(typeset([*cover_blocks(bundle.title, bundle.lines, bundle.gaps), *contents(bundle, numbers)], foot))
        listing = pages_of(typeset(evidence_list(bundle, numbers), foot)) if bundle.evidence else []
        counted, at = [], len(front) + 1
        for place, section in enumerate(sections):
            at += len(listing) if place == len(bundle.papers) else 0
            counted.append(at)
            at += len(section.pages)
        if counted == numbers:
            return front, listing, numbers
        numbers = counted


def contents(bundle: Bundle, numbers: Sequence[int]) -> list:
    titles = [section.title for section in (*bundle.papers, *bundle.evidence)]
    return contents_blocks(list(zip(titles, numbers, strict=True)), len(bundle.papers))


def evidence_list(bundle: Bundle, numbers: Sequence[int]) -> list:
    rows = [(section.listed, number) for section, number in zip(bundle.evidence, numbers[len(bundle.papers) :], strict=True)]
    return list_blocks([replace(listed, page=page) for listed, page in rows if listed])


def add_part(writer: PdfWriter, title: str, pages: Sequence[PageObject]) -> None:
    at = len(writer.pages)
    for page in pages:
        writer.add_page(clean(page))
    writer.add_outline_item(title=title, page_number=at)


def add_sections(writer: PdfWriter, title: str, sections: Sequence[Section]) -> None:
    parent = None
    for section in sections:
        at = len(writer.pages)
        for page in section.pages:
            writer.add_page(clean(page))
        parent = parent or writer.add_outline_item(title=title, page_number=at)
        writer.add_outline_item(title=section.title, page_number=at, parent=parent)


def clean(page: PageObject) -> PageObject:
    for key in [key for key in page if key not in KEPT_KEYS and key != "/Parent"]:
        del page[key]
    return page


HELVETICA = DictionaryObject({
    NameObject("/Type"): NameObject("/Font"), NameObject("/Subtype"): NameObject("/Type1"), NameObject("/BaseFont"): NameObject("/Helvetica"),
})  # fmt: skip


def stamp(writer: PdfWriter, page: PageObject, font: object, text: str) -> None:
    """Digits in a face every reader has."""
    fonts = resources_of(page).setdefault(NameObject("/Font"), DictionaryObject()).get_object()
    fonts[NameObject("/XinanNumber")] = font
    box = page.cropbox
    x, y = float(box.right) - FROM_EDGE[0], float(box.top) - FROM_EDGE[1]
    put_over(writer, page, f"q BT /XinanNumber 9 Tf 0.3 g {x:.1f} {y:.1f} Td ({text}) Tj ET Q")


def resources_of(page: PageObject) -> DictionaryObject:
    return page.setdefault(NameObject("/Resources"), DictionaryObject()).get_object()


def put_over(writer: PdfWriter, page: PageObject, words: str) -> None:
    """Over whatever the page holds; what the page does to its own state ends before."""
    contents = page.get("/Contents")
    there = [] if contents is None else list(contents.get_object()) if isinstance(contents.get_object(), ArrayObject) else [contents]
    added = [writer._add_object(stream(part)) for part in ("q ", f"Q {words}")]
    page[NameObject("/Contents")] = ArrayObject([added[0], *there, added[1]])


def stream(text: str) -> DecodedStreamObject:
    found = DecodedStreamObject()
    found.set_data(f"\n{text}\n".encode("ascii"))
    return found
