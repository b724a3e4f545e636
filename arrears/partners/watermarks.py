"""水印: what leaves the house to a partner body carries who got it and when, all over. The original is not touched, and its
fingerprint is what the body sees beside it.

Pictures are written anew with the words in their points, PDF pages get a sheet laid over them. What can be neither (sound,
Word files, a broken picture) goes out as it came.
"""

import json
import logging
import warnings
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
    blended = Image.alpha_composite(upright, tiles(upright.size, words))
    written = BytesIO()
    blended.convert("RGB").save(written, kind, quality=QUALITY)
    return written.getvalue()


def tiles(size: tuple[int, int], words: str) -> Image.Image:
    """The words again and again, grey with a light edge: to be seen on white paper and in a dark photo."""
    width, height = size
    letters = max(12, min(width, height) // 28)
    face = ImageFont.truetype(str(FACE), letters)
    left, top, right, bottom = face.getbbox(words, stroke_width=1)
    long, high = int(right - left) + letters * 3, int(bottom - top) + letters * 5
    reach = width + height  # whatever is turned covers the picture
    sheet = Image.new("RGBA", (reach, reach))
    pen = ImageDraw.Draw(sheet)
    for row, y in enumerate(range(0, reach, high)):
        for x in range(-(row % 2) * long // 2, reach, long):
            pen.text((x, y), words, font=face, fill=(90, 90, 90, 110), stroke_width=1, stroke_fill=(255, 255, 255, 90))
    turned = sheet.rotate(SLANT, resample=Image.Resampling.BICUBIC)
    corner = ((reach - width) // 2, (reach - height) // 2)
    return turned.crop((*corner, corner[0] + width, corner[1] + height))


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
