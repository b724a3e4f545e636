"""The draft of an agreement: one page, saved as it is written; and its signing."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from arrears.calendars import calendar_now
from arrears.views.asking import address_of, clock
from grid.access import log_access
from grid.refused import Refused
from grid.scope import get_visible
from mediation.drafting import verbs
from mediation.drafting.filling import FILLS
from mediation.drafting.page import DraftPage
from mediation.forms.draft import DraftForm, said_in
from mediation.models import Mediation

ROWS = Mediation.objects.select_related("claim", "claim__region", "mediator")


@require_http_methods(["GET", "HEAD", "POST"])
def mediation_draft(request: HttpRequest, pk: UUID) -> HttpResponse:
    """POST saves; `do` first lets the system write something: the chosen clauses, a plan by rule, the shares in proportion. `do`
    auto is the page saving by itself, answered with the new version."""
    now, today = clock()
    mediation = get_visible(ROWS, request.user, today, pk=pk)
    page = DraftPage(mediation, request.user, today)
    if request.method != "POST":
        log_access(request.user, "read", "mediation", mediation.pk, now=now, region_code=mediation.claim.region_id, address=address_of(request))
        return shown(request, page)
    said, do = said_in(request.POST, page.case.workers), request.POST.get("do", "")
    form = DraftForm(request.POST)
    form.is_valid()  # nothing of it is required; a version that is none is that of a page that showed no draft
    try:
        said = FILLS[do](mediation.claim, said, form.cleaned_data, calendar_now()) if do in FILLS else said
        draft = verbs.keep(mediation, said, request.user, now=now, version=form.cleaned_data.get("version") or 0)
    except Refused as refused:
        if do == "auto":
            return JsonResponse({"said": refused.message}, status=409)
        return shown(request, page.typed(said, form.cleaned_data), refused.message)
    if do == "auto":
        return JsonResponse({"version": draft.version, "said": _("已自动保存")})
    return redirect(f"{reverse('mediation_draft', args=[pk])}#{'findings' if do in ('', 'save') else 'after-fill'}")


def shown(request: HttpRequest, page: DraftPage, refusal: str = "") -> HttpResponse:
    context: dict[str, Any] = {"mediation": page.mediation, "claim": page.mediation.claim, "page": page, "refusal": refusal}
    return render(request, "mediation/draft/page.html", context, status=409 if refusal else 200)
