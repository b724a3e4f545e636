"""反映欠薪: the public page, without an account. Sent once or twice, it is one report; its number is shown at once."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from redis.exceptions import RedisError

from arrears.forms.reports import PublicReportForm
from arrears.models import Report, Site
from arrears.reports.challenge import Challenge
from arrears.reports.limits import may_report
from arrears.reports.page import ReporterPage
from arrears.reports.receiving import check_files, receive
from arrears.views.asking import address_of, clock
from arrears.views.track import TOO_MANY, UNAVAILABLE, public, remember
from arrears.worker.slips import code_of_form
from arrears.worker.tracking import Visitor
from grid.refused import Refused

TRAPPED = 400


@sensitive_post_parameters("name", "phone", "story", "reach_note")
@public
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    return take(request, None)


@sensitive_post_parameters("name", "phone", "story", "reach_note")
@public
@require_http_methods(["GET", "HEAD", "POST"])
def report_site(request: HttpRequest, pk: UUID) -> HttpResponse:
    """From the notice on the board of a site: it is known where. Nothing is said that does not stand on the notice."""
    site = Site.objects.select_related("region").filter(pk=pk).first()
    if site is None:
        raise Http404
    return take(request, site)


def take(request: HttpRequest, site: Site | None) -> HttpResponse:
    now, _today = clock()
    if request.method != "POST":
        return show(request, PublicReportForm(Challenge.new(now), site), site)
    asked = Challenge.read(request.POST.get("token", ""), now)
    form = PublicReportForm(asked or Challenge.new(now), site, request.POST, request.FILES, is_new_question=asked is None)
    if asked and (known := Report.objects.filter(once=asked.once).first()):
        return thank(request, known)  # sent again
    if not form.is_valid():
        return show(request, form, site)
    if form.is_trapped:
        form.add_error("website", _("这一栏请留空。"))
        return show(request, form, site, status=TRAPPED)
    return keep(request, form, site, now)


def keep(request: HttpRequest, form: PublicReportForm, site: Site | None, now: datetime) -> HttpResponse:
    uploads = form.cleaned_data["files"]
    try:
        check_files(uploads)
        if not may_report(form.cleaned_data["phone"], address_of(request)):
            form.add_error(None, _("这个手机号或者网络提交的次数太多，请一小时以后再来，或者直接找乡镇（街道）。前面提交的都已经收到。"))
            return show(request, form, site, status=TOO_MANY)
        return thank(request, receive(form.said(), now=now, once=form.challenge.once, uploads=uploads))
    except Refused as refusal:
        form.add_error("files", refusal.message)
        return show(request, form, site)
    except RedisError:  # nobody counts: then nobody floods
        form.add_error(None, _("暂时不能提交，请过几分钟再试，或者直接找乡镇（街道）。"))
        return show(request, form, site, status=UNAVAILABLE)


def show(request: HttpRequest, form: PublicReportForm, site: Site | None, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "site": site}
    return render(request, "arrears/report/new.html", context, status=status)


def thank(request: HttpRequest, kept: Report) -> HttpResponse:
    """On to the page that follows it, which says the number. Who has no telephone is shown the code that opens it, here and
    nowhere else."""
    if kept.slip and kept.once:
        slip = {"number": kept.public_number, "code": code_of_form(kept.once), "report": kept, "place": ReporterPage(kept, clock()[1]).place}
        return remember(render(request, "arrears/report/kept.html", slip), Visitor(None, None, kept))
    return remember(redirect("track"), Visitor(None, None, kept))
