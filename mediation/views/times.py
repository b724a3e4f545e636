"""找时间: GET looks, POST takes one of the proposals. What was taken meanwhile is said, and the page looks again."""

from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from arrears.calendars import calendar_now
from arrears.views.asking import clock
from grid.days import SHANGHAI
from grid.scope import get_visible
from mediation.finding import asked_for, find_times
from mediation.forms.times import TakeForm, TimesForm
from mediation.lifecycle import MEDIATION
from mediation.models import Mediation, Room
from mediation.permits import mediators_for
from mediation.placing import last_hearing
from mediation.times_page import TimesPage
from mediation.together import others
from mediation.views.asked import Asked, people_for

TAKEN = ("day", "starts", "room", "mediator")


@require_http_methods(["GET", "HEAD", "POST"])
def mediation_times(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, today = clock()
    mediation = get_visible(Mediation.objects.select_related("claim", "claim__region", "mediator"), request.user, today, pk=pk)
    name = "postpone" if mediation.state == "scheduled" else "schedule"
    asked = Asked(request, mediation, MEDIATION.find(name), now)
    take = taken(asked) if request.method == "POST" else None
    refusal = asked.refusal()
    if not refusal and take is not None:
        refusal = book(asked, take)
        if not refusal:
            return asked.back()
    return looked(asked, refusal)


def taken(asked: Asked) -> TakeForm:
    """The button holds day, time, room and mediator in one value; the rest stands around it."""
    data = QueryDict(mutable=True)
    data.update(asked.request.POST)
    data.update(dict(zip(TAKEN, asked.request.POST.get("take", "").split(), strict=False)))
    claim = asked.mediation.claim
    return TakeForm(
        data, rooms=Room.objects.for_claim(claim), mediators=mediators_for(claim, asked.today), needs_reason=asked.move.name == "postpone"
    )


def book(asked: Asked, take: TakeForm) -> str:
    """The sentence of the refusal; empty: it is booked."""
    if not take.is_valid():
        return take.errors["reason"][0] if "reason" in take.errors else _("所选的时间读不出来，请重新选择。")
    said = take.cleaned_data
    starts = datetime.combine(said["day"], said["starts"], SHANGHAI)
    more = {"reason": said["reason"], "version": said["version"], "together": said["together"]} if asked.move.name == "postpone" else {}
    return asked.attempt(
        room=said["room"], mediator=said["mediator"], starts_at=starts, ends_at=starts + timedelta(minutes=said["length"]), anyway=said["anyway"], **more
    )


def looked(asked: Asked, refusal: str) -> HttpResponse:
    mediation, now = asked.mediation, asked.now
    joined = tuple(others(mediation))
    last = last_hearing(mediation)
    usual = asked_for(mediation, now)
    initial = {"length": usual.length, "last": usual.last, "mediator": usual.mediator}
    people = people_for(mediation.claim, asked.today)
    given = asked.request.GET if "length" in asked.request.GET else None
    form = TimesForm(given, mediators=people, today=asked.today, joined=len(joined), initial=initial)
    page, together = None, bool(joined)
    if given is None or form.is_valid():
        together = bool(joined) and (given is None or form.cleaned_data["together"])
        wanted = asked_for(mediation, now, **(form.asked() if given is not None else {}), with_it=joined if together else ())
        page = TimesPage(find_times(mediation, wanted, now, calendar_now()))
    return render(asked.request, "mediation/times/page.html", asked.context(
        form=form, page=page, together=together, refusal=refusal, last=last if last and last.is_live else None,
        reason=asked.request.POST.get("reason", ""),
    ), status=409 if refusal else 200)  # fmt: skip
