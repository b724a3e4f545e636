"""支持起诉: the list, the page of one case, its conditions, who applies, who supports, and its moves."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Sum, Value
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from arrears.calendars import calendar_now
from arrears.evidence import add_evidence, sha256_of
from arrears.forms.moves import MoveForm
from arrears.forms.support import ChooseForm, LeaveForm, PrepareForm, WorkersForm
from arrears.groups.choosing import LISTED, marked, offer, read_id
from arrears.models import Claim, Evidence, Representative, SupportCase, Supporting
from arrears.moves import Move
from arrears.permits import find, require
from arrears.support import supporting, verbs
from arrears.support.lifecycle import ONE, SUPPORT, WAITING
from arrears.support.page import SupporterRow, SupportPage
from arrears.support.permits import may_open, may_support
from arrears.support.rows import ALL, MINE, SHOWS, chosen, for_list, levels_of, order_of, rows_of, state_choices
from arrears.support.standing import defendant_of, mediated_of, open_of
from arrears.views.asking import address_of, clock
from grid.access import log_access
from grid.paging import AFTER, BEFORE, address, count, page_of
from grid.refused import Refused
from grid.roles import AUDITOR, CITY_SUPERVISOR, COUNTY_OFFICER, GRID_WORKER, LEVEL_LABELS, TOWNSHIP_CHIEF
from grid.scope import get_visible

READERS = frozenset({GRID_WORKER, TOWNSHIP_CHIEF, COUNTY_OFFICER, CITY_SUPERVISOR, AUDITOR})
LEAVE = "leave"
form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def support_list(request: HttpRequest) -> HttpResponse:
    now, today = clock()
    scope = request.user.scope(today)
    if not READERS & scope.roles:
        raise Http404
    shows = {name: label for name, label in SHOWS.items() if name != MINE or levels_of(scope)}
    asked = {name: request.GET.get(name, "") for name in ("state", "level")}
    asked = {"state": asked["state"] if asked["state"] in SUPPORT._states else "", "level": asked["level"] if asked["level"] in LEVEL_LABELS else ""}
    show = request.GET.get("show", ALL if any(asked.values()) else next(iter(shows)))
    show = show if show in shows else next(iter(shows))
    rows = chosen(SupportCase.objects.visible_to(request.user, today), show, today, scope, **asked)
    page = page_of(for_list(rows), order_of(show), request.GET)
    context = {
        "shown": show, "tabs": shows.items(), "rows": rows_of(page.rows, today, calendar_now()), "count": count(rows), "asked": asked,
        "states": state_choices(), "levels": [(name, _(label)) for name, label in LEVEL_LABELS.items()],
        "newer": address(request.GET, BEFORE, page.before), "older": address(request.GET, AFTER, page.after),
    }  # fmt: skip
    return render(request, "arrears/support/list.html", context)


@form_page
def claim_support(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The case that is open; else its start, and those that have ended."""
    now, today = clock()
    claim = get_visible(Claim.objects.select_related("region"), request.user, today, pk=pk)
    if case := open_of(claim):
        return redirect("support_detail", case.pk)
    may, refusal = may_open(claim, request.user, today), ""
    if request.method == "POST":
        try:
            case = verbs.begin(claim, request.user, now=now)
            return redirect("support_detail", case.pk)
        except Refused as refused:
            refusal = refused.message
    look(request, claim, now)
    context = {
        "claim": claim, "may": bool(may), "refusal": refusal or getattr(may, "message", ""),
        "rows": rows_of(for_list(SupportCase.objects.filter(claim=claim)), today, calendar_now()),
    }  # fmt: skip
    return render(request, "arrears/support/start.html", context, status=409 if refusal else 200)


@require_safe
def support_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, today = clock()
    case = get_visible(SupportPage.rows(), request.user, today, pk=pk)
    log_access(request.user, "read", "support", case.pk, now=now, region_code=case.claim.region_id, address=address_of(request))
    return render(request, "arrears/support/detail.html", {"case": case, "claim": case.claim, "page": SupportPage(case, request.user, today)})


