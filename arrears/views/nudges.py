"""催办: from the page of a claim or from a row of a list."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from arrears.forms.orders import NudgeForm
from arrears.models import Claim
from arrears.permits import require
from arrears.supervision import nudges
from arrears.supervision.nudges import may_nudge
from arrears.views.asking import clock
from grid.refused import Refused
from grid.scope import get_visible


@require_http_methods(["GET", "HEAD", "POST"])
def claim_nudge(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, today = clock()
    claim = get_visible(Claim, request.user, today, pk=pk)
    form = NudgeForm(request.POST if request.method == "POST" else None)
    back = back_to(request, claim)
    context = {"claim": claim, "form": form, "back": back}
    try:
        require(may_nudge(claim, request.user, today))
        if form.is_valid():
            nudges.nudge(claim, request.user, now=now, **form.cleaned_data)
            messages.success(request, _("已催办 %(number)s，承办人会收到提醒。") % {"number": claim.number})
            return redirect(back)
    except Refused as refusal:
        return render(request, "arrears/nudge/form.html", {**context, "refusal": refusal.message}, status=409)
    return render(request, "arrears/nudge/form.html", context)


def back_to(request: HttpRequest, claim: Claim) -> str:
    """The list it was asked from, as it was; else the claim."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if is_ours else reverse("claim_detail", args=[claim.pk])
