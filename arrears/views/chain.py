"""For the auditor of a region: is a claim's history still what was written?"""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from arrears import chain
from arrears.models import Claim
from arrears.views.asking import clock
from grid.scope import get_visible


@require_safe
def claim_chain(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Checked now, on every visit. The last digest is the mark to note down: it vouches for every event before it."""
    _now, today = clock()
    claim = get_visible(Claim, request.user, today, pk=pk)
    if not request.user.scope(today).audits(claim.region_id):
        raise Http404
    broken = chain.check([claim.pk])
    last = claim.events.order_by("-seq").first()
    context = {
        "claim": claim, "broken": broken, "last": last, "count": claim.events.count(),
        "mark": bytes(last.digest).hex() if last else "",
    }  # fmt: skip
    return render(request, "arrears/claim/chain.html", context)
