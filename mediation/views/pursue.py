"""A promise was broken: what will be made is shown, and one press makes it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from arrears.forms.moves import MoveForm
from arrears.lifecycle import CLAIM
from arrears.papers.answering import Asked
from arrears.papers.issuing import MOVE
from arrears.permits import find, may, require
from arrears.views.asking import address_of, clock
from grid.access import log_access
from grid.refused import Refused
from mediation.pursuing.finding import Pursuit
from mediation.pursuing.verbs import press
from mediation.views.paying import agreed_or_404


@require_http_methods(["GET", "HEAD", "POST"])
def agreement_pursue(request: HttpRequest, pk: UUID) -> HttpResponse:
    """POST makes the paper and hands on the next step; what is missing is asked here, and nothing that was typed is lost."""
    now, today = clock()
    mediation = agreed_or_404(request, pk, today)
    claim, agreement = mediation.claim, mediation.agreement
    agreement.mediation = mediation
    context: dict[str, Any] = {"mediation": mediation, "claim": claim, "agreement": agreement}
    status, is_post = 200, request.method == "POST"
    way = (request.POST if is_post else request.GET).get("way", "")
    try:
        require(may(find(CLAIM, MOVE), claim, request.user, today))
        found = context["found"] = Pursuit(agreement, claim, today, way)
        form = context["form"] = MoveForm(Asked(found.missing), request.POST if is_post else None)
        if is_post and form.is_valid():
            pressed = press(agreement, request.user, now=now, way=found.way.name, typed=form.cleaned_data)
            said = _("已制作 %(number)s；下一步已列入待办，%(day)s 前交到法院。") if pressed.is_new else _("%(number)s 已经制作过，没有重复制作；请在 %(day)s 前交到法院。")
            messages.success(request, said % {"number": pressed.paper.number, "day": pressed.due_on})
            return redirect("paper_detail", pressed.paper.pk)
        status = 422 if is_post else 200
    except Refused as refused:
        context["refusal"], status = refused.message, 409
    if not is_post:
        log_access(request.user, "read", "mediation", mediation.pk, now=now, region_code=claim.region_id, address=address_of(request))
    return render(request, "mediation/paying/pursue.html", context, status=status)
