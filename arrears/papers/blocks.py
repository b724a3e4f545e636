"""A filled Word paper read back as blocks, from which the PDF is typeset: both say the same, whoever made the template.

What blocks carry is what templates.py of uploads lets in: paragraphs with their looks, tables with joined cells, new pages.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from docx.oxml.ns import qn

from arrears.papers.closing import closings
from arrears.papers.markup import opened

TITLES = {"title": 1, "heading 1": 2, "heading 2": 3, "heading 3": 3}
SIDES = {"center": "center", "right": "right", "end": "right", "both": "both", "left": "left", "start": "left", "distribute": "both"}
OFF = ("0", "false", "none")
TWIPS_PER_POINT = 20


@dataclass
class Words:
    text: str
    bold: bool = False
    underline: bool = False
    size: float = 0  # points; 0: as the text around
    red: bool = False


@dataclass
class Paragraph:
    words: list[Words]
    level: int = 0  # 1: a title, 2 and 3: headings
    align: str = "both"
    indent: float = 0  # of the first line, in characters
    left: float = 0  # of the whole paragraph, in points
    kind: str = "paragraph"

    @property
    def text(self) -> str:
        return "".join(words.text for words in self.words)


@dataclass
class Cell:
    paragraphs: list[Paragraph]
    columns: int = 1
    rows: int = 1
    at: int = 0  # its first column

    @property
    def text(self) -> str:
        return "\n".join(paragraph.text for paragraph in self.paragraphs)


@dataclass
class Table:
    widths: list[float]
    rows: list[list[Cell]]
    head: int = 0  # rows that are repeated on every page
    has_lines: bool = True
    kind: str = "table"


@dataclass
class PageBreak:
    kind: str = "break"


Block = Paragraph | Table | PageBreak


def blocks_of(docx: bytes) -> list[Block]:
    document = opened(docx)
    reader = Reader({style.get(qn("w:styleId")): style for style in document.styles.element.iter(qn("w:style"))})
    blocks: list[Block] = []
    for child in document.element.body:
        if child.tag == qn("w:p"):
            blocks += reader.paragraphs(child)
        elif child.tag == qn("w:tbl"):
            blocks.append(reader.table(child))
    return blocks


def as_data(blocks: list[Block]) -> list[dict[str, Any]]:
    """For the typesetter: with whether each stays on the page of the next."""
    stays = closings([(block.text.strip(), block.align == "right") if isinstance(block, Paragraph) else None for block in blocks])
    return [asdict(block) | {"stays": stay} for block, stay in zip(blocks, stays, strict=True)]


def text_of(blocks: list[Block]) -> str:
    """Line by line, cells parted by tabs: what a reader reads."""
    lines = []
    for block in blocks:
        if isinstance(block, Paragraph):
            lines.append(block.text)
        elif isinstance(block, Table):
            lines += ["\t".join(cell.text for cell in row) for row in block.rows]
    return "\n".join(lines)


@dataclass
class Reader:
    styles: dict[str, Any] = field(default_factory=dict)

    def chain(self, properties: Any, name: str) -> Iterator[Any]:
        """The properties themselves, then those of the style and of what it rests on."""
        if properties is not None:
            yield properties
        style = None if properties is None else properties.find(qn("w:pStyle"))
        style_id = "Normal" if style is None else style.get(qn("w:val"))
        seen = set()
        while style_id in self.styles and style_id not in seen:
            seen.add(style_id)
            element = self.styles[style_id]
            if (found := element.find(qn(name))) is not None:
                yield found
            based = element.find(qn("w:basedOn"))
            style_id = None if based is None else based.get(qn("w:val"))

    def first(self, properties: Any, within: str, name: str, attribute: str = "w:val") -> str | None:
        for found in self.chain(properties, within):
            child = found.find(qn(name))
            if child is not None and child.get(qn(attribute)) is not None:
                return child.get(qn(attribute))
        return None

    def paragraphs(self, p: Any) -> list[Block]:
        properties = p.find(qn("w:pPr"))
        level, size = self.level(properties), int(self.first(properties, "w:rPr", "w:sz") or 0) / 2
        words, blocks = [], []

        def ended() -> Paragraph:
            align = SIDES.get(self.first(properties, "w:pPr", "w:jc") or "both", "both")
            points = (size or 12) * TWIPS_PER_POINT
            chars = self.first(properties, "w:pPr", "w:ind", "w:firstLineChars")
            first = int(chars) / 100 if chars else int(self.first(properties, "w:pPr", "w:ind", "w:firstLine") or 0) / points
            left = int(self.first(properties, "w:pPr", "w:ind", "w:left") or 0) / TWIPS_PER_POINT
            return Paragraph(joined(words), level, align, round(first, 2), left)

        if properties is not None and properties.find(qn("w:pageBreakBefore")) is not None:
            blocks.append(PageBreak())
        for run in p.iter(qn("w:r")):
            looks = self.looks(run.find(qn("w:rPr")), properties, level, size)
            for child in run:
                if child.tag == qn("w:t"):
                    words.append(Words(child.text or "", *looks))
                elif child.tag == qn("w:tab"):
                    words.append(Words("\u2003", *looks))
                elif child.tag == qn("w:noBreakHyphen"):
                    words.append(Words("-", *looks))
                elif child.tag == qn("w:br") and child.get(qn("w:type")) == "page":
                    blocks += [*([ended()] if words else []), PageBreak()]
                    words = []
                elif child.tag in (qn("w:br"), qn("w:cr")):
                    words.append(Words("\n", *looks))
        if words or not blocks:
            blocks.append(ended())
        return blocks

    def level(self, properties: Any) -> int:
        style = None if properties is None else properties.find(qn("w:pStyle"))
        element = None if style is None else self.styles.get(style.get(qn("w:val")))
        name = None if element is None else element.find(qn("w:name"))
        return 0 if name is None else TITLES.get(name.get(qn("w:val")).lower(), 0)

    def looks(self, own: Any, properties: Any, level: int, base: float) -> tuple[bool, bool, float]:
        bold = None if own is None else own.find(qn("w:b"))
        if bold is None:
            is_bold = level > 0 or any(is_on(found.find(qn("w:b"))) for found in self.chain(properties, "w:rPr") if found is not properties)
        else:
            is_bold = is_on(bold)
        line = None if own is None else own.find(qn("w:u"))
        size = None if own is None else own.find(qn("w:sz"))
        points = base if size is None else int(size.get(qn("w:val"))) / 2
        return is_bold, line is not None and line.get(qn("w:val")) not in OFF, points

    def table(self, table: Any) -> Table:
        widths = [int(column.get(qn("w:w")) or 1) for column in table.iter(qn("w:gridCol"))] or [1]
        rows, head, open_cells = [], 0, {}
        for number, tr in enumerate(table.iter(qn("w:tr"))):
            if number == head and tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None:
                head += 1
            cells, at = [], 0
            for tc in tr.iter(qn("w:tc")):
                columns = int(value(tc, "w:gridSpan") or 1)
                merge = tc.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
                if merge is not None and merge.get(qn("w:val")) != "restart" and at in open_cells:
                    open_cells[at].rows += 1
                else:
                    inside = [block for p in tc.iter(qn("w:p")) for block in self.paragraphs(p) if isinstance(block, Paragraph)]
                    cell = Cell(inside, columns, 1, at)
                    cells.append(cell)
                    open_cells = {**open_cells, at: cell} if merge is not None else {k: v for k, v in open_cells.items() if k != at}
                at += columns
            rows.append(cells)
        return Table(widths, rows, head if head < len(rows) else 0, self.has_lines(table))

    def has_lines(self, table: Any) -> bool:
        """Without any border of its own and in a style that has none: words set side by side."""
        for properties in self.table_properties(table):
            borders = properties.find(qn("w:tblBorders"))
            if borders is not None:
                return any(border.get(qn("w:val")) not in ("none", "nil") for border in borders)
        return False

    def table_properties(self, table: Any) -> Iterator[Any]:
        own = table.find(qn("w:tblPr"))
        if own is not None:
            yield own
        style = None if own is None else own.find(qn("w:tblStyle"))
        if style is not None and style.get(qn("w:val")) in self.styles:
            found = self.styles[style.get(qn("w:val"))].find(qn("w:tblPr"))
            if found is not None:
                yield found


def is_on(mark: Any) -> bool:
    return mark is not None and mark.get(qn("w:val"), "1") not in OFF


def value(tc: Any, name: str) -> str | None:
    found = tc.find(f"{qn('w:tcPr')}/{qn(name)}")
    return None if found is None else found.get(qn("w:val"))


def joined(words: list[Words]) -> list[Words]:
    """Neighbours that look alike are one."""
    found: list[Words] = []
    for one in words:
        last = found[-1] if found else None
        if last and (last.bold, last.underline, last.size) == (one.bold, one.underline, one.size):
            last.text += one.text
        elif one.text:
            found.append(Words(one.text, one.bold, one.underline, one.size))
    return found
