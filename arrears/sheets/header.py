"""Finding the header: the line, or two lines under merged heads, that says what the columns are. Django-free."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from arrears.identity import MOBILE, plain
from arrears.ledger.cells import narrow
from arrears.sheets.fields import BY_NAME, FIELDS, meaning
from arrears.sheets.table import NUMBER, Line, Table


def _(text: str) -> str:
    """Marks a text for the catalogues; whoever shows it translates it."""
    return text


Meaning = Callable[[str], tuple[str, int] | None]

LOOKED_AT = 40  # lines from the top
MOST_SPREAD = 2_000  # places; a hostile file merges everything with everything
ENOUGH = 2  # fields, before a line is believed to be a header
ID_NUMBER = re.compile(r"\d{15}(?:\d{2}[\dXx])?", re.ASCII)
NAME = re.compile(r"[\u3400-\u9fff·]{2,8}")
AMOUNT = re.compile(r"[¥￥]?\d[\d,]*(?:\.\d+)?(?:元|万元?|块)?", re.ASCII)


@dataclass(frozen=True)
class Header:
    """`line`: the spreadsheet's number of its first line, 0 if there is none. `heads`: one key for each column,
    unique within the table; a nameless column is "#3"."""

    line: int
    depth: int
    heads: tuple[str, ...]

    @property
    def ends(self) -> int:
        return self.line + self.depth - 1 if self.line else 0


def find_header(table: Table, meaning: Meaning = meaning) -> Header:
    """The line, or pair of lines under merged heads, that names most fields; no header where none names enough. `meaning`: which
    field a head names, and how well (0 is best); those of a wage sheet unless told."""
    best, best_count = header_at(table, 0, 0), ENOUGH - 1
    lines = table.lines[:LOOKED_AT]
    for position, line in enumerate(lines):
        for depth in (1, 2):
            if depth == 2 and (position + 1 >= len(lines) or holds_data(lines[position + 1]) or not spans(table, line)):
                continue
            header = header_at(table, line.number, depth)
            count = len(set(fields_of(header.heads, meaning).values()))
            if count > best_count:
                best, best_count = header, count
    return best


def holds_data(line: Line) -> bool:
    return any(cell.kind == NUMBER or ID_NUMBER.fullmatch(plain(cell.text)) or AMOUNT.fullmatch(narrow(cell.text)) for cell in line.cells)


def spans(table: Table, line: Line) -> bool:
    """Does a head in this line stand over several columns or lines?"""
    return any(merge.top == line.number and (merge.right > merge.left or merge.bottom > merge.top) for merge in table.merges)


def header_at(table: Table, number: int, depth: int) -> Header:
    """The header that begins in line `number`; 0: there is none and the columns are counted."""
    lines = {line.number: line for line in table.lines}
    spread = dict(islice(spread_over(table, number, depth), MOST_SPREAD)) if number else {}
    heads: list[str] = []
    for column in range(table.width):
        words: list[str] = []
        for row in range(number, number + depth):
            at, where = spread.get((row, column), (row, column))
            word = narrow(lines[at].cell(where).text) if at in lines else ""
            if word and word not in words:
                words.append(word)
        head = " ".join(words) or f"#{column + 1}"
        heads.append(head if head not in heads else f"{head} #{column + 1}")
    return Header(number, depth, tuple(heads))


def spread_over(table: Table, number: int, depth: int) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Each place in the header that a merged head covers, with the place where the head stands."""
    for merge in table.merges:
        if merge.top < number + depth and merge.bottom >= number:
            for row in range(max(merge.top, number), min(merge.bottom, number + depth - 1) + 1):
                for column in range(merge.left, min(merge.right, table.width - 1) + 1):
                    yield (row, column), (merge.top, merge.left)


def fields_of(heads: tuple[str, ...], meaning: Meaning = meaning) -> dict[str, str]:
    """By head, which field it is: each field once, where its words fit best."""
    ranked = sorted(
        ((found[1], place, head, found[0]) for place, head in enumerate(heads) if (found := meaning(re.sub(r" ?#\d+$", "", head)))),
    )
    taken: dict[str, str] = {}
    for _rank, _place, head, name in ranked:
        if name not in taken:
            taken[name] = head
    if "days" in taken and "rate_piece" in taken and not {"pieces", "rate_day"} & set(taken):
        taken["rate_day"] = taken.pop("rate_piece")  # 单价 beside 天数 is of a day
    return {head: name for name, head in taken.items()}


def guess_fields(table: Table, heads: tuple[str, ...]) -> dict[str, str]:
    """Without a header: what nearly all cells of a column look like. Amounts are left for whoever knows, unless
    there is one column of them."""
    found: dict[str, str] = {}
    amounts: list[str] = []
    for column, head in enumerate(heads):
        cells = [line.cell(column) for line in table.lines[:LOOKED_AT]]
        texts = [plain(cell.text) for cell in cells if cell.text]
        kind = next((name for name, looks in LOOKS.items() if most(texts, looks)), "")
        if kind == "amount":
            amounts.append(head)
        elif kind and kind not in found.values():
            found[head] = kind
    if len(amounts) == 1:
        found[amounts[0]] = "due"
    return found


LOOKS: Mapping[str, re.Pattern[str]] = {"id_number": ID_NUMBER, "phone": MOBILE, "name": NAME, "amount": AMOUNT}


def most(texts: list[str], looks: re.Pattern[str]) -> bool:
    return bool(texts) and sum(bool(looks.fullmatch(text)) for text in texts) >= 0.7 * len(texts)


assert set(LOOKS) - {"amount"} <= set(BY_NAME) and len(BY_NAME) == len(FIELDS)
