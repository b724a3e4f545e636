"""An .xlsx or .xlsm workbook, read part by part as a stream. Django-free.

Written here because no library tells what a wage sheet needs to be told honestly: which lines are hidden, which
formula has no stored result (python-calamine gives an empty cell), which number had more digits than are kept. And
because a hostile file must cost no more than a good one: what is unpacked is counted while it is unpacked (zip bombs),
a document type ends the reading (entity bombs), cells are kept as they come (a lone cell in the last corner costs one
cell, where others allocate the whole sheet), and nothing is fetched or computed (external links, formulas, macros).
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Callable
from typing import Any
from xml.parsers import expat

from arrears.ledger.files import BadFile
from arrears.sheets.formats import built_in, shows
from arrears.sheets.table import (
    BLANK,
    ERROR,
    FORMULA,
    LONGEST_CELL,
    MOST_COLUMNS,
    MOST_LINES,
    Cell,
    Line,
    Merge,
    Table,
    date_cell,
    number_cell,
)


def _(text: str) -> str:
    """Marks a text for the catalogues; whoever shows it translates it."""
    return text


MOST_UNPACKED = 200 * 1024 * 1024  # bytes of all parts that are read
MOST_PARTS = 5_000
MOST_SHEETS = 60
MOST_MERGES = 50_000
CHUNK = 64 * 1024
REFERENCE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})", re.ASCII)
BROKEN = (
    zipfile.BadZipFile, zipfile.LargeZipFile, expat.ExpatError, EOFError, LookupError, ValueError, OverflowError,
    NotImplementedError, RuntimeError, OSError,
)  # fmt: skip; LookupError: a missing part or attribute, and an encoding nobody knows
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")  # ECMA-376, ST_Xstring


def read_xlsx(data: bytes, name: str) -> list[Table]:
    """Raises BadFile."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return Workbook(Package(archive, name)).tables()
    except BadFile:
        raise
    except BROKEN as error:  # zlib.error is none of them, see Package.read
        raise BadFile(_("文件 %(name)s 已损坏，打不开。请用 Excel 或 WPS 打开后另存一份再上传。"), name=name) from error


class Package:
    """The parts of the file, under one budget of bytes."""

    def __init__(self, archive: zipfile.ZipFile, name: str) -> None:
        self.archive, self.name, self.left = archive, name, MOST_UNPACKED
        if len(archive.infolist()) > MOST_PARTS:
            raise self.too_large()
        self.parts = {info.filename.replace("\\", "/").lower(): info for info in archive.infolist()}

    def too_large(self) -> BadFile:
        return BadFile(_("文件 %(name)s 解开后太大，不像一份工资表，没有读取。请只保留工资表再上传。"), name=self.name)

    def has(self, path: str) -> bool:
        return path.lower() in self.parts

    def read(self, path: str, handler: "Handler") -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self.refuse_doctype
        parser.StartElementHandler = lambda name, attrs: handler.start(name.rpartition(" ")[2], attrs)
        parser.EndElementHandler = lambda name: handler.end(name.rpartition(" ")[2])
        parser.CharacterDataHandler = handler.text
        with self.archive.open(self.parts[path.lower()]) as part:
            while chunk := self.chunk(part):
                parser.Parse(chunk, False)
        parser.Parse(b"", True)

    def chunk(self, part: Any) -> bytes:
        try:
            chunk = part.read(CHUNK)
        except Exception as error:  # zlib.error, whose module may be missing, is a bare Exception
            raise zipfile.BadZipFile("a part cannot be unpacked") from error
        self.left -= len(chunk)
        if self.left < 0:
            raise self.too_large()
        return chunk

    def refuse_doctype(self, *_declared: object) -> None:
        raise BadFile(_("文件 %(name)s 含有工资表里不该有的内容（XML 实体声明），没有读取。"), name=self.name)


