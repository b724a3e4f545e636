"""Looks inside office files: which kind, and nothing that runs. Django-free.

docx and xlsx are ZIP archives; doc and xls are OLE compound files. Either can carry macros, and a ZIP can unpack
to far more than it weighs."""

import os
import re
import zipfile
from typing import BinaryIO
from zlib import error as ZlibError

from arrears.invalid import Invalid


def _(text: str) -> str:
    """Marks a sentence for the catalogues; whoever shows it translates it."""
    return text


CONTENT_TYPES = "[Content_Types].xml"
CONTENT_TYPES_BYTES = 1024 * 1024
# The declared type of the main part makes the kind; its name does not (Word on the web writes document2.xml).
MAIN_PARTS = {
    "docx": "wordprocessingml.document.main+xml",
    "xlsx": "spreadsheetml.sheet.main+xml",
}
RUNNABLE = re.compile(r"vbaproject|macrosheets/|activex/|\.(?:exe|dll|js|vbs|bat|cmd|scr)$|(?:^|/)\.\.(?:/|$)")
MOST_PARTS = 5_000
MOST_BYTES = 300 * 1024 * 1024  # unpacked
MOST_TIMES = 200  # unpacked size over packed; honest sheets reach some 50 …
SMALL = 10 * 1024 * 1024  # … except small ones
END_OF_ARCHIVE = b"PK\x05\x06"  # 22 bytes without a comment, and office programs write none

OLE_STREAMS = {"WordDocument": "doc", "Workbook": "xls", "Book": "xls"}
OLE_RUNNABLE = frozenset({"VBA", "_VBA_PROJECT", "_VBA_PROJECT_CUR", "Macros", "\x01Ole10Native"})
OLE_LOCKED = frozenset({"EncryptedPackage", "EncryptionInfo"})
OLE_ENTRY = 128  # bytes of a directory entry; entries lie at multiples of it


def zip_kind(file: BinaryIO) -> str | None:
    """"docx" or "xlsx"; None for any other archive."""
    try:
        with zipfile.ZipFile(file) as archive:
            kind = _kind_of_archive(archive)
            if kind and not _is_whole(file, archive):
                raise _damaged()
            return kind
    except (zipfile.BadZipFile, ZlibError, NotImplementedError, EOFError, RuntimeError, OSError):
        raise _damaged() from None


def _kind_of_archive(archive: zipfile.ZipFile) -> str | None:
    parts = archive.infolist()
    if CONTENT_TYPES not in archive.namelist():
        return None
    _check_weight(parts)
    with archive.open(CONTENT_TYPES) as content_types:
        declared = content_types.read(CONTENT_TYPES_BYTES).decode("utf-8", "replace").lower()
    if "macroenabled" in declared or any(_is_runnable(part.filename) for part in parts):
        raise _runnable()
    kinds = [ext for ext, main_part in MAIN_PARTS.items() if main_part in declared]
    return kinds[0] if len(kinds) == 1 else None


def _is_whole(file: BinaryIO, archive: zipfile.ZipFile) -> bool:
    """Bytes before the first part or behind the end would belong to another file, hidden in this one."""
    file.seek(-22, os.SEEK_END)
    return file.read(4) == END_OF_ARCHIVE and min(part.header_offset for part in archive.infolist()) == 0


def _check_weight(parts: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    if len(parts) > MOST_PARTS or unpacked > min(MOST_BYTES, max(packed * MOST_TIMES, SMALL)):
        raise Invalid("file_bomb", _("这个文件解开后异常庞大，不能接收。请另存为 PDF 后再上传。"))


def _is_runnable(name: str) -> bool:
    return bool(RUNNABLE.search(name.replace("\\", "/").lower()))


def ole_kind(data: bytes) -> str | None:
    """"doc" or "xls"; None for any other compound file (installers, mails)."""
    names = set(_ole_names(data))
    if names & OLE_LOCKED:
        raise Invalid("file_locked", _("这个文件设有密码，无法查看。请取消密码后再上传，或另存为 PDF。"))
    kinds = {OLE_STREAMS[name] for name in names if name in OLE_STREAMS}
    if len(kinds) != 1:
        return None
    if names & OLE_RUNNABLE:
        raise _runnable()
    return kinds.pop()


def _ole_names(data: bytes) -> list[str]:
    """Names of everything that looks like a directory entry. Looking everywhere finds hidden ones too."""
    names = []
    for start in range(512, len(data) - OLE_ENTRY + 1, OLE_ENTRY):
        length, kind = int.from_bytes(data[start + 64 : start + 66], "little"), data[start + 66]
        if kind in (1, 2, 5) and 4 <= length <= 64 and length % 2 == 0:
            names.append(data[start : start + length - 2].decode("utf-16-le", "replace"))
    return names


def _runnable() -> Invalid:
    return Invalid("file_macro", _("这个文件带有宏或可执行内容，不能接收。请另存为不含宏的文件或 PDF 后再上传。"))


def _damaged() -> Invalid:
    return Invalid("file_damaged", _("文件已损坏或不完整，请重新导出后再上传。"))
