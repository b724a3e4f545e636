"""What people do in an online room beside talking: admit, write, show, agree, record. Each answers the script of the room."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST, require_safe
from redis.exceptions import RedisError

from arrears.views.asking import address_of, clock, typed, uuid_or_404
from arrears.views.evidence import SANDBOX, answer_with
from arrears.views.track import public
from grid.access import log_access
from grid.refused import Refused
from grid.scope import get_visible
from mediation.models import Hearing, OnlineRecording, OnlineSeat, OnlineShown
from mediation.online import chat, ice, leaves, recording, rooms, showing, talk
from mediation.views.online import no_mailbox, said_no, seat_or_404

Act = Callable[[OnlineSeat, HttpRequest, datetime], Any]


def record_start(seat: OnlineSeat, request: HttpRequest, now: datetime) -> dict[str, str]:
    return {"recording": str(recording.start(seat, typed(request, "mime"), now=now, people=talk.people_now(seat.room, now)).pk)}


def number(request: HttpRequest, name: str) -> int:
    """0 for what is none: the verb says no."""
    said = typed(request, name)
    return int(said) if said.isascii() and said.isdigit() and len(said) < 6 else 0


ACTS: dict[str, Act] = {
    "admit": lambda seat, request, now: rooms.admit(seat, uuid_or_404(typed(request, "seat")), now=now),
    "remove": lambda seat, request, now: rooms.remove(seat, uuid_or_404(typed(request, "seat")), now=now),
    "mute_all": lambda seat, request, now: rooms.mute_all(seat, now=now),
    "close": lambda seat, request, now: talk.close(seat, now=now),
    "try_line": lambda seat, request, now: ice.to_try(seat, now),
    "say": lambda seat, request, now: chat.say(seat, typed(request, "text"), now=now),
    "take": lambda seat, request, now: chat.take(seat, typed(request, "line"), now=now),
    "turn_page": lambda seat, request, now: showing.turn_page(seat, number(request, "page")),
    "take_down": lambda seat, request, now: showing.take_down(seat),
    "ask_recording": lambda seat, request, now: recording.ask(seat, now=now),
    "consent": lambda seat, request, now: recording.answer(seat, typed(request, "agrees") == "yes", now=now),
    "record_start": record_start,
    "record_stop": lambda seat, request, now: recording.stop(seat, now=now),
}


@public
@require_POST
def online_act(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, _today = clock()
    seat, act = seat_or_404(request, pk), ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise Http404
    try:
        return JsonResponse(act(seat, request, now) or {})
    except Refused as refused:
        return said_no(refused)
    except RedisError:
        return no_mailbox()


@public
@require_POST
def online_show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A file somebody brought, or a piece of evidence."""
    now, _today = clock()
    seat, upload, chosen = seat_or_404(request, pk), request.FILES.get("file"), typed(request, "evidence")
    try:
        if upload is not None:
            showing.bring(seat, upload, now=now)
        elif chosen:
            showing.show_evidence(seat, uuid_or_404(chosen), now=now)
            log_access(seat.person, "download", "evidence", UUID(chosen), now=now, region_code=seat.room.hearing.mediation.claim.region_id, address=address_of(request))
        else:
            showing.nothing_chosen()
    except Refused as refused:
        return said_no(refused)
    return JsonResponse({})


@public
@require_safe
def online_shown(request: HttpRequest, pk: UUID, shown: UUID) -> HttpResponseBase:
    """For those who are in the room, while it is shown."""
    seat = seat_or_404(request, pk)
    if not seat.is_in or not seat.room.is_open:
        raise Http404
    row = get_object_or_404(OnlineShown, pk=shown, room=seat.room_id)
    return answer_with(row, row)


@public
@require_safe
def online_leaf(request: HttpRequest, pk: UUID, shown: UUID, page: int) -> HttpResponseBase:
    """A page of the PDF that is shown, as a picture. 202: it is being drawn, ask again in a moment."""
    seat = seat_or_404(request, pk)
    if not seat.is_in or not seat.room.is_open:
        raise Http404
    row = get_object_or_404(OnlineShown, pk=shown, room=seat.room_id)
    if not 1 <= page <= row.pages:
        raise Http404
    try:
        place = leaves.leaf(row, page)
    except leaves.CannotDraw:
        return HttpResponse(status=422)
    except FileNotFoundError:
        raise Http404 from None
    if place is None:
        return HttpResponse(status=202, headers={"Retry-After": "1"})
    response = FileResponse(place.open("rb"), content_type="image/png")
    response["X-Content-Type-Options"], response["Cache-Control"] = "nosniff", "private, no-store"
    return response


@public
@require_POST
def online_piece(request: HttpRequest, pk: UUID, recorded: UUID, piece: int) -> HttpResponse:
    """The next piece of a recording, from the mediator's browser."""
    now, _today = clock()
    seat = seat_or_404(request, pk)
    row = get_object_or_404(OnlineRecording, pk=recorded, room=seat.room_id)
    try:
        recording.add_piece(seat, row, piece, request.read(recording.LONGEST_PIECE + 1), now=now)
    except Refused as refused:
        return said_no(refused)
    return JsonResponse({})


@require_safe
def online_recording(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """A recording, for the hearing's mediator and whoever oversees for the city; saved, never played in a page."""
    now, today = clock()
    row = get_object_or_404(OnlineRecording.objects.select_related("room__hearing__mediation__claim"), pk=pk, ended_at__isnull=False, removed_at=None)
    hearing = get_visible(Hearing, request.user, today, pk=row.room.hearing_id)
    if not recording.may_fetch(hearing, request.user, today):
        raise Http404
    try:
        content = row.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    log_access(
        request.user, "download", "mediation", hearing.mediation_id, now=now, region_code=row.room.hearing.mediation.claim.region_id, address=address_of(request)
    )
    extension = "mp4" if row.mime.endswith("mp4") else "webm"
    response = FileResponse(content, content_type=row.mime, as_attachment=True, filename=f"hearing-{row.started_at:%Y%m%d-%H%M}.{extension}")
    response["X-Content-Type-Options"], response["Content-Security-Policy"] = "nosniff", SANDBOX
    response["Cache-Control"] = "private, no-store"
    return response
