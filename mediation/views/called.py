"""The page of a hearing for whoever was called and has no account. It names the case by number and nobody but whom it is for."""

from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from arrears.views.asking import clock
from arrears.views.track import public
from grid.refused import Refused
from mediation import party_contacts, suits
from mediation.feeds import ical
from mediation.feeds.entries import entry_of
from mediation.forms.parties import DatesForm
from mediation.models import HearingLink, PartyDay
from mediation.room import links
from mediation.room.role_words import ROLES

DAYS = 3  # that can be said at once


@public
@require_http_methods(["GET", "HEAD", "POST"])
def hearing_called(request: HttpRequest, token: str) -> HttpResponse:
    now, _today = clock()
    link = links.find(token, now)
    if link is None:
        return render(request, "mediation/room/called_gone.html", status=410)
    days, refusal = DatesForm(request.POST if "days" in request.POST else None, lines=DAYS), ""
    if request.method == "POST" and "days" in request.POST:
        refusal = unsuited(link, days, now)
        if not refusal:
            return redirect("hearing_called", token)
    elif request.method == "POST":
        if "stop" in request.POST and link.sent_to:
            party_contacts.stop(link, now=now)
        else:
            links.confirm(link, now=now)
        return redirect("hearing_called", token)
    hearing, words = link.hearing, ROLES[links.part_of(link)]
    context = {
        "link": link, "hearing": hearing, "words": words, "token": token, "number": hearing.mediation.claim.number,
        "has_stopped": bool(link.sent_to) and party_contacts.has_stopped(link), "has_confirmed": links.has_confirmed(link, hearing), "address": hearing.room.link if words.may_join and hearing.is_live else "",
    }  # fmt: skip
    context |= {"days": days if link.attendance and hearing.is_live and hearing.starts_at > now else None, "refusal": refusal, "said": said_by(link)}
    return render(request, "mediation/room/called.html", context, status=409 if refusal else 200)


def unsuited(link: HearingLink, form: DatesForm, now: datetime) -> str:
    """They say on which days they cannot come. Nothing moves by itself: the mediator is told and moves it, or does not."""
    if not form.is_valid():
        return _("日期读不出来，请按 2026-03-05 这样填写。")
    if link.attendance is None or not link.hearing.is_live or link.hearing.starts_at <= now:
        return _("这场调解会已经开过或者取消，不用再填。")
    mediation = link.hearing.mediation
    try:
        suits.add_days(mediation, suits.party_of(mediation, link.attendance.party_id), form.days(), None, now=now)
    except Refused as refused:
        return refused.message
    return ""


def said_by(link: HearingLink) -> list[PartyDay]:
    if link.attendance is None:
        return []
    return list(PartyDay.objects.filter(mediation=link.hearing.mediation_id, party_id=link.attendance.party_id))


@public
@require_safe
def hearing_called_file(request: HttpRequest, token: str) -> HttpResponse:
    """For the calendar of a phone."""
    now, _today = clock()
    link = links.find(token, now)
    if link is None:
        return render(request, "mediation/room/called_gone.html", status=410)
    address = settings.SITE_URL.rstrip("/") + reverse("hearing_called", args=[token])
    entry = replace(entry_of(link.hearing), description=address, url=address)
    content = ical.calendar([entry], written_at=timezone.now(), method=ical.PUBLISH)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="hearing.ics"'
    return response
