"""An .xls workbook of before 2007, through xlrd. Django-free.

xlrd, because python-calamine tells neither hidden lines nor merged cells of this format. A broken file makes it raise
nearly anything, or run for long: it is called in a process of its own (apart.py).
"""

import io

import xlrd
from xlrd.biffh import XL_CELL_BOOLEAN, XL_CELL_DATE, XL_CELL_ERROR, XL_CELL_NUMBER, XL_CELL_TEXT, error_text_from_code

from arrears.ledger.files import BadFile
from arrears.sheets.formats import built_in, shows
from arrears.sheets.table import BLANK, ERROR, MOST_LINES, Cell, Line, Merge, Table, date_cell, number_cell
from arrears.sheets.xlsx import MOST_MERGES, MOST_SHEETS, clean


def _(text: str) -> str:
    """Marks a text for the catalogues; whoever shows it translates it."""
    return text


# Names of streams, as such a file spells them.
ENCRYPTED, WORD = "EncryptedPackage".encode("utf-16-le"), "WordDocument".encode("utf-16-le")


def read_xls(data: bytes, name: str) -> list[Table]:
    """Raises BadFile."""
    if ENCRYPTED in data:
        raise locked(name)
    if WORD in data:
        raise BadFile(_("文件 %(name)s 是 Word 文档，不是表格。请把其中的表格复制后粘贴到下面的框里。"), name=name)
    try:
        book = xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=io.StringIO(), ragged_rows=True)
    except xlrd.XLRDError as error:
        if "encrypted" in str(error).lower() or "password" in str(error).lower():
            raise locked(name) from error
        raise broken(name) from error
    except Exception as error:  # whatever a file makes xlrd stumble over: struct.error, AssertionError, IndexError …
        raise broken(name) from error
    tables = [table_of(sheet, book) for sheet in book.sheets()[:MOST_SHEETS]]
    if sum(len(table.lines) for table in tables) > MOST_LINES:
        raise BadFile(
            _("文件 %(name)s 有内容的行超过 %(most)s 行，请分成几个文件上传。"), name=name, most=f"{MOST_LINES:,}"
        )
    return tables


def locked(name: str) -> BadFile:
    return BadFile(_("文件 %(name)s 设了打开密码。请去掉密码后再上传。"), name=name)


def broken(name: str) -> BadFile:
    return BadFile(_("文件 %(name)s 已损坏，打不开。请用 Excel 或 WPS 打开后另存一份再上传。"), name=name)


def table_of(sheet: xlrd.sheet.Sheet, book: xlrd.Book) -> Table:
    table = Table(clean(sheet.name), is_hidden=sheet.visibility != 0, is_1904=book.datemode == 1)
    table.merges = [
        Merge(top + 1, left, bottom, right - 1) for top, bottom, left, right in sheet.merged_cells[:MOST_MERGES]
    ]
    for row in range(sheet.nrows):
        cells = [cell_of(cell, book) for cell in sheet.row(row)]
        if any(cell.text for cell in cells):
            info = sheet.rowinfo_map.get(row)
            table.lines.append(Line(row + 1, cells, bool(info and info.hidden)))
    return table


def cell_of(cell: xlrd.sheet.Cell, book: xlrd.Book) -> Cell:
    if cell.ctype == XL_CELL_TEXT:
        return Cell(clean(cell.value))
    if cell.ctype == XL_CELL_NUMBER:
        return number_cell(cell.value)
    if cell.ctype == XL_CELL_DATE:
        format_key = book.xf_list[cell.xf_index].format_key
        code = book.format_map[format_key].format_str if format_key in book.format_map else ""
        shown = (shows(code) if code else "") or built_in(format_key)
        return date_cell(cell.value, is_1904=book.datemode == 1, has_day=shown != "month")
    if cell.ctype == XL_CELL_ERROR:
        return Cell(error_text_from_code.get(cell.value, "#ERR"), ERROR)
    if cell.ctype == XL_CELL_BOOLEAN:
        return Cell(str(cell.value))
    return BLANK
