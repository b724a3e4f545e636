"""补充登记: what the short intake left out, and what was written wrong."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from arrears.completing.fields import named
from arrears.completing.slots import Record
from arrears.completing.verbs import MOVE, complete
from arrears.forms.completing import CompletionForm
from arrears.lifecycle import CLAIM
from arrears.models import Claim
from arrears.permits import find, may, require
from arrears.views.asking import address_of, clock
from grid.access import log_access
from grid.refused import Refused
from grid.scope import get_visible


def asked_for(request: HttpRequest) -> UUID | None:
    """One worker of many: ?worker="""
    try:
        return UUID(request.GET["worker"]) if "worker" in request.GET else None
    except ValueError:
        raise Http404 from None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def claim_complete(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, today = clock()
    claim = get_visible(Claim.objects.select_related("site", "region").prefetch_related("respondents"), request.user, today, pk=pk)
    context = {"claim": claim}
    try:
        require(may(find(CLAIM, MOVE), claim, request.user, today))  # whoever may not, does not see the numbers either
        record = Record(claim, asked_for(request))
        form = CompletionForm(record, request.POST if request.method == "POST" else None, today=today)
        context |= {"form": form, "record": record}
        if form.is_valid():
            done = complete(claim, request.user, form.words(), now=now)
            said = _("、").join(dict.fromkeys(_(named(word.name)) for word in done))
            messages.success(request, _("已补充：%(fields)s。") % {"fields": said} if done else _("与已登记的内容相同，没有改动。"))
            return redirect("claim_detail", claim.pk)
        if record.worker and not record.workers:
            raise Http404
    except Refused as refusal:
        return render(request, "arrears/completing/page.html", {**context, "refusal": refusal.message}, status=409)
    if request.method != "POST":
        log_access(request.user, "read", "claim", claim.pk, now=now, region_code=claim.region_id, address=address_of(request))
    return render(request, "arrears/completing/page.html", context)
