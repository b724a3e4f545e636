"""Adding evidence: what is stored is what came, under its fingerprint, and never changes again. A better scan is the next
version (`replaces`); the earlier one stays.

The file is complete on the disk before its row exists, and is taken away again if the row cannot be written: a row
never points at half a file, and a refused upload leaves nothing behind.
"""

import errno
import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from arrears.evidence_types import Kind, sniff
from arrears.history import record
from arrears.invalid import Invalid
from arrears.lifecycle import CLAIM
from arrears.models import Claim, Evidence
from arrears.models.evidence import KeptFile, stored_as
from arrears.owed.verbs import arrived
from arrears.permits import find, may, require
from arrears.scanning import scan
from grid.days import day_of
from grid.models import Person
from grid.refused import Refused

MEGABYTE = 1024 * 1024
LONGEST_TITLE = 120
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def add_evidence(
    claim: Claim, upload: UploadedFile, person: Person, *, now: datetime, kind: str, title: str = "",
    replaces: Evidence | None = None,
) -> Evidence:  # fmt: skip
    """Keeps one file for somebody who works on the case. Raises Refused: as casework.advance, and those of `keep`."""
    require(may(find(CLAIM, "add_evidence"), claim, person, day_of(now)))
    return keep(claim, upload, person, now=now, kind=kind, title=title, replaces=replaces)


def keep(
    claim: Claim, upload: UploadedFile, person: Person | None, *, now: datetime, kind: str, title: str = "",
    replaces: Evidence | None = None,
) -> Evidence:  # fmt: skip
    """Keeps one file, whoever brings it (None: the worker); the caller has asked whether they may. The virus scanner
    sees it at once if it answers: look at `is_quarantined`.
    Raises Refused: file_large, those of evidence_types.sniff, same_file, replaced_already, other_claim, disk_full."""
    check_replaced(claim, replaces)
    found = look_at(upload)
    fingerprint = sha256_of(upload)
    refuse_known(claim, fingerprint)
    row = Evidence(
        claim=claim, kind=kind, title=title_of(title, upload), original_name=Path(upload.name or "").name[-200:],
        extension=found.ext, mime=found.mime, size=upload.size, sha256=fingerprint, replaces=replaces,
        version=replaces.version + 1 if replaces else 1, added_by=person, added_at=now,
    )  # fmt: skip
    row.file.name = stored_as(row, "")
    with stored(row, upload):
        write(row, person, now)
    scan(row, now=now)
    if not row.is_quarantined:
        arrived(row, person, now)
    return row


def check_replaced(claim: Claim, replaces: Evidence | None) -> None:
    if replaces is None:
        return
    if replaces.claim_id != claim.pk:
        raise Refused("other_claim", _("被替换的材料不属于本案。"))
    if Evidence.objects.filter(replaces=replaces).exists():
        raise Refused("replaced_already", _("这份材料已有新件，请替换最新的一份。"))


def look_at(upload: UploadedFile) -> Kind:
    """What the file is, told by its bytes."""
    limit = settings.EVIDENCE_MAX_BYTES
    if (upload.size or 0) > limit:
        raise Refused(
            "file_large",
            _("文件有 %(size)s MB，超过每个 %(limit)s MB 的上限。照片可以降低像素重拍，录像可以分段。")
            % {"size": round((upload.size or 0) / MEGABYTE, 1), "limit": limit // MEGABYTE},
        )
    try:
        return sniff(upload.file)
    except Invalid as error:
        raise Refused(error.code, _(error.sentence)) from error


def sha256_of(upload: UploadedFile) -> str:
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    return digest.hexdigest()


def refuse_known(claim: Claim, fingerprint: str) -> None:
    known = Evidence.objects.filter(claim=claim, sha256=fingerprint).first()
    if known:
        raise Refused("same_file", _("这个文件已经在案（%(title)s），不用再传。") % {"title": known.title})


def title_of(title: str, upload: UploadedFile) -> str:
    return (title.strip() or Path(upload.name or "").stem or _("未命名材料"))[:LONGEST_TITLE]


def write(row: Evidence, person: Person | None, now: datetime) -> None:
    """Row and event together. Two uploads of one file at once: the second meets the constraint."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            later = {"cause": "version", "version": row.version} if row.replaces_id else {}
            record(row.claim, "add_evidence", person, now=now, title=row.title, kind=row.kind, sha256=row.sha256, **later)
    except IntegrityError:
        refuse_known(row.claim, row.sha256)
        raise


@contextmanager
def stored(row: KeptFile, upload: UploadedFile) -> Iterator[None]:
    """The file is in its place within the block, and gone again if the block fails."""
    place = Path(row.file.storage.path(row.file.name))
    try:
        put(upload.chunks(), place)
        yield
    except BaseException:
        place.unlink(missing_ok=True)
        raise


def put(chunks: Iterable[bytes], place: Path) -> None:
    """Written beside its place, forced to the disk, then renamed: whole or not at all."""
    unfinished = place.with_suffix(".part")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with open(unfinished, "xb", opener=private) as file:
            write_all(file, chunks)
        unfinished.replace(place)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        if error.errno in NO_ROOM:
            raise Refused("disk_full", _("服务器存储空间不足，文件没有保存。请联系系统管理员，稍后再传。")) from error
        raise


def write_all(file: BinaryIO, chunks: Iterable[bytes]) -> None:
    for chunk in chunks:
        file.write(chunk)
    file.flush()
    os.fsync(file.fileno())


def private(path: str, flags: int) -> int:
    return os.open(path, flags, settings.FILE_UPLOAD_PERMISSIONS)


