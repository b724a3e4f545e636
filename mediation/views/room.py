"""The hearing's own page and what is done in it; the page of its minutes, where they are written, read and signed."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from arrears.views.asking import address_of, clock
from arrears.views.asking import typed as typed_line
from grid.access import log_access
from grid.refused import Refused
from grid.scope import get_visible
from grid.vault import CannotOpen, open_sealed, seal
from mediation.forms.room import CameForm, CorrectForm, NotesForm, OtherForm, RefuseForm, SignForm
from mediation.models import Hearing, Minutes, Presence
from mediation.room import calling, links, signing, verbs
from mediation.room.notes import BEGINNINGS, SECTIONS, kind_of
from mediation.room.page import RoomPage
from mediation.room.role_words import OBSERVER

SHOWN_FOR, LINK = timedelta(minutes=10), "mediation.HearingLink.address"
page_with_form = require_http_methods(["GET", "HEAD", "POST"])


def found(request: HttpRequest, pk: UUID) -> Hearing:
    _now, today = clock()
    return get_visible(RoomPage.rows(), request.user, today, pk=pk)


def act_of_room(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """POST does it. Whoever comes there by GET (signed in again, or went back) is led into the room instead of before a wall."""

    @page_with_form
    @wraps(view)
    def wrapped(request: HttpRequest, pk: UUID) -> HttpResponse:
        return view(request, pk) if request.method == "POST" else redirect("hearing_room", pk)

    return wrapped


@require_safe
def hearing_room(request: HttpRequest, pk: UUID) -> HttpResponse:
    hearing = found(request, pk)
    now, _today = clock()
    log_access(request.user, "read", "mediation", hearing.mediation_id, now=now, region_code=hearing.mediation.claim.region_id, address=address_of(request))
    return show(request, hearing)


def show(
    request: HttpRequest, hearing: Hearing, typed: dict[str, forms.Form] | None = None, refusal: str = "", status: int = 200
) -> HttpResponse:
    now, _today = clock()
    page = RoomPage(hearing, request.user, now, typed)
    context = {"page": page, "hearing": hearing, "mediation": page.mediation, "claim": page.claim, "refusal": refusal, "made": made_link(request, hearing, now)}
    return render(request, "mediation/room/page.html", context, status=status)


def done(request: HttpRequest, hearing: Hearing, act: Callable[[], Any], said: str, typed: dict[str, forms.Form] | None = None, at: str = "") -> HttpResponse:
    """The verb, then the page at that place; a refusal keeps what was typed."""
    try:
        act()
    except Refused as refused:
        return show(request, hearing, typed, refused.message, 409)
    messages.success(request, said)
    return redirect(f"{reverse('hearing_room', args=[hearing.pk])}#{at}")


@act_of_room
def hearing_present(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One party, one other person, or the mediator."""
    now, _today = clock()
    hearing, who = found(request, pk), request.POST.get("who", "")
    if who == verbs.MEDIATOR:
        return done(request, hearing, lambda: verbs.sign_in(hearing, request.user, now=now), _("已签到。"), at="present")
    if who == "other":
        other = OtherForm(list(hearing.attendances.all()), request.POST, auto_id="id_other_%s")
        if not other.is_valid():
            return show(request, hearing, {"other": other}, status=422)
        said = other.cleaned_data
        return done(
            request, hearing, lambda: verbs.add_person(hearing, request.user, now=now, capacity=said["capacity"], name=said["name"], said=other.said(), beside=other.party),
            _("已登记。"), {"other": other}, "present",
        )  # fmt: skip
    rows = list(hearing.attendances.select_related("presence"))
    number, attendance = next(((n, one) for n, one in enumerate(rows) if str(one.pk) == who), (0, None))
    if attendance is None:
        raise Http404
    form = CameForm(attendance, getattr(attendance, "presence", None), request.POST, auto_id=f"id_{number}_%s")
    if not form.is_valid():
        return show(request, hearing, {who: form}, status=422)
    return done(request, hearing, lambda: verbs.check_in(hearing, attendance, request.user, now=now, said=form.said()), _("已登记。"), {who: form}, "present")


