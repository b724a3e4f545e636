"""The pages of an online hearing: its doors (officials, workers, links), the room, and the turns of its browsers."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from redis.exceptions import RedisError

from arrears.views.asking import clock, typed, uuid_or_404
from arrears.views.track import public, visitor_of
from arrears.worker.tracking import course
from grid.access import log_access
from grid.middleware import allow_devices
from grid.refused import Refused
from grid.scope import get_visible
from mediation.forms.online import CodeForm, InviteForm
from mediation.models import Hearing, OnlineRecording, OnlineSeat
from mediation.online import doors, links, recording, rooms, talk
from mediation.online.room_page import RoomPage
from mediation.online.table import LONGEST_REQUEST, SEATS
from mediation.online.words import words

form_page = require_http_methods(["GET", "HEAD", "POST"])
COOKIE, LASTS = "xinan_seat", 12 * 3600
DEVICES = ("camera", "microphone", "display-capture")


# Doors


@form_page
def hearing_online(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The door of officials: who they will be in there, and the links for others."""
    now, today = clock()
    hearing = get_visible(doors.ROWS, request.user, today, pk=pk)
    if not hearing.room.is_online:
        raise Http404
    refusal, made, form = "", None, InviteForm(request.POST if "invite" in request.POST else None)
    try:
        if request.method != "POST":
            log_access(request.user, "read", "mediation", hearing.mediation_id, now=now, region_code=hearing.mediation.claim.region_id)
        elif "enter" in request.POST:
            return seated(hearing, *doors.enter_as_official(hearing, request.user, now=now))
        elif "end" in request.POST:
            links.take_back(get_object_or_404(hearing.online_links, pk=uuid_or_404(request.POST["end"])), request.user, now=now)
            return redirect("hearing_online", pk)
        elif form.is_valid():
            token, code = links.invite(hearing, form.cleaned_data["kind"], form.cleaned_data["name"], request.user, now=now)
            made = {"name": form.cleaned_data["name"], "address": settings.SITE_URL.rstrip("/") + reverse("online_join", args=[token]), "code": code}
            form = InviteForm()
    except Refused as refused:
        refusal = refused.message
    kind = doors.seat_of_official(hearing, request.user, today)
    return render(request, "mediation/online/door.html", {
        "hearing": hearing, "mediation": hearing.mediation, "claim": hearing.mediation.claim, "refusal": refusal, "made": made, "form": form,
        "may_invite": links.may_invite(hearing, request.user, now), "links": hearing.online_links.filter(ended_at=None), "is_time": doors.is_time(hearing, now),
        "recordings": OnlineRecording.objects.filter(room__hearing=hearing, ended_at__isnull=False).select_related("started_by"),
        "may_fetch": recording.may_fetch(hearing, request.user, today), "seat": SEATS.get(kind), "opens_at": hearing.starts_at - doors.EARLY,
    }, status=409 if refusal else 200)  # fmt: skip


@public
@form_page
def track_hearing(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The door of the worker, behind the number and the second secret."""
    now, _today = clock()
    visitor = visitor_of(request)
    if visitor is None:
        return redirect("track")
    if visitor.claim is None or visitor.claimant is None:
        raise Http404
    hearing = get_object_or_404(doors.ROWS, pk=pk, mediation__claim__in=course(visitor.claim, visitor.claimant))
    if not hearing.room.is_online or not hearing.attendances.filter(party_id=visitor.claimant.pk).exists():
        raise Http404
    return guest_door(request, hearing, lambda: doors.enter_as_worker(hearing, visitor.claimant, now=now), now)


@sensitive_post_parameters("code")
@public
@form_page
def online_join(request: HttpRequest, token: str) -> HttpResponse:
    """The door of whoever was sent a link. It shows nothing of the case."""
    now, _today = clock()
    link = links.link_of(token, now)
    if link is None:
        return render(request, "mediation/online/gone.html", status=410)
    form = CodeForm(request.POST if request.method == "POST" else None)

    def enter() -> tuple[OnlineSeat, str]:
        if not form.is_valid():
            raise Refused("wrong_code", _("请填写六位数字的密码。"))
        links.open_link(link, token, form.cleaned_data["code"])
        return doors.enter_by_link(link, now=now)

    return guest_door(request, link.hearing, enter, now, form=form, name=link.name, seat=SEATS[link.kind])


def guest_door(request: HttpRequest, hearing: Hearing, enter: Any, now: datetime, **shown: Any) -> HttpResponse:
    refusal = ""
    if request.method == "POST":
        try:
            return seated(hearing, *enter())
        except Refused as refused:
            refusal = refused.message
    return render(request, "mediation/online/guest.html", {
        "hearing": hearing, "refusal": refusal, "is_time": doors.is_time(hearing, now), "opens_at": hearing.starts_at - doors.EARLY, **shown,
    }, status=409 if refusal else 200)  # fmt: skip


def seated(hearing: Hearing, seat: OnlineSeat, token: str) -> HttpResponse:
    """Into the room, with the token for it and for nothing else."""
    room = reverse("online_room", args=[hearing.pk])
    response = redirect(room)
    response.set_signed_cookie(
        COOKIE, f"{seat.pk}:{token}", max_age=LASTS, path=room, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
    return response


def seat_or_404(request: HttpRequest, pk: UUID) -> OnlineSeat:
    """Whose browser this is. Somebody of the house is also signed in: a shared computer keeps cookies."""
    try:
        seat_id, _colon, token = request.get_signed_cookie(COOKIE, max_age=LASTS).partition(":")
    except (KeyError, BadSignature):
        raise Http404 from None
    seat = doors.seat_again(pk, seat_id, token)
    if seat is None or (seat.person_id is not None and seat.person_id != request.user.pk):
        raise Http404
    return seat


# The room


@public
@require_safe
def online_room(request: HttpRequest, pk: UUID) -> HttpResponse:
    seat = seat_or_404(request, pk)
    response = render(request, "mediation/online/room.html", {"page": RoomPage(seat), "seat": seat, "words": words()})
    return allow_devices(response, *DEVICES)


@public
@require_POST
def online_talk(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One turn of a browser (mediation.online.talk)."""
    now, _today = clock()
    seat = seat_or_404(request, pk)
    try:
        if int(request.headers.get("Content-Length") or 0) > LONGEST_REQUEST:
            raise Refused("bad_input", _("页面发来的内容太大，请刷新后再试。"))
        return JsonResponse(talk.turn(seat, talk.Said.of(request.body), now=now))
    except Refused as refused:
        return said_no(refused)
    except RedisError:
        return no_mailbox()


def said_no(refused: Refused) -> JsonResponse:
    return JsonResponse({"code": refused.code, "message": refused.message}, status=429 if refused.code == "too_fast" else 409)


def no_mailbox() -> JsonResponse:
    return JsonResponse({"code": "no_mailbox", "message": _("网上调解室暂时连接不上，请改用会议链接，或者过几分钟再试。")}, status=503)


@public
@require_POST
def online_leave(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, _today = clock()
    rooms.leave(seat_or_404(request, pk), typed(request, "peer"), now=now)
    return HttpResponse(status=204)
