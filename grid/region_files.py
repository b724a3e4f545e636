"""Reads lists of divisions and of their changes (grid/data/README.md). Django-free: a file in, rows or a reason out."""

import csv
import gzip
import hashlib
import io
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from grid.regions import ABOVE, PROVINCE, WIDTHS, BadCode, level_of, significant

DATA = Path(__file__).resolve().parent / "data"
SHIPPED_SYSTEM = "stats-2023"
SHIPPED_FILES = (DATA / "divisions.csv.gz", DATA / "suqian_villages.csv.gz")
SHIPPED_CHANGES = DATA / "changes.csv"

READING_RULES = b"1"  # part of the digest: count up when the same file would now be read differently
SYSTEM = re.compile(r"[a-z]+-\d{4}(-\d\d){0,2}")  # family-edition: stats-2023, mca-2026-09-11
LONGEST_NAME = 60
MOST_PROBLEMS = 10


class BadFile(ValueError):
    """The file cannot be used; one line for each problem, with row, column and cause."""


@dataclass(frozen=True)
class Listed:
    code: str  # significant
    name: str
    level: str
    parent: str | None
    where: str = field(compare=False, default="")  # file and row, to name in a refusal


@dataclass(frozen=True)
class Change:
    code: str
    retired_on: date
    successor: str
    where: str = field(compare=False, default="")


def digest(system: str, paths: list[Path]) -> str:
    sums = [READING_RULES, system.encode(), *(hashlib.sha256(_bytes(path)).digest() for path in paths)]
    return hashlib.sha256(b"\n".join(sums)).hexdigest()


def read_regions(paths: list[Path]) -> dict[str, Listed]:
    """All regions of the files by code. The same region may stand in several files if they agree on its name."""
    regions: dict[str, Listed] = {}

    def take(row: dict[str, str], where: str) -> None:
        region = _region(row, where)
        known = regions.setdefault(region.code, region)
        if known != region:
            raise _Problem("name", f"{region.code} is {region.name} here and {known.name} further up")

    for path in paths:
        _read(path, ("code", "name", "level", "parent"), take)
    if not regions:
        raise BadFile(f"{', '.join(path.name for path in paths)}: no region in it")
    return regions


def read_changes(path: Path, today: date) -> dict[str, Change]:
    """Retired regions by code."""
    changes: dict[str, Change] = {}

    def take(row: dict[str, str], where: str) -> None:
        change = _change(row, where, today)
        if changes.setdefault(change.code, change) != change:
            raise _Problem("code", f"{change.code} is retired twice")

    _read(path, ("code", "retired_on", "successor"), take)
    return changes


class _Problem(ValueError):
    def __init__(self, column: str, cause: str) -> None:
        super().__init__(f"column {column}: {cause}")


def _region(row: dict[str, str], where: str) -> Listed:
    level = row["level"]
    if level not in WIDTHS:
        raise _Problem("level", f"{level!r} is not one of {', '.join(WIDTHS)}")
    code = _code("code", row["code"], level)
    above = ABOVE.get(level)
    if level == PROVINCE and row["parent"]:
        raise _Problem("parent", "a province has none")
    parent = _code("parent", row["parent"], above) if above else None
    if parent and not code.startswith(parent):
        raise _Problem("parent", f"{row['parent']} does not hold {row['code']}")
    return Listed(code, _name(row["name"]), level, parent, where)


def _code(column: str, code: str, level: str | None) -> str:
    try:
        return significant(code, level)
    except BadCode as bad:
        raise _Problem(column, str(bad)) from None


def _name(name: str) -> str:
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise _Problem("name", f"{name!r} is not a name of 1 to {LONGEST_NAME} characters")
    return name


def _change(row: dict[str, str], where: str, today: date) -> Change:
    code, successor = (_significant(column, row[column]) for column in ("code", "successor"))
    if code == successor or len(code) != len(successor):
        raise _Problem("successor", f"{successor} is not another region of the same level as {code}")
    return Change(code, _day(row["retired_on"], today), successor, where)


def _significant(column: str, code: str) -> str:
    """Changes are written by hand with significant codes, as people see them on the pages."""
    try:
        level_of(code)
    except BadCode as bad:
        raise _Problem(column, str(bad)) from None
    return code


def _day(text: str, today: date) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise _Problem("retired_on", f"{text!r} is not a date like 2024-03-18") from None
    if day > today:
        raise _Problem("retired_on", f"{text} has not come yet; load the change on that day")
    return day


def _read(path: Path, columns: tuple[str, ...], take: Callable[[dict[str, str], str], None]) -> None:
    """Hands each row to `take`; gathers what it objects to."""
    problems = []
    for number, row in _rows(path, columns):
        where = f"{path.name}, row {number}"
        try:
            take(row, where)
        except _Problem as problem:
            problems.append(f"{where}, {problem}")
        if len(problems) == MOST_PROBLEMS:
            break
    if problems:
        raise BadFile("\n".join(problems))


def _rows(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.DictReader(io.StringIO(_text(path), newline=""), restkey="", restval="", strict=True)
    try:
        missing = [column for column in columns if column not in (reader.fieldnames or [])]
        if missing:
            raise BadFile(f"{path.name}, row 1: no column {', '.join(missing)}")
        for row in reader:
            yield reader.line_num, {column: row[column].strip() for column in columns}
    except csv.Error as error:
        raise BadFile(f"{path.name}, row {reader.line_num}: not CSV ({error})") from None


def _text(path: Path) -> str:
    try:
        return _bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = error.object.count(b"\n", 0, error.start) + 1
        raise BadFile(f"{path.name}, row {row}: not UTF-8") from None


def _bytes(path: Path) -> bytes:
    try:
        raw = path.read_bytes()
        return gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
    except (OSError, EOFError, zlib.error) as error:
        raise BadFile(f"{path.name}: cannot be read ({getattr(error, 'strerror', None) or error})") from None
