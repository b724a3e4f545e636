"""The pages a packet brings itself: cover, contents, list of evidence. In Chinese always, as the papers are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from arrears.papers.blocks import Block, Cell, PageBreak, Paragraph, Table, Words


@dataclass(frozen=True)
class Listed:
    """A line of the list of evidence."""

    title: str
    kind: str
    sha256: str
    note: str = ""  # what is missing or only in the ZIP, printed red
    page: int = 0


def cover_blocks(title: str, lines: Sequence[str], gaps: Sequence[str]) -> list[Block]:
    blocks: list[Block] = [Paragraph([]) for _line in range(6)]
    blocks.append(Paragraph([Words(title, bold=True, size=28)], align="center"))
    blocks += [Paragraph([])] * 2
    blocks += [Paragraph([Words(line, size=14)], align="center") for line in lines]
    if gaps:
        blocks += [Paragraph([]), Paragraph([Words(f"尚缺 {len(gaps)} 项，提交前请补齐或者核实：", bold=True, red=True)], align="left")]
        blocks += [Paragraph([Words(f"· {gap}", red=True)], align="left") for gap in gaps]
    return blocks


def contents_blocks(entries: Sequence[tuple[str, int]], papers: int) -> list[Block]:
    rows = [row("文书" if papers else "", "", bold=True)] if papers else []
    rows += [row(f"{number}．{title}", str(page)) for number, (title, page) in enumerate(entries[:papers], 1)]
    if len(entries) > papers:
        rows.append(row("证据", "", bold=True))
        rows += [row(f"证据{number}　{title}", str(page)) for number, (title, page) in enumerate(entries[papers:], 1)]
    return [PageBreak(), Paragraph([Words("目录")], level=1, align="center"), Table([88, 12], rows, has_lines=False)]


def list_blocks(listed: Iterable[Listed]) -> list[Block]:
    head = [cell(text, at, bold=True, align="center") for at, text in enumerate(("序号", "证据", "种类", "页码", "校验码（SHA-256）"))]
    rows = [head]
    for number, one in enumerate(listed, 1):
        name = [Words(one.title), *([Words(f"\n{one.note}", red=True)] if one.note else [])]
        rows.append([
            cell(str(number), 0, align="center"), Cell([Paragraph(name, align="left")], at=1), cell(one.kind, 2, align="left"),
            cell(str(one.page), 3, align="center"), Cell([Paragraph([Words(broken(one.sha256), size=7)], align="left")], at=4),
        ])  # fmt: skip
    return [Paragraph([Words("证据清单")], level=1, align="center"), Table([7, 38, 17, 8, 30], rows, head=1)]


def row(text: str, page: str, bold: bool = False) -> list[Cell]:
    return [cell(text, 0, bold=bold, align="left"), cell(page, 1, bold=bold, align="right")]


def cell(text: str, at: int, *, bold: bool = False, align: str) -> Cell:
    return Cell([Paragraph([Words(text, bold=bold)], align=align)], at=at)


def broken(digest: str) -> str:
    """In groups, so that it can be read aloud and breaks across lines."""
    return " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))
