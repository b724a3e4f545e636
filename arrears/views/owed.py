"""Papers that are owed: what each road lacks, a worker's promise, the notice to the employer, and what became of them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from arrears.forms.owed import MoreTimeForm, NoticeForm, OutcomeForm, PromiseForm, SignedForm
from arrears.models import Claim, Owed
from arrears.owed import verbs
from arrears.owed.page import PapersPage, mark_of
from arrears.owed.signing import sign_with
from arrears.owed.table import PRESUMPTIONS
from arrears.situation.of_claim import rows
from arrears.situation.page import Tabs
from arrears.views.asking import address_of, clock
from grid.access import log_access
from grid.models import Person
from grid.refused import Refused
from grid.scope import get_visible

PROMISE, NOTICE = "promise", "notice"
# What can be done with one: its form, its verb, the words of the button.
ACTS = {
    "receive": (OutcomeForm, verbs.receive, gettext_lazy("登记已交到")),
    "refuse": (OutcomeForm, verbs.refuse, gettext_lazy("登记拒不提供")),
    "extend": (MoreTimeForm, verbs.extend, gettext_lazy("延长期限")),
    "sign": (SignedForm, lambda row, person, now, scan: sign_with([row], scan, person, now=now), gettext_lazy("上传签字件")),
    "waive": (OutcomeForm, verbs.waive, gettext_lazy("登记免交")),
}


@require_http_methods(["GET", "HEAD", "POST"])
def claim_papers(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, today = clock()
    claim = get_visible(rows().prefetch_related("owed_papers"), request.user, today, pk=pk)
    sent = request.POST.get("act")
    promise = PromiseForm(claim, *((request.POST, request.FILES) if sent == PROMISE else (None,)), today=today, initial={"papers": request.GET.getlist(PROMISE)})
    notice = NoticeForm(claim, request.POST if sent == NOTICE else None, today=today, initial={"paper": request.GET.get(NOTICE)})
    refusal, status = "", 200
    try:
        if promise.is_bound and promise.is_valid():
            return promised(request, claim, promise.cleaned_data, now)
        if notice.is_bound and notice.is_valid():
            row = verbs.notify(claim, person=request.user, now=now, **notice.cleaned_data)
            messages.success(request, _("举证通知已登记，请打印送达并保留送达凭证。"))
            return redirect("owed_print", row.pk)
    except Refused as refused:
        refusal, status = refused.message, 409
    if request.method != "POST":
        log_access(request.user, "read", "claim", claim.pk, now=now, region_code=claim.region_id, address=address_of(request))
    page = PapersPage(claim, request.user, today)
    context = {
        "claim": claim, "page": page, "promise": promise, "notice": notice, "refusal": refusal,
        "form": notice if notice.is_bound else promise, "tabs": Tabs(claim, "papers", page.may_add), "acts": ACTS,
        "opened": sent or next((name for name in (PROMISE, NOTICE) if name in request.GET), ""),
    }  # fmt: skip
    return render(request, "arrears/owed/page.html", context, status=status)


def promised(request: HttpRequest, claim: Claim, said: dict[str, Any], now: datetime) -> HttpResponse:
    kept, refused = promise_each(claim, said, request.user, now)
    if kept and said.get("scan"):
        try:
            sign_with(kept, said["scan"], request.user, now=now)
        except Refused as refusal:
            refused.append(_("签字件没有存下：%(why)s") % {"why": refusal.message})
    for sentence in refused:
        messages.error(request, sentence)
    if kept:
        messages.success(request, _("承诺已登记：%(papers)s。到期前系统会提醒。") % {"papers": _("、").join(map(paper_of, kept))})
    return redirect("claim_papers", claim.pk)


def paper_of(row: Owed) -> str:
    return verbs.label_of(row.paper)


def promise_each(claim: Claim, said: dict[str, Any], person: Person, now: datetime) -> tuple[list[Owed], list[str]]:
    """What was promised, and sentences about what could not be."""
    kept, refused = [], []
    for paper in said["papers"]:
        try:
            kept.append(verbs.promise(claim, paper, said["due_on"], person, now=now, claimant=said.get("claimant")))
        except Refused as refusal:
            refused.append(refusal.message)
    return kept, refused


@require_http_methods(["GET", "HEAD", "POST"])
def owed_act(request: HttpRequest, pk: UUID, name: str) -> HttpResponse:
    now, today = clock()
    if name not in ACTS:
        raise Http404
    row = get_visible(Owed.objects.select_related("claim", "claimant"), request.user, today, pk=pk)
    make, verb, label = ACTS[name]
    form: Form = make(*((request.POST, request.FILES) if request.method == "POST" else ()))
    refusal, status = "", 200
    try:
        if form.is_valid():
            verb(row, person=request.user, now=now, **form.cleaned_data)
            messages.success(request, _("已完成：%(move)s") % {"move": label})
            return redirect("claim_papers", row.claim_id)
    except Refused as refused:
        refusal, status = refused.message, 409
    context = {"row": row, "claim": row.claim, "form": form, "label": label, "refusal": refusal, "mark": mark_of(row, today)}
    return render(request, "arrears/owed/act.html", context, status=status)


@require_safe
def owed_print(request: HttpRequest, pk: UUID) -> HttpResponse:
    """承诺书 or 举证通知书, to be signed or served."""
    now, today = clock()
    row = get_visible(Owed.objects.select_related("claim__region", "made_by", "claimant", "signed"), request.user, today, pk=pk)
    log_access(request.user, "read", "claim", row.claim_id, now=now, region_code=row.claim.region_id, address=address_of(request))
    context = {"row": row, "claim": row.claim, "presumptions": PRESUMPTIONS.values(), "today": today}
    return render(request, "arrears/owed/paper.html", context)
