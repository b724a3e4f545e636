"""查找被告: its start, the page of one search with its leads and ways, and what the city decides."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from arrears.forms.support import DecideForm, FoundForm, LeadForm, TriedForm, WayForm, WhoForm, WordsForm
from arrears.models import Claim, Respondent, Search, SearchWay
from arrears.permits import require
from arrears.support import searching
from arrears.support.lifecycle import ALLOWED, ASKED, SEARCHING
from arrears.support.page import SearchPage, WayRow
from arrears.support.permits import may_decide, may_search, may_try
from arrears.support.table import WAYS
from arrears.views.asking import address_of, clock
from grid.access import log_access
from grid.refused import Refused
from grid.scope import get_visible

form_page = require_http_methods(["GET", "HEAD", "POST"])


@form_page
def claim_find(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The search that runs; else its start. Who is known by name but not by number is completed on the claim's own page."""
    now, today = clock()
    claim = get_visible(Claim.objects.select_related("region"), request.user, today, pk=pk)
    if search := Search.objects.filter(claim=claim, state=SEARCHING).first():
        return redirect("search_detail", search.pk)
    posted = (request.POST,) if request.method == "POST" else ()
    who, form = WhoForm(claim, *posted), LeadForm(claim, *posted)
    context = {"claim": claim, "who": who, "form": form, "all_known": not who.fields["respondent"].choices}
    try:
        require(may_search(claim, request.user, today))
        if who.is_valid() and form.is_valid():
            respondent = Respondent.objects.get(pk=who.cleaned_data["respondent"], claim=claim)
            search = searching.start(respondent, request.user, now=now, **form.cleaned_data)
            messages.success(request, _("已开始查找，到期前系统会提醒。"))
            return redirect("search_detail", search.pk)
    except Refused as refusal:
        return render(request, "arrears/support/find.html", {**context, "refusal": refusal.message}, status=409)
    log_access(request.user, "read", "claim", claim.pk, now=now, region_code=claim.region_id, address=address_of(request))
    return render(request, "arrears/support/find.html", context)


@form_page
def search_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Four forms: another lead, a way to try, what was found, giving up. The button says which was sent."""
    now, today = clock()
    search = get_visible(SearchPage.rows(), request.user, today, pk=pk)
    sent = request.POST.get("act", "")
    forms = {
        "way": WayForm(request.POST if sent == "way" else None, auto_id="way_%s"),
        "lead": LeadForm(search.claim, request.POST if sent == "lead" else None, auto_id="lead_%s"),
        "found": FoundForm(request.POST if sent == "found" else None, today=today, auto_id="found_%s"),
        "give_up": WordsForm(request.POST if sent == "give_up" else None, auto_id="give_up_%s"),
    }  # fmt: skip
    refusal, status = "", 200
    try:
        if sent in forms and forms[sent].is_valid():
            ACTS[sent](search, request.user, now=now, **forms[sent].cleaned_data)
            messages.success(request, DONE[sent]())
            return redirect("search_detail", search.pk)
    except Refused as refused:
        refusal, status = refused.message, 409
    log_access(request.user, "read", "search", search.pk, now=now, region_code=search.claim.region_id, address=address_of(request))
    context = {
        "search": search, "claim": search.claim, "page": SearchPage(search, request.user, today), "forms": forms, "opened": sent, "refusal": refusal,
        "form": forms.get(sent),
    }  # fmt: skip
    return render(request, "arrears/support/search.html", context, status=status)


ACTS: dict[str, Any] = {
    "way": searching.begin_way, "lead": searching.add_lead, "found": searching.found, "give_up": searching.give_up,
}  # fmt: skip
DONE = {
    "way": lambda: _("已登记，查到以后请回来写结果。"), "lead": lambda: _("线索已补充。"),
    "found": lambda: _("被告已查明，名称和号码已写入案件，原来的称呼保留为别名。"), "give_up": lambda: _("已停止查找。"),
}  # fmt: skip


@form_page
def way_act(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What the city decides of a query, or what came of a way; and the account, once it may be looked up."""
    now, today = clock()
    way = get_visible(SearchWay.objects.select_related("search__claim__region", "begun_by", "decided_by"), request.user, today, pk=pk)
    posted, act = request.POST if request.method == "POST" else None, request.POST.get("act", "")
    decides = way.state == ASKED
    form = DecideForm(posted) if decides else TriedForm(posted if act != "reveal" else None, initial={"tried_on": today})
    reveal = WordsForm(posted if act == "reveal" else None) if way.state == ALLOWED and WAYS[way.way].needs_city and way.search.account_sealed else None
    row = WayRow(way, bool(may_decide(way, request.user, today)), bool(may_try(way, request.user, today)))
    context = {"way": way, "row": row, "search": way.search, "claim": way.search.claim, "form": form, "reveal": reveal, "decides": decides}
    try:
        require((may_decide if decides else may_try)(way, request.user, today))
        if reveal and reveal.is_bound and reveal.is_valid():
            context["account"] = searching.reveal_account(way, request.user, reveal.cleaned_data["reason"], now=now, address=address_of(request))
        elif form.is_valid():
            said = form.cleaned_data
            if decides:
                searching.decide(way, request.user, now=now, allows=said["allows"] == "yes", decision=said["decision"])
            else:
                searching.tried(way, request.user, now=now, **said)
            messages.success(request, _("已登记。"))
            return redirect("search_detail", way.search_id)
    except Refused as refusal:
        return render(request, "arrears/support/way.html", {**context, "refusal": refusal.message}, status=409)
    return render(request, "arrears/support/way.html", context)
