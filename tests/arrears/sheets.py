"""Making sheets as programs and people save them."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import xlsxwriter
import xlwt

DAY, MONTH = "yyyy-mm-dd", 'yyyy"年"m"月"'


def xlsx(sheets: Mapping[str, Sequence[Sequence[Any]]], *, hidden: Sequence[int] = (), merges: Sequence[tuple[int, int, int, int]] = (), hidden_sheets: Sequence[str] = (), is_1904: bool = False) -> bytes:
    """Rows of texts, numbers, dates, (number, format) and formulas ("=1+2", result). `merges` are of the first sheet."""
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"date_1904": is_1904, "in_memory": True})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        if name in hidden_sheets:
            sheet.hide()
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, tuple) and str(value[0]).startswith("="):
                    sheet.write_formula(number, column, value[0], None, value[1])
                elif isinstance(value, tuple):
                    sheet.write(number, column, value[0], book.add_format({"num_format": value[1]}))
                elif isinstance(value, date):
                    sheet.write_datetime(number, column, value, book.add_format({"num_format": DAY}))
                elif isinstance(value, str):
                    sheet.write_string(number, column, value)
                elif value is not None:
                    sheet.write_number(number, column, value)
        for number in hidden:
            sheet.set_row(number - 1, None, None, {"hidden": True})
        for top, left, bottom, right in merges if rows is next(iter(sheets.values())) else ():
            sheet.merge_range(top - 1, left, bottom - 1, right, rows[top - 1][left])
    book.close()
    return made.getvalue()


def xls(rows: Sequence[Sequence[Any]], *, hidden: Sequence[int] = (), merges: Sequence[tuple[int, int, int, int]] = ()) -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("工资表")
    merged = {(top, left): (bottom, right) for top, left, bottom, right in merges}
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            style = xlwt.XFStyle()
            if isinstance(value, tuple):
                value, style.num_format_str = value
            elif isinstance(value, date):
                style.num_format_str = DAY
            if (number, column) in merged:
                bottom, right = merged[number, column]
                sheet.write_merge(number - 1, bottom - 1, column, right, value, style)
            elif value is not None:
                sheet.write(number - 1, column, value, style)
    for number in hidden:
        sheet.row(number - 1).hidden = True
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def with_part(workbook: bytes, path: str, content: bytes) -> bytes:
    """The same workbook with one part replaced or added."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name != path:
                new.writestr(name, old.read(name))
        new.writestr(path, content)
    return made.getvalue()


def part_of(workbook: bytes, path: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        return archive.read(path)
