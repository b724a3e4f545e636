"""What kind of file a piece of evidence is, told by its bytes alone. Django-free.

Name and declared type are the sender's word and are never asked. What is not in the table is refused: pages,
drawings and scripts that a browser would run, programs, archives. The signatures are exact and few; a general
recognition library would know hundreds of types more, and guess at some.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import BinaryIO

from arrears.invalid import Invalid
from arrears.office_files import ole_kind, zip_kind


def _(text: str) -> str:
    """Marks a label for the catalogues; whoever shows it translates it."""
    return text


OPEN_XML = "application/vnd.openxmlformats-officedocument"
IMAGE, DOCUMENT, AUDIO, VIDEO = "image", "document", "audio", "video"


@dataclass(frozen=True)
class Kind:
    ext: str
    mime: str
    label: str
    family: str
    inline: bool  # browsers show or play it in the page


KINDS = {
    kind.ext: kind
    for kind in (
        Kind("jpg", "image/jpeg", _("照片"), IMAGE, True),
        Kind("png", "image/png", _("图片"), IMAGE, True),
        Kind("webp", "image/webp", _("图片"), IMAGE, True),
        Kind("gif", "image/gif", _("图片"), IMAGE, True),
        Kind("heic", "image/heic", _("照片（苹果手机）"), IMAGE, False),
        Kind("pdf", "application/pdf", _("PDF 文档"), DOCUMENT, True),
        Kind("docx", f"{OPEN_XML}.wordprocessingml.document", _("Word 文档"), DOCUMENT, False),
        Kind("xlsx", f"{OPEN_XML}.spreadsheetml.sheet", _("Excel 表格"), DOCUMENT, False),
        Kind("doc", "application/msword", _("Word 文档"), DOCUMENT, False),
        Kind("xls", "application/vnd.ms-excel", _("Excel 表格"), DOCUMENT, False),
        Kind("txt", "text/plain", _("文本"), DOCUMENT, True),
        Kind("mp3", "audio/mpeg", _("录音"), AUDIO, True),
        Kind("m4a", "audio/mp4", _("录音"), AUDIO, True),
        Kind("aac", "audio/aac", _("录音"), AUDIO, True),
        Kind("wav", "audio/wav", _("录音"), AUDIO, True),
        Kind("ogg", "audio/ogg", _("录音"), AUDIO, True),
        Kind("amr", "audio/amr", _("录音"), AUDIO, False),
        Kind("mp4", "video/mp4", _("视频"), VIDEO, True),
        Kind("mov", "video/quicktime", _("视频"), VIDEO, True),
        Kind("3gp", "video/3gpp", _("视频"), VIDEO, True),
        Kind("webm", "video/webm", _("录音或视频"), VIDEO, True),
    )
}
ACCEPT = ",".join(f".{ext}" for ext in KINDS)  # for <input type="file">
ACCEPTED = _(
    "只接受照片（jpg、png、webp、heic、gif）、文档（pdf、docx、xlsx、doc、xls、txt）、"
    "录音（mp3、m4a、aac、amr、wav、ogg）和视频（mp4、mov、3gp、webm）。"
)

HEAD = 4096
LONGEST_TEXT = 2 * 1024 * 1024

# First bytes, as patterns over the head. The order does not matter: no two match one file.
SIGNATURES = {
    "jpg": rb"\xff\xd8\xff[\xc0-\xc4\xdb\xe0-\xef\xfe]",
    "png": rb"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
    "webp": rb"RIFF.{4}WEBPVP8[ LX]",
    "pdf": rb"%PDF-[12]\.\d",
    "wav": rb"RIFF.{4}WAVE",
    "amr": rb"#!AMR(?:-WB)?\n[^#\n]",
    "ogg": rb"OggS\x00\x02.{20}.{1,2}(?:OpusHead|\x01vorbis|Speex   )",
    "mp3": rb"ID3[\x02-\x04][\x00-\x09].[\x00-\x7f]{4}",
    "webm": rb"\x1a\x45\xdf\xa3.{1,40}\x42\x82.{1,8}webm",
}
# ISO media files: size, "ftyp", then the major brand.
BRANDS = {
    "heic": rb"heic|heix|heim|heis|hevc|mif1|msf1",
    "m4a": rb"M4A |M4B ",
    "mov": rb"qt  ",
    "3gp": rb"3g[2prs].",
    "mp4": rb"isom|iso[2-9]|mp4[12]|avc1|dash|MSNV|mmp4|M4V[ HP]",
}
SIGNATURES |= {ext: rb"\x00\x00[\x00-\x03].ftyp(?:" + brands + rb")" for ext, brands in BRANDS.items()}
PATTERNS = {ext: re.compile(pattern, re.DOTALL) for ext, pattern in SIGNATURES.items()}

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ARCHIVES = (b"PK", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00")
# What a browser or a shell would run, in whatever coat: looked for in the head of every file but office ones.
# A chat log may begin with <张三>.
ACTIVE = re.compile(
    rb"<(?:!doctype|html|script|svg|iframe|\?php)"
    rb"|^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*(?:<[a-z!?/]|#!(?!AMR(?:-WB)?\n))",
    re.IGNORECASE,
)


def sniff(file: BinaryIO) -> Kind:
    """The kind of a seekable file; it is rewound afterwards. Raises Invalid: file_empty, file_type, file_active,
    file_archive, file_macro, file_locked, file_bomb, file_damaged."""
    file.seek(0)
    head = file.read(HEAD)
    try:
        return KINDS[_ext(head, file)]
    finally:
        file.seek(0)


def _ext(head: bytes, file: BinaryIO) -> str:
    if not head:
        raise Invalid("file_empty", _("文件是空的，请重新选择。"))
    if head.startswith((ZIP, OLE)):
        found = zip_kind(file) if head.startswith(ZIP) else ole_kind(_all(file))
    else:
        _refuse_active(head)
        found = _by_signature(head) or _by_frames(head) or _by_text(head, file)
    if found:
        return found
    if head.startswith(ARCHIVES):
        raise Invalid("file_archive", _("不接收压缩包，请解压后逐个上传。"))
    raise Invalid("file_type", ACCEPTED)


def _all(file: BinaryIO) -> bytes:
    file.seek(0)
    return file.read()


def _refuse_active(head: bytes) -> None:
    if ACTIVE.search(head.replace(b"\x00", b"")):  # UTF-16 pages too
        raise Invalid("file_active", _("这个文件是网页或程序代码，不能作为证据接收。请改为截图或另存为 PDF 后再上传。"))


def _by_signature(head: bytes) -> str | None:
    return next((ext for ext, pattern in PATTERNS.items() if pattern.match(head)), None)


def _by_frames(head: bytes) -> str | None:
    """Kinds whose first bytes are too few to trust: a second step must land where the first one says."""
    return next((ext for ext, is_kind in FRAMED.items() if is_kind(head)), None)


def _is_gif(head: bytes) -> bool:
    if not re.match(rb"GIF8[79]a", head) or len(head) < 14:
        return False
    palette = 3 << ((head[10] & 7) + 1) if head[10] & 0x80 else 0
    return head[13 + palette : 14 + palette] in (b"\x21", b"\x2c")


BITRATES = {  # kbit/s of MPEG layer III
    3: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),  # MPEG 1
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),  # MPEG 2
    0: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),  # MPEG 2.5
}
SAMPLE_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}


def _is_mp3(head: bytes) -> bool:
    size = _mp3_frame(head, 0)
    return bool(size and _mp3_frame(head, size))


def _mp3_frame(head: bytes, at: int) -> int:
    """Bytes of the layer III frame at `at`; 0 if there is none."""
    if len(head) < at + 4 or head[at] != 0xFF or head[at + 1] & 0xE6 != 0xE2:
        return 0
    version, bitrate, rate = head[at + 1] >> 3 & 3, head[at + 2] >> 4, head[at + 2] >> 2 & 3
    if version == 1 or bitrate in (0, 15) or rate == 3:
        return 0
    per_frame = 144 if version == 3 else 72
    return per_frame * 1000 * BITRATES[version][bitrate] // SAMPLE_RATES[version][rate] + (head[at + 2] >> 1 & 1)


def _is_aac(head: bytes) -> bool:
    size = _aac_frame(head, 0)
    return bool(size and _aac_frame(head, size))


def _aac_frame(head: bytes, at: int) -> int:
    """Bytes of the ADTS frame at `at`; 0 if there is none."""
    if len(head) < at + 7 or head[at] != 0xFF or head[at + 1] & 0xF6 != 0xF0:
        return 0
    size = (head[at + 3] & 3) << 11 | head[at + 4] << 3 | head[at + 5] >> 5
    return size if size > 7 else 0


FRAMED = {"gif": _is_gif, "mp3": _is_mp3, "aac": _is_aac}


def _by_text(head: bytes, file: BinaryIO) -> str | None:
    """Chat logs and notes: readable to the last character, in the encodings Chinese machines write."""
    if b"\x00" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return None
    data = _all(file)
    return "txt" if len(data) <= LONGEST_TEXT and any(_reads(data, *encoding) for encoding in ENCODINGS) else None


# Nearly any bytes are some GB 18030, so there unassigned and private characters count as unreadable too.
ENCODINGS = (("utf-8-sig", {"Cc"}), ("utf-16", {"Cc", "Cn", "Co"}), ("gb18030", {"Cc", "Cn", "Co"}))


def _reads(data: bytes, encoding: str, unreadable: set[str]) -> bool:
    if encoding == "utf-16" and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return not any(unicodedata.category(character) in unreadable for character in set(text) - set("\t\r\n\f"))
