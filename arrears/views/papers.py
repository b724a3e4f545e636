"""文书 of a claim: what there is, making one, looking at it, taking it home."""

from pathlib import Path
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from arrears.calendars import calendar_now
from arrears.forms.limits import WithdrawForm
from arrears.lifecycle import CLAIM
from arrears.models import Claim, Paper
from arrears.papers.about import is_of_claim
from arrears.papers.answering import form_for, given
from arrears.papers.blocks import Table
from arrears.papers.book import form_of
from arrears.papers.forms import WORKER
from arrears.papers.issuing import MOVE, issue, refuse_long, reissue, withdraw
from arrears.papers.keeping import path_of
from arrears.papers.making import Maker, finish
from arrears.papers.page import PaperRow, PapersPage, gaps_of, named, title_of
from arrears.papers.told import told_already
from arrears.permits import find, may, require
from arrears.serving.issued import services_of
from arrears.serving.rows import rows_of as service_rows_of
from arrears.serving.verbs import may_serve
from arrears.views.asking import address_of, clock
from grid.access import log_access
from grid.refused import Refused
from grid.scope import get_visible

KINDS = {"docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "pdf": "application/pdf", "zip": "application/zip"}
PREVIEW_MARK = "预览"


@require_safe
def claim_documents(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, today = clock()
    claim = get_visible(Claim, request.user, today, pk=pk)
    log_access(request.user, "read", "claim", claim.pk, now=now, region_code=claim.region_id, address=address_of(request))
    return render(request, "arrears/paper/list.html", {"claim": claim, "page": PapersPage(claim, request.user, today), "may_serve": may_serve(claim, request.user, today)})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def paper_new(request: HttpRequest, pk: UUID, form_id: str) -> HttpResponse:
    """Asks what the paper asks; POST shows it first, and issues it once it was seen (`do`)."""
    now, today = clock()
    claim = get_visible(Claim.objects.prefetch_related("respondents"), request.user, today, pk=pk)
    context, status = {"claim": claim}, 200
    try:
        require(may(find(CLAIM, MOVE), claim, request.user, today))
        paper, maker = form_of(form_id), Maker(claim, today)
        replaces, about = replaced(request, claim), about_of(request, claim)
        workers = list(claim.claimants.filter(same_as=None)) if paper.per == WORKER and claim.worker_count > 1 else []
        chosen = request.POST.get("worker") or request.GET.get("worker", "")
        worker = replaces.worker if replaces else next((one for one in workers if str(one.pk) == chosen), None)
        form = form_for([paper], maker.record(paper), request.POST if request.method == "POST" else None, initial=given(paper, replaces.told()["answers"]) if replaces else told_already(claim, [paper.id], about))
        context |= {"paper": paper, "title": named(paper), "form": form, "workers": workers, "worker": worker, "replaces": replaces}
        if form.is_valid():
            if request.POST.get("do") == "issue":
                refuse_long(claim, paper)
                made = (
                    reissue(replaces, request.user, now=now, answers=form.cleaned_data) if replaces
                    else issue(claim, paper.id, request.user, now=now, answers=form.cleaned_data, worker=worker, about_id=about)
                )  # fmt: skip
                messages.success(request, _("已制作：%(number)s") % {"number": made.number})
                return redirect("paper_detail", made.pk)
            draft = maker.draft(paper.id, form.cleaned_data, worker=worker, about_id=replaces.about_id if replaces else about)
            if request.POST.get("do") == "pdf":
                return handed_bytes(finish(draft, today, PREVIEW_MARK).pdf, "pdf", draft.title)
            context |= {"draft": draft, "gaps": gaps_of(draft.gaps, claim, "#asks"), "blocks": shown(draft.blocks)}
    except Refused as refusal:
        status, context["refusal"] = 409, refusal.message
    if request.method == "POST" and status == 200 and not context["form"].is_valid():
        status = 422
    return render(request, "arrears/paper/new.html", context, status=status)


def replaced(request: HttpRequest, claim: Claim) -> Paper | None:
    asked = request.POST.get("replaces") or request.GET.get("replaces")
    if not asked:
        return None
    try:
        return Paper.objects.filter(claim=claim, pk=UUID(asked)).select_related("worker", "claim").first()
    except ValueError:
        raise Http404 from None


def about_of(request: HttpRequest, claim: Claim) -> UUID | None:
    """What of this claim the paper is about: whatever somebody came from."""
    asked = request.GET.get("about")
    try:
        about = UUID(asked) if asked else None
    except ValueError:
        raise Http404 from None
    if about and not is_of_claim(claim, about):
        raise Http404
    return about


def shown(blocks: list) -> list[dict]:
    """Blocks for a page: which kind, and their text."""
    return [{"kind": block.kind, "block": block, "head": block.rows[: block.head] if isinstance(block, Table) else None,
             "rows": block.rows[block.head :] if isinstance(block, Table) else None} for block in blocks]  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def paper_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What it is and whether it is still the newest. POST withdraws it."""
    now, today = clock()
    paper = get_visible(Paper.objects.select_related("claim", "worker", "issued_by", "withdrawn_by", "replaces", "replaced_by"), request.user, today, pk=pk)
    form, status, refusal = WithdrawForm(request.POST if request.method == "POST" else None), 200, ""
    try:
        if form.is_valid():
            withdraw(paper, request.user, reason=form.cleaned_data["reason"], now=now)
            messages.success(request, _("已撤销这份文书，原件仍可查看。"))
            return redirect("paper_detail", paper.pk)
    except Refused as refused:
        status, refusal = 409, refused.message
    log_access(request.user, "read", "paper", paper.pk, now=now, region_code=paper.claim.region_id, address=address_of(request))
    may_issue = may(find(CLAIM, MOVE), paper.claim, request.user, today)
    services = service_rows_of(services_of(paper, request.user, today), today, calendar_now())
    context = {
        "services": services, "may_serve": may_serve(paper.claim, request.user, today),
        "claim": paper.claim, "row": PaperRow(paper), "paper": paper, "title": title_of(paper), "form": form, "refusal": refusal, "may_issue": may_issue,
        "gaps": gaps_of(paper.gaps, paper.claim, f"/claims/{paper.claim_id}/documents/{paper.form}/?replaces={paper.pk}"),
    }  # fmt: skip
    return render(request, "arrears/paper/detail.html", context, status=status)


@require_safe
def paper_file(request: HttpRequest, pk: UUID, kind: str) -> HttpResponseBase:
    now, today = clock()
    paper = get_visible(Paper.objects.select_related("claim"), request.user, today, pk=pk)
    log_access(request.user, "download", "paper", paper.pk, now=now, region_code=paper.claim.region_id, address=address_of(request))
    return handed(path_of(paper, kind), kind, f"{paper.number}-{paper.title}")


def handed(place: Path, kind: str, title: str) -> HttpResponseBase:
    """As a file to be saved, under a name of our own; nothing in it can do anything in a browser."""
    try:
        response: HttpResponseBase = FileResponse(place.open("rb"), content_type=KINDS[kind])
    except FileNotFoundError:
        raise Http404 from None
    return hardened(response, kind, title)


def handed_bytes(content: bytes, kind: str, title: str) -> HttpResponse:
    return hardened(HttpResponse(content, content_type=KINDS[kind]), kind, title)


def hardened(response: HttpResponseBase, kind: str, title: str) -> HttpResponseBase:
    response["Content-Disposition"] = f"attachment; filename=\"paper.{kind}\"; filename*=UTF-8''{quote(f'{title}.{kind}', safe='')}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
