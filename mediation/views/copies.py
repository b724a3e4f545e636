"""Handing a signed agreement to each side: on the spot, for all who are ticked, or begun for one that was signed before."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from arrears.views.asking import clock
from grid.refused import Refused
from grid.scope import get_visible
from mediation import handing
from mediation.forms.handing import HandForm
from mediation.models import Mediation


@require_POST
def agreement_copies(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, today = clock()
    mediation = get_visible(Mediation.objects.select_related("claim", "claim__region", "agreement"), request.user, today, pk=pk)
    agreement = getattr(mediation, "agreement", None)
    if agreement is None:
        raise Http404
    agreement.mediation = mediation
    form = HandForm(request.POST, request.FILES)
    try:
        if "start" in request.POST:
            handing.start(agreement, request.user, now=now)
            messages.success(request, _("已登记，请把协议书送交各方。"))
        elif not form.is_valid():
            messages.error(request, " ".join(error for errors in form.errors.values() for error in errors))
        elif "by" in request.POST and not form.cleaned_data["receipt"]:
            messages.error(request, _("请先拍下或者选择各方签收的照片。"))
        else:
            done = handing.hand_over(agreement, request.user, now=now, whom=ids_of(request), receipt=form.cleaned_data["receipt"])
            messages.success(request, ngettext("已登记 %(n)s 方当场签收。", "已登记 %(n)s 方当场签收。", done) % {"n": done})
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect(f"{reverse('mediation_detail', args=[pk])}#copies")


def ids_of(request: HttpRequest) -> list[UUID]:
    """What is no id is nobody's."""
    found = []
    for text in request.POST.getlist("who"):
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
