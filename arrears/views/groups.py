"""拆案: choosing whose complaint goes on by itself."""

from decimal import Decimal
from uuid import UUID

from django.contrib import messages
from django.db.models import Sum, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from arrears.forms.groups import SplitForm
from arrears.groups import splitting
from arrears.lifecycle import CLAIM
from arrears.models import Claim
from arrears.permits import find, may, require
from arrears.views.asking import clock
from grid.refused import Refused
from grid.scope import get_visible


@require_http_methods(["GET", "POST"])
def claim_split(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, today = clock()
    claim, move = get_visible(Claim, request.user, today, pk=pk), find(CLAIM, splitting.MOVE)
    owed = Coalesce(Sum("lines__unpaid"), Value(Decimal(0)))
    form = SplitForm(request.POST or None, workers=claim.claimants.filter(same_as=None).annotate(owed=owed))
    context, status = {"claim": claim, "move": move, "form": form, "is_alone": claim.claimants.count() < 2}, 200
    try:
        require(may(move, claim, request.user, today))
        if form.is_valid():
            new = splitting.split(claim, request.user, form.cleaned_data["claimants"], form.cleaned_data["reason"], now=now)
            messages.success(request, _("已另立案件 %(number)s。") % {"number": new.number})
            return redirect("claim_detail", new.pk)
    except Refused as refusal:
        context["refusal"], status = refusal.message, 409
    return render(request, "arrears/group/split.html", context, status=status)
