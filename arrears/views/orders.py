"""Supervision orders: the list, the page of one, its paper, its moves, and issuing one."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from arrears.calendars import calendar_now
from arrears.forms.moves import MoveForm
from arrears.forms.orders import OrderForm, reply_day
from arrears.lifecycle import ORDER
from arrears.looked_at import ORDER as AN_ORDER
from arrears.models import Claim, Order
from arrears.moves import Move
from arrears.permits import require
from arrears.supervision import orders
from arrears.supervision.filter import MINE, REVIEW, SHOWS, OrderFilter
from arrears.supervision.page import OrderPage
from arrears.supervision.permits import may_order
from arrears.supervision.rows import rows_of, title_of
from arrears.views.asking import address_of, clock
from grid.access import log_access
from grid.paging import AFTER, BEFORE, address, count, page_of, without_place
from grid.refused import Refused
from grid.scope import get_visible

form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def order_list(request: HttpRequest) -> HttpResponse:
    now, today = clock()
    asked = OrderFilter(request.GET, Order.objects.visible_to(request.user, today), person=request.user, today=today)
    page = page_of(asked.rows.for_list(), asked.order, request.GET)
    context = {
        "filter": asked,
        "rows": rows_of(page.rows, today, calendar_now()),
        "count": count(asked.rows),
        "tabs": [(name, SHOWS[name], query_with(request, show=name)) for name in tabs_for(request.user.scope(today).roles)],
        "newer": address(request.GET, BEFORE, page.before),
        "older": address(request.GET, AFTER, page.after),
        "is_asked": bool(without_place(request.GET)),
    }
    return render(request, "arrears/order/list.html", context)


# Only whoever can be ordered has something to answer, only whoever orders has something to review.
TAB_ROLES = {MINE: ORDER.find("reply").roles, REVIEW: ORDER.find("accept").roles}


def tabs_for(roles: frozenset[str]) -> list[str]:
    return [name for name in SHOWS if roles & set(TAB_ROLES.get(name, roles))]


def query_with(request: HttpRequest, **changes: str) -> str:
    asked = without_place(request.GET)
    for name, value in changes.items():
        asked[name] = value
    return f"?{asked.urlencode()}"


@require_safe
def order_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    return show(request, pk, "arrears/order/detail.html")


@require_safe
def order_print(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The order as an official paper, A4."""
    return show(request, pk, "arrears/order/paper.html")


def show(request: HttpRequest, pk: UUID, template: str) -> HttpResponse:
    now, today = clock()
    order = get_visible(OrderPage.rows(), request.user, today, pk=pk)
    log_look(request, order, now)
    return render(request, template, {"order": order, "claim": order.claim, "page": OrderPage(order, request.user, today)})


def log_look(request: HttpRequest, order: Order, now: datetime) -> None:
    log_access(
        request.user, "read", AN_ORDER, order.pk, now=now, region_code=order.claim.region_id, address=address_of(request)
    )


@form_page
def order_move(request: HttpRequest, pk: UUID, name: str) -> HttpResponse:
    now, today = clock()
    move = move_or_404(name)
    order = get_visible(Order.objects.for_list(), request.user, today, pk=pk)
    form = MoveForm(move, request.POST if request.method == "POST" else None, initial={"reply_by": reply_day(today)})
    context = {"order": order, "title": title_of(order), "form": form, "move": move}
    try:
        require(may_order(move, order, request.user, today))
        if form.is_valid():
            orders.advance(order, move.name, request.user, now=now, **form.cleaned_data)
            messages.success(request, _("已完成：%(move)s") % {"move": _(move.label)})
            return redirect("order_detail", order.pk)
    except Refused as refusal:
        return render(request, "arrears/order/move.html", {**context, "refusal": refusal.message}, status=409)
    return render(request, "arrears/order/move.html", context)


def move_or_404(name: str) -> Move:
    move = ORDER.find(name)
    if move is None or not move.sources or move.is_automatic:
        raise Http404
    return move


@form_page
def claim_order(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, today = clock()
    claim = get_visible(Claim.objects.select_related("region"), request.user, today, pk=pk)
    try:
        levels, empty = orders.levels_for(claim, request.user, today)
    except Refused as refusal:
        return render(request, "arrears/order/new.html", {"claim": claim, "refusal": refusal.message}, status=409)
    form = OrderForm(claim, levels, today, request.POST if request.method == "POST" else None, vacant=empty)
    try:
        if form.is_valid():
            return issue(request, claim, form.cleaned_data, now)
    except Refused as refusal:
        return render(request, "arrears/order/new.html", {"claim": claim, "form": form, "refusal": refusal.message}, status=409)
    return render(request, "arrears/order/new.html", {"claim": claim, "form": form})


def issue(request: HttpRequest, claim: Claim, said: dict[str, Any], now: datetime) -> HttpResponse:
    order = orders.issue(claim, request.user, now=now, **said)
    messages.success(request, _("已下达督办单 %(number)s，请留意签收和回复。") % {"number": order.number})
    return redirect("order_detail", order.pk)
