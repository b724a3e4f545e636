"""How a worker may be reached: for those who work on the case, who alone see the numbers."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from arrears import contacts
from arrears.forms.intake import ContactChangeForm
from arrears.models import Claim
from arrears.permits import claim_posts
from arrears.views.asking import clock
from arrears.worker import slips
from arrears.worker.notices import track_url
from grid.scope import get_visible


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def claimant_contact(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, today = clock()
    claim = get_visible(Claim, request.user, today, claimants=pk)
    if not claim_posts(claim, request.user, today):
        raise PermissionDenied
    claimant = claim.claimants.get(pk=pk)
    kept = {name: getattr(claimant, name) for name in ContactChangeForm.base_fields}
    form = ContactChangeForm(request.POST if request.method == "POST" else None, initial=kept)
    if form.is_valid():
        contacts.change(claimant, request.user, now=now, **form.cleaned_data)
        messages.success(request, _("%(name)s的联系方式已保存。") % {"name": claimant.name})
        return redirect(reverse("claim_detail", args=[claim.pk]) + "#claimants")
    return render(request, "arrears/claim/contact.html", {"claim": claim, "claimant": claimant, "form": form})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def claimant_slip(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A paper for a worker without a telephone. The code is in this one answer and nowhere else."""
    now, today = clock()
    claim = get_visible(Claim.objects.select_related("region"), request.user, today, claimants=pk)
    claimant = claim.claimants.select_related("claim", "registered_in").get(pk=pk)
    if not slips.may_give(claimant, request.user, today):
        raise PermissionDenied
    context = {"claim": claim, "claimant": claimant}
    if request.method == "POST":
        context |= {
            "code": slips.give(claimant, request.user, now=now), "number": claimant.query_number, "track_url": track_url(),
            "place": claim.region.full_name.rsplit(settings.CITY_NAME, 1)[-1],
        }  # fmt: skip
    return render(request, "arrears/claim/slip.html", context)
