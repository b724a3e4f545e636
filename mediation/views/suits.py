"""What suits the parties of a mediation, the link by which they say it themselves, and recusal."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from arrears.identity import mask_phone
from arrears.views.asking import clock, typed, uuid_or_404
from arrears.views.track import public
from grid.access import log_access
from grid.refused import Refused
from grid.scope import get_visible
from mediation import party_telling, recusing, suits
from mediation.forms.parties import ContactForm, DatesForm, RecusalForm, TermsForm, UntilForm
from mediation.models import DatesLink, Mediation, PartyDay, Recusal
from mediation.models.contacts import AGENT, CAPACITIES, SELF
from mediation.parties import WORKER, Party, parties_of
from mediation.party_contacts import contacts_by_party, mobile
from mediation.views.asked import people_for

USUALLY = timedelta(days=3)  # within which a party is asked to answer
form_page = require_http_methods(["GET", "HEAD", "POST"])
ROWS = Mediation.objects.select_related("claim", "claim__region", "mediator")


@dataclass
class Shown:
    party: Party
    terms: TermsForm
    dates: DatesForm
    days: list[PartyDay]
    link: DatesLink | None
    today: date
    contacts: list[ContactForm]
    until: UntilForm

    @property
    def is_link_dead(self) -> bool:
        return self.link is not None and not self.link.is_open(self.today)


@form_page
def mediation_parties(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Each form names its party; a new link is shown in the answer to the request that made it, and never again."""
    now, today = clock()
    mediation = get_visible(ROWS, request.user, today, pk=pk)
    refusal, made, kept = "", None, None
    if request.method == "POST":
        try:
            made = said(request, mediation, now)
            if made is None:
                return redirect("mediation_parties", pk)
        except Refused as refused:
            refusal, kept = refused.message, request.POST
    else:
        log_access(request.user, "read", "mediation", mediation.pk, now=now, region_code=mediation.claim.region_id)
    return render(request, "mediation/suits/page.html", {
        "mediation": mediation, "claim": mediation.claim, "rows": shown(mediation, today, kept), "refusal": refusal, "made": made, "today": today,
        "may": suits.may_note(mediation, request.user, today),
    }, status=409 if refusal else 200)  # fmt: skip


def said(request: HttpRequest, mediation: Mediation, now: Any) -> dict[str, str] | None:
    """What one form says; a link that was made."""
    form = request.POST.get("form", "")
    if form == "drop":
        row = get_object_or_404(PartyDay, pk=uuid_or_404(request.POST.get("day", "")), mediation=mediation)
        suits.drop_day(row, request.user, now=now)
        messages.success(request, _("已删除。"))
        return None
    party = suits.party_of(mediation, request.POST.get("party", ""))
    if form == "terms":
        terms = TermsForm(request.POST, terms=None)
        if not terms.is_valid():
            raise Refused("bad_input", _("填写的内容有误，请核对后再保存。"))
        facts = dict(terms.cleaned_data)
        suits.set_terms(mediation, party, request.user, now=now, version=facts.pop("version") or 0, **facts)
        messages.success(request, _("已保存。"))
    elif form == "dates":
        suits.require_may(mediation, request.user, now)
        dates = DatesForm(request.POST)
        if not dates.is_valid():
            raise Refused("bad_input", _("日期填写有误，请核对后再保存。"))
        suits.add_days(mediation, party, dates.days(), request.user, now=now)
        messages.success(request, _("已登记不方便的日期。"))
    elif form == "contact":
        capacity = request.POST.get("capacity", "")
        if capacity not in dict(CAPACITIES):
            raise Http404
        said_so = ContactForm(request.POST, contact=None, capacity=capacity)
        if not said_so.is_valid():
            raise Refused("bad_input", _("通知方式填写有误：姓名最多 60 个字，手机号 11 位，请核对后再保存。"))
        facts = dict(said_so.cleaned_data)
        party_telling.set_contact(mediation, party, capacity, request.user, now=now, version=facts.pop("version") or 0, **facts)
        messages.success(request, _("已保存通知方式。"))
    elif form == "link":
        until = UntilForm(request.POST)
        if not until.is_valid():
            raise Refused("bad_day", _("截止日期读不出来，请按 2026-03-05 这样填写。"))
        token, code = suits.make_link(mediation, party, request.user, now=now, until=until.cleaned_data["until"])
        return {"name": party.name, "address": settings.SITE_URL.rstrip("/") + reverse("party_dates", args=[token]), "code": code}
    else:
        raise Http404
    return None


