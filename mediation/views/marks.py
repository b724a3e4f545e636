"""评价调解: what a party says (the worker, a respondent through a link, an officer for either), the low marks somebody looks at, and what
mediations came to by mediator."""

from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from arrears.lifecycle import SUPERVISORS
from arrears.models import Claimant, Respondent
from arrears.permits import Denied
from arrears.views.asking import address_of, clock
from arrears.views.track import public, visitor_of
from grid.access import log_access
from grid.refused import Refused
from grid.roles import AUDITOR
from grid.scope import get_visible
from mediation.forms.marks import FoundForm, MarkForm, TakenMarkForm
from mediation.handing import payers
from mediation.marks import figures, links, verbs
from mediation.marks.own import mark_of, party_of
from mediation.marks.seats import may_look, may_read, may_take, readable_by
from mediation.models import Mark, Mediation
from mediation.models.marks import LINK, TRACK

form_page = require_http_methods(["GET", "HEAD", "POST"])
READERS = frozenset({*SUPERVISORS, AUDITOR})
SHOWN = 50
MOST_NAMED = 300
ROWS = Mediation.objects.select_related("claim", "claim__region", "mediator")


# Those who lead


def readable(request: HttpRequest, today: date) -> QuerySet[Mark]:
    """Whoever leads nobody finds no such page."""
    if not READERS & request.user.scope(today).roles:
        raise Http404
    return readable_by(request.user, today)


@require_safe
def mark_overview(request: HttpRequest) -> HttpResponse:
    _now, today = clock()
    rows = readable(request, today).select_related("mediation__claim__region", "mediator", "claimant", "respondent", "looked_by", "looker")
    mediations = Mediation.objects.visible_to(request.user, today)
    results = figures.by_mediator(mediations, Mark.objects.visible_to(request.user, today), request.user, today)
    counted, agreed = figures.total(results)
    return render(request, "mediation/marks/overview.html", {
        "to_look": rows.to_look().order_by("due_on", "id")[:SHOWN], "looked": rows.low().exclude(looked_at=None).order_by("-looked_at", "-id")[:SHOWN],
        "results": results, "counted": counted, "agreed": agreed, "fewest": figures.FEWEST,
    })  # fmt: skip


@form_page
def mark_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, today = clock()
    rows = Mark.objects.select_related(
        "mediation__claim__region", "mediation__mediator", "claimant", "respondent", "mediator", "looked_by", "looker", "taken_by"
    )
    readable(request, today)
    mark = get_visible(rows, request.user, today, pk=pk)
    if not may_read(mark, request.user, today):
        raise Http404
    may, refusal = may_look(mark, request.user, today), ""
    form = FoundForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            verbs.look(mark, request.user, now=now, **form.cleaned_data)
            messages.success(request, _("已经记下回看情况。"))
            return redirect("mark_detail", pk)
        except Refused as refused:
            refusal = refused.message
    claim = mark.mediation.claim
    log_access(request.user, "read", "mediation", mark.mediation_id, now=now, region_code=claim.region_id, address=address_of(request))
    context = {
        "mark": mark, "mediation": mark.mediation, "claim": claim, "form": form, "may": bool(may), "refusal": refusal,
        "why_not": may.message if isinstance(may, Denied) and mark.waits else "",
    }  # fmt: skip
    return render(request, "mediation/marks/detail.html", context, status=409 if refusal else 422 if form.is_bound else 200)


# An officer who did not mediate


