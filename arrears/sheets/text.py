"""A sheet as text: a csv file, cells copied out of a spreadsheet, or lines typed from a photograph. Django-free."""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable

from arrears.ledger.files import BadFile
from arrears.sheets.table import MOST_COLUMNS, MOST_LINES, Cell, Line, Table
from arrears.sheets.xlsx import clean

Splitter = Callable[[Iterable[str]], list[list[str]]]


def _(text: str) -> str:
    """Marks a text for the catalogues; whoever shows it translates it."""
    return text


def by_delimiter(delimiter: str) -> Splitter:
    """As spreadsheets write them: a quoted cell may hold the delimiter, and line breaks."""

    def split(lines: Iterable[str]) -> list[list[str]]:
        try:
            return list(csv.reader(lines, delimiter=delimiter))
        except csv.Error:  # an unclosed quote swallowed the rest: the quotes are part of the text
            return list(csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE))

    return split


def by_space(pattern: str) -> Splitter:
    gap = re.compile(pattern)
    return lambda lines: [gap.split(line.strip()) if line.strip() else [] for line in lines]


# Of those that divide the lines equally well, the first is taken.
SPLITTERS: tuple[Splitter, ...] = (
    by_delimiter("\t"), by_delimiter(","), by_delimiter(";"), by_delimiter("|"), by_delimiter("，"), by_delimiter("；"),
    by_delimiter("、"), by_space(r"[ \u3000\xa0]{2,}|\t|\u3000"), by_space(r"\s+"),
)  # fmt: skip
LOOKED_AT = 200  # lines, to choose


def read_text(text: str, name: str) -> list[Table]:
    """One table. Raises BadFile."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    rows = rows_of(text)
    table = Table(name)
    for number, row in enumerate(rows, 1):
        cells = [Cell(clean(unquoted(cell))) for cell in row]
        while cells and not cells[-1].text:
            cells.pop()
        if not cells:
            continue
        if len(cells) > MOST_COLUMNS or len(table.lines) == MOST_LINES:
            raise BadFile(_("内容太多（最多 %(lines)s 行、%(columns)s 列），请分成几次。"), lines=f"{MOST_LINES:,}", columns=MOST_COLUMNS)
        table.lines.append(Line(number, cells))
    return [table]


def rows_of(text: str) -> list[list[str]]:
    sample = text.split("\n")[:LOOKED_AT]
    best = max(SPLITTERS, key=lambda split: agreement(split(sample)))
    return best(io.StringIO(text, newline=""))


def agreement(rows: list[list[str]]) -> tuple[float, int]:
    """How well a way to split fits: most lines fall into one and the same number of cells, above one."""
    widths = Counter(len(row) for row in rows if any(cell.strip() for cell in row))
    several = {width: count for width, count in widths.items() if width > 1}
    if not several:
        return 0, 0
    usual = max(several, key=lambda width: (several[width], width))
    near = sum(count for width, count in several.items() if abs(width - usual) <= 1)  # the last cell may be missing
    return round(near / widths.total(), 1), usual


def unquoted(cell: str) -> str:
    """="0123" and '0123 are how programs keep a number from being counted as one."""
    cell = cell.strip()
    if found := re.fullmatch(r'="(.*)"', cell):
        return found[1]
    return cell[1:] if re.match(r"'[\d ]", cell) else cell
