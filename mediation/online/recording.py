"""Recording: only while everybody who is seen and heard has agreed. The mediator's browser records and sends pieces; the house keeps them
in their order, and when it ends takes the fingerprint of the whole. Without a recording nothing is kept.

One file a recording: a piece is written behind the last one that the row knows of, forced to the disk, and then known. Whoever is
killed between the two has the piece sent again and written over.
"""

import hashlib
import os
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from arrears.evidence import NO_ROOM, private
from arrears.history import hold, record
from arrears.lifecycle import CLAIM
from arrears.permits import claim_posts
from grid.days import day_of
from grid.models import Person
from grid.refused import Refused
from grid.roles import CITY_SUPERVISOR
from mediation.models import Hearing, OnlineConsent, OnlineRecording, OnlineRoom, OnlineSeat
from mediation.models.online_kept import recorded_as
from mediation.online.chat import require_in
from mediation.online.rooms import require_host
from mediation.online.table import MEDIATOR, SUPERVISOR

LONGEST_PIECE = 8 * 1024 * 1024
MOST_BYTES = 3 * 1024 * 1024 * 1024
SILENT = timedelta(minutes=2)  # without a piece after which a recording has ended
MIMES = ("video/webm", "video/mp4", "audio/webm", "audio/mp4")
RECORDED, REMOVED = gettext_noop("网上调解会录制"), gettext_noop("网上调解会录制到期删除")
MOST_REMOVED = 100  # at once
CHUNK = 1024 * 1024


# Consent


def ask(host: OnlineSeat, *, now: datetime) -> None:
    """Everybody is asked anew; whoever asks agrees. Raises Refused: not_your_role, not_in."""
    require_host(host)
    require_in(host)
    with transaction.atomic():
        room = OnlineRoom.objects.select_for_update().get(pk=host.room_id)
        end_running(room, "host", now)
        OnlineRoom.objects.filter(pk=room.pk).update(question=room.question + 1)
        OnlineConsent.objects.create(seat=host, question=room.question + 1, agrees=True, said_at=now)


def answer(seat: OnlineSeat, agrees: bool, *, now: datetime) -> None:
    """A no ends a recording at once. Raises Refused: not_in, silent_seat, nobody_asked."""
    require_in(seat)
    with transaction.atomic():
        room = OnlineRoom.objects.select_for_update().get(pk=seat.room_id)
        if not room.question:
            raise Refused("nobody_asked", _("没有人请求录制。"))
        OnlineConsent.objects.create(seat=seat, question=room.question, agrees=agrees, said_at=now)
        if not agrees:
            end_running(room, "refused", now)


def answers_of(room: OnlineRoom) -> dict[str, bool]:
    """By seat, what each said last to the question that stands."""
    rows = OnlineConsent.objects.filter(seat__room=room, question=room.question) if room.question else ()
    return {str(row.seat_id): row.agrees for row in rows}


def all_agree(people: list[dict[str, Any]], answers: dict[str, bool]) -> bool:
    """`people` as talk.people shows them: who is here now."""
    speaking = [one["seat"] for one in people if one["kind"] != SUPERVISOR]
    return bool(speaking) and all(answers.get(seat) for seat in speaking)


def state_of(room: OnlineRoom, seat: OnlineSeat, people: list[dict[str, Any]], *, now: datetime) -> dict[str, Any]:
    """What everybody is told of it. Somebody who came in and has not answered ends a recording."""
    answers, running = answers_of(room), running_of(room)
    agreed = all_agree(people, answers)
    if running and not agreed:
        end_running(room, "newcomer", now)
        running = None
    return {
        "question": room.question, "mine": answers.get(str(seat.pk)), "agreed": agreed, "on": str(running.pk) if running else "",
        "waits": [one["name"] for one in people if not one["silent"] and str(one["seat"]) not in answers] if room.question else [],
        "refused": [one["name"] for one in people if answers.get(one["seat"]) is False],
    }  # fmt: skip


# The recording


def may_fetch(hearing: Hearing, person: Person, today: date) -> bool:
    """The mediator who held it, and whoever oversees for the city."""
    posts = claim_posts(hearing.mediation.claim, person, today)
    return person.pk == hearing.mediator_id or any(post.role.name == CITY_SUPERVISOR for post in posts)


def running_of(room: OnlineRoom) -> OnlineRecording | None:
    return OnlineRecording.objects.filter(room=room, ended_at=None).first()


def start(host: OnlineSeat, mime: str, *, now: datetime, people: list[dict[str, Any]]) -> OnlineRecording:
    """Raises Refused: not_your_role, not_in, bad_mime, not_agreed, records_already."""
    require_host(host)
    require_in(host)
    kind = mime.partition(";")[0].strip()
    if kind not in MIMES:
        raise Refused("bad_mime", _("这个浏览器的录制格式不能保存，请换用新版的 Chrome、Edge 或 Firefox。"))
    with transaction.atomic():
        room = OnlineRoom.objects.select_for_update().get(pk=host.room_id)
        if not all_agree(people, answers_of(room)):
            raise Refused("not_agreed", _("还有人没有同意录制，不能开始。"))
        row = OnlineRecording(room=room, question=room.question, started_at=now, started_by=host.person, heard_at=now, mime=kind)
        row.file.name = recorded_as(row)
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError as error:
            raise Refused("records_already", _("已经在录制了。")) from error
    return row


