"""My hearings in my own calendar: the page that makes and ends the address, and the calendar behind it."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from arrears.views.asking import clock
from mediation.feeds import links
from mediation.models import CalendarLink


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def calendar_link(request: HttpRequest) -> HttpResponse:
    """A new address is shown in the answer to the request that made it, and never again."""
    now, _today = clock()
    address = ""
    if request.method == "POST" and "end" in request.POST:
        links.end(request.user)
        messages.success(request, _("日历地址已停用。"))
        return redirect("calendar_link")
    if request.method == "POST":
        token = links.make(request.user, now=now)
        address = settings.SITE_URL.rstrip("/") + reverse("calendar_feed", args=[token])
    link = CalendarLink.objects.filter(person=request.user).first()
    return render(request, "mediation/feed/page.html", {"address": address, "link": link})


@login_not_required
@never_cache
@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    now, _today = clock()
    person = links.find(token, now)
    if person is None:
        raise Http404
    response = HttpResponse(links.calendar_of(person, now), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="hearings.ics"'
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
