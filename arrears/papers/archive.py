"""The ZIP of a packet: every paper as Word and PDF, the whole as one PDF, the evidence as it came, and a list by which anybody can
see that nothing was changed (`sha256sum -c`)."""

import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from arrears.papers.keeping import no_room

LIST = "校验清单.sha256"
UNFIT = re.compile(r'[\x00-\x1f<>:"/\\|?*\u202a-\u202e\u2066-\u2069]+')
LONGEST_NAME = 60
CHUNK = 1024 * 1024
STORED = frozenset({".pdf", ".jpg", ".png", ".webp", ".gif", ".heic", ".mp3", ".m4a", ".mp4", ".mov", ".3gp", ".docx", ".xlsx", ".ogg", ".webm"})
LONG_AGO = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Member:
    name: str
    content: bytes | Path


def named(folder: str, number: int, title: str, ending: str) -> str:
    """A name that every system can write, in the order of the list."""
    clean = UNFIT.sub("_", title).strip(" .")[:LONGEST_NAME] or "文件"
    return f"{folder}/{number:02}-{clean}.{ending}"


def write_zip(target: Path, members: Iterable[Member]) -> str:
    """Its fingerprint. Raises Refused: disk_full."""
    try:
        lines = []
        with zipfile.ZipFile(target, "w") as archive:
            for member in members:
                lines.append(f"{add(archive, member)}  {member.name}")
            add(archive, Member(LIST, ("\n".join(lines) + "\n").encode()))
        return digest_of(target)
    except OSError as error:
        raise no_room(error) from error


def add(archive: zipfile.ZipFile, member: Member) -> str:
    info = zipfile.ZipInfo(member.name, LONG_AGO)
    info.compress_type = zipfile.ZIP_STORED if Path(member.name).suffix.lower() in STORED else zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    digest = sha256()
    with archive.open(info, "w", force_zip64=True) as file:
        for chunk in chunks_of(member.content):
            digest.update(chunk)
            file.write(chunk)
    return digest.hexdigest()


def chunks_of(content: bytes | Path) -> Iterable[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    with content.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def digest_of(file: Path) -> str:
    digest = sha256()
    for chunk in chunks_of(file):
        digest.update(chunk)
    return digest.hexdigest()
