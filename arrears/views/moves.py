"""One page for every move of a claim: GET shows what the table asks, POST makes the move."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from arrears import casework
from arrears.duplicates.panel import Targets
from arrears.forms.moves import MoveForm
from arrears.lifecycle import CLAIM
from arrears.models import Claim
from arrears.moves import Move
from arrears.permits import handlers_for, may, require
from arrears.timing.suspension_page import suspend_help
from arrears.views.asking import clock, render_part
from grid.models import Person, Posting
from grid.refused import Refused
from grid.roles import ROLES
from grid.scope import get_visible

# What stands beside the form of a move: a template, and what it needs as `help`, with `labels` for the form's choices.
HELP: dict[str, tuple[str, Callable[[Claim, Person, date], Any]]] = {
    "suspend": ("arrears/suspension/_help.html", lambda claim, person, today: suspend_help(claim, today)),
    "merge": ("arrears/duplicate/_targets.html", Targets),
    "gather": ("arrears/duplicate/_targets.html", Targets),
}


@require_http_methods(["GET", "POST"])
def claim_move(request: HttpRequest, pk: UUID, name: str) -> HttpResponse:
    now, today = clock()
    move = find_or_404(name)
    claim = get_visible(Claim, request.user, today, pk=pk)
    form = form_of(move, claim, request, today)
    try:
        require(may(move, claim, request.user, today))
        if form.is_valid():
            casework.advance(claim, move.name, request.user, now=now, **form.cleaned_data)
            messages.success(request, _("已完成：%(move)s") % {"move": _(move.label)})
            return back_to(claim, request)
    except Refused as refusal:
        return show(request, claim, form, today, status=409, refusal=refusal.message)
    return show(request, claim, form, today)


def find_or_404(name: str) -> Move:
    """A move with a form of its own is made on its own page only, which asks for what the move needs."""
    move = CLAIM.find(name)
    if move is None or not move.sources or move.is_own_page:
        raise Http404
    return move


def form_of(move: Move, claim: Claim, request: HttpRequest, today: date) -> MoveForm:
    kinds = {ask.kind for ask in move.asks}
    brought: dict[str, Any] = {}
    if "person" in kinds:
        brought["person"] = people_for(claim, today)
    if "claim" in kinds:
        brought["claim"] = Claim.objects.visible_to(request.user, today).exclude(pk=claim.pk)
    initial = {"paid_on": today, "handler": claim.handler_id, **dict.fromkeys(("merged_into", "part_of"), request.GET.get("into", "")[:60])}
    data = request.POST if request.method == "POST" else None
    return MoveForm(move, data, brought=brought, hints=hints_of(claim), initial=initial)


def people_for(claim: Claim, today: date) -> list[tuple[Person, str]]:
    """Whom the claim can be assigned to, with the post that makes it so."""
    held = Prefetch("postings", Posting.objects.on(today).filter(body=None).select_related("region"), to_attr="held")
    return [
        (person, _("%(name)s（%(posts)s）") % {"name": person.full_name, "posts": _("、").join(map(post_of, person.held))})
        for person in handlers_for(claim, today).prefetch_related(held)
    ]


def post_of(posting: Posting) -> str:
    return f"{posting.region.name} {_(ROLES[posting.role].label)}"


def hints_of(claim: Claim) -> dict[str, str]:
    """What the amount asked for is to be compared with."""
    by_number = _("填案号，或者能认出它的一部分，例如最后几位 00042；只找您辖区内的案件。")
    return {
        "merged_into": by_number, "part_of": by_number,
        "amount": _("目前尚欠 %(amount)s 元。") % {"amount": f"{claim.unpaid:,.2f}"},
        "verified_amount": _("劳动者主张 %(amount)s 元。") % {"amount": f"{claim.claimed:,.2f}"},
        "agreed_amount": _("目前应付 %(amount)s 元。") % {"amount": f"{claim.owed:,.2f}"},
    }


def show(
    request: HttpRequest, claim: Claim, form: MoveForm, today: date, status: int = 200, refusal: str = ""
) -> HttpResponse:
    context = {"claim": claim, "form": form, "move": form.move, "refusal": refusal}
    if form.move.name in HELP:
        template, build = HELP[form.move.name]
        context |= {"help_page": template, "help": (told := build(claim, request.user, today))}
        for name, choices in told.labels.items():
            form.fields[name].choices = choices
    return render_part(request, "arrears/claim/move.html", "arrears/claim/_move_form.html", context, status)


def back_to(claim: Claim, request: HttpRequest) -> HttpResponse:
    url = reverse("claim_detail", args=[claim.pk])
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)
