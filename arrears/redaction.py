"""遮盖件: the copy of a piece of evidence that others are shown. The original stays as it came.

Either somebody uploads one, or rectangles are drawn over a picture here: they become part of the picture, and the
picture is written anew from its points, so that neither what lay below nor its metadata (place, device) can be had back.
"""

import warnings
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import NamedTuple

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image, ImageDraw, ImageOps

from arrears.evidence import look_at, sha256_of, stored
from arrears.history import record
from arrears.lifecycle import CLAIM
from arrears.models import Evidence, RedactedCopy
from arrears.models.evidence import redacted_as
from arrears.permits import find, may, require
from arrears.scanning import scan
from grid.days import day_of
from grid.models import Person
from grid.refused import Refused

DRAWABLE = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP"}
MOST_POINTS = 60_000_000  # a phone's largest photo; what claims more is meant to fill the memory
MOST_BOXES = 60
QUALITY = 90


class Box(NamedTuple):
    """A rectangle in hundredths of the picture as it is seen: from the left, from the top, wide, high."""

    left: float
    top: float
    width: float
    height: float


def may_be_drawn_on(evidence: Evidence) -> bool:
    return evidence.extension in DRAWABLE


def upload_redacted(evidence: Evidence, upload: UploadedFile, person: Person, *, now: datetime) -> RedactedCopy:
    """Raises Refused: as casework.advance, file_large, those of evidence_types.sniff, not_redacted, disk_full."""
    require(may(find(CLAIM, "add_evidence"), evidence.claim, person, day_of(now)))
    if sha256_of(upload) == evidence.sha256:
        raise Refused("not_redacted", _("这就是原件，没有任何遮盖。请选择遮盖以后的文件。"))
    return keep(evidence, upload, person, now, is_drawn=False)


def draw_over(evidence: Evidence, boxes: Sequence[Box], person: Person, *, now: datetime) -> RedactedCopy:
    """Raises Refused: as casework.advance, not_drawable, nothing_covered, file_quarantined, picture_broken, disk_full."""
    require(may(find(CLAIM, "add_evidence"), evidence.claim, person, day_of(now)))
    if not may_be_drawn_on(evidence):
        raise Refused("not_drawable", _("只能在 jpg、png、webp 图片上遮盖。其他文件请遮盖后上传。"))
    if evidence.is_quarantined:
        raise Refused("file_quarantined", _("这个文件查出病毒，已隔离，不能打开。"))
    if not boxes:
        raise Refused("nothing_covered", _("请先在图上框出要遮盖的部分。"))
    picture = covered(evidence, boxes)
    name = f"redacted.{evidence.extension}"
    return keep(evidence, SimpleUploadedFile(name, picture), person, now, is_drawn=True)


def covered(evidence: Evidence, boxes: Sequence[Box]) -> bytes:
    """The picture with the rectangles in it, made of its points alone."""
    try:
        with warnings.catch_warnings(), evidence.file.open("rb") as file:
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(file, formats=[DRAWABLE[evidence.extension]])
            if picture.width * picture.height > MOST_POINTS:
                raise Refused("picture_broken", _("图片像素太多，无法在这里遮盖。请缩小后上传遮盖件。"))
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused("picture_broken", _("图片打不开，无法在这里遮盖。请把遮盖后的文件上传。")) from error
    blank = Image.new("RGB", upright.size)
    blank.paste(upright)
    pen = ImageDraw.Draw(blank)
    for box in boxes:
        pen.rectangle(points_of(box, *blank.size), fill="black")
    written = BytesIO()
    blank.save(written, DRAWABLE[evidence.extension], quality=QUALITY)
    return written.getvalue()


def points_of(box: Box, width: int, height: int) -> tuple[int, int, int, int]:
    """Outward to whole points: a line is covered rather than grazed."""
    left, top = int(box.left * width / 100), int(box.top * height / 100)
    right, bottom = -int(-(box.left + box.width) * width // 100), -int(-(box.top + box.height) * height // 100)
    return left, top, min(right, width), min(bottom, height)


def keep(evidence: Evidence, upload: UploadedFile, person: Person, now: datetime, *, is_drawn: bool) -> RedactedCopy:
    found = look_at(upload)
    copy = RedactedCopy(
        evidence=evidence, extension=found.ext, mime=found.mime, size=upload.size, sha256=sha256_of(upload),
        is_drawn=is_drawn, added_by=person, added_at=now,
    )  # fmt: skip
    copy.file.name = redacted_as(copy, "")
    with stored(copy, upload), transaction.atomic():
        copy.save(force_insert=True)
        record(evidence.claim, "redacted", person, now=now, title=evidence.title, sha256=copy.sha256)
    scan(copy, now=now)
    return copy
