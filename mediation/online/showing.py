"""A paper shown to everybody in the room: a redacted copy of the case's evidence, or a picture or PDF somebody brought. A stranger's
file is looked at by its bytes and by the scanner before anybody sees it, and is served like evidence: it can do nothing in a browser.
When it is taken down, or the room is closed, it is gone."""

from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn
from uuid import UUID

from django.conf import settings
from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from arrears import clamd
from arrears.evidence import look_at, sha256_of, stored, title_of
from arrears.evidence_shown import newest_copy, ready
from arrears.evidence_types import IMAGE, Kind
from arrears.models import Evidence
from grid.refused import Refused
from mediation.models import OnlineRoom, OnlineSeat, OnlineShown
from mediation.models.online_kept import shown_as
from mediation.online.chat import require_in
from mediation.online.doors import is_time
from mediation.online.leaf_drawing import MOST_LEAVES
from mediation.online.leaves import forget, leaves_of
from mediation.online.table import HANDLER, MEDIATOR


def bring(seat: OnlineSeat, upload: UploadedFile, *, now: datetime) -> OnlineShown:
    """Raises Refused: not_in, silent_seat, file_large, those of evidence_types.sniff, not_to_show, infected, file_unscanned, pdf_unreadable,
    disk_full."""
    require_in(seat)
    found = look_at(upload)
    require_shows(found)
    require_clean(upload)
    return put_up(seat, upload, found.ext, found.mime, title_of("", upload), now)


def nothing_chosen() -> None:
    raise Refused("nothing_chosen", _("请选择要展示的文件。"))


def require_shows(found: Kind) -> None:
    if not (found.inline and (found.family == IMAGE or found.ext == "pdf")):
        raise Refused("not_to_show", _("只能展示图片和 PDF。请先转换，或者改用共享屏幕。"))


def require_clean(upload: UploadedFile) -> None:
    if not settings.CLAMD_URL:
        return
    try:
        threat = clamd.found_in(upload.chunks(), settings.CLAMD_URL, settings.CLAMD_TIMEOUT)
    except (clamd.Unreachable, clamd.Unscannable) as error:
        raise Refused("file_unscanned", _("现在不能查毒，文件没有展示。请过几分钟再试，或者改用共享屏幕。")) from error
    if threat:
        raise Refused("infected", _("文件查出病毒，没有展示。请另存或重新拍照后再试。"))


def show_evidence(seat: OnlineSeat, pk: UUID, *, now: datetime) -> OnlineShown:
    """Of a piece of evidence its redacted copy, by whoever has the case in hand. Raises Refused: not_in, not_your_role, no_redacted_copy,
    file_quarantined, not_to_show."""
    require_in(seat)
    evidence = evidence_for(seat).filter(pk=pk).first() if may_choose(seat) else None
    if evidence is None:
        raise Refused("not_your_role", _("只有调解员和经办人可以展示本案证据。"))
    copy = newest_copy(evidence)
    if copy is None:
        raise Refused("no_redacted_copy", _("这份证据没有遮盖件，不能给大家看。请先在证据页制作遮盖件。"))
    with ready(copy).file.open("rb") as kept:
        upload = UploadedFile(File(kept), name=evidence.title, size=copy.size)
        found = look_at(upload)
        require_shows(found)
        return put_up(seat, upload, found.ext, found.mime, evidence.title, now)


def may_choose(seat: OnlineSeat) -> bool:
    return seat.kind in (MEDIATOR, HANDLER)


def evidence_for(seat: OnlineSeat) -> QuerySet[Evidence]:
    """What of the case can be shown: papers that have a redacted copy. A mediator from elsewhere sees the mediation, and these."""
    return Evidence.objects.filter(claim=seat.room.hearing.mediation.claim, redacted__isnull=False).distinct()


def put_up(seat: OnlineSeat, upload: UploadedFile, extension: str, mime: str, title: str, now: datetime) -> OnlineShown:
    row = OnlineShown(
        room=seat.room, seat=seat, title=title, extension=extension, mime=mime, size=upload.size, sha256=sha256_of(upload), added_by=seat.person, added_at=now
    )
    row.file.name = shown_as(row)
    with stored(row, upload):
        if extension == "pdf":
            row.pages, row.lacks_faces = leaves_of(row.file.path) or refuse_unreadable()
        put_in_place(row)
    return row


def refuse_unreadable() -> NoReturn:
    raise Refused("pdf_unreadable", _("这个 PDF 打不开、加了密码，或者超过 %(most)s 页，没有展示。请去掉密码、另存或者拆分后再试，也可以共享屏幕。") % {"most": MOST_LEAVES})


def put_in_place(row: OnlineShown) -> None:
    with transaction.atomic():
        OnlineRoom.objects.select_for_update().get(pk=row.room_id)
        take_away(row.room)
        row.save(force_insert=True)


def turn_page(seat: OnlineSeat, page: int) -> None:
    """Everybody who follows looks at it. By the mediator, or whoever put it up. Raises Refused: not_in, nothing_shown, not_yours, no_such_page."""
    require_in(seat)
    row = OnlineShown.objects.filter(room=seat.room_id).first()
    if row is None:
        raise Refused("nothing_shown", _("现在没有展示文件。"))
    require_leads(seat, row)
    if not 1 <= page <= row.pages:
        raise Refused("no_such_page", _("这份文件没有第 %(page)s 页。") % {"page": page})
    OnlineShown.objects.filter(pk=row.pk).update(page=page)


def require_leads(seat: OnlineSeat, row: OnlineShown) -> None:
    if seat.kind != MEDIATOR and row.seat_id != seat.pk:
        raise Refused("not_yours", _("只有调解员和展示的人可以翻页、收起。"))


def take_down(seat: OnlineSeat) -> None:
    """By the mediator, or whoever put it up. Raises Refused: not_yours."""
    row = OnlineShown.objects.filter(room=seat.room_id).first()
    if row is None:
        return
    require_leads(seat, row)
    take_away(seat.room)


def take_away(room: OnlineRoom) -> None:
    row = OnlineShown.objects.filter(room=room).first()
    if row is not None:
        row.delete()
        place = Path(row.file.path)
        transaction.on_commit(lambda: forget(place))


def clear_over(now: datetime) -> int:
    """Of hearings that are over: nobody may have closed the room."""
    rows = [row for row in OnlineShown.objects.select_related("room__hearing__room") if not is_time(row.room.hearing, now)]
    for row in rows:
        with transaction.atomic():
            take_away(row.room)
    return len(rows)


def state_of(room: OnlineRoom) -> dict[str, Any] | None:
    row = OnlineShown.objects.filter(room=room).select_related("seat").first()
    if row is None:
        return None
    return {
        "id": str(row.pk), "title": row.title, "by": row.seat.name, "seat": str(row.seat_id), "kind": "pdf" if row.extension == "pdf" else "image",
        "pages": row.pages, "page": row.page, "lacks_faces": row.lacks_faces,
    }  # fmt: skip