@form_page
def mediation_marks(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who has said how it was, without what; writing down what a party says; a respondent's link."""
    now, today = clock()
    mediation = get_visible(ROWS, request.user, today, pk=pk)
    if not may_take(mediation, request.user, today) or mediation.is_open:
        raise Http404
    parties = parties_of(mediation)
    form = TakenMarkForm([(key, str(party)) for key, party in parties.items()])
    refusal, made, status = "", None, 200
    try:
        if "link" in request.POST:
            respondent = parties.get(request.POST["link"])
            if not isinstance(respondent, Respondent):
                raise Http404
            token = links.make(mediation, respondent, request.user, now=now)
            made = {"name": str(respondent), "address": settings.SITE_URL.rstrip("/") + reverse("party_mark", args=[token])}
        elif request.method == "POST":
            form = TakenMarkForm([(key, str(party)) for key, party in parties.items()], request.POST)
            status = 422
            if form.is_valid():
                said = dict(form.cleaned_data)
                verbs.say(mediation, parties[said.pop("party")], **said, now=now, person=request.user)
                messages.success(request, _("已记下评价。"))
                return redirect("mediation_marks", pk)
    except Refused as refused:
        refusal, status = refused.message, 409
    log_access(request.user, "read", "mediation", mediation.pk, now=now, region_code=mediation.claim.region_id, address=address_of(request))
    said_by = {one.respondent_id or one.claimant_id for one in mediation.marks.all()}
    context = {
        "mediation": mediation, "claim": mediation.claim, "form": form, "refusal": refusal, "made": made, "until": mediation.ended_on + verbs.SAY_WITHIN,
        "parties": [(key, party, party.pk in said_by, isinstance(party, Respondent)) for key, party in parties.items()],
        "is_open": mediation.ended_on + verbs.SAY_WITHIN >= today,
    }  # fmt: skip
    return render(request, "mediation/marks/take.html", context, status=status)


def parties_of(mediation: Mediation) -> dict[str, Claimant | Respondent]:
    found: dict[str, Claimant | Respondent] = {f"respondent:{row.pk}": row for row in payers(mediation)}
    return found | {f"claimant:{row.pk}": row for row in mediation.claim.claimants.filter(same_as=None)[:MOST_NAMED]}


# The parties


@public
@form_page
def track_mark(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The worker's, from their own page."""
    now, _today = clock()
    visitor = visitor_of(request)
    found = party_of(visitor, pk) if visitor else None
    if found is None:
        messages.warning(request, _("查询已经过期，请重新输入查询号。"))
        return redirect("track")
    mediation, worker = found
    known = mark_of(mediation, worker)
    form = MarkForm(request.POST if request.method == "POST" else None, initial=initial_of(known))
    if form.is_valid():
        try:
            verbs.say(mediation, worker, **form.cleaned_data, way=TRACK, now=now)
            messages.success(request, _("谢谢您的评价。调解员看不到是谁说的；低分由别人回看。"))
        except Refused as refused:
            messages.error(request, refused.message)
        return redirect("track")
    context = {"form": form, "known": known, "back": reverse("track"), "days": verbs.CORRECT_WITHIN.days}
    return render(request, "mediation/marks/say.html", context, status=422 if form.is_bound else 200)


@public
@form_page
def party_mark(request: HttpRequest, token: str) -> HttpResponse:
    """A respondent's, without an account. It shows nothing of the case but its number, and nothing of the other side."""
    now, _today = clock()
    link = links.find(token, now)
    if link is None:
        return render(request, "mediation/marks/gone.html", status=410)
    known = links.mark_of(link)
    form = MarkForm(request.POST if request.method == "POST" else None, initial=initial_of(known))
    refusal = ""
    if form.is_valid():
        try:
            verbs.say(link.mediation, link.respondent, **form.cleaned_data, way=LINK, now=now)
            messages.success(request, _("谢谢您的评价。调解员看不到是谁说的；低分由别人回看。"))
            return redirect("party_mark", token)
        except Refused as refused:
            refusal = refused.message
    context: dict[str, Any] = {
        "form": form, "known": known, "refusal": refusal, "name": str(link.respondent), "number": link.mediation.claim.number,
        "days": verbs.CORRECT_WITHIN.days,
    }  # fmt: skip
    return render(request, "mediation/marks/say.html", context, status=409 if refusal else 422 if form.is_bound else 200)


def initial_of(known: Mark | None) -> dict[str, Any]:
    return {"stars": known.stars, "text": known.text} if known else {}
