"""The page of a claim, and a worker's ID number behind it. Each look is logged."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_http_methods, require_safe

from arrears.casework import reveal_id_number
from arrears.claim_fetching import whole
from arrears.claim_page import ClaimPage, PeoplePage
from arrears.forms.reveal import RevealForm
from arrears.models import Claim
from arrears.views.asking import address_of, clock
from grid import paging
from grid.access import log_access
from grid.models import Notice
from grid.paging import Order, page_of
from grid.refused import Refused
from grid.scope import get_visible
from grid.views.inbox import Row as NoticeRow

ALERTS_SHOWN = 5
PEOPLE_AT_ONCE = 100


@require_safe
def claim_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, today = clock()
    claim = get_visible(whole(), request.user, today, pk=pk)
    log_access(
        request.user, "read", "claim", claim.pk, now=now, region_code=claim.region_id, address=address_of(request)
    )
    waiting = Notice.objects.inbox_of(request.user).awake(now).to_acknowledge().filter(subject_id=claim.pk)
    return render(request, "arrears/claim/detail.html", {
        "claim": claim,
        "page": ClaimPage(claim, request.user, today),
        "to_acknowledge": [NoticeRow.of(notice, now) for notice in waiting.order_by("ack_by", "id")[:ALERTS_SHOWN]],
    })  # fmt: skip


@require_safe
def claim_people(request: HttpRequest, pk: UUID) -> HttpResponse:
    """All workers of a claim with their lines, so many at a time."""
    now, today = clock()
    claim = get_visible(Claim, request.user, today, pk=pk)
    log_access(
        request.user, "read", "claim", claim.pk, now=now, region_code=claim.region_id, address=address_of(request)
    )
    found = page_of(claim.claimants.prefetch_related("lines"), Order("id"), request.GET, size=PEOPLE_AT_ONCE)
    return render(request, "arrears/claim/people.html", {
        "claim": claim, "page": PeoplePage(claim, request.user, today, found.rows),
        "newer": paging.address(request.GET, paging.BEFORE, found.before),
        "older": paging.address(request.GET, paging.AFTER, found.after),
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
def id_number_reveal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The whole ID number of one worker, for a reason that is logged. Shown once, on this answer only."""
    now, today = clock()
    claim = get_visible(Claim, request.user, today, claimants=pk)
    claimant = claim.claimants.get(pk=pk)
    form = RevealForm(request.POST or None)
    context = {"claim": claim, "claimant": claimant, "form": form}
    status = 200
    if form.is_valid():
        try:
            context["number"] = reveal_id_number(
                claimant, request.user, form.cleaned_data["reason"], now=now, address=address_of(request)
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
            status = 409
    response = render(request, "arrears/claim/id_number.html", context, status=status)
    add_never_cache_headers(response)
    return response
