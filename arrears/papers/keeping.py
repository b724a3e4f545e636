"""Files of papers and packets on the disk: whole or not at all, and gone again if the row cannot be written."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from arrears.evidence import NO_ROOM, private, write_all
from grid.refused import Refused


def path_of(row: Any, kind: str) -> Path:
    return Path(settings.MEDIA_ROOT) / row.stored(kind)


@contextmanager
def kept(files: Mapping[Path, bytes | Path]) -> Iterator[None]:
    """The files are in their places within the block, and gone again if it fails. A Path is moved there, bytes are written."""
    placed: list[Path] = []
    try:
        for place, content in files.items():
            placed.append(place)
            put(content, place)
        yield
    except BaseException:
        for place in placed:
            place.unlink(missing_ok=True)
        raise


def put(content: bytes | Path, place: Path) -> None:
    """Beside its place first, forced to the disk, then renamed. What a killed worker left unfinished is overwritten."""
    unfinished = beside(place)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, Path):
            force(content)
            content.replace(place)
        else:
            with open(unfinished, "wb", opener=private) as file:
                write_all(file, [content])
            unfinished.replace(place)
        force(place.parent)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise no_room(error) from error


def beside(place: Path) -> Path:
    return place.with_suffix(f"{place.suffix}.part")


def force(path: Path) -> None:
    """A file, or the names in a folder, onto the disk: a row that says it is there outlives the current."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def no_room(error: OSError) -> Exception:
    """A full disk as a sentence; anything else as it is."""
    if error.errno in NO_ROOM:
        return Refused("disk_full", _("服务器存储空间不足，文书没有保存，案件没有变化。请联系系统管理员，稍后再试。"))
    return error