class Handler:
    """Collects the text of elements; `started` and `ended` say which."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.is_listening = False

    def start(self, name: str, attrs: dict[str, str]) -> None:
        raise NotImplementedError

    def end(self, name: str) -> None:
        raise NotImplementedError

    def text(self, data: str) -> None:
        if self.is_listening:
            self.said.append(data)

    def listen(self) -> None:
        self.said, self.is_listening = [], True

    def heard(self) -> str:
        self.is_listening = False
        return "".join(self.said)


class Each(Handler):
    """Calls for each element, with its attributes; the ones with a prefix without it."""

    def __init__(self, call: Callable[[str, dict[str, str]], None]) -> None:
        super().__init__()
        self.call = call

    def start(self, name: str, attrs: dict[str, str]) -> None:
        self.call(name, {key.rpartition(" ")[2]: value for key, value in attrs.items()})

    def end(self, name: str) -> None:
        pass


class Strings(Handler):
    """xl/sharedStrings.xml: one text per <si>, its pronunciation (<rPh>) left out."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.parts: list[str] = []
        self.is_sound = False

    def start(self, name: str, attrs: dict[str, str]) -> None:
        if name == "si":
            self.parts = []
        elif name == "rPh":
            self.is_sound = True
        elif name == "t" and not self.is_sound:
            self.listen()

    def end(self, name: str) -> None:
        if name == "t" and self.is_listening:
            self.parts.append(self.heard())
        elif name == "rPh":
            self.is_sound = False
        elif name == "si":
            self.texts.append(clean("".join(self.parts)))


class Sheet(Handler):
    """xl/worksheets/sheetN.xml."""

    def __init__(self, table: Table, book: "Workbook") -> None:
        super().__init__()
        self.table, self.book = table, book
        self.number, self.column, self.is_hidden = 0, 0, False
        self.cells: dict[int, Cell] = {}
        self.kind, self.style, self.value, self.formula, self.parts = "n", 0, "", None, []

    def start(self, name: str, attrs: dict[str, str]) -> None:
        if name == "c":
            self.start_cell(attrs)
        elif name in ("v", "t", "f"):
            self.listen()
        elif name == "row":
            self.number = int(attrs.get("r", self.number + 1))
            self.is_hidden = attrs.get("hidden") in ("1", "true") or float(attrs.get("ht", 1)) == 0
            self.cells, self.column = {}, 0
        elif name == "mergeCell" and len(self.table.merges) < MOST_MERGES:
            first, _colon, last = attrs["ref"].partition(":")
            (left, top), (right, bottom) = place(first), place(last or first)
            self.table.merges.append(Merge(top, left, bottom, right))

    def start_cell(self, attrs: dict[str, str]) -> None:
        if "r" in attrs:
            self.column = place(attrs["r"])[0]
        self.kind, self.style = attrs.get("t", "n"), int(attrs.get("s", 0))
        self.value, self.formula, self.parts = "", None, []

    def end(self, name: str) -> None:
        if name == "v":
            self.value = self.heard()
        elif name == "t" and self.is_listening:
            self.parts.append(self.heard())
        elif name == "f":
            self.formula = self.heard()
        elif name == "c":
            if (cell := self.cell()).text:
                self.keep(cell)
            self.column += 1
        elif name == "row" and self.cells:
            cells = [self.cells.get(column, BLANK) for column in range(max(self.cells) + 1)]
            self.table.lines.append(Line(self.number, cells, self.is_hidden))
            self.book.count_line()

    def keep(self, cell: Cell) -> None:
        if self.column >= MOST_COLUMNS:
            raise BadFile(
                _("文件 %(name)s 的表“%(sheet)s”超过 %(most)s 列，不像一份工资表，没有读取。"),
                name=self.book.package.name, sheet=self.table.name, most=MOST_COLUMNS,
            )  # fmt: skip
        self.cells[self.column] = cell

    def cell(self) -> Cell:
        if self.formula is not None and not self.value:
            return Cell(clean(f"={self.formula}")[:40], FORMULA)
        if self.kind == "s":
            return Cell(self.book.strings[int(self.value)]) if self.value else BLANK
        if self.kind == "inlineStr":
            return Cell(clean("".join(self.parts)))
        if self.kind == "e":
            return Cell(clean(self.value), ERROR)
        if self.kind == "n" and self.value.strip():
            return self.number_or_day(float(self.value))
        return Cell(clean(self.value))  # str, d, b

    def number_or_day(self, value: float) -> Cell:
        shown = self.book.formats[self.style] if self.style < len(self.book.formats) else ""
        if shown:
            return date_cell(value, is_1904=self.table.is_1904, has_day=shown == "day")
        return number_cell(value)


