"""The worker's limits and the log of what interrupted them."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from arrears.forms.limits import ClearForm, EntryForm, InterruptForm, WithdrawForm
from arrears.lifecycle import CLAIM
from arrears.limitation.entries import clear, enter, withdraw_entry
from arrears.limitation.interrupting import MOVE, interrupt, withdraw
from arrears.limitation.page import LimitsPage, candidate_of
from arrears.models import Event, Interruption, LimitEntry
from arrears.permits import find, may, require
from arrears.situation.of_claim import rows
from arrears.situation.page import Tabs
from arrears.views.asking import address_of, clock
from grid.access import log_access
from grid.refused import Refused
from grid.scope import get_visible


@require_http_methods(["GET", "HEAD", "POST"])
def claim_limits(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, today = clock()
    claim = get_visible(rows(), request.user, today, pk=pk)
    form = InterruptForm(claim, request.POST if request.method == "POST" else None, today=today)
    refusal, status = "", 200
    try:
        if request.method == "POST":
            require(may(find(CLAIM, MOVE), claim, request.user, today))
        if form.is_valid():
            interrupt(claim, request.user, now=now, **form.cleaned_data)
            messages.success(request, _("已登记，时效按此计算。"))
            return redirect("claim_limits", claim.pk)
    except Refused as refused:
        refusal, status = refused.message, 409
    if request.method != "POST":
        log_access(request.user, "read", "claim", claim.pk, now=now, region_code=claim.region_id, address=address_of(request))
    page = LimitsPage(claim, request.user, today)
    context = {
        "claim": claim, "form": form, "refusal": refusal, "page": page, "tabs": Tabs(claim, "limits", page.may_state),
    }  # fmt: skip
    return render(request, "arrears/situation/limits.html", context, status=status)


@require_POST
def interruption_from_record(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One click: this record of the claim (`pk` is the event's) interrupted the limit."""
    now, today = clock()
    event = get_visible(Event.objects.select_related("claim", "actor"), request.user, today, pk=pk)
    found = candidate_of(event)
    if found is None:
        raise Http404
    try:
        interrupt(
            event.claim, request.user, now=now, kind=found.kind, happened_on=found.happened_on, proof=found.proof,
            source_key=found.source_key,
        )  # fmt: skip
        messages.success(request, _("已登记，时效按此计算。"))
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("claim_limits", event.claim_id)


@require_http_methods(["GET", "HEAD", "POST"])
def limit_enter(request: HttpRequest, pk: UUID) -> HttpResponse:
    """An obstacle to arbitration, or the day from which the general limit runs."""
    now, today = clock()
    claim = get_visible(rows(), request.user, today, pk=pk)
    form = EntryForm(claim, request.POST if request.method == "POST" else None, today=today)
    refusal, status = "", 200
    try:
        require(may(find(CLAIM, MOVE), claim, request.user, today))
        if form.is_valid():
            enter(claim, request.user, now=now, **form.cleaned_data)
            messages.success(request, _("已登记，时效按此计算。"))
            return redirect("claim_limits", claim.pk)
    except Refused as refused:
        refusal, status = refused.message, 409
    return render(request, "arrears/situation/limit_entry.html", {"claim": claim, "form": form, "refusal": refusal}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def limit_clear(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The obstacle is gone."""
    entry = get_visible(LimitEntry.objects.select_related("claim"), request.user, clock()[1], pk=pk)
    return change(request, entry, ClearForm, clear, _("已登记，时效继续计算。"), "arrears/situation/limit_clear.html")


@require_http_methods(["GET", "HEAD", "POST"])
def limit_withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    entry = get_visible(LimitEntry.objects.select_related("claim"), request.user, clock()[1], pk=pk)
    return change(request, entry, WithdrawForm, withdraw_entry, _("已撤销，时效重新计算。"), "arrears/situation/withdraw.html")


@require_http_methods(["GET", "HEAD", "POST"])
def interruption_withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    entry = get_visible(Interruption.objects.select_related("claim"), request.user, clock()[1], pk=pk)
    return change(request, entry, WithdrawForm, withdraw, _("已撤销，时效重新计算。"), "arrears/situation/withdraw.html")


def change(
    request: HttpRequest, entry: LimitEntry | Interruption, asks: type[Form], verb: Callable[..., object], done: str, template: str
) -> HttpResponse:
    """The page of one change to an entry of the log: `verb` with what the form says, and back to the limits."""
    now, today = clock()
    form = asks(request.POST if request.method == "POST" else None)
    refusal, status = "", 200
    try:
        require(may(find(CLAIM, MOVE), entry.claim, request.user, today))
        if form.is_valid():
            verb(entry, request.user, now=now, **form.cleaned_data)
            messages.success(request, done)
            return redirect("claim_limits", entry.claim_id)
    except Refused as refused:
        refusal, status = refused.message, 409
    return render(request, template, {"claim": entry.claim, "entry": entry, "form": form, "refusal": refusal}, status=status)
