"""送达: the list of papers to serve, one of them with its ways, and a paper that is to be served."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from arrears.calendars import calendar_now
from arrears.forms.serving import ConsentForm, DropForm, MarkForm, ServeForm
from arrears.lifecycle import CLAIM
from arrears.models import Attempt, Claim, Paper, Service
from arrears.models.serving import WAITING
from arrears.permits import find, handlers_for, may, require
from arrears.serving import verbs
from arrears.serving.issued import initial_of
from arrears.serving.page import ServicePage, attempt_form, result_form
from arrears.serving.receipt import print_receipt
from arrears.serving.rows import ENDED, NEWEST, ORDER, SHOWS, chosen, rows_of
from arrears.serving.table import METHODS
from arrears.views.asking import address_of, clock
from grid.access import log_access
from grid.paging import AFTER, BEFORE, address, count, page_of
from grid.refused import Refused
from grid.scope import get_visible

KNOWN = {"consent": ConsentForm, "fled": MarkForm, "held": MarkForm, "drop": DropForm}


@require_safe
def service_list(request: HttpRequest) -> HttpResponse:
    _now, today = clock()
    if not request.user.scope(today).regions:
        raise Http404
    show = request.GET.get("show", WAITING)
    show = show if show in SHOWS else WAITING
    rows = chosen(Service.objects.visible_to(request.user, today), show, request.user, today)
    page = page_of(rows.for_list(), NEWEST if show == ENDED else ORDER, request.GET)
    context = {
        "shown": show, "tabs": SHOWS.items(), "rows": rows_of(page.rows, today, calendar_now()), "count": count(rows),
        "newer": address(request.GET, BEFORE, page.before), "older": address(request.GET, AFTER, page.after),
    }  # fmt: skip
    return render(request, "arrears/serving/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def claim_serve(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, today = clock()
    claim, move = get_visible(Claim, request.user, today, pk=pk), find(CLAIM, verbs.MOVE)
    paper = chosen_paper(request, claim)
    form = ServeForm(
        claim, handlers_for(claim, today).exclude(pk=request.user.pk), request.POST if request.method == "POST" else None, today=today,
        initial=initial_of(paper) if paper else None,
    )  # fmt: skip
    context, status = {"claim": claim, "move": move, "form": form, "paper": paper}, 200
    try:
        require(may(move, claim, request.user, today))
        if form.is_valid():
            made = verbs.issue(claim, request.user, now=now, paper=paper, **form.cleaned_data)
            messages.success(request, _("已登记，请在 %(day)s 前送达。") % {"day": made.due_on})
            return redirect("service_detail", made.pk)
    except Refused as refusal:
        context["refusal"], status = refusal.message, 409
    return render(request, "arrears/serving/new.html", context, status=status)


def chosen_paper(request: HttpRequest, claim: Claim) -> Paper | None:
    """The issued paper this is about, from the address."""
    asked = request.GET.get("paper")
    if not asked:
        return None
    try:
        return get_object_or_404(Paper, claim=claim, pk=UUID(asked))
    except ValueError:
        raise Http404 from None


@require_safe
def service_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    return show(request, found(request, pk))


@require_POST
def service_act(request: HttpRequest, pk: UUID, name: str) -> HttpResponse:
    """An attempt in the way of that name, or what is known of the receiver."""
    now, today = clock()
    service = found(request, pk)
    if name in METHODS:
        form: forms.Form = attempt_form(METHODS[name], today, request.POST, request.FILES)
        if not form.is_valid():
            return show(request, service, {name: form}, status=422)
        return carried_out(
            request, service, name, form,
            lambda: verbs.attempt(service, request.user, now=now, method=name, said=form.said(), reason=form.cleaned_data["reason"]),
        )  # fmt: skip
    if name not in KNOWN:
        raise Http404
    form = KNOWN[name](request.POST, request.FILES, prefix=name)
    if not form.is_valid():
        return show(request, service, {name: form}, status=422)
    said = form.cleaned_data
    acts = {"consent": verbs.consent, "drop": verbs.drop}
    act = (lambda: acts[name](service, request.user, now=now, **said)) if name in acts else (lambda: verbs.mark(service, request.user, now=now, as_what=name, **said))
    return carried_out(request, service, name, form, act)


@require_POST
def service_receipt(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Makes the receipt (F-22) of it under the next number, and leads there."""
    now, _today = clock()
    service = found(request, pk)
    try:
        paper = print_receipt(service, request.user, now=now)
    except Refused as refusal:
        return show(request, service, refusal=refusal.message, status=409)
    messages.success(request, _("送达回证已制作，请打印出来由受送达人签字，再拍照登记。"))
    return redirect("paper_detail", paper.pk)


@require_POST
def attempt_settle(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, today = clock()
    made = get_object_or_404(Attempt.objects.select_related("service__claim"), pk=pk)
    service = found(request, made.service_id)
    made.service = service
    form = result_form(made, today, request.POST, request.FILES)
    if not form.is_valid():
        return show(request, service, {str(pk): form}, status=422)
    return carried_out(
        request, service, str(pk), form,
        lambda: verbs.settle(made, request.user, now=now, said=form.said(), reason=form.cleaned_data["reason"]),
    )  # fmt: skip


def carried_out(request: HttpRequest, service: Service, name: str, form: forms.Form, act: Any) -> HttpResponse:
    """A refusal is said above the form, which keeps what was typed; its files are evidence of the claim by then or are chosen anew."""
    try:
        act()
    except Refused as refusal:
        return show(request, service, {name: form}, refusal.message, status=409)
    messages.success(request, _("已登记。"))
    return redirect("service_detail", service.pk)


def found(request: HttpRequest, pk: UUID) -> Service:
    _now, today = clock()
    rows = Service.objects.for_list().prefetch_related("attempts__proofs__evidence", "attempts__by")
    return get_visible(rows, request.user, today, pk=pk)


def show(
    request: HttpRequest, service: Service, bound: dict[str, forms.Form] | None = None, refusal: str = "", status: int = 200
) -> HttpResponse:
    now, today = clock()
    claim = service.claim
    log_access(request.user, "read", "claim", claim.pk, now=now, region_code=claim.region_id, address=address_of(request))
    context = {"service": service, "claim": claim, "page": ServicePage(service, request.user, today, bound), "refusal": refusal}
    return render(request, "arrears/serving/detail.html", context, status=status)
