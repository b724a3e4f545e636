"""群众反映: the inbox of reports, the page of one, what becomes of it, and the notice of a site with its code."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from arrears.calendars import calendar_now
from arrears.evidence_shown import ready
from arrears.evidence_types import IMAGE, KINDS
from arrears.forms.reports import AnswerSourceForm, DeclineForm, FindForm, JoinForm, ReopenForm, RouteForm
from arrears.models import Claim, Report, ReportFile, Site
from arrears.models.reports import WAITING
from arrears.models.sources import NONE
from arrears.permits import require
from arrears.reports import deciding
from arrears.reports.page import ReportPage
from arrears.reports.qr import drawn
from arrears.reports.rows import SHOWS, chosen, order_of, rows_of
from arrears.sources import promised
from arrears.sources.keeping import may_import_any
from arrears.views.asking import address_of, clock
from arrears.views.evidence import SANDBOX
from grid.access import log_access
from grid.paging import AFTER, BEFORE, address, count, page_of
from grid.refused import Refused
from grid.scope import get_visible

form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def report_list(request: HttpRequest) -> HttpResponse:
    now, today = clock()
    if not request.user.scope(today).regions:
        raise Http404
    show = request.GET.get("show", WAITING)
    show = show if show in SHOWS else WAITING
    finder = FindForm(request.GET)
    rows = chosen(finder.narrowed(Report.objects.visible_to(request.user, today)), show, today)
    page = page_of(rows.for_list(), order_of(show), request.GET)
    context = {
        "shown": show, "tabs": SHOWS.items(), "finder": finder, "imports": may_import_any(request.user, today), "rows": rows_of(page.rows, today, calendar_now()), "count": count(rows),
        "newer": address(request.GET, BEFORE, page.before), "older": address(request.GET, AFTER, page.after),
    }  # fmt: skip
    return render(request, "arrears/report/list.html", context)


@require_safe
def report_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, today = clock()
    found = get_visible(Report.objects.for_list().select_related("decided_by"), request.user, today, pk=pk)
    log_access(request.user, "read", "report", found.pk, now=now, region_code=found.region_id, address=address_of(request))
    return render(request, "arrears/report/detail.html", {"report": found, "page": ReportPage(found, request.user, today)})


@require_POST
def report_accept(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, today = clock()
    found = get_visible(Report, request.user, today, pk=pk)
    try:
        claim = deciding.accept(found, request.user, now=now)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("report_detail", found.pk)
    messages.success(request, _("已登记为案件 %(number)s，反映人说过的都已写入，请核对并补充。") % {"number": claim.number})
    return redirect("claim_detail", claim.pk)


@require_POST
def report_adopt(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Takes over what its source says now."""
    now, today = clock()
    found = get_visible(Report, request.user, today, pk=pk)
    try:
        deciding.adopt(found, request.user, now=now)
        messages.success(request, _("已采用来源更新的内容；原来的内容在办理经过里。"))
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("report_detail", found.pk)


@form_page
def report_reopen(request: HttpRequest, pk: UUID) -> HttpResponse:
    return decide(
        request, pk, lambda *_asked: ReopenForm, deciding.reopen, _("撤销“不登记”，重新处理"), _("已重新进入收件箱。"), may=deciding.may_reopen
    )


@form_page
def report_decline(request: HttpRequest, pk: UUID) -> HttpResponse:
    return decide(request, pk, lambda *_asked: DeclineForm, deciding.decline, _("不登记为案件"), _("已答复反映人。"))


@form_page
def report_answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    is_told = not Report.objects.filter(pk=pk, source__return_way=NONE).exists()
    done = _("已答复，来源单位会按约定的方式收到。") if is_told else _("已登记对来源单位的答复。")
    form = partial(AnswerSourceForm, is_told=is_told)
    return decide(request, pk, lambda *_asked: form, promised.answer, _("答复来源单位"), done, may=promised.may_answer)


@form_page
def report_route(request: HttpRequest, pk: UUID) -> HttpResponse:
    return decide(request, pk, lambda *_asked: RouteForm, deciding.route, _("转交其他乡镇（街道）"), _("已转交。"))


@form_page
def report_join(request: HttpRequest, pk: UUID) -> HttpResponse:
    def bound(person: Any, today: Any) -> Callable[..., JoinForm]:
        return lambda *data, **more: JoinForm(Claim.objects.visible_to(person, today), *data, **more)

    return decide(request, pk, bound, deciding.join, _("并入在办案件"), _("已并入案件，反映人会看到。"))


def decide(
    request: HttpRequest, pk: UUID, form_of: Callable[..., Callable[..., forms.Form]], verb: Callable[..., None], label: str, done: str,
    may: Callable[..., Any] = deciding.may_decide,
) -> HttpResponse:  # fmt: skip
    now, today = clock()
    found = get_visible(Report.objects.for_list(), request.user, today, pk=pk)
    asked = form_of(request.user, today)
    initial = {"claim": request.GET.get("claim", "")}
    form = asked(request.POST) if request.method == "POST" else asked(initial=initial)
    context = {"report": found, "form": form, "label": label}
    try:
        require(may(found, request.user, today))
        if form.is_bound and form.is_valid():
            verb(found, request.user, now=now, **form.cleaned_data)
            messages.success(request, done)
            is_still_seen = Report.objects.visible_to(request.user, today).filter(pk=found.pk).exists()
            return redirect("report_detail", found.pk) if is_still_seen else redirect("report_list")
    except Refused as refusal:
        return render(request, "arrears/report/decide.html", {**context, "refusal": refusal.message}, status=409)
    return render(request, "arrears/report/decide.html", context)


@require_safe
def report_file(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """As evidence is shown: a stranger's file can do nothing in the browser."""
    now, today = clock()
    file = ReportFile.objects.select_related("report").filter(pk=pk).first()
    if file is None or not Report.objects.visible_to(request.user, today).filter(pk=file.report_id).exists():
        raise Http404
    try:
        ready_for(file)
    except Refused as refusal:
        return render(request, "arrears/report/file_refused.html", {"report": file.report, "refusal": refusal.message}, status=409)
    log_access(
        request.user, "download", "report", file.report_id, now=now, region_code=file.report.region_id, address=address_of(request)
    )
    kind = KINDS[file.extension]
    way = "inline" if kind.family == IMAGE and kind.inline and may_open_here(file) else "attachment"
    response = FileResponse(file.file.open("rb"), content_type=file.mime)
    response["Content-Disposition"] = f'{way}; filename="report.{kind.ext}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SANDBOX
    response["Cache-Control"] = "private, no-store"
    return response


def ready_for(file: ReportFile) -> None:
    """A stranger's file opens for nobody before it was scanned, where there is a scanner. Raises Refused."""
    ready(file)
    if file.waits_for_scan:
        raise Refused("file_unscanned", _("这个文件还没有查毒，查毒完成后才能打开。系统每分钟重试一次，请稍后再来。"))


def may_open_here(file: ReportFile) -> bool:
    """In the browser only what the scanner found clean, or, where there is none, a picture (its bytes say so)."""
    return file.scan == "clean" or not settings.CLAMD_URL


@require_safe
def site_notice(request: HttpRequest, pk: UUID) -> HttpResponse:
    """For the notice board of the site, A4."""
    now, today = clock()
    site = get_visible(Site.objects.select_related("region"), request.user, today, pk=pk)
    url = settings.SITE_URL.rstrip("/") + reverse("report_site", args=[site.pk])
    return render(request, "arrears/report/notice.html", {"site": site, "url": url, "qr": drawn(url)})