def add_piece(host: OnlineSeat, recording: OnlineRecording, number: int, piece: bytes, *, now: datetime) -> None:
    """Raises Refused: not_your_role, ended, piece_large, out_of_order, disk_full. The last piece sent again is no mistake."""
    require_host(host)
    if not piece or len(piece) > LONGEST_PIECE:
        raise Refused("piece_large", _("录制的一段太大，没有保存。"))
    with transaction.atomic():
        row = OnlineRecording.objects.select_for_update().get(pk=recording.pk)
        if row.ended_at is not None:
            raise Refused("ended", _("录制已经停止。"))
        if number == row.pieces - 1:
            return
        if number != row.pieces:
            raise Refused("out_of_order", _("录制的段落次序不对，没有保存。"))
        if row.size + len(piece) > MOST_BYTES:
            raise Refused("ended", _("录制已经到了最大长度，请停止后另开一段。"))
        write_at(Path(row.file.path), row.size, piece)
        OnlineRecording.objects.filter(pk=row.pk).update(pieces=number + 1, size=row.size + len(piece), heard_at=now)


def write_at(place: Path, offset: int, piece: bytes) -> None:
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with open(place, "r+b" if place.exists() else "w+b", opener=private) as file:
            file.truncate(offset)
            file.seek(offset)
            file.write(piece)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        if error.errno in NO_ROOM:
            raise Refused("disk_full", _("服务器存储空间不足，录制的这一段没有保存。请停止录制，联系系统管理员。")) from error
        raise


def stop(host: OnlineSeat, *, now: datetime) -> None:
    require_host(host)
    with transaction.atomic():
        end_running(OnlineRoom.objects.select_for_update().get(pk=host.room_id), "host", now)


def end_with_room(room: OnlineRoom, now: datetime) -> None:
    """A hearing whose result was noted has ended for whoever records, too."""
    if running_of(room):
        with transaction.atomic():
            end_running(OnlineRoom.objects.select_for_update().get(pk=room.pk), "closed", now)


def end_of_page(seat: OnlineSeat, now: datetime) -> None:
    """The page that recorded was loaded anew: nothing records any more."""
    running = running_of(seat.room) if seat.kind == MEDIATOR else None
    if running and running.started_by_id == seat.person_id:
        with transaction.atomic():
            end_running(OnlineRoom.objects.select_for_update().get(pk=seat.room_id), "silent", now)


def end_running(room: OnlineRoom, because: str, now: datetime) -> None:
    """Its fingerprint and place are an event of the claim; one without a single piece never was."""
    row = OnlineRecording.objects.select_for_update(of=("self",)).filter(room=room, ended_at=None).first()
    if row is None:
        return
    place = Path(row.file.path)
    if not row.pieces:
        place.unlink(missing_ok=True)
        row.delete()
        return
    sha256 = fingerprint(place, row.size)
    OnlineRecording.objects.filter(pk=row.pk).update(ended_at=now, ended_because=because, sha256=sha256)
    mediation = room.hearing.mediation
    hold(mediation.claim)
    record(
        mediation.claim, "mediation", row.started_by, now=now, move="online_recorded" if sha256 else "online_recording_lost", move_msgid=RECORDED, mediation=str(mediation.pk),
        hearing=str(room.hearing_id), size=row.size, place=row.file.name, sha256=sha256,
    )  # fmt: skip


def fingerprint(place: Path, size: int) -> str:
    """Of what the row knows; a piece that was being written is cut off. "" if there is less than that, or nothing: a file that is not
    what came must not be given the face of one that is."""
    digest = hashlib.sha256()
    if not place.exists() or place.stat().st_size < size:
        return ""
    os.truncate(place, size)
    with place.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


# Kept for how long


def remove_old(now: datetime) -> int:
    """Of cases that have ended, when ONLINE_RECORDING_DAYS have passed since. 0: as long as the case is kept."""
    if not settings.ONLINE_RECORDING_DAYS:
        return 0
    last = day_of(now) - timedelta(days=settings.ONLINE_RECORDING_DAYS)
    rows = OnlineRecording.objects.filter(ended_at__date__lte=last, removed_at=None, room__hearing__mediation__claim__closed_on__lte=last)
    old = [row.pk for row in rows.exclude(room__hearing__mediation__claim__stage__in=CLAIM.open_states)[:MOST_REMOVED]]
    for pk in old:
        remove(pk, now)
    return len(old)


def remove(pk: UUID, now: datetime) -> None:
    """The file; the row stays, and the history says when it went."""
    with transaction.atomic():
        row = OnlineRecording.objects.select_for_update(of=("self",)).select_related("room__hearing__mediation__claim").get(pk=pk)
        if row.removed_at is not None:
            return
        OnlineRecording.objects.filter(pk=pk).update(removed_at=now)
        mediation = row.room.hearing.mediation
        hold(mediation.claim)
        record(
            mediation.claim, "mediation", None, now=now, move="online_recording_removed", move_msgid=REMOVED, mediation=str(mediation.pk),
            hearing=str(row.room.hearing_id), sha256=row.sha256, days=settings.ONLINE_RECORDING_DAYS,
        )  # fmt: skip
        place = Path(row.file.path)
        transaction.on_commit(lambda: place.unlink(missing_ok=True))


def end_silent(now: datetime) -> int:
    """Those whose browser sends no more pieces."""
    rows = list(OnlineRecording.objects.filter(ended_at=None, heard_at__lt=now - SILENT).select_related("room"))
    for row in rows:
        with transaction.atomic():
            end_running(OnlineRoom.objects.select_for_update(of=("self",)).select_related("hearing__mediation__claim").get(pk=row.room_id), "silent", now)
    return len(rows)
