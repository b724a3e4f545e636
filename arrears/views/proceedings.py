"""Proceedings: those of a claim, one of them, its steps, and the list of all that are open."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from arrears.calendars import calendar_now
from arrears.forms.limits import WithdrawForm
from arrears.forms.proceedings import StepForm
from arrears.models import Claim, Proceeding, Referral, Step
from arrears.permits import require
from arrears.proceedings import verbs
from arrears.proceedings.filter import SHOWS, ProceedingFilter
from arrears.proceedings.page import ProceedingsPage
from arrears.proceedings.papers import paper_of
from arrears.proceedings.rows import rows_of
from arrears.proceedings.standing import opening_for, sentence_of
from arrears.proceedings.table import KINDS, StepRow
from arrears.proceedings.workers import free
from arrears.situation.of_claim import rows
from arrears.situation.page import Tabs
from arrears.views.asking import address_of, clock
from arrears.views.referrals import query_with
from grid.access import log_access
from grid.days import day_of
from grid.models import Person
from grid.paging import AFTER, BEFORE, address, page_of
from grid.refused import Refused
from grid.scope import get_visible

form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def proceeding_list(request: HttpRequest) -> HttpResponse:
    _now, today = clock()
    asked = ProceedingFilter(request.GET, Proceeding.objects.visible_to(request.user, today), today=today)
    page = page_of(asked.rows.for_list(), asked.order, request.GET)
    context = {
        "filter": asked, "rows": rows_of(page.rows, today, calendar_now()), "today": today,
        "tabs": [(name, SHOWS[name], query_with(request, show=name)) for name in SHOWS],
        "newer": address(request.GET, BEFORE, page.before), "older": address(request.GET, AFTER, page.after),
    }  # fmt: skip
    return render(request, "arrears/proceeding/list.html", context)


@require_safe
def claim_proceedings(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, today = clock()
    claim = get_visible(rows(), request.user, today, pk=pk)
    log_access(request.user, "read", "claim", claim.pk, now=now, region_code=claim.region_id, address=address_of(request))
    page = ProceedingsPage(claim, request.user, today)
    context = {"claim": claim, "page": page, "tabs": Tabs(claim, "proceedings", page.may_open), "referral": request.GET.get("referral", "")}
    return render(request, "arrears/proceeding/of_claim.html", context)


@require_safe
def proceeding_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Its place on the page of the claim."""
    proceeding = get_visible(Proceeding.objects.all(), request.user, clock()[1], pk=pk)
    return redirect(claim_page(proceeding))


def claim_page(proceeding: Proceeding) -> str:
    return f"/claims/{proceeding.claim_id}/proceedings/#p-{proceeding.pk}"


@form_page
def proceeding_open(request: HttpRequest, pk: UUID, kind: str, step: str) -> HttpResponse:
    _now, today = clock()
    claim = get_visible(rows(), request.user, today, pk=pk)
    row = row_or_404(kind, step)
    if not row.opens:
        raise Http404
    found = opening_for(claim, KINDS[kind], row, today, [worker.pk for worker in free(claim, KINDS[kind])])
    begun = {"warnings": [sentence_of(one) for one in found.warnings], "refusals": [sentence_of(one) for one in found.refusals]}
    return step_page(request, claim, row, None, begun)


@form_page
def proceeding_step(request: HttpRequest, pk: UUID, name: str) -> HttpResponse:
    _now, today = clock()
    proceeding = get_visible(Proceeding.objects.select_related("claim").prefetch_related("steps"), request.user, today, pk=pk)
    return step_page(request, proceeding.claim, row_or_404(proceeding.kind, name), proceeding, {})


def row_or_404(kind: str, step: str) -> StepRow:
    row = verbs.find_step(kind, step)
    if row is None:
        raise Http404
    return row


def step_page(request: HttpRequest, claim: Claim, row: StepRow, proceeding: Proceeding | None, begun: dict[str, Any]) -> HttpResponse:
    now, today = clock()
    form = StepForm(claim, row, *((request.POST, request.FILES) if request.method == "POST" else ()), today=today, proceeding=proceeding, about=request.GET.get("about", ""))
    if proceeding is None and (sent := referral_of(claim, request)):
        fill_in(form, sent)
    refusal, status = "", 200
    try:
        if request.method != "POST":
            require(verbs.may_record(claim, row, request.user, today))
        elif form.is_valid():
            made = take(claim, row, proceeding, form.cleaned_data, request, now)
            messages.success(request, _("已登记：%(step)s。期限已按所填日期计算。") % {"step": row.text("done", get_language() or "")})
            return redirect(claim_page(made))
    except Refused as refused:
        refusal, status = refused.message, 409
    context = {"claim": claim, "row": row, "kind": KINDS[row.kind], "form": form, "proceeding": proceeding, "refusal": refusal, **begun}
    return render(request, "arrears/proceeding/step.html", context, status=status)


def take(claim: Claim, row: StepRow, proceeding: Proceeding | None, said: dict[str, Any], request: HttpRequest, now: Any) -> Proceeding:
    answers = {name: value for name, value in said.items() if name not in ("on", "scan")}
    person: Person = request.user
    if said.get("scan"):
        answers["paper"] = paper_of(claim, row, said["scan"], person, now=now)
    if proceeding is None:
        workers, about = answers.pop("workers", None), answers.pop("about", "")
        return verbs.open_proceeding(
            claim, row.kind, row.step, person, on=said["on"], now=now, referral=referral_of(claim, request),
            workers=[UUID(pk) for pk in workers] if workers is not None else None, about=claim.proceedings.filter(pk=about).first() if about else None, **answers,
        )  # fmt: skip
    return verbs.record_step(proceeding, row.step, person, on=said["on"], now=now, **answers).proceeding


def fill_in(form: StepForm, sent: Referral) -> None:
    """What the referral it begins with is known by."""
    court = sent.body.name if sent.body.kind in ("court", "arbitration") else ""
    known = {"docket": sent.docket_number, "court": court, "on": sent.answered_at and day_of(sent.answered_at)}
    for name, value in known.items():
        if value and name in form.fields:
            form.fields[name].initial = value


def referral_of(claim: Claim, request: HttpRequest) -> Referral | None:
    asked = request.GET.get("referral", "")
    return next((row for row in claim.referrals.select_related("body") if str(row.pk) == asked), None)


@form_page
def step_take_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, today = clock()
    step = get_visible(Step.objects.select_related("proceeding__claim"), request.user, today, pk=pk)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    refusal, status = "", 200
    try:
        require(verbs.may_take_back(step, request.user, today))
        if form.is_valid():
            proceeding = verbs.take_back(step, request.user, now=now, **form.cleaned_data)
            messages.success(request, _("已撤销，期限恢复到登记这一步之前。"))
            return redirect(claim_page(proceeding))
    except Refused as refused:
        refusal, status = refused.message, 409
    context = {"claim": step.proceeding.claim, "step": step, "form": form, "refusal": refusal}
    return render(request, "arrears/proceeding/take_back.html", context, status=status)
