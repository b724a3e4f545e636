"""For whoever sent a referral to a body without accounts: making a link, showing it once, revoking it; and writing down an
answer that came on paper."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from arrears.forms.replies import LinkForm, PaperForm
from arrears.lifecycle import REFERRAL
from arrears.models import Referral
from arrears.models.links import TOLD
from arrears.partners import link_answers, links
from arrears.partners.answering import may_answer, may_record, outside_moves
from arrears.permits import require
from arrears.referral_rows import title_of
from arrears.views.asking import clock
from grid.refused import Refused
from grid.scope import get_visible

form_page = require_http_methods(["GET", "HEAD", "POST"])


def referral_or_404(request: HttpRequest, pk: UUID) -> Referral:
    rows = Referral.objects.for_list().select_related("sent_by", "followed_by")
    return get_visible(rows, request.user, clock()[1], pk=pk)


@never_cache
@form_page
def referral_link(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The answer shows link and code this once; afterwards nobody sees them again."""
    now, today = clock()
    referral = referral_or_404(request, pk)
    form = LinkForm(referral, request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"referral": referral, "title": title_of(referral), "form": form}
    try:
        require(may_record(referral, request.user, today))
        if form.is_valid():
            link = links.issue(referral, request.user, now=now, **form.cleaned_data)
            url = settings.SITE_URL.rstrip("/") + links.path_of(link)
            shown = {"url": url, "code": links.code_of(link) if link.code_way == TOLD else ""}
            return render(request, "arrears/referral/link_made.html", {**context, "link": link, **shown})
    except Refused as refusal:
        return render(request, "arrears/referral/link.html", {**context, "refusal": refusal.message}, status=409)
    return render(request, "arrears/referral/link.html", context)


@require_POST
def referral_link_revoke(request: HttpRequest, pk: UUID, link: UUID) -> HttpResponse:
    referral = referral_or_404(request, pk)
    row = get_object_or_404(referral.links.select_related("referral__claim", "referral__body"), pk=link)
    try:
        links.revoke(row, request.user, now=clock()[0])
        messages.success(request, _("链接已作废。"))
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("referral_detail", referral.pk)


@form_page
def referral_paper(request: HttpRequest, pk: UUID, name: str = "") -> HttpResponse:
    """First which answer it is, then the answer."""
    now, today = clock()
    referral = referral_or_404(request, pk)
    context: dict[str, Any] = {"referral": referral, "title": title_of(referral)}
    try:
        require(may_record(referral, request.user, today))
        if not name:
            return render(request, "arrears/referral/paper_choice.html", {**context, "moves": outside_moves(referral)})
        move = REFERRAL.find(name)
        if move is None or not move.sources:
            raise Http404
        require(may_answer(move, referral))
        posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
        form = PaperForm(move, *posted, today=today)
        context |= {"form": form, "move": move}
        if form.is_valid():
            said = form.cleaned_data
            link_answers.record_paper(
                referral, move.name, request.user, now=now, on=said["paper_on"], scan=said["scan"], **form.who, **form.answers
            )
            messages.success(request, _("已登记%(body)s的书面答复。") % {"body": referral.body.name})
            return redirect("referral_detail", referral.pk)
    except Refused as refusal:
        return render(request, "arrears/referral/paper.html", {**context, "refusal": refusal.message}, status=409)
    return render(request, "arrears/referral/paper.html", context)
