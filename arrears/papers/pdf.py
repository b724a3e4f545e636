"""Blocks to a PDF, set by typst: page numbers, the paper's number and the fingerprint of its facts at the foot."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import typst
from django.utils.translation import gettext as _

from arrears.papers.blocks import Block, Paragraph, Table, as_data
from arrears.papers.fonts import faces_for, fonts
from grid.refused import Refused

LAYOUT = (Path(__file__).parent / "paper.typ").read_bytes()


@dataclass(frozen=True)
class Foot:
    """What stands around the words of a paper."""

    title: str
    day: date
    text: str = ""
    watermark: str = ""


def typeset(blocks: list[Block], foot: Foot) -> bytes:
    """The same bytes for the same paper. Raises Refused: no_glyph, typesetting."""
    words = [*texts(blocks), foot.title, foot.text, foot.watermark]
    faces = faces_for("".join(words))
    data = {
        "title": foot.title, "year": foot.day.year, "month": foot.day.month, "day": foot.day.day, "footer": foot.text,
        "watermark": foot.watermark, "faces": faces, "blocks": as_data(blocks),
    }  # fmt: skip
    stamp = int(datetime(foot.day.year, foot.day.month, foot.day.day, tzinfo=UTC).timestamp())
    try:
        compiler = typst.Compiler(LAYOUT, font_paths=fonts(tuple(faces)), sys_inputs={"paper": json.dumps(data, ensure_ascii=False)})
        return compiler.compile(format="pdf", timestamp=stamp, pdf_standards="a-2b")  # PDF/A: to be kept for years
    except typst.TypstError as error:
        raise Refused("typesetting", _("排版没有成功：%(why)s") % {"why": str(error)[:300]}) from error


def texts(blocks: Iterable[Block]) -> Iterable[str]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block.text
        elif isinstance(block, Table):
            yield from (cell.text for row in block.rows for cell in row)
