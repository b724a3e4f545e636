"""A file, told by its bytes, as tables. Name and declared type are never asked. Django-free."""

import io
import re

from arrears.evidence_types import AUDIO, IMAGE, VIDEO, sniff
from arrears.invalid import Invalid
from arrears.ledger.files import BadFile, decode
from arrears.sheets.table import Table
from arrears.sheets.text import read_text
from arrears.sheets.xls import read_xls
from arrears.sheets.xlsx import read_xlsx


def _(text: str) -> str:
    """Marks a text for the catalogues; whoever shows it translates it."""
    return text


ZIP, OLE, PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF"
MARKUP = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|\?xml|table|meta|head)", re.IGNORECASE)


def read_file(data: bytes, name: str) -> list[Table]:
    """Its tables, those without a single cell left out. Raises BadFile with a sentence that says what to do."""
    tables = [table for table in tables_of(data, name) if table.lines]
    if not tables:
        raise BadFile(_("文件 %(name)s 里没有内容。"), name=name)
    return tables


def tables_of(data: bytes, name: str) -> list[Table]:
    if data.startswith(ZIP):
        return read_xlsx(data, name)
    if data.startswith(OLE):
        return read_xls(data, name)
    if data.startswith(PDF):
        raise BadFile(_("文件 %(name)s 是 PDF，读不出表格。请上传原来的表格文件，或把内容复制后粘贴到下面的框里。"), name=name)
    if MARKUP.match(data):
        raise BadFile(
            _("文件 %(name)s 是网页格式的表格。请用 Excel 或 WPS 打开，另存为 xlsx 后再上传，或复制后粘贴到下面的框里。"), name=name
        )
    if family(data) in (IMAGE, AUDIO, VIDEO):
        raise BadFile(
            _("文件 %(name)s 是照片或录音，读不出表格。请用手机的“识别文字”把表格转成文字，粘贴到下面的框里；原件可以在最后一步作为证据上传。"),
            name=name,
        )  # fmt: skip
    text, _encoding = decode(data, name)
    return read_text(text, name)


def family(data: bytes) -> str:
    try:
        return sniff(io.BytesIO(data)).family
    except Invalid:
        return ""
