"""Applying for mediation, and one page for every move of a mediation: GET shows what the table asks, POST makes it."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from arrears.forms.moves import MoveForm
from arrears.lifecycle import CLAIM
from arrears.models import Claim
from arrears.moves import Move
from arrears.permits import find, may, require
from arrears.views.asking import clock, render_part
from grid.refused import Refused
from grid.scope import get_visible
from mediation import hearings
from mediation.lifecycle import MEDIATION, SITTING
from mediation.models import Hearing, Mediation
from mediation.placing import last_hearing
from mediation.room.results import result_of
from mediation.views.agree import agree
from mediation.views.asked import Asked, back_to, people_for
from mediation.views.sitting import convert, join, sitting


@require_http_methods(["GET", "POST"])
def claim_mediate(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, today = clock()
    claim = get_visible(Claim.objects.select_related("region"), request.user, today, pk=pk)
    data = request.POST if request.method == "POST" else None
    form = MoveForm(
        hearings.APPLY, data, brought={"person": people_for(claim, today)}, hints=hints_of(claim, today),
        initial={"applied_on": today, "request": claim.request},
    )  # fmt: skip
    try:
        require(may(find(CLAIM, "mediate"), claim, request.user, today))
        if form.is_valid():
            mediation = hearings.apply(claim, request.user, now=now, **form.cleaned_data)
            messages.success(request, _("调解申请已登记。"))
            return back_to(request, mediation)
    except Refused as refused:
        return render_apply(request, claim, form, refused.message, status=409)
    return render_apply(request, claim, form)


def may_sit(request: HttpRequest) -> bool:
    _now, today = clock()
    return bool(request.user.scope(today).roles & set(SITTING))


def hints_of(claim: Claim, today: date) -> dict[str, str]:
    return {
        "applied_on": _("十五日的调解期限从这一天起算（劳动争议调解仲裁法第十四条）。"),
        "request": _("写明请求支付的金额、期间和理由。"),
        "mediator": _("可以不选，由受理的人指定。"),
    }


def render_apply(request: HttpRequest, claim: Claim, form: MoveForm, refusal: str = "", status: int = 200) -> HttpResponse:
    context = {"claim": claim, "form": form, "refusal": refusal, "move": hearings.APPLY, "may_sit": may_sit(request)}
    return render(request, "mediation/apply/page.html", context, status=status)


@require_http_methods(["GET", "POST"])
def mediation_move(request: HttpRequest, pk: UUID, name: str) -> HttpResponse:
    now, today = clock()
    move = find_or_404(name)
    rows = Mediation.objects.select_related("claim", "claim__region", "mediator")
    mediation = get_visible(rows, request.user, today, pk=pk)
    return PAGES.get(name, plain)(Asked(request, mediation, move, now))


def find_or_404(name: str) -> Move:
    move = MEDIATION.find(name)
    if move is None or not move.sources:
        raise Http404
    return move


def plain(asked: Asked) -> HttpResponse:
    """A move whose form is what the table asks and nothing more."""
    brought = {"person": people_for(asked.mediation.claim, asked.today), "people": absentees(asked.mediation)}
    initial = {"mediator": asked.mediation.mediator_id or asked.person.pk, **result_of(asked.mediation, asked.move.name)}
    form = MoveForm(asked.move, asked.data, brought=brought, initial=initial)
    refusal = asked.refusal()
    if not refusal and form.is_valid():
        refusal = asked.attempt(**form.cleaned_data)
        if not refusal:
            return asked.back() if asked.move.name != "on_site" else into_the_room(asked)
    return render_part(
        asked.request, "mediation/move/page.html", "mediation/move/_form.html",
        asked.context(form=form, refusal=refusal, early=early(asked)), status=409 if refusal else 200,
    )  # fmt: skip


def into_the_room(asked: Asked) -> HttpResponse:
    url = reverse("hearing_room", args=[last_hearing(asked.mediation).pk])
    return HttpResponseClientRedirect(url) if asked.request.htmx else redirect(url)


def early(asked: Asked) -> Hearing | None:
    """The hearing whose result is being recorded, if it has not begun yet: possible, but worth a look."""
    hearing = last_hearing(asked.mediation) if asked.move.name in ("hold", "no_show") else None
    return hearing if hearing and hearing.is_live and hearing.starts_at > asked.now else None


def absentees(mediation: Mediation) -> list[tuple[str, str]]:
    """Those who were called to the last hearing."""
    hearing = last_hearing(mediation)
    return [(str(row.party_id), row.name) for row in hearing.attendances.all()] if hearing else []


PAGES: dict[str, Callable[[Asked], HttpResponse]] = {"schedule": sitting, "postpone": sitting, "convert": convert, "join": join, "agree": agree}
assert {move.name for move in MEDIATION.moves if move.is_own_page and move.sources} == PAGES.keys()