class Styles(Handler):
    """xl/styles.xml: what each cell style shows, "day", "month" or ""."""

    def __init__(self) -> None:
        super().__init__()
        self.codes: dict[int, str] = {}
        self.formats: list[str] = []
        self.is_within = False

    def start(self, name: str, attrs: dict[str, str]) -> None:
        if name == "numFmt":
            self.codes[int(attrs["numFmtId"])] = attrs.get("formatCode", "")
        elif name == "cellXfs":
            self.is_within = True
        elif name == "xf" and self.is_within:
            number = int(attrs.get("numFmtId", 0))
            self.formats.append(shows(self.codes[number]) if number in self.codes else built_in(number))

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self.is_within = False


class Workbook:
    def __init__(self, package: Package) -> None:
        self.package = package
        self.lines = 0
        self.is_1904 = False
        self.entries: list[tuple[str, str, bool]] = []  # name, relation, is hidden
        self.targets: dict[str, str] = {}
        self.strings: list[str] = []
        self.formats: list[str] = []

    def tables(self) -> list[Table]:
        path = self.path()
        folder = posixpath.dirname(path)
        self.package.read(path, Each(self.learn))
        self.package.read(f"{folder}/_rels/{posixpath.basename(path)}.rels", Each(self.relate))
        if self.package.has(f"{folder}/sharedStrings.xml"):
            self.package.read(f"{folder}/sharedStrings.xml", strings := Strings())
            self.strings = strings.texts
        if self.package.has(f"{folder}/styles.xml"):
            self.package.read(f"{folder}/styles.xml", styles := Styles())
            self.formats = styles.formats
        tables = []
        for name, relation, is_hidden in self.entries[:MOST_SHEETS]:
            target = self.targets.get(relation, "")
            part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
            if "worksheets/" in part and self.package.has(part):
                table = Table(clean(name), is_hidden=is_hidden, is_1904=self.is_1904)
                self.package.read(part, Sheet(table, self))
                table.lines.sort(key=lambda line: line.number)
                tables.append(table)
        return tables

    def path(self) -> str:
        """Of the workbook's own part; other offices' documents are zip files too."""
        if self.package.has("xl/workbook.xml"):
            return "xl/workbook.xml"
        if self.package.has("xl/workbook.bin"):
            raise BadFile(_("文件 %(name)s 是二进制工作簿（xlsb），请另存为 xlsx 后再上传。"), name=self.package.name)
        if self.package.has("word/document.xml"):
            raise BadFile(
                _("文件 %(name)s 是 Word 文档，不是表格。请把其中的表格复制后粘贴到下面的框里。"), name=self.package.name
            )
        raise BadFile(
            _("文件 %(name)s 是压缩包或其他文件，不是表格。请解压后上传其中的 xlsx、xls 或 csv 文件。"),
            name=self.package.name,
        )

    def learn(self, name: str, attrs: dict[str, str]) -> None:
        if name == "workbookPr":
            self.is_1904 = attrs.get("date1904") in ("1", "true")
        elif name == "sheet":
            self.entries.append((attrs["name"], attrs.get("id", ""), attrs.get("state", "visible") != "visible"))

    def relate(self, name: str, attrs: dict[str, str]) -> None:
        if name == "Relationship" and attrs.get("TargetMode") != "External":
            self.targets[attrs["Id"]] = attrs["Target"]

    def count_line(self) -> None:
        self.lines += 1
        if self.lines > MOST_LINES:
            raise BadFile(
                _("文件 %(name)s 有内容的行超过 %(most)s 行，请分成几个文件上传。"),
                name=self.package.name, most=f"{MOST_LINES:,}",
            )  # fmt: skip


def place(reference: str) -> tuple[int, int]:
    """AB12 → column 27, line 12."""
    found = REFERENCE.fullmatch(reference.replace("$", ""))
    if not found:
        raise ValueError(f"{reference} is no cell")
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return column - 1, int(found[2])


def clean(text: str) -> str:
    """Its ends, line breaks and escapes; no control characters, which neither JSON nor PostgreSQL nor a page wants."""
    if "_x" in text:
        text = ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    text = text[:LONGEST_CELL].strip()
    return text if text.isprintable() else "".join(c if c.isprintable() else " " for c in text).strip()
