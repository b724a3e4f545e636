"""The worker's own page, without an account. A right answer gives a signed cookie for half an hour, for these pages only."""

from collections.abc import Callable
from functools import wraps
from time import monotonic
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from redis.exceptions import RedisError

from arrears.forms.track import TrackForm
from arrears.models import Report
from arrears.models.reports import ACCEPTED
from arrears.reports.page import ReporterPage
from arrears.supervision import nudges
from arrears.views.asking import address_of, clock
from arrears.worker import tracking
from arrears.worker.page import TrackPage
from arrears.worker.tracking import Visitor
from grid.refused import Refused

COOKIE, LASTS = "xinan_track", 1800  # seconds
TOO_MANY, UNAVAILABLE = 429, 503


def public(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Open to everybody, kept by nobody: neither caches nor search engines."""

    @wraps(view)
    def unlisted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return login_not_required(never_cache(unlisted))


@sensitive_post_parameters("secret")
@public
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    now, today = clock()
    if request.method == "POST":
        return sign_in(request)
    visitor = visitor_of(request)
    if visitor is None:
        return render(request, "arrears/track/form.html", {"form": TrackForm()})
    if visitor.claim is None:
        page = ReporterPage(visitor.report, today)
        return render(request, "arrears/track/report.html", {"report": visitor.report, "page": page})
    return render(request, "arrears/track/case.html", {"claim": visitor.claim, "page": TrackPage(visitor, today)})


def sign_in(request: HttpRequest) -> HttpResponse:
    form = TrackForm(request.POST)
    if not form.is_valid():
        return render(request, "arrears/track/form.html", {"form": form})
    keys = tracking.keys_of(form.cleaned_data["number"], address_of(request))
    try:
        has_tries = tracking.begin_try(keys)
    except RedisError:  # nobody counts: then nobody guesses
        form.add_error(None, _("查询暂时不能使用，请过几分钟再试，或者联系登记的乡镇（街道）。"))
        return render(request, "arrears/track/form.html", {"form": form}, status=UNAVAILABLE)
    if not has_tries:
        form.add_error(None, _("输错的次数太多，请一小时以后再试，或者联系登记的乡镇（街道）。"))
        return render(request, "arrears/track/form.html", {"form": form}, status=TOO_MANY)
    begun = monotonic()
    visitor = tracking.find(form.cleaned_data["number"], form.cleaned_data["secret"])
    if visitor is None:
        tracking.wait_out(begun)
        form.add_error(None, _("查询号和手机号后四位（或者纸条上的密码、身份证号）对不上，请核对后再试。"))
        return render(request, "arrears/track/form.html", {"form": form})
    tracking.forgive(keys)
    return remember(redirect("track"), visitor)


def remember(response: HttpResponse, visitor: Visitor) -> HttpResponse:
    known = f"report:{visitor.report.pk}" if visitor.report else f"{visitor.claim.pk}:{visitor.claimant.pk if visitor.claimant else ''}"
    response.set_signed_cookie(
        COOKIE, known, max_age=LASTS, path=reverse("track"), httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    return response


def visitor_of(request: HttpRequest) -> Visitor | None:
    try:
        claim_id, _colon, claimant_id = request.get_signed_cookie(COOKIE, max_age=LASTS).partition(":")
    except (KeyError, BadSignature):  # none, too old, or made up
        return None
    if claim_id == "report":
        return visitor_of_report(claimant_id)
    return tracking.visitor_again(claim_id, claimant_id)


def visitor_of_report(pk: str) -> Visitor | None:
    """Once it is a claim of its own, on the page of that."""
    report = Report.objects.select_related("region", "claim__region").filter(pk=pk).first()
    if report and report.state == ACCEPTED:
        return Visitor(report.claim, tracking.only_one(report.claim))
    return Visitor(None, None, report) if report else None


@public
@require_POST
def track_nudge(request: HttpRequest) -> HttpResponse:
    visitor = visitor_of(request)
    if visitor is None or visitor.claim is None:
        messages.warning(request, _("查询已经过期，请重新输入查询号。"))
        return redirect("track")
    try:
        nudges.nudge(tracking.course(visitor.claim, visitor.claimant)[-1], None, now=clock()[0])
        messages.success(request, _("已经催办，承办人和负责人会收到提醒。"))
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("track")


@public
@require_POST
def track_leave(request: HttpRequest) -> HttpResponse:
    response = redirect("track")
    response.delete_cookie(COOKIE, path=reverse("track"))
    return response
