"""Workbooks that we make: the template, the lines that are still wrong, a copy of what was read. Texts stay texts: a
cell that begins with = is written as it stands and never computed."""

import io
from collections.abc import Iterable, Sequence

import xlsxwriter
from django.utils.translation import gettext

from arrears.sheet_kept import Kept
from arrears.sheets.fields import BY_NAME
from arrears.sheets.rows import WRONG, Row
from arrears.sheets.table import BLANK, Table

TEMPLATE = ("name", "id_number", "phone", "period", "rate_day", "days", "due", "paid", "owed")
WIDTHS = {"id_number": 22, "phone": 15, "name": 12, "period": 16}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _(text: str) -> str:
    """Marks a text for the catalogues; what is in these files is Chinese, like the sheets that come back."""
    return text


# One who is paid by the day, one of whom only the sum is known.
EXAMPLES = (
    ("张三（示例，请删去）", "", "13800000000", "2026年1月", "320", "22", "7040", "2000", "5040"),
    ("李四（示例，请删去）", "", "", "2025年12月至2026年1月", "", "", "", "", "12000"),
)
NOTES = (
    _("每人每个月写一行；只知道欠多少的，只填姓名和拖欠金额就行。"),
    _("身份证号和电话请先把单元格设成“文本”再填，免得被表格软件改成数字。"),
    _("列的次序可以变，多余的列可以留着；上传后还可以逐列核对。"),
)


def template() -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet("工资表")
        head, text = book.add_format({"bold": True, "bg_color": "#DCE6F1", "border": 1}), book.add_format({"num_format": "@"})
        for column, name in enumerate(TEMPLATE):
            sheet.set_column(column, column, WIDTHS.get(name, 12), text)
            sheet.write_string(0, column, BY_NAME[name].label, head)
        for number, example in enumerate(EXAMPLES, 1):
            for column, value in enumerate(example):
                sheet.write_string(number, column, value, text)
        sheet.freeze_panes(1, 1)
        notes = book.add_worksheet("填写说明")
        notes.set_column(0, 0, 90)
        for number, note in enumerate(NOTES):
            notes.write_string(number, 0, gettext(note))
    return made.getvalue()


def wrong_lines(kept: Kept) -> bytes:
    """The lines that are still wrong, as they stand, with what is wrong in front: corrected, they can be handed in again
    or be given back to whoever made the sheet."""
    chosen = {name for number in kept.choice.tables for name in kept.choice.columns(number)}
    names = sorted(chosen, key=[*TEMPLATE, *BY_NAME].index)
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet("需要改正的行")
        head, bad = book.add_format({"bold": True, "bg_color": "#DCE6F1", "border": 1}), book.add_format({"bg_color": "#FCE4E4", "num_format": "@"})
        plain = book.add_format({"num_format": "@"})
        for column, label in enumerate((gettext("位置说明"), *(BY_NAME[name].label for name in names), gettext("需要改正（备注）"))):
            sheet.write_string(0, column, label, head)
        sheet.set_column(0, 0, 14)
        sheet.set_column(1, len(names), 16)
        sheet.set_column(len(names) + 1, len(names) + 1, 80)
        for number, row in enumerate(kept.rows(WRONG), 1):
            write_line(sheet, number, row, names, bad, plain)
        sheet.freeze_panes(1, 2)
    return made.getvalue()


def write_line(sheet: xlsxwriter.worksheet.Worksheet, number: int, row: Row, names: Sequence[str], bad: object, plain: object) -> None:
    sheet.write_string(number, 0, row.place.text(gettext))
    for column, name in enumerate(names, 1):
        sheet.write_string(number, column, row.cells.get(name, BLANK).text, bad if row.blamed(name) else plain)
    sheet.write_string(number, len(names) + 1, " ".join(finding.cause.text(gettext) for finding in row.findings))


def copy_of(tables: Iterable[Table]) -> bytes:
    """What was read, cell by cell."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        for table in tables:
            sheet = book.add_worksheet()
            for line in table.lines:
                for column, cell in enumerate(line.cells):
                    if cell.text:
                        sheet.write_string(line.number - 1, column, cell.text)
    return made.getvalue()
