"""The foot of a Word paper: what stands at the foot of its PDF, with Word counting the pages."""

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.text.paragraph import Paragraph

from arrears.papers.markup import opened
from arrears.papers.packing import packed

POINTS = 8


def with_foot(docx: bytes, words: str) -> bytes:
    document = opened(docx)
    footer = document.sections[-1].footer
    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for piece in (f"{words}　第 ", ("PAGE",), " 页 共 ", ("NUMPAGES",), " 页"):
        add(paragraph, piece)
    return packed(document)


def add(paragraph: Paragraph, piece: str | tuple[str]) -> None:
    run = paragraph.add_run(piece if isinstance(piece, str) else "")
    run.font.size = Pt(POINTS)
    if isinstance(piece, tuple):
        for kind in ("begin", piece[0], "end"):
            mark = OxmlElement("w:instrText" if kind == piece[0] else "w:fldChar")
            if kind == piece[0]:
                mark.text = kind
            else:
                mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)
