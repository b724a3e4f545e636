"""The list of claims and its export. Both read ClaimFilter over visible_to, so that they hold the same rows."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_safe

from arrears.calendars import calendar_now
from arrears.claim_rows import rows_of
from arrears.duplicates.repeating import flagged
from arrears.export import CHUNK, csv_of
from arrears.filters import NEWEST, ClaimFilter
from arrears.groups.parts import in_groups, with_group
from arrears.intake import REGISTER
from arrears.models import Claim, Employer, Report, Site
from arrears.search import veiled
from arrears.sites.lists import containing
from arrears.views.asking import address_of, clock, render_part
from grid.access import log_access
from grid.models import Person
from grid.paging import AFTER, BEFORE, address, count, page_of, without_place

SHORTEST, PLACES = 2, 4


@require_safe
def claim_list(request: HttpRequest) -> HttpResponse:
    if (query := veiled(request.GET.get("q", ""))) != request.GET.get("q", "").strip():
        return redirect(f"{request.path}?{replaced(request.GET, q=query).urlencode()}")
    now, today = clock()
    asked = filter_of(request, today)
    page = page_of(with_group(asked.rows.for_list()), asked.order, request.GET)
    context = {
        "filter": asked,
        "chips": asked.chips(),
        "rows": flagged(in_groups(rows_of(page.rows, today, calendar_now(), request.user)), request.user, today),
        "count": count(asked.rows),
        "before": address(request.GET, BEFORE, page.before),
        "after": address(request.GET, AFTER, page.after),
        "query": asked_for(request).urlencode(),
        "views": quick_views(request),
        "places": places_named(query, request.user, today),
        "may_register": not request.user.scope(today).roles.isdisjoint(REGISTER.roles),
    }
    response = render_part(request, "arrears/claim/list.html", "arrears/claim/_list.html", context)
    if request.htmx:
        response["HX-Push-Url"] = f"{request.path}?{context['query']}".rstrip("?")  # without the fields left empty
    return response


def places_named(query: str, person: Person, today: date) -> list[dict[str, str]]:
    """Sites and employers of that name, and work orders of exactly that number, each with a page of its own. Short words would find too many to help."""
    if len(query) < SHORTEST or not person.scope(today).regions:
        return []
    found = []
    for rows, name, icon in ((Site.objects, "site_detail", "site"), (Employer.objects, "employer_detail", "company")):
        near = containing(rows.visible_to(person, today), query).order_by("name", "id")[:PLACES]
        found += [{"name": place.name, "url": reverse(name, args=[place.pk]), "icon": icon} for place in near]
    orders = Report.objects.visible_to(person, today).filter(external_number=query, source__isnull=False).select_related("source")
    return found + [
        {"name": f"{order.source.name} {order.external_number}", "url": reverse("report_detail", args=[order.pk]), "icon": "message"}
        for order in orders.order_by("-received_at", "-id")[:PLACES]
    ]


def replaced(params: QueryDict, **values: str) -> QueryDict:
    kept = params.copy()
    for name, value in values.items():
        kept[name] = value
    return kept


@require_safe
def claim_export(request: HttpRequest) -> HttpResponseBase:
    """Exactly the rows the list shows for the same address, all pages of it. Logged before the first row leaves."""
    now, today = clock()
    asked = filter_of(request, today)
    if not asked.is_valid():
        messages.error(request, _("筛选条件有误，没有导出。"))
        return redirect(f"{reverse('claim_list')}?{request.GET.urlencode()}")
    log_access(
        request.user, "export", "claims", None, now=now, region_code=request.user.scope(today).ground,
        reason=asked_for(request).urlencode()[:200], address=address_of(request),
    )  # fmt: skip
    claims = asked.rows.for_list().iterator(chunk_size=CHUNK)
    response = StreamingHttpResponse(csv_of(claims, today, get_language()), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="claims-{today:%Y%m%d}.csv"'
    return response


def filter_of(request: HttpRequest, today: date) -> ClaimFilter:
    return ClaimFilter(request.GET, Claim.objects.visible_to(request.user, today), request=request, today=today)


def asked_for(request: HttpRequest) -> QueryDict:
    """The question alone: no place in the list, no empty fields, not the order that is meant anyway."""
    asked = without_place(request.GET)
    if asked.get("sort") == NEWEST:
        del asked["sort"]
    return asked


QUICK = (
    (_lazy("全部"), {}),
    (_lazy("在办"), {"state": "open", "sort": "due"}),
    (_lazy("我经办的"), {"handler": "me", "state": "open", "sort": "due"}),
    (_lazy("已逾期"), {"due": "overdue", "sort": "due"}),
    (_lazy("已过内部目标"), {"due": "past_target", "sort": "due"}),
    (_lazy("三日内到期"), {"due": "near", "sort": "due"}),
    (_lazy("未指派"), {"handler": "nobody", "state": "open"}),
)


def quick_views(request: HttpRequest) -> list[dict[str, Any]]:
    """The questions asked most, as tabs; the one that is exactly asked now is marked."""
    asked = {name: value for name, value in asked_for(request).items()}
    return [{"label": label, "query": urlencode(query), "is_current": asked == query} for label, query in QUICK]
