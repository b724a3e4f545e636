"""Referrals: the list, the page of one, its moves, and handing part of a claim to a body."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from arrears import referrals
from arrears.calendars import calendar_now
from arrears.forms.moves import MoveForm
from arrears.forms.referrals import ReferForm, SupplementForm
from arrears.lifecycle import CLAIM, REFERRAL
from arrears.looked_at import REFERRAL as A_REFERRAL
from arrears.models import Claim, Referral
from arrears.moves import Move
from arrears.partners import supplements
from arrears.partners.chasing import MOST, chase, may_chase
from arrears.partners.figures import figures
from arrears.permits import find, may, may_refer, require
from arrears.referral_filter import SHOWS, ReferralFilter
from arrears.referral_page import ReferralPage
from arrears.referral_rows import rows_of, title_of
from arrears.supplement_page import NewsPage
from arrears.views.asking import address_of, clock
from grid.access import log_access
from grid.paging import AFTER, BEFORE, address, count, page_of, without_place
from grid.refused import Refused
from grid.roles import AUDITOR, CITY_SUPERVISOR, COUNTY_OFFICER
from grid.scope import get_visible, sees_region

BODY_TABS = ("open", "receive", "answer", "work", "late", "ended", "all")
OFFICE_TABS = ("open", "unanswered", "work", "supply", "ruling", "late", "ended", "all")

SUPERVISING = frozenset({COUNTY_OFFICER, CITY_SUPERVISOR, AUDITOR})

form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def referral_list(request: HttpRequest) -> HttpResponse:
    now, today = clock()
    asked = ReferralFilter(request.GET, Referral.objects.visible_to(request.user, today), today=today)
    page = page_of(asked.rows.for_list(), asked.order, request.GET)
    is_body = bool(request.user.scope(today).bodies)
    context = {
        "filter": asked,
        "rows": rows_of(page.rows, today, calendar_now()),
        "count": count(asked.rows),
        "tabs": [(name, SHOWS[name][0], query_with(request, show=name)) for name in (BODY_TABS if is_body else OFFICE_TABS)],
        "newer": address(request.GET, BEFORE, page.before),
        "older": address(request.GET, AFTER, page.after),
        "is_body": is_body,
        "may_figure": bool(request.user.scope(today).roles & SUPERVISING),
        "chased": {row.pk for row in page.rows if may_chase(row, request.user, today)},
    }
    return render(request, "arrears/referral/list.html", context)


@require_POST
def referral_chase(request: HttpRequest) -> HttpResponse:
    """Those that were ticked; what the person does not see is not there."""
    now, today = clock()
    ids = [pk for pk in request.POST.getlist("referral")[:MOST] if is_uuid(pk)]
    rows = Referral.objects.visible_to(request.user, today).filter(pk__in=ids).for_list().prefetch_related("links").order_by("pk")
    done = chase(rows, request.user, now=now)
    if done.reached:
        messages.success(request, ngettext("已催办 %(n)s 件。", "已催办 %(n)s 件。", len(done.reached)) % {"n": len(done.reached)})
    if done.too_soon:
        messages.warning(request, _("24 小时内已经催办过，没有重复催办：%(bodies)s") % {"bodies": names(done.too_soon)})
    if done.unreached:
        messages.error(request, _("没有人可以通知，请发一次性链接或者打电话：%(bodies)s") % {"bodies": names(done.unreached)})
    if not (done.reached or done.too_soon or done.unreached):
        messages.warning(request, _("没有选中可以催办的移送。"))
    return redirect(f"{reverse('referral_list')}?show=unanswered")


def names(rows: list[Referral]) -> str:
    return _("、").join(dict.fromkeys(row.body.name for row in rows))


def is_uuid(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False


@require_safe
def referral_figures(request: HttpRequest) -> HttpResponse:
    """For those who supervise bodies: how fast each receives and answers."""
    now, today = clock()
    if not request.user.scope(today).roles & SUPERVISING:
        raise Http404
    rows = figures(Referral.objects.visible_to(request.user, today), now, today)
    return render(request, "arrears/referral/figures.html", {"rows": rows})


def query_with(request: HttpRequest, **changes: str) -> str:
    asked = without_place(request.GET)
    for name, value in changes.items():
        asked[name] = value
    return f"?{asked.urlencode()}"


@require_safe
def referral_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, today = clock()
    referral = get_visible(ReferralPage.rows(), request.user, today, pk=pk)
    log_look(request, referral, now)
    page = ReferralPage(referral, request.user, today, request.GET.get("people", ""), request.GET.get("supplement", ""))
    return render(request, "arrears/referral/detail.html", {"referral": referral, "page": page})


def log_look(request: HttpRequest, referral: Referral, now: datetime) -> None:
    log_access(
        request.user, "read", A_REFERRAL, referral.pk, now=now, region_code=referral.claim.region_id,
        address=address_of(request),
    )  # fmt: skip


@form_page
def referral_move(request: HttpRequest, pk: UUID, name: str) -> HttpResponse:
    now, today = clock()
    move = move_or_404(name)
    referral = get_visible(Referral.objects.for_list(), request.user, today, pk=pk)
    if move.name in referrals.LATER:
        return redirect("referral_supplement", referral.pk)
    competent = referrals.competent_bodies(referral.claim, referral.kind).exclude(pk=referral.body_id)
    form = MoveForm(move, request.POST if request.method == "POST" else None, brought={"body": competent})
    context = {"referral": referral, "title": title_of(referral), "form": form, "move": move}
    try:
        require(may_refer(move, referral, request.user, today))
        if form.is_valid():
            referrals.advance(referral, move.name, request.user, now=now, **form.cleaned_data)
            messages.success(request, _("已完成：%(move)s") % {"move": _(move.label)})
            return redirect("referral_detail", referral.pk)
    except Refused as refusal:
        return render(request, "arrears/referral/move.html", {**context, "refusal": refusal.message}, status=409)
    return render(request, "arrears/referral/move.html", context)


@form_page
def referral_supplement(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What is sent later: a numbered supplement. What has changed meanwhile stands above the form."""
    now, today = clock()
    referral = get_visible(ReferralPage.rows(), request.user, today, pk=pk)
    move = find(REFERRAL, supplements.move_of(referral))
    if not sees_region(request.user, referral.claim.region_id, today):  # a body's own people: what was not shared stays with the claim
        raise Http404
    news = NewsPage(supplements.news_of(referral, today), referral)
    form = SupplementForm(referral, request.POST if request.method == "POST" else None, has_news=bool(news))
    context = {"referral": referral, "title": title_of(referral), "form": form, "move": move, "news": news}
    try:
        require(may_refer(move, referral, request.user, today))
        if form.is_valid():
            sent = supplements.send(referral, request.user, now=now, **form.said)
            messages.success(request, _("已发送第 %(number)s 次补充。") % {"number": sent.number})
            return redirect("referral_detail", referral.pk)
    except Refused as refusal:
        return render(request, "arrears/referral/supplement.html", {**context, "refusal": refusal.message}, status=409)
    return render(request, "arrears/referral/supplement.html", context)


def move_or_404(name: str) -> Move:
    move = REFERRAL.find(name)
    if move is None or not move.sources:
        raise Http404
    return move


@form_page
def claim_refer(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, today = clock()
    claim = get_visible(Claim.objects.select_related("region", "site"), request.user, today, pk=pk)
    form = ReferForm(claim, request.POST if request.method == "POST" else None, kind=request.GET.get("kind", ""))
    try:
        require(may(find(CLAIM, "refer"), claim, request.user, today))
        if form.is_valid():
            return refer(request, claim, form.cleaned_data, now)
    except Refused as refusal:
        context = {"claim": claim, "form": form, "refusal": refusal.message}
        return render(request, "arrears/referral/new.html", context, status=409)
    return render(request, "arrears/referral/new.html", {"claim": claim, "form": form})


def refer(request: HttpRequest, claim: Claim, said: dict[str, Any], now: datetime) -> HttpResponse:
    referral = referrals.refer(claim, request.user, now=now, **said)
    messages.success(request, _("已移送%(body)s，请留意签收和答复。") % {"body": referral.body.name})
    return redirect("referral_detail", referral.pk)
