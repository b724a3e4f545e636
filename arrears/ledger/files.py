"""A register as a table of texts, whatever program saved it. Django-free."""

import csv
import io
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from arrears.ledger.cells import narrow, tidy
from arrears.phrases import Phrase


def _(text: str) -> str:
    """Marks a text for the catalogues; whoever shows it translates it."""
    return text


class BadFile(Exception):
    """The file is no table we can read; `cause` is one sentence."""

    def __init__(self, msgid: str, **values: object) -> None:
        self.cause = Phrase(msgid, values)
        super().__init__(str(self.cause))


@dataclass(frozen=True)
class Record:
    line: int  # as a spreadsheet numbers it: the header is 1
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    name: str
    encoding: str
    header: tuple[str, ...]
    records: tuple[Record, ...]


# Strictest first. GB 18030 takes nearly any bytes, so it comes last.
ENCODINGS = ("utf-8-sig", "gb18030")
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
WORKBOOK_MARKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
DELIMITERS = ",;\t|"


def read_sheet(path: Path) -> Sheet:
    """Raises BadFile."""
    text, encoding = decode(_read(path), path.name)
    rows = _rows(text, path.name)
    if not rows:
        raise BadFile(_("文件 %(name)s 是空的。"), name=path.name)
    header = tuple(narrow(cell) for cell in rows[0].cells)
    repeated = [name for name, times in Counter(filter(None, header)).items() if times > 1]
    if repeated:
        raise BadFile(_("文件 %(name)s 有重名的列：%(columns)s。"), name=path.name, columns=repeated)
    return Sheet(path.name, encoding, header, tuple(rows[1:]))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadFile(_("无法读取文件 %(path)s（%(error)s）。"), path=path, error=error.strerror) from None


def decode(raw: bytes, name: str) -> tuple[str, str]:
    """The text and its encoding. Raises BadFile."""
    if raw.startswith(WORKBOOK_MARKS):
        raise BadFile(_("文件 %(name)s 是 Excel 工作簿，请另存为 CSV（UTF-8）后再导入。"), name=name)
    encodings = ("utf-16",) if raw.startswith(UTF16_MARKS) else ENCODINGS
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text, encoding
    raise BadFile(_("文件 %(name)s 不是文本表格：编码既不是 UTF-8，也不是 GB 18030。"), name=name)


def _rows(text: str, name: str) -> list[Record]:
    first = text.lstrip().partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        numbered = list(enumerate(reader, start=1))
    except csv.Error as error:
        raise BadFile(
            _("文件 %(name)s 第 %(line)s 行的引号或分隔符不成对（%(error)s）。"),
            name=name,
            line=reader.line_num,
            error=error,
        ) from None
    return [Record(line, tuple(tidy(cell) for cell in cells)) for line, cells in numbered if cells]
