"""拆案: choosing whose complaint goes on by itself. 代表人: whom they chose, and who let them do what."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from django.contrib import messages
from django.db.models import Sum, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from arrears.forms.groups import AuthoriseForm, ChooseForm, SplitForm
from arrears.groups import representing, splitting
from arrears.groups.choosing import LISTED, marked, offer
from arrears.groups.law import GENERAL
from arrears.groups.standing_for import Group
from arrears.lifecycle import CLAIM
from arrears.models import Claim
from arrears.permits import find, may, require
from arrears.views.asking import clock
from grid.refused import Refused
from grid.scope import get_visible

CHOOSE, AUTHORISE = "choose", "authorise"


@require_http_methods(["GET", "POST"])
def claim_split(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, today = clock()
    claim, move = get_visible(Claim, request.user, today, pk=pk), find(CLAIM, splitting.MOVE)
    owed = Coalesce(Sum("lines__unpaid"), Value(Decimal(0)))
    offered = offer(claim.claimants.filter(same_as=None).annotate(owed=owed), request, "claimants")
    again = marked(request.POST, "claimants", offered)
    form = SplitForm(request.POST if request.POST and again is None else None, workers=offered.workers, initial=again)
    context, status = {"claim": claim, "move": move, "form": form, "offered": offered, "is_alone": offered.of < 2}, 200
    try:
        require(may(move, claim, request.user, today))
        if form.is_valid():
            new = splitting.split(claim, request.user, form.cleaned_data["claimants"], form.cleaned_data["reason"], now=now)
            messages.success(request, _("已另立案件 %(number)s。") % {"number": new.number})
            return redirect("claim_detail", new.pk)
    except Refused as refusal:
        context["refusal"], status = refusal.message, 409
    return render(request, "arrears/group/split.html", context, status=status)


@require_http_methods(["GET", "POST"])
def claim_represent(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Two forms: whom the workers chose, and the authority they gave. The button says which was sent."""
    now, today = clock()
    claim, move = get_visible(Claim, request.user, today, pk=pk), find(CLAIM, representing.MOVE)
    group, papers = Group(claim, today), list(claim.evidence.filter(replaced_by=None))
    asked = request.POST.get("form", "")
    whom, giving = (offer(group.workers, request, field) for field in ("chosen", "claimants"))
    whom = replace(whom, workers=[*dict.fromkeys((*(row.claimant for row in group.rows), *whom.workers))])
    again = marked(request.POST, "claimants", giving) if asked == AUTHORISE else None
    chosen = ChooseForm(
        request.POST if asked == CHOOSE else None, workers=whom.workers,
        initial={"chosen": [str(row.claimant_id) for row in group.rows], "chosen_on": today},
    )  # fmt: skip
    missing = {str(pk) for pk in group.missing.values_list("pk", flat=True)[:LISTED]} if group.rows else set()
    given = AuthoriseForm(
        request.POST if asked == AUTHORISE and again is None else None, group=group, workers=giving.workers, papers=papers,
        initial=again or {
            "claimants": [str(worker.pk) for worker in giving.workers if str(worker.pk) in missing], "given_on": today, "scope": GENERAL,
            "whom": AuthoriseForm.TICKED,
        },
    )  # fmt: skip
    context, status = {"claim": claim, "move": move, "group": group, "chosen": chosen, "given": given, "asked": asked, "offered": giving}, 200
    try:
        require(may(move, claim, request.user, today))
        if asked == CHOOSE and chosen.is_valid():
            representing.choose(claim, request.user, chosen.cleaned_data["chosen"], chosen.cleaned_data["chosen_on"], now=now, reason=chosen.cleaned_data["reason"])
            messages.success(request, _("代表人已登记。"))
            return redirect("claim_represent", claim.pk)
        if asked == AUTHORISE and again is None and given.is_valid():
            said = dict(given.cleaned_data)
            wanted = said.pop("paper")
            paper = next((one for one in papers if str(one.pk) == wanted), None)
            count = representing.authorise(claim, request.user, now=now, paper=paper, **said)
            messages.success(request, _("已登记 %(count)s 名劳动者的授权。") % {"count": count})
            return redirect("claim_represent", claim.pk)
    except Refused as refusal:
        context["refusal"], status = refusal.message, 409
    return render(request, "arrears/group/represent.html", context, status=status)
