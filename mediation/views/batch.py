"""Many hearings at once: GET asks and previews, POST does what was ticked and tells of each."""

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from arrears.calendars import calendar_now
from arrears.filters import region_choices
from arrears.views.asking import clock, typed
from mediation import batches, panel, rooms
from mediation.forms.batch import FillForm, MoveManyForm
from mediation.lifecycle import ARRANGING
from mediation.models import Hearing, Mediation

form_page = require_http_methods(["GET", "HEAD", "POST"])
WEEK = timedelta(days=6)


def arranges(request: HttpRequest) -> None:
    """For those who arrange hearings; each row asks again."""
    _now, today = clock()
    if not request.user.scope(today).roles & set(ARRANGING):
        raise Http404


@form_page
def hearings_move(request: HttpRequest) -> HttpResponse:
    """A mediator is ill, or a room is closed."""
    arranges(request)
    now, today = clock()
    people = [(row.person, row.person.full_name) for row in panel.panel(request.user, today)]
    places = rooms.of_office(request.user, today)
    asked = request.GET if "first" in request.GET else None
    form = MoveManyForm(asked, people=people, rooms=places, today=today, initial={"first": today, "last": today + WEEK, "way": batches.KEEP_TIME})
    context = {"form": form, "refusal": "", "reason": typed(request, "reason")}
    if request.method == "POST":
        reason = context["reason"]
        if not reason:
            context["refusal"] = _("请填写改期理由，会写进每件案件的办理记录。")
        elif rows := request.POST.getlist("line"):
            seen = Mediation.objects.visible_to(request.user, today)
            anyway = request.GET.get("way") == batches.KEEP_TIME
            return told(request, batches.carry_out(rows, seen, request.user, now=now, reason=reason, anyway=anyway))
        else:
            context["refusal"] = _("请至少勾选一场。")
    if form.is_valid():
        said = form.cleaned_data
        rows = batches.to_move(Hearing.objects.visible_to(request.user, today), said["mediator"], said["room"], said["first"], said["last"], now)
        context |= {"most": batches.MOST, "is_cut": len(rows) > batches.MOST}
        context["lines"] = list(batches.moves(rows[: batches.MOST], said["way"], said["first"], said["last"], now, calendar_now(), is_room=bool(said["room"])))
    return render(request, "mediation/batch/move.html", context, status=409 if context["refusal"] else 200)


@form_page
def hearings_fill(request: HttpRequest) -> HttpResponse:
    """A day is filled from the cases that are ready."""
    arranges(request)
    now, today = clock()
    calendar = calendar_now()
    asked = request.GET if "day" in request.GET else None
    form = FillForm(
        asked, regions=region_choices(request.user.scope(today)), today=today, initial={"day": calendar.add(today, 5), "order": batches.BY_PRIORITY}
    )
    context = {"form": form, "refusal": ""}
    seen = Mediation.objects.visible_to(request.user, today)
    if request.method == "POST":
        if rows := request.POST.getlist("line"):
            return told(request, batches.carry_out(rows, seen, request.user, now=now))
        context["refusal"] = _("请至少勾选一件。")
    if form.is_valid():
        said = form.cleaned_data
        rows = batches.ready(seen, said["region"], said["kind"], said["order"])
        context |= {"most": batches.MOST, "is_cut": len(rows) > batches.MOST}
        context["lines"] = list(batches.fills(rows[: batches.MOST], said["day"], now, calendar))
    return render(request, "mediation/batch/fill.html", context, status=409 if context["refusal"] else 200)


def told(request: HttpRequest, done: list[batches.Outcome]) -> HttpResponse:
    return render(request, "mediation/batch/done.html", {"done": done, "count": sum(one.is_done for one in done)})