@form_page
def support_prepare(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, today = clock()
    case = get_visible(SupportPage.rows(), request.user, today, pk=pk)
    known, defendant = mediated_of(case.claim), defendant_of(case.claim)
    form = PrepareForm(
        case, request.POST if request.method == "POST" else None, today=today, known=known is not None,
        identified=bool(defendant and defendant.legal_name and defendant.is_identified),
    )  # fmt: skip
    context = {"case": case, "claim": case.claim, "form": form, "known": known, "label": _("填写条件")}
    try:
        require(may_support(find(SUPPORT, "prepare"), case, request.user, today))
        if form.is_valid():
            said = dict(form.cleaned_data)
            kept = {name: getattr(case, name) for name in ("mediated_on", "mediated", "why_not_mediated", "told_apart")}
            verbs.prepare(case, request.user, now=now, **{**kept, "shape": ONE if case.claim.worker_count == 1 else case.shape, **said})
            messages.success(request, _("条件已保存。"))
            return redirect("support_detail", case.pk)
    except Refused as refusal:
        return render(request, "arrears/support/prepare.html", {**context, "refusal": refusal.message}, status=409)
    return render(request, "arrears/support/prepare.html", context)


@form_page
def support_workers(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who applies, and the paper they signed. While the case is being made some can be left out again."""
    now, today = clock()
    case = get_visible(SupportPage.rows(), request.user, today, pk=pk)
    claim = case.claim
    is_late = case.state not in SUPPORT.find("choose_workers").sources
    workers = claim.claimants.filter(same_as=None).annotate(owed=Coalesce(Sum("lines__unpaid"), Value(claim.claimed * 0)))
    applied = {str(pk) for pk in case.applicants.values_list("claimant", flat=True)}
    offered = offer(workers.exclude(pk__in=applied) if is_late else workers, request, "claimants")
    again = marked(request.POST, "claimants", offered)
    unsigned = {str(pk) for pk in case.applicants.filter(paper=None).values_list("claimant", flat=True)}
    fresh = {"claimants": [] if is_late else [str(one.pk) for one in offered.workers if not applied or str(one.pk) in unsigned], "signed_on": today}
    form = WorkersForm(
        claim, *((request.POST, request.FILES) if request.method == "POST" and again is None and request.POST.get("act") != LEAVE else ()), workers=offered.workers,
        representatives=Representative.objects.filter(claim=claim, ended_at=None).select_related("claimant"), initial=again or fresh,
    )  # fmt: skip
    context = {
        "case": case, "claim": claim, "form": form, "offered": offered, "is_late": is_late,
        "applied": [] if is_late else case.applicants.select_related("claimant", "paper")[:LISTED],
        "label": _("补报后来的劳动者") if is_late else _("选申请人和签字"),
    }  # fmt: skip
    try:
        require(may_support(find(SUPPORT, "join" if is_late else "choose_workers"), case, request.user, today))
        if request.POST.get("act") == LEAVE:
            number = verbs.leave_out(case, request.user, [one for one in map(read_id, request.POST.getlist("leaving")) if one], now=now)
            messages.success(request, _("%(count)s 名劳动者不再申请。") % {"count": number})
            return redirect("support_workers", case.pk)
        if again is None and form.is_valid():
            return applied_for(request, case, form.cleaned_data, now)
    except Refused as refusal:
        return render(request, "arrears/support/workers.html", {**context, "refusal": refusal.message}, status=409)
    return render(request, "arrears/support/workers.html", context)


@form_page
def support_leave(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Some of those who applied withdraw; everybody at once withdraws the application."""
    now, today = clock()
    case = get_visible(SupportPage.rows(), request.user, today, pk=pk)
    applying = case.claim.claimants.filter(pk__in=case.applicants.values("claimant"))
    offered = offer(applying, request, "claimants")
    form = LeaveForm(request.POST if request.method == "POST" else None, workers=offered.workers)
    context = {"case": case, "claim": case.claim, "form": form, "offered": offered, "label": _("部分劳动者撤回")}
    try:
        require(may_support(find(SUPPORT, "leave"), case, request.user, today))
        if form.is_valid():
            number = verbs.leave_out(case, request.user, form.cleaned_data["claimants"], now=now, reason=form.cleaned_data["reason"])
            messages.success(request, _("%(count)s 名劳动者不再申请。") % {"count": number})
            return redirect("support_detail", case.pk)
    except Refused as refusal:
        return render(request, "arrears/support/leave.html", {**context, "refusal": refusal.message}, status=409)
    return render(request, "arrears/support/leave.html", context)


def applied_for(request: HttpRequest, case: SupportCase, said: dict[str, Any], now: datetime) -> HttpResponse:
    paper = said["paper"] or (kept(case.claim, said["signature"], request, now) if said.get("signature") else None)
    number = verbs.apply_for(
        case, request.user, said["claimants"], now=now, signed_on=said["signed_on"], paper=paper,
        via=UUID(said["via"]) if said.get("via") else None,
    )  # fmt: skip
    messages.success(request, _("已登记 %(count)s 名劳动者申请支持起诉。") % {"count": number})
    return redirect("support_detail", case.pk)


def kept(claim: Claim, upload: Any, request: HttpRequest, now: datetime) -> Evidence:
    """The same sheet again is the file that is there."""
    try:
        return add_evidence(claim, upload, request.user, now=now, kind="signature", title=_("支持起诉申请书（签字）"))
    except Refused as refusal:
        if refusal.code != "same_file":
            raise
        return Evidence.objects.get(claim=claim, sha256=sha256_of(upload))


@form_page
def support_choose(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, today = clock()
    case = get_visible(SupportPage.rows(), request.user, today, pk=pk)
    form = ChooseForm(case, request.POST if request.method == "POST" else None)
    chosen_rows = [SupporterRow(row) for row in case.supporters.select_related("body", "referral")]
    context = {"case": case, "claim": case.claim, "form": form, "supporters": chosen_rows, "label": _("选支持单位")}
    try:
        require(may_support(find(SUPPORT, "choose"), case, request.user, today))
        if form.is_valid():
            supporting.choose(case, request.user, **form.cleaned_data, now=now)
            messages.success(request, _("已选%(body)s。") % {"body": form.cleaned_data["body"]})
            return redirect("support_detail", case.pk)
    except Refused as refusal:
        return render(request, "arrears/support/choose.html", {**context, "refusal": refusal.message}, status=409)
    return render(request, "arrears/support/choose.html", context)


@require_POST
def support_drop(request: HttpRequest, pk: UUID, row: UUID) -> HttpResponse:
    now, today = clock()
    case = get_visible(SupportPage.rows(), request.user, today, pk=pk)
    supporter = get_object_or_404(Supporting.objects.select_related("body"), pk=row, case=case)
    try:
        supporting.drop(case, request.user, supporter, now=now)
        messages.success(request, _("已删去%(body)s。") % {"body": supporter.body})
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("support_choose", case.pk)


@form_page
def support_move(request: HttpRequest, pk: UUID, name: str) -> HttpResponse:
    now, today = clock()
    move = move_or_404(name)
    case = get_visible(SupportPage.rows(), request.user, today, pk=pk)
    form = MoveForm(move, request.POST if request.method == "POST" else None)
    page = SupportPage(case, request.user, today)
    context = {"case": case, "claim": case.claim, "form": form, "move": move, "page": page, "is_opinion": case.state in WAITING}
    try:
        require(may_support(move, case, request.user, today))
        if form.is_valid():
            verbs.advance(case, move.name, request.user, now=now, **form.cleaned_data)
            messages.success(request, _("已完成：%(move)s") % {"move": _(move.label)})
            return redirect("support_detail", case.pk)
    except Refused as refusal:
        return render(request, "arrears/support/move.html", {**context, "refusal": refusal.message}, status=409)
    return render(request, "arrears/support/move.html", context)


def move_or_404(name: str) -> Move:
    move = SUPPORT.find(name)
    if move is None or not move.sources or move.is_automatic or move.is_own_page:
        raise Http404
    return move


def look(request: HttpRequest, claim: Claim, now: datetime) -> None:
    log_access(request.user, "read", "claim", claim.pk, now=now, region_code=claim.region_id, address=address_of(request))
