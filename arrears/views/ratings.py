"""评价: how workers rated what was done, by region and month; the low marks somebody has to look at; and the public figures."""

import logging
from datetime import date
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from redis.exceptions import RedisError

from arrears.forms.objections import LookForm
from arrears.lifecycle import SUPERVISORS
from arrears.models import Rating
from arrears.models.saying import LOW
from arrears.permits import Denied
from arrears.ratings import figures, verbs
from arrears.views.asking import address_of, clock
from arrears.views.track import public
from grid.access import log_access
from grid.refused import Refused
from grid.regions import WIDTHS
from grid.roles import AUDITOR
from grid.scope import COLUMNS, get_visible

READERS = frozenset({*SUPERVISORS, AUDITOR})
LOW_SHOWN = 50
KEPT = 600  # seconds

logger = logging.getLogger(__name__)


@require_safe
def rating_overview(request: HttpRequest) -> HttpResponse:
    now, today = clock()
    scope = request.user.scope(today)
    if not READERS & scope.roles:
        raise Http404
    seen = Rating.objects.visible_to(request.user, today)
    month = month_asked(request)
    first = month or figures.month_start(today, figures.MONTHS - 1)
    rows = seen.filter(rated_on__gte=first, **({"rated_on__lt": figures.month_start(month, -1)} if month else {}))
    below = WIDTHS["county"] if len(scope.ground) <= WIDTHS["city"] else WIDTHS["township"]
    context = {
        "regions": figures.by_region(rows, COLUMNS[below]), "months": figures.by_month(seen.filter(rated_on__gte=figures.month_start(today, figures.MONTHS - 1))),
        "month": f"{month:%Y-%m}" if month else "", "to_look": low_of(seen.filter(looked_at=None)), "looked": low_of(rows.exclude(looked_at=None)),
        "may_look": not scope.roles.isdisjoint(SUPERVISORS),
    }  # fmt: skip
    return render(request, "arrears/rating/overview.html", context)


def low_of(rows: QuerySet[Rating]) -> list[Rating]:
    found = rows.filter(stars__lte=LOW).select_related("claim__region", "event", "looked_by", "handler")
    return list(found.order_by("-rated_on", "-id")[:LOW_SHOWN])


def month_asked(request: HttpRequest) -> date | None:
    try:
        return date.fromisoformat(f"{request.GET.get('month', '')}-01")
    except ValueError:
        return None


@require_http_methods(["GET", "HEAD", "POST"])
def rating_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, today = clock()
    rows = Rating.objects.select_related("claim__region", "event", "handler", "looked_by")
    rating = get_visible(rows, request.user, today, pk=pk)
    may = verbs.may_look(rating, request.user, today)
    form, refusal = LookForm(request.POST if request.method == "POST" else None), ""
    if form.is_valid():
        try:
            verbs.look(rating, request.user, now=now, **form.cleaned_data)
            messages.success(request, _("已经记下回看情况。"))
            return redirect("rating_detail", pk)
        except Refused as refused:
            refusal = refused.message
    claim = rating.claim
    log_access(request.user, "read", "claim", claim.pk, now=now, region_code=claim.region_id, address=address_of(request))
    context = {
        "rating": rating, "claim": claim, "form": form, "may": bool(may), "refusal": refusal,
        "why_not": may.message if isinstance(may, Denied) and rating.is_low and not rating.looked_at else "",
    }  # fmt: skip
    return render(request, "arrears/rating/detail.html", context, status=409 if refusal else 200)


@public
@require_safe
def public_figures(request: HttpRequest) -> HttpResponse:
    """Whole months that are over; counted at most once in ten minutes, however many look."""
    _now, today = clock()
    key = f"figures:{settings.CITY_CODE}:{today.isoformat()}"
    try:
        shown = cache.get(key)
    except RedisError:
        logger.warning("nobody keeps the public figures, they are counted anew")
        return figures_page(request, figures.public(settings.CITY_CODE, today))
    if shown is None:
        shown = figures.public(settings.CITY_CODE, today)
        cache.set(key, shown, KEPT)
    return figures_page(request, shown)


def figures_page(request: HttpRequest, shown: figures.Public) -> HttpResponse:
    return render(request, "arrears/results/page.html", {"figures": shown, "fewest": figures.FEWEST})
