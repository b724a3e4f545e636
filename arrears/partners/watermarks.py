"""水印: what leaves the house to a partner body carries who got it and when, all over. The original is not touched, and its
fingerprint is what the body sees beside it.

Pictures are written anew with the words in their points, PDF pages get a sheet laid over them. What can be neither (sound,
Word files, a broken picture) goes out as it came.
"""

import json
import logging
import math
import warnings
from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO
from pathlib import Path

import typst
from PIL import Image, ImageDraw, ImageFont, ImageOps
from pypdf import PageObject, PdfReader, PdfWriter

from arrears.models.evidence import KeptFile
from arrears.papers.fonts import BUNDLED, fonts
from arrears.redaction import DRAWABLE, MOST_POINTS, QUALITY
from arrears.stranger_pdf import of_stranger

FACE = BUNDLED / "NotoSansSC-Regular.otf"
SLANT = 30  # degrees, against the lines of a text
LAYOUT = (Path(__file__).parent / "watermark.typ").read_bytes()
MOST_PAGES = 1000

logger = logging.getLogger(__name__)


def marked(file: KeptFile, words: str) -> bytes | None:
    """The bytes with the words in them; None where nothing can be laid over."""
    try:
        if file.extension in DRAWABLE:
            with file.file.open("rb") as opened:
                return picture(opened.read(), DRAWABLE[file.extension], words)
        if file.extension == "pdf":
            with file.file.open("rb") as opened:
                return of_stranger(opened.read(), MOST_PAGES, lambda reader: document(reader, words))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning, typst.TypstError) as error:
        logger.warning("evidence file %s goes out without a watermark: %s", file.pk, type(error).__name__)
    return None


def picture(content: bytes, kind: str, words: str) -> bytes:
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        opened = Image.open(BytesIO(content), formats=[kind])
        if opened.width * opened.height > MOST_POINTS:
            raise ValueError("too many points")
        upright = ImageOps.exif_transpose(opened).convert("RGBA")
    cover(upright, words)
    written = BytesIO()
    upright.convert("RGB").save(written, kind, quality=QUALITY)
    return written.getvalue()


def cover(sheet: Image.Image, words: str) -> None:
    """The words again and again, grey with a light edge: to be seen on white paper and in a dark photo. They are drawn and turned
    once and laid on the picture itself, so that a long one costs no more than its points."""
    letters = max(12, min(sheet.size) // 28)
    face = ImageFont.truetype(str(FACE), letters)
    left, top, right, bottom = face.getbbox(words, stroke_width=1)
    width, height = int(right - left), int(bottom - top)
    line = Image.new("RGBA", (width + 2, height + 2))
    ImageDraw.Draw(line).text((1 - left, 1 - top), words, font=face, fill=(90, 90, 90, 110), stroke_width=1, stroke_fill=(255, 255, 255, 90))
    turned = line.rotate(SLANT, resample=Image.Resampling.BICUBIC, expand=True)
    for x, y in places(sheet.size, turned.size, width + letters * 3, height + letters * 5):
        sheet.alpha_composite(turned, (max(x, 0), max(y, 0)), (max(-x, 0), max(-y, 0)))


def places(size: tuple[int, int], stamp: tuple[int, int], long: int, high: int) -> Iterator[tuple[int, int]]:
    """Where the words go so that some of them is seen: `long` apart along their slanting line, the lines `high` apart, each
    begun half a step later than the one above."""
    cos, sin = math.cos(math.radians(SLANT)), math.sin(math.radians(SLANT))
    (width, height), (wide, tall) = size, stamp
    first, last = -(wide * sin + tall * cos), width * sin + height * cos  # across the lines
    for row in range(math.floor(first / high), math.ceil(last / high) + 1):
        across, shift = row * high, row % 2 / 2
        start = max((-wide - across * sin) / cos, (across * cos - height) / sin)
        end = min((width - across * sin) / cos, (across * cos + tall) / sin)
        for number in range(math.ceil(start / long - shift), math.floor(end / long - shift) + 1):
            along = (number + shift) * long
            x, y = round(along * cos + across * sin), round(across * cos - along * sin)
            if -wide < x < width and -tall < y < height:
                yield x, y


def document(reader: PdfReader, words: str) -> bytes:
    writer = PdfWriter(clone_from=reader)
    for page in writer.pages:
        lay_over(page, words)
    written = BytesIO()
    writer.write(written)
    return written.getvalue()


def lay_over(page: PageObject, words: str) -> None:
    page.transfer_rotation_to_content()
    box = page.mediabox
    sheet = PdfReader(BytesIO(sheet_of(round(float(box.width)), round(float(box.height)), words))).pages[0]
    page.merge_translated_page(sheet, float(box.left), float(box.bottom), over=True)


@lru_cache(maxsize=8)
def sheet_of(width: int, height: int, words: str) -> bytes:
    """One page of the size with nothing but the words."""
    data = json.dumps({"width": width, "height": height, "words": words, "slant": SLANT}, ensure_ascii=False)
    return typst.Compiler(LAYOUT, font_paths=fonts(), sys_inputs={"sheet": data}).compile(format="pdf")