def shown(mediation: Mediation, today: date, kept: QueryDict | None = None) -> list[Shown]:
    """`kept`: what was typed into the form that was refused; nothing of it is lost."""
    contacts = contacts_by_party(mediation)
    phones = {row.pk: mask_phone(row.phone) for row in mediation.claim.respondents.all() if mobile(row.phone)}
    terms = {row.party_id: row for row in mediation.party_terms.all()}
    links = {row.party_id: row for row in mediation.dates_links.all()}
    days: dict[Any, list[PartyDay]] = defaultdict(list)
    for row in mediation.party_days.all():
        days[row.party_id].append(row)
    return [
        Shown(
            party, TermsForm(typed_into(kept, "terms", party), terms=terms.get(party.pk), auto_id=f"id_{number}_%s"),
            DatesForm(typed_into(kept, "dates", party), lines=2, auto_id=f"id_{number}_%s"), days[party.pk], links.get(party.pk), today,
            [
                ContactForm(
                    typed_into(kept, "contact", party, capacity), contact=next((row for row in contacts.get(party.pk, ()) if row.capacity == capacity), None),
                    capacity=capacity, usual=phones.get(party.pk, "") if capacity == SELF else "", auto_id=f"id_{number}_{capacity}_%s",
                )
                for capacity in ((AGENT,) if party.kind == WORKER else (SELF, AGENT))
            ],
            UntilForm(typed_into(kept, "link", party), initial={"until": today + USUALLY}, auto_id=f"id_{number}_%s"),
        )
        for number, party in enumerate(parties_of(mediation.claim))
    ]  # fmt: skip


def typed_into(kept: QueryDict | None, form: str, party: Party, capacity: str = "") -> QueryDict | None:
    same = kept is not None and (kept.get("form"), kept.get("party"), kept.get("capacity", "")) == (form, str(party.pk), capacity)
    return kept if same else None


@sensitive_post_parameters("code")
@public
@form_page
def party_dates(request: HttpRequest, token: str) -> HttpResponse:
    """The party's own page, without an account: the code, and the days. It shows nothing of the case but its number."""
    now, today = clock()
    link = suits.link_of(token, today)
    if link is None:
        return render(request, "mediation/suits/gone.html", status=410)
    form = DatesForm(request.POST if request.method == "POST" else None, with_code=True)
    refusal, done = "", None
    if form.is_valid():
        try:
            suits.open_link(link, token, form.cleaned_data["code"])
            done = suits.answer(link, form.days(), now=now)
        except Refused as refused:
            refusal = refused.message
    kept = PartyDay.objects.filter(mediation=link.mediation, party_id=link.party_id) if done is not None else ()
    return render(request, "mediation/suits/dates.html", {
        "form": form, "refusal": refusal, "done": done, "kept": kept, "number": link.mediation.claim.number,
        "count": "" if done is None else ngettext("新登记 %(n)s 个日期", "新登记 %(n)s 个日期", done) % {"n": done},
    }, status=409 if refusal else 200)  # fmt: skip


@form_page
def mediation_recusals(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, today = clock()
    mediation = get_visible(ROWS, request.user, today, pk=pk)
    people = people_for(mediation.claim, today)
    form = RecusalForm(request.POST if request.method == "POST" else None, mediators=people, initial={"mediator": mediation.mediator_id})
    refusal = ""
    if form.is_valid():
        try:
            recusing.ask(mediation, person=request.user, now=now, **form.cleaned_data)
        except Refused as refused:
            refusal = refused.message
        else:
            messages.success(request, _("回避申请已登记，已通知负责人决定。"))
            return redirect("mediation_recusals", pk)
    rows = mediation.recusals.select_related("mediator", "entered_by", "decided_by", "mediation__claim")
    return render(request, "mediation/suits/recusals.html", {
        "mediation": mediation, "claim": mediation.claim, "form": form, "refusal": refusal, "may": suits.may_note(mediation, request.user, today),
        "rows": [(row, row.state == "asked" and recusing.may_decide(row, request.user, today)) for row in rows],
    }, status=409 if refusal else 200)  # fmt: skip


@require_POST
def recusal_decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, today = clock()
    row = get_object_or_404(Recusal.objects.select_related("mediation__claim", "mediator", "entered_by"), pk=pk)
    get_visible(Mediation, request.user, today, pk=row.mediation_id)
    answer = typed(request, "answer")
    try:
        if not answer:
            raise Refused("no_reason", _("请写明决定的理由。"))
        recusing.decide(row, request.user, now=now, is_granted="grant" in request.POST, answer=answer)
        messages.success(request, _("已作出决定。"))
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("mediation_recusals", row.mediation_id)