@act_of_room
def hearing_calls(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The written notice, for those who are ticked."""
    now, _today = clock()
    hearing = found(request, pk)
    chosen = [one for one in hearing.attendances.all() if str(one.pk) in request.POST.getlist("who")]
    return done(
        request, hearing, lambda: calling.notify(hearing, chosen, request.user, now=now), _("书面通知已制作，请按法定方式送达并登记证明。"), at="calls"
    )


@act_of_room
def hearing_links(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A new link waits sealed in the session, so that the page that shows it can be loaded again, for ten minutes."""
    now, _today = clock()
    hearing, who = found(request, pk), request.POST.get("who", "")
    attendance = next((one for one in hearing.attendances.all() if str(one.pk) == who), None)
    if attendance is None and who != OBSERVER:
        raise Http404
    try:
        token = links.make(hearing, attendance, request.user, now=now, name=typed_line(request, "name"))
    except Refused as refused:
        return show(request, hearing, refusal=refused.message, status=409)
    address = settings.SITE_URL.rstrip("/") + reverse("hearing_called", args=[token])
    name = attendance.name if attendance else typed_line(request, "name")
    request.session[key_of(hearing)] = seal(json.dumps({"name": name, "address": address, "until": (now + SHOWN_FOR).isoformat()}), LINK)
    return redirect(f"{reverse('hearing_room', args=[hearing.pk])}#calls")


def key_of(hearing: Hearing) -> str:
    return f"hearing-link-{hearing.pk}"


def made_link(request: HttpRequest, hearing: Hearing, now: datetime) -> dict[str, str] | None:
    """What was made a moment ago, until its time is up."""
    kept = request.session.get(key_of(hearing))
    if kept is None:
        return None
    try:
        made: dict[str, str] = json.loads(open_sealed(kept, LINK))
    except CannotOpen:
        made = {"until": ""}
    if made["until"] > now.isoformat():
        return made
    del request.session[key_of(hearing)]
    return None


@act_of_room
def hearing_rights(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, _today = clock()
    hearing = found(request, pk)
    return done(request, hearing, lambda: verbs.read_rights(hearing, request.user, now=now), _("已记下宣读的时间和文字。"), at="notes")


@page_with_form
def hearing_notes(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Saved by the page itself while somebody types (JSON), or by its button. A text that came second is answered with both."""
    now, _today = clock()
    hearing = found(request, pk)
    page = RoomPage(hearing, request.user, now)
    if page.minutes is not None and request.headers.get("Accept") != "application/json":
        return redirect("hearing_minutes", pk, page.minutes.number)
    wants_json = request.headers.get("Accept") == "application/json"
    if request.method != "POST" and wants_json:
        return here(request)
    if request.method != "POST" and not page.is_open:
        return redirect("hearing_room", pk)
    kept = page.record
    kind = kind_of(hearing.is_on_site, page.claim.claimants.count())
    begins = BEGINNINGS[kind] if kept is None or not kept.version else {}
    initial = {"version": kept.version if kept else 0, **{one.name: (kept.notes if kept else {}).get(one.name) or begins.get(one.name, "") for one in SECTIONS}}
    context: dict[str, Any] = {"page": page, "hearing": hearing, "mediation": page.mediation, "claim": page.claim, "kept": kept}
    if request.method != "POST":
        return render(request, "mediation/room/notes.html", {**context, "form": NotesForm(initial=initial)})
    form = NotesForm(request.POST)
    if not form.is_valid():
        if wants_json:
            return JsonResponse({"state": "bad_input", "message": " ".join(f"{form[name].label}：{errors[0]}" for name, errors in form.errors.items())}, status=422)
        return render(request, "mediation/room/notes.html", {**context, "form": form}, status=422)
    try:
        kept = verbs.save_notes(hearing, request.user, now=now, notes=form.notes(), version=form.cleaned_data["version"])
        if "close" in request.POST:
            made = verbs.close(hearing, request.user, now=now, version=kept.version)
            messages.success(request, _("笔录已经定稿，请各方阅看以后签名。"))
            return redirect("hearing_minutes", pk, made.number)
    except verbs.StaleNotes as stale:
        if wants_json:
            return JsonResponse({"state": stale.code, "message": stale.message, "version": stale.version, "theirs": stale.theirs, "differ": stale.differ}, status=409)
        return render(request, "mediation/room/notes.html", {**context, **beside(form, stale)}, status=409)
    except Refused as refused:
        if wants_json:
            return JsonResponse({"state": refused.code, "message": refused.message}, status=409)
        again = NotesForm({**request.POST.dict(), "version": kept.version if kept else 0})
        return render(request, "mediation/room/notes.html", {**context, "form": again, "refusal": refused.message}, status=409)
    if wants_json:
        return JsonResponse({"state": "kept", "version": kept.version})
    messages.success(request, _("已保存。"))
    return redirect(f"{reverse('hearing_room', args=[pk])}#notes")


def here(request: HttpRequest) -> JsonResponse:
    """For a page that was open while somebody signed in again: whose session it is now, and its token."""
    return JsonResponse({"state": "here", "person": str(request.user.pk), "token": get_token(request)})


def beside(form: NotesForm, stale: verbs.StaleNotes) -> dict[str, Any]:
    """What was typed, on the version that is there now, and the other text beside each section in which they differ."""
    data = {**{name: str(value) for name, value in form.notes().items()}, "version": stale.version}
    theirs = [(_(section.label), stale.theirs.get(section.name, ""), stale.mine.get(section.name, "")) for section in SECTIONS if section.name in stale.differ]
    return {"form": NotesForm(data), "refusal": stale.message, "theirs": theirs}


@require_safe
def hearing_minutes(request: HttpRequest, pk: UUID, version: int) -> HttpResponse:
    """One version, page by page, with who signed what of it."""
    now, _today = clock()
    hearing = found(request, pk)
    minutes = get_object_or_404(Minutes.objects.select_related("frozen_by"), hearing=hearing, number=version)
    log_access(request.user, "read", "mediation", hearing.mediation_id, now=now, region_code=hearing.mediation.claim.region_id, address=address_of(request))
    page = RoomPage(hearing, request.user, now)
    context = {"page": page, "hearing": hearing, "mediation": page.mediation, "claim": page.claim, "minutes": minutes}
    context["is_latest"] = page.minutes is not None and page.minutes.pk == minutes.pk
    return render(request, "mediation/room/minutes.html", {**context, "sheets": sheets(minutes, page) if context["is_latest"] else minutes.pages})


def sheets(minutes: Minutes, page: RoomPage) -> list[dict[str, Any]]:
    """Each page with the names that are under it and those that are missing."""
    return [
        {
            **sheet, "number": number,
            "signed": [hand.presence.signs_as for hand in page.hands if number not in hand.unsigned],
            "missing": [hand.presence.signs_as for hand in page.hands if number in hand.unsigned],
        }
        for number, sheet in enumerate(minutes.pages, 1)
    ]  # fmt: skip


@page_with_form
def hearing_correct(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, _today = clock()
    hearing = found(request, pk)
    page = RoomPage(hearing, request.user, now)
    last = page.minutes
    if last is None:
        return redirect("hearing_notes", pk)
    if request.method != "POST" and not page.may_work:
        return redirect("hearing_minutes", pk, last.number)
    context: dict[str, Any] = {"page": page, "hearing": hearing, "mediation": page.mediation, "claim": page.claim, "minutes": last}
    form = CorrectForm(request.POST if request.method == "POST" else None, initial={"version": last.number, **last.notes})
    if form.is_valid():
        try:
            made = verbs.correct(hearing, request.user, now=now, notes=form.notes(), reason=form.cleaned_data["reason"], after=form.cleaned_data["version"])
            messages.success(request, _("更正已成为第 %(number)s 版，改动过的页要重新签名。") % {"number": made.number})
            return redirect("hearing_minutes", pk, made.number)
        except Refused as refused:
            again = CorrectForm({**request.POST.dict(), "version": last.number})
            return render(request, "mediation/room/correct.html", {**context, "form": again, "refusal": refused.message}, status=409)
    return render(request, "mediation/room/correct.html", {**context, "form": form}, status=422 if form.is_bound else 200)


@page_with_form
def hearing_sign(request: HttpRequest, pk: UUID, who: UUID) -> HttpResponse:
    """The phone goes from hand to hand: the text, then the glass. Only one person's name on one page."""
    now, _today = clock()
    hearing = found(request, pk)
    presence = get_object_or_404(Presence, pk=who, hearing=hearing)
    page = RoomPage(hearing, request.user, now)
    minutes = page.minutes
    if minutes is None:
        raise Http404
    minutes.hearing = hearing
    refuses = "because" in request.POST
    data = request.POST if request.method == "POST" else None
    form = SignForm(None if refuses else data, request.FILES or None, initial={"seen": minutes.sha256})
    refusing = RefuseForm(data if refuses else None, initial={"seen": minutes.sha256}, auto_id="id_no_%s")
    refusal, status, room = "", 200, f"{reverse('hearing_room', args=[pk])}#sign"
    wants_json = request.headers.get("Accept") == "application/json"
    if wants_json and request.method != "POST":
        return here(request)
    try:
        if refuses and refusing.is_valid():
            signing.refuse(minutes, presence, request.user, now=now, **refusing.cleaned_data)
            messages.success(request, _("已记下拒签。"))
            return redirect(room)
        if form.is_bound and form.is_valid():
            picture = form.cleaned_data["signature"]
            if picture is None:
                raise Refused("no_picture", _("还没有签名：请在框里签名，或者拍下纸上的签名。"))
            signing.sign(minutes, presence, request.user, now=now, seen=form.cleaned_data["seen"], picture=picture)
            messages.success(request, _("%(name)s已签名。") % {"name": presence.signs_as})
            return JsonResponse({"state": "signed", "to": room}) if wants_json else redirect(room)
    except Refused as refused:
        if wants_json:  # a name that had arrived although the answer was lost on the way is there
            return JsonResponse({"state": refused.code, "message": refused.message, **({"to": room} if refused.code == "signed_already" else {})}, status=409)
        refusal, status = refused.message, 409
        form = SignForm(initial={"seen": minutes.sha256})
    else:
        status = 422 if data is not None else 200
        if wants_json:
            return JsonResponse({"state": "bad_input", "message": " ".join(one for errors in form.errors.values() for one in errors)}, status=status)
    context = {"page": page, "hearing": hearing, "mediation": page.mediation, "claim": page.claim, "minutes": minutes, "presence": presence, "refusal": refusal}
    hand = next((one for one in page.hands if one.presence.pk == presence.pk), None)
    return render(request, "mediation/room/sign.html", {**context, "form": form, "refusing": refusing, "hand": hand}, status=status)
