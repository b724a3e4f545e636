"""Likely duplicates: shown while somebody types, and what is done about one."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from arrears.drafts import ROAD, Typed
from arrears.duplicates import elsewhere
from arrears.duplicates.joining import MOVE as JOIN
from arrears.duplicates.joining import join
from arrears.duplicates.judging import MOVE as TELL_APART
from arrears.duplicates.judging import tell_apart
from arrears.duplicates.panel import ClaimPanel, Panel
from arrears.duplicates.typed import draft_of, subject_of_draft, with_step
from arrears.forms.duplicates import ApartForm, JoinForm, WageForm
from arrears.forms.intake import ConsentForm
from arrears.forms.steps import SHEET_STEPS, STEPS, Money, Setting, Steps, Who
from arrears.intake import REGISTER, ClaimantFacts, LineFacts
from arrears.intake_check import Worker
from arrears.lifecycle import CLAIM
from arrears.models import Claim
from arrears.permits import find, may, require
from arrears.privacy import NOTICE, VERSION
from arrears.views.asking import address_of, clock
from grid.refused import Refused
from grid.scope import get_visible

PAGE = "arrears/duplicate/"
STEP_NAMES = frozenset(step.name for step in (*STEPS, *SHEET_STEPS))


def panel_of(request: HttpRequest, draft_id: UUID, typed: Any) -> Panel:
    """For a page of a draft. Whoever learns that another office has such a case is written down."""
    now, today = clock()
    panel = Panel(subject_of_draft(typed, today), request.user, today, draft_id=draft_id)
    if panel.offices:
        elsewhere.log_told(request.user, draft_id, now, address_of(request))
    return panel


@require_POST
def draft_alike(request: HttpRequest, pk: UUID, step: str) -> HttpResponse:
    """What the fields of a step, as they stand now, are like. Keeps nothing."""
    _now, today = clock()
    if request.user.scope(today).roles.isdisjoint(REGISTER.roles):
        raise PermissionDenied
    posted: Typed = dict(request.POST.lists())
    kept = draft_of(pk, request.user)
    typed = with_step(kept, step, posted) if step in STEP_NAMES else kept
    return render(request, PAGE + "_typed.html", {"alike": panel_of(request, pk, typed), "draft_id": pk})


@require_http_methods(["GET", "POST"])
def draft_join(request: HttpRequest, pk: UUID, claim_pk: UUID) -> HttpResponse:
    """The workers of a draft go into a claim that is there already."""
    now, today = clock()
    claim, move = get_visible(Claim, request.user, today, pk=claim_pk), find(CLAIM, JOIN)
    draft = request.user.drafts.filter(pk=pk).first()
    if draft is None:  # the second tap, or the back button
        return redirect("claim_detail", claim.pk)
    setting = Setting(request.user, today, draft.typed())
    if ROAD in setting.typed:
        messages.warning(request, _("按工资表登记的，请先登记，再在案件页面并案。"))
        return redirect("draft_step", pk, "sheet")
    steps = Steps({step.name: step(setting) for step in STEPS})
    if unready := next((steps[name] for name in (Who.name, Money.name) if not steps[name].is_valid), None):
        messages.warning(request, _("先填好这一步，再加入已有的案件。"))
        return redirect("draft_step", pk, unready.name)
    workers = workers_of(steps)
    consent, context, status = ConsentForm(request.POST or None), {}, 200
    try:
        require(may(move, claim, request.user, today))
        if consent.is_valid():
            more = {name: steps[name].facts() for name in ("whom", "where", "story") if steps[name].is_valid}
            join(
                claim, workers, request.user, now=now, draft_id=draft.pk, notice=VERSION,
                respondents=more.get("whom", {}).get("respondents", ()), story=more.get("story", {}).get("story", ""),
                last_working_day=more.get("where", {}).get("last_working_day"),
            )  # fmt: skip
            messages.success(request, _("已加入案件 %(number)s，没有另立新案。") % {"number": claim.number})
            return redirect("claim_detail", claim.pk)
    except Refused as refusal:
        context["refusal"], status = refusal.message, 409
    context |= {
        "claim": claim, "draft_id": pk, "workers": [Worker(worker) for worker in workers], "consent": consent, "form": consent,
        "notice": NOTICE, "version": VERSION,
    }  # fmt: skip
    return render(request, PAGE + "join.html", context, status=status)


def workers_of(steps: Steps) -> list[ClaimantFacts]:
    money = steps[Money.name]
    assert isinstance(money, Money)
    workers = steps[Who.name].facts()["claimants"]
    for place, worker in enumerate(workers):
        worker.lines = money.lines_of(place)
    return workers


@require_http_methods(["GET", "POST"])
def claim_add_workers(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One more worker of the same matter, with what they are owed."""
    now, today = clock()
    claim, move = get_visible(Claim, request.user, today, pk=pk), find(CLAIM, JOIN)
    form, wage, consent = JoinForm(request.POST or None, today=today), WageForm(request.POST or None), ConsentForm(request.POST or None)
    context, status = {"claim": claim, "move": move, "form": form, "wage": wage, "consent": consent, "notice": NOTICE, "version": VERSION}, 200
    try:
        require(may(move, claim, request.user, today))
        if all([part.is_valid() for part in (form, wage, consent)]):
            said = dict(form.cleaned_data)
            last_working_day = said.pop("last_working_day")
            worker = ClaimantFacts(**said, lines=[LineFacts(**wage.cleaned_data)])
            join(claim, [worker], request.user, now=now, last_working_day=last_working_day, notice=VERSION)
            messages.success(request, _("已补登%(name)s。") % {"name": worker.name})
            return redirect(reverse("claim_detail", args=[claim.pk]) + "#claimants")
    except Refused as refusal:
        context["refusal"], status = refusal.message, 409
    return render(request, PAGE + "add.html", context, status=status)


@require_http_methods(["GET", "POST"])
def claim_apart(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, today = clock()
    claim, move = get_visible(Claim.objects.select_related("site"), request.user, today, pk=pk), find(CLAIM, TELL_APART)
    panel = ClaimPanel(claim, request.user, today)
    form = ApartForm(request.POST or None, likely=panel.rows, initial={"other": request.GET.get("other", "")})
    context, status = {"claim": claim, "move": move, "form": form, "alike": panel}, 200
    try:
        require(may(move, claim, request.user, today))
        if form.is_valid():
            other = get_visible(Claim, request.user, today, pk=form.cleaned_data["other"])
            tell_apart(claim, other, request.user, form.cleaned_data["reason"], now=now)
            messages.success(request, _("已记录：与 %(number)s 不是重复，以后不再提示。") % {"number": other.number})
            return redirect("claim_detail", claim.pk)
    except Refused as refusal:
        context["refusal"], status = refusal.message, 409
    return render(request, PAGE + "apart.html", context, status=status)
