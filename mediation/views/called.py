"""The page of a hearing for whoever was called and has no account. It names the case by number and nobody but whom it is for."""

from dataclasses import replace

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from arrears.views.asking import clock
from arrears.views.track import public
from mediation.feeds import ical
from mediation.feeds.entries import entry_of
from mediation.room import links
from mediation.room.role_words import ROLES


@public
@require_http_methods(["GET", "HEAD", "POST"])
def hearing_called(request: HttpRequest, token: str) -> HttpResponse:
    now, _today = clock()
    link = links.find(token, now)
    if link is None:
        return render(request, "mediation/room/called_gone.html", status=410)
    if request.method == "POST":
        links.confirm(link, now=now)
        return redirect("hearing_called", token)
    hearing, words = link.hearing, ROLES[links.part_of(link)]
    context = {
        "link": link, "hearing": hearing, "words": words, "token": token, "number": hearing.mediation.claim.number,
        "has_confirmed": links.has_confirmed(link, hearing), "address": hearing.room.link if words.may_join and hearing.is_live else "",
    }  # fmt: skip
    return render(request, "mediation/room/called.html", context)


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
