"""More time for a clock: asking for it, and deciding on what somebody asked."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from arrears.calendars import calendar_now
from arrears.deadlines import NoCalendar, due
from arrears.forms.extensions import DecideForm, ExtendForm
from arrears.models import Clock, Extension
from arrears.permits import Denied, require
from arrears.rules import Extension as Allowed
from arrears.timing import extending
from arrears.timing.clock_page import ClockPage
from arrears.timing.counting import calendar_of, rule_of
from arrears.timing.extension_permits import (
    ASKED,
    allowed_of,
    approvers,
    approving_level,
    is_recorded,
    may_ask,
    may_decide,
)
from arrears.views.asking import clock as clock_on_the_wall
from grid.duty import Roster
from grid.models import Person
from grid.refused import Refused
from grid.scope import get_visible

DECISIONS = {"grant": extending.grant, "refuse": extending.refuse}


@require_http_methods(["GET", "POST"])
def clock_extend(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, today = clock_on_the_wall()
    clock = get_visible(ClockPage.rows(), request.user, today, pk=pk)
    allowed = allowed_of(clock)
    if allowed is None:
        raise Http404
    form = ExtendForm(clock, allowed, request.POST or None, is_recorded=is_recorded(clock))
    refusal, status = "", 200
    try:
        require(may_ask(clock, request.user, today))
        if form.is_valid():
            verb = extending.record_granted if is_recorded(clock) else extending.ask
            verb(clock, request.user, now, form.cleaned_data["length"], form.cleaned_data["reason"])
            messages.success(request, _("已登记延长。") if is_recorded(clock) else _("延长申请已提交，等待批准。"))
            return redirect("clock_why", pk=clock.pk)
    except Refused as refused:
        refusal, status = refused.message, 409
    context = {
        "clock": clock, "claim": clock.claim, "page": ClockPage(clock, request.user, today), "form": form,
        "approver": approver_of(allowed), "level": approving_level(clock), "refusal": refusal,
    }  # fmt: skip
    return render(request, "arrears/extension/new.html", context, status=status)


def approver_of(allowed: Allowed) -> str:
    """As the law names them."""
    return allowed.by_en if (get_language() or "").startswith("en") else allowed.by


@require_http_methods(["GET", "POST"])
def extension_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, today = clock_on_the_wall()
    rows = Extension.objects.select_related("asked_by", "decided_by")
    extension = get_visible(rows, request.user, today, pk=pk)
    extension.clock = get_visible(ClockPage.rows(), request.user, today, pk=extension.clock_id)
    extension.claim = extension.clock.claim
    form, refusal, status = DecideForm(request.POST or None), "", 200
    if request.method == "POST" and form.is_valid():
        try:
            decide = DECISIONS.get(request.POST.get("verdict", ""))
            if decide is None:
                raise Refused("unknown_move", _("没有这项操作。"))
            decide(extension, request.user, now, form.cleaned_data["note"])
            messages.success(request, _("已作出决定，并告知申请人。"))
            return redirect("extension_detail", pk=extension.pk)
        except Refused as refused:
            refusal, status = refused.message, 409
            extension.refresh_from_db(fields=["state", "decided_by", "decided_at", "decision_note"])
    may = may_decide(extension, request.user, today)
    context = {
        "extension": extension, "clock": extension.clock, "claim": extension.claim, "form": form, "refusal": refusal,
        "page": ClockPage(extension.clock, request.user, today), "would_be": would_be(extension, extension.clock),
        "deciders": deciders_of(extension, today),
        "may_decide": bool(may), "why_not": may.message if isinstance(may, Denied) and may.code == "own_request" else "",
    }  # fmt: skip
    return render(request, "arrears/extension/detail.html", context, status=status)


def deciders_of(extension: Extension, today: date) -> list[Person]:
    """Who is asked to decide, as things stand today."""
    return approvers(extension, Roster.around(extension.claim.region_id, today)) if extension.state == ASKED else []


def would_be(extension: Extension, clock: Clock) -> date | None:
    """The day if it were granted; None when it has been decided, or nobody can say."""
    if extension.state != "asked":
        return None
    try:
        calendar = calendar_now()
        return due(rule_of(clock).longer(extension.length), clock.started_on, calendar_of(clock, calendar)).due_on
    except NoCalendar:
        return None
