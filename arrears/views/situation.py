"""What is known of a claim's situation, and what the law makes of it: who must pay, and which doors are open."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from arrears.forms.situation import SituationForm
from arrears.liability.page import LiabilityPage
from arrears.lifecycle import CLAIM
from arrears.models import Claim
from arrears.permits import find, may, require
from arrears.routes.page import DoorsPage
from arrears.situation.facts import TICKS
from arrears.situation.of_claim import known_of, rows
from arrears.situation.page import Tabs
from arrears.situation.recording import is_office, state_facts
from arrears.views.asking import address_of, clock
from grid.access import log_access
from grid.refused import Refused
from grid.scope import get_visible


@require_http_methods(["GET", "HEAD", "POST"])
def claim_state_facts(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, today = clock()
    claim = get_visible(rows(), request.user, today, pk=pk)
    known = known_of(claim, today)
    form = SituationForm(
        claim, known, request.POST if request.method == "POST" else None, today=today,
        is_office=is_office(claim, request.user, today),
    )  # fmt: skip
    refusal, status = "", 200
    try:
        require(may(find(CLAIM, "state_facts"), claim, request.user, today))
        if form.is_valid():
            state_facts(claim, request.user, form.said(), now=now)
            messages.success(request, _("情形已保存，清偿责任和维权途径已按此更新。"))
            return redirect("claim_liability", claim.pk)
    except Refused as refused:
        refusal, status = refused.message, 409
    shown = [TICKS[name] for name in TICKS if name in known]
    context = {"claim": claim, "form": form, "refusal": refusal, "known": shown, "tabs": Tabs(claim, "facts")}
    return render(request, "arrears/situation/facts.html", context, status=status)


@require_safe
def claim_liability(request: HttpRequest, pk: UUID) -> HttpResponse:
    claim, today = opened(request, pk)
    return show(request, claim, today, "liability", LiabilityPage(claim, today))


@require_safe
def claim_doors(request: HttpRequest, pk: UUID) -> HttpResponse:
    claim, today = opened(request, pk)
    return show(request, claim, today, "doors", DoorsPage(claim, request.user, today))


def opened(request: HttpRequest, pk: UUID) -> tuple[Claim, date]:
    """The claim, which is now on record as read."""
    now, today = clock()
    claim = get_visible(rows(), request.user, today, pk=pk)
    log_access(request.user, "read", "claim", claim.pk, now=now, region_code=claim.region_id, address=address_of(request))
    return claim, today


def show(request: HttpRequest, claim: Claim, today: date, name: str, page: LiabilityPage | DoorsPage) -> HttpResponse:
    may_state = bool(may(find(CLAIM, "state_facts"), claim, request.user, today))
    context = {"claim": claim, "page": page, "tabs": Tabs(claim, name, may_state), "may_state": may_state}
    return render(request, f"arrears/situation/{name}.html", context)
