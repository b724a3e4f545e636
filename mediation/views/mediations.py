"""The list of mediations and the page of one."""

from uuid import UUID

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from arrears.calendars import calendar_now
from arrears.views.asking import address_of, clock, render_part
from grid.access import log_access
from grid.paging import AFTER, BEFORE, Order, page_of
from grid.scope import get_visible
from mediation.mediation_page import MediationPage
from mediation.mediation_rows import CONFLICTS, MONEY_DUE, NEW, TO_SCHEDULE, UNSERVED, UNSIGNED, asked_for, rows_of
from mediation.models import Hearing, Mediation

VIEWS = (
    ("open", _("在办")),
    (NEW, _("待受理")),
    (TO_SCHEDULE, _("待安排调解会")),
    (CONFLICTS, _("有冲突或者回避")),
    (UNSIGNED, _("协议待签署")),
    ("mine", _("我主持的")),
    ("agreed", _("已达成协议")),
    (UNSERVED, _("协议待送达")),
    (MONEY_DUE, _("分期到期")),
    ("failed", _("调解未成")),
)
SOONEST, LATEST = Order("due_on"), Order("ended_on", is_descending=True)


@require_safe
def mediation_list(request: HttpRequest) -> HttpResponse:
    now, today = clock()
    view = request.GET.get("view", "")
    view = view if view in dict(VIEWS) else "open"
    asked = request.GET.get("q", "").strip()
    rows = asked_for(Mediation.objects.visible_to(request.user, today), view, asked, request.user, today)
    live = Prefetch("hearings", Hearing.objects.live().select_related("room"), to_attr="to_come")
    page = page_of(rows.for_list().prefetch_related(live), LATEST if view in ("agreed", "failed", UNSERVED, MONEY_DUE) else SOONEST, request.GET)
    return render_part(request, "mediation/list/page.html", "mediation/list/_results.html", {
        "rows": rows_of(page.rows, today, calendar_now()), "view": view, "views": VIEWS, "q": asked,
        "before": address(request, BEFORE, page.before), "after": address(request, AFTER, page.after),
    })  # fmt: skip


def address(request: HttpRequest, way: str, place: str | None) -> str:
    """The list one page on, with everything else as it was asked."""
    if place is None:
        return ""
    params = request.GET.copy()
    for name in (AFTER, BEFORE):
        params.pop(name, None)
    params[way] = place
    return f"?{params.urlencode()}"


@require_safe
def mediation_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, today = clock()
    mediation = get_visible(MediationPage.rows(), request.user, today, pk=pk)
    log_access(
        request.user, "read", "mediation", mediation.pk, now=now, region_code=mediation.claim.region_id,
        address=address_of(request),
    )  # fmt: skip
    page = MediationPage(mediation, request.user, today)
    return render(request, "mediation/detail/page.html", {"mediation": mediation, "claim": mediation.claim, "page": page})
