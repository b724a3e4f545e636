"""The built-in texts made into Word templates: an office takes one home, edits it in Word and brings it back.

The marks of a text: `# title`, `## heading`, paragraphs between blank lines (first line indented two characters; a leading
`!`: not), `> ` to the right, `| a | b |` rows of a table (`|---|---|` makes the rows above it the repeated head; `|--:|`
sets a column to the right, and more dashes make it wider), `===` a new page. `{% for … %}` and `{% if … %}` stand on
lines of their own.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO
from itertools import groupby

from docx import Document
from docx.document import Document as Docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.enum.text import WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.table import Table

from arrears.papers.closing import closings
from arrears.papers.packing import packed

BODY, HEADING = "宋体", "黑体"  # what every Word in China has; the PDF's faces for them are in fonts.py
CELL = "表格文字"  # 五号: an ID number and an amount of six figures stand in one line
WIDTH_CM = 21 - 2 * 2.6
ROWS = frozenset({"row", "rule"})
CONTROL = re.compile(r"\{%.*%\}")
RULE = re.compile(r"\|?[\s:|-]*-{2,}[\s:|-]*\|?")


@dataclass
class Part:
    kind: str  # title, heading, para, flush, right, row, rule, break, control
    text: str = ""
    cells: list[str] = field(default_factory=list)


def parts_of(text: str) -> Iterator[Part]:
    """Line by line; lines of one paragraph are joined as Chinese is: without a space."""
    waiting: list[str] = []
    last = ""
    for line in [*text.splitlines(), ""]:
        line = line.strip()
        part = part_of(line)
        if part and part.kind in ROWS and last == "blank after row":
            yield Part("split")  # a blank line between two rows: another table
        if line:
            last = part.kind if part else ""
        elif last in ROWS:
            last = "blank after row"
        if part or not line:
            if waiting:
                yield paragraph_of("".join(waiting))
                waiting = []
            if part:
                yield part
        else:
            waiting.append(line)


def part_of(line: str) -> Part | None:
    if line.startswith("#"):
        level = len(line) - len(line.lstrip("#"))
        return Part("title" if level == 1 else "heading", line.lstrip("#").strip())
    if line.startswith(">"):
        return Part("right", line[1:].strip())
    if line and set(line) == {"="} and len(line) >= 3:
        return Part("break")
    if line.startswith("|"):
        if RULE.fullmatch(line):
            return Part("rule", cells=cells_of(line))
        return Part("row", cells=cells_of(line))
    if CONTROL.fullmatch(line) and line.count("{%") == 1:
        return Part("control", line)
    return None


def cells_of(line: str) -> list[str]:
    """Between bars, except those inside of braces: {{ 金额|元 }}."""
    cells, inside = [""], 0
    for mark in line.strip().removeprefix("|").removesuffix("|"):
        inside += (mark == "{") - (mark == "}")
        if mark == "|" and not inside:
            cells.append("")
        else:
            cells[-1] += mark
    return [cell.strip() for cell in cells]


def paragraph_of(text: str) -> Part:
    return Part("flush", text[1:].strip()) if text.startswith("!") else Part("para", text)


@lru_cache(maxsize=64)
def template_of(text: str) -> bytes:
    """The .docx template of a built-in text; the same bytes for the same text."""
    document = blank()
    parts = list(parts_of(text))
    for is_table, some in groupby(zip(parts, in_table(parts), strict=True), key=lambda pair: pair[1]):
        members = [part for part, _ in some]
        if is_table:
            add_table(document, members)
        else:
            seen = [part for part in members if part.kind not in ("control", "split")]  # what leaves no paragraph behind stands between nothing
            stays = {id(part) for part, stay in zip(seen, closings([line_of(part) for part in seen]), strict=True) if stay}
            for part in members:
                add_part(document, part, id(part) in stays)
    return packed(document)


def line_of(part: Part) -> tuple[str, bool] | None:
    return (part.text, part.kind == "right") if part.kind in ("para", "flush", "right") else None


WORD = re.compile(r"\{%\s*(?:p|tr)?\s*(\w+)")


def in_table(parts: list[Part]) -> list[bool]:
    """Rows, and the controls that repeat or leave out rows: between them nothing but rows, and a row before them. An `if`
    around a whole table stands outside of it."""
    table = [part.kind in ROWS for part in parts]
    opened: list[list[int]] = []  # of each control that is open, where it and its branches stand
    for at, part in enumerate(parts):
        word = WORD.match(part.text)[1] if part.kind == "control" and WORD.match(part.text) else ""
        if word in ("for", "if"):
            opened.append([at])
        elif word and opened:
            opened[-1].append(at)
            if word.startswith("end"):
                own = opened.pop()
                within = {other.kind for other in parts[own[0] : at] if other.kind != "control"}
                before = next((other.kind for other in reversed(parts[: own[0]]) if other.kind != "control"), "")
                if within and within <= ROWS and (before in ROWS or parts[own[0]].text.split()[1:2] == ["for"]):
                    for place in own:
                        table[place] = True
    return table


def blank() -> Docx:
    """An A4 page with the few styles a paper needs; the program's default carries a hundred and sixty."""
    document = Document()
    keep = {"Normal", "Title", "Heading 1", "Table Grid", "Normal Table", "Default Paragraph Font", "No List", "Footer"}
    for style in list(document.styles):
        if style.name not in keep and style.type != WD_STYLE_TYPE.LIST:
            style.delete()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.6)
    section.top_margin = section.bottom_margin = Cm(2.5)
    dress(document, "Normal", BODY, 12, False)
    dress(document, "Title", HEADING, 20, True)
    dress(document, "Heading 1", HEADING, 14, True)
    cell = document.styles.add_style(CELL, WD_STYLE_TYPE.PARAGRAPH)
    cell.base_style = document.styles["Normal"]
    cell.font.size, cell.paragraph_format.space_after = Pt(10.5), Pt(0)
    cell.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    document.styles["Title"].paragraph_format.alignment = ALIGN.CENTER
    for name in ("Title", "Heading 1"):
        for border in document.styles[name].element.iter(qn("w:pBdr")):
            border.getparent().remove(border)
    return document


