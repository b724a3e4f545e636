"""Leave 请假: one's own, and for those who lead or administer, that of their people."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from grid import leaves
from grid.authority import may_enter_leave
from grid.forms.people import LeaveForm
from grid.models import Leave, Person
from grid.refused import Refused
from grid.views.people import clock, person_or_404

MOST_PAST = 10
form_page = require_http_methods(["GET", "HEAD", "POST"])


@form_page
def my_leave(request: HttpRequest) -> HttpResponse:
    now, today = clock()
    return leave_of(request, request.user, now, today)


@form_page
def person_leave(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, today = clock()
    if pk == request.user.pk:
        return redirect("my_leave")
    person = person_or_404(request, pk, today)
    if not may_enter_leave(request.user, person, today):
        raise Http404
    return leave_of(request, person, now, today)


def leave_of(request: HttpRequest, person: Person, now: datetime, today: date) -> HttpResponse:
    form = LeaveForm(request.POST if request.method == "POST" else None, deputies=leaves.deputies_for(person, today))
    refusal = ""
    if form.is_valid():
        try:
            entered = leaves.enter_leave(person, request.user, now=now, **form.cleaned_data)
        except Refused as refused:
            refusal = refused.message
        else:
            messages.success(request, _("请假已登记。"))
            warn_of_deputising(request, entered)
            return back_to(request, person)
    rows = person.leaves.select_related("deputy")
    return render(request, "grid/leave/page.html", {
        "person": person, "is_mine": person.pk == request.user.pk, "form": form, "refusal": refusal, "today": today,
        "coming": rows.filter(ends_on__gte=today), "past": rows.filter(ends_on__lt=today).order_by("-starts_on")[:MOST_PAST],
        "stands_in": person.deputises.filter(ends_on__gte=today).select_related("person"),
    }, status=409 if refusal else 200)  # fmt: skip


def warn_of_deputising(request: HttpRequest, leave: Leave) -> None:
    """Somebody relies on who goes away; with a deputy of their own the chain goes on."""
    relying = [one.person.full_name for one in leaves.relying_on(leave)]
    if relying:
        names = _("、").join(relying)
        messages.warning(request, _("这段时间由其代理的还有：%(names)s。没有指定代理人的，这些人的事项由上一级负责。") % {"names": names})


def back_to(request: HttpRequest, person: Person) -> HttpResponse:
    return redirect("my_leave") if person.pk == request.user.pk else redirect("person_leave", person.pk)


def leave_or_404(request: HttpRequest, pk: UUID, today: date) -> Leave:
    leave = get_object_or_404(Leave.objects.select_related("person", "deputy"), pk=pk)
    if not may_enter_leave(request.user, leave.person, today):
        raise Http404
    return leave


@form_page
def leave_change(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, today = clock()
    leave = leave_or_404(request, pk, today)
    known = {one.pk: one for one in (leave.deputy, *leaves.deputies_for(leave.person, today)) if one}
    form = LeaveForm.of(leave, known.values(), request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            leaves.change_leave(leave, request.user, now=now, **form.cleaned_data)
        except Refused as refused:
            return show(request, leave, form, today, 409, refusal=refused.message)
        messages.success(request, _("请假已更改。"))
        return back_to(request, leave.person)
    return show(request, leave, form, today)


def show(request: HttpRequest, leave: Leave, form: LeaveForm, today: date, status: int = 200, **more: Any) -> HttpResponse:
    context = {"leave": leave, "form": form, "today": today, "is_mine": leave.person_id == request.user.pk, **more}
    return render(request, "grid/leave/change.html", context, status=status)


@require_POST
def leave_cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, today = clock()
    leave = leave_or_404(request, pk, today)
    person = leave.person
    try:
        leaves.cancel_leave(leave, request.user, now=now)
    except Refused as refused:
        form = LeaveForm.of(leave, leaves.deputies_for(person, today))
        return show(request, leave, form, today, 409, refusal=refused.message)
    messages.success(request, _("请假已撤销，自今天起视为在岗。"))
    return back_to(request, person)