def dress(document: Docx, name: str, face: str, points: float, is_bold: bool) -> None:
    style = document.styles[name]
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for key in list(fonts.attrib):
        del fonts.attrib[key]
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia"):
        fonts.set(qn(script), face)
    style.font.size, style.font.bold, style.font.color.rgb = Pt(points), is_bold, None
    form = style.paragraph_format
    form.space_before, form.space_after = Pt(0), Pt(6 if name == "Normal" else 10)
    form.line_spacing_rule = WD_LINE_SPACING.ONE_POINT_FIVE


def add_part(document: Docx, part: Part, stays: bool) -> None:
    if part.kind == "split":
        return
    if part.kind == "break":
        document.add_page_break()
        return
    style = {"title": "Title", "heading": "Heading 1"}.get(part.kind, "Normal")
    paragraph = document.add_paragraph(part.text, style)
    if stays:
        paragraph.paragraph_format.keep_with_next = True
    if part.kind == "para":
        ind = paragraph._p.get_or_add_pPr().get_or_add_ind()
        ind.set(qn("w:firstLineChars"), "200")
        ind.set(qn("w:firstLine"), "480")  # for programs that do not count characters
    elif part.kind == "right":
        paragraph.alignment = ALIGN.RIGHT


def add_table(document: Docx, parts: list[Part]) -> None:
    rule = next((part.cells for part in parts if part.kind == "rule"), [])
    head = next((at for at, part in enumerate(parts) if part.kind == "rule"), 0)
    columns = max((len(part.cells) for part in parts if part.kind == "row"), default=1)
    table = document.add_table(rows=0, cols=columns, style="Table Grid")
    table.autofit = False
    widths = column_widths(rule, columns)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    for at, part in enumerate(parts):
        if part.kind == "rule":
            continue
        row = table.add_row()
        cells = part.cells if part.kind == "row" else [part.text]
        for number, cell in enumerate(row.cells):
            paragraph = cell.paragraphs[0]
            paragraph.style = CELL
            paragraph.text = cells[number] if number < len(cells) else ""
            cell.width = Cm(widths[number])
            if at < head:
                paragraph.alignment = ALIGN.CENTER
            elif number < len(rule) and rule[number].endswith(":"):
                paragraph.alignment = ALIGN.CENTER if rule[number].startswith(":") else ALIGN.RIGHT
        join_last(table, row, part, columns)
        if at < head:
            row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    document.add_paragraph().paragraph_format.space_after = Pt(0)


def join_last(table: Table, row, part: Part, columns: int) -> None:
    """A row with fewer cells than the table: its last cell reaches to the edge."""
    if part.kind == "row" and len(part.cells) < columns:
        text = part.cells[-1]
        last = row.cells[len(part.cells) - 1].merge(row.cells[columns - 1])
        for extra in last.paragraphs[1:]:
            extra._p.getparent().remove(extra._p)
        last.paragraphs[0].text = text


def column_widths(rule: list[str], columns: int) -> list[float]:
    shares = [max(cell.count("-"), 1) for cell in rule[:columns]]
    shares += [sum(shares) // max(len(shares), 1) or 1] * (columns - len(shares))
    return [round(WIDTH_CM * share / sum(shares), 2) for share in shares]


def opened(docx: bytes) -> Docx:
    return Document(BytesIO(docx))
