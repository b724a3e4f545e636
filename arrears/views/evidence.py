"""Adding evidence, and handing a file to whoever may see it. There is no other way to a file."""

import logging
from collections.abc import Iterable
from datetime import date, datetime
from io import BytesIO
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from arrears.evidence import add_evidence
from arrears.evidence_page import EvidencePage
from arrears.evidence_shown import file_for_others, is_outside, ready
from arrears.evidence_types import IMAGE, KINDS
from arrears.forms.evidence import EvidenceForm, RedactForm
from arrears.forms.intake_files import Piece
from arrears.lifecycle import CLAIM
from arrears.models import Claim, Evidence, RedactedCopy
from arrears.models.evidence import KeptFile
from arrears.partners.watermarks import marked
from arrears.permits import find, may, require
from arrears.redaction import draw_over, upload_redacted
from arrears.views.asking import address_of, clock
from grid.access import log_access
from grid.days import SHANGHAI
from grid.models import Person
from grid.refused import Refused
from grid.scope import get_visible

logger = logging.getLogger(__name__)
# A file a stranger sent is shown as a picture or a paper and can do nothing else in the browser.
VIRUS_FOUND = gettext_lazy("遮盖件查出病毒，已隔离，任何人不能打开。请另做一份。")
SANDBOX = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox"


@require_http_methods(["GET", "POST"])
def evidence_add(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, today = clock()
    claim = get_visible(Claim, request.user, today, pk=pk)
    form = EvidenceForm(claim, request.POST or None, request.FILES or None, initial=request.GET.dict())
    status, context = 200, {"claim": claim, "form": form}
    try:
        require(may(find(CLAIM, "add_evidence"), claim, request.user, today))
        if request.method == "POST" and form.is_valid():
            kept, refused = keep_each(claim, form, request.user, now)
            for sentence in kept:
                messages.success(request, sentence)
            if kept:
                for sentence in refused:
                    messages.error(request, sentence)
                return redirect(f"{reverse('claim_detail', args=[claim.pk])}#evidence")
            status, context["refused"] = 409, refused
    except Refused as refusal:
        status, context["refused"] = 409, [refusal.message]
    return render(request, "arrears/claim/evidence.html", context, status=status)


def keep_each(claim: Claim, form: EvidenceForm, person: Person, now: datetime) -> tuple[list[str], list[str]]:
    """What became of each file: sentences about those kept, and about those refused."""
    said = form.cleaned_data
    kept, refused = [], []
    for upload in form.chosen:
        try:
            title = said["title"] if len(form.chosen) == 1 else ""
            row = add_evidence(claim, upload, person, now=now, kind=said["kind"], title=title, replaces=said.get("replaces"))
            if row.is_quarantined:
                refused.append(infected(upload))
            else:
                kept.append(_("已保存：%(title)s") % {"title": row.title})
        except Refused as refusal:
            refused.append(not_kept(upload, refusal))
    return kept, refused


def keep_pieces(claim: Claim, pieces: Iterable[Piece], person: Person, now: datetime) -> tuple[list[str], list[str]]:
    """The same for files that each say what they are."""
    kept, refused = [], []
    for piece in pieces:
        try:
            row = add_evidence(claim, piece.upload, person, now=now, kind=piece.kind, title=piece.title)
            if row.is_quarantined:
                refused.append(infected(piece.upload))
            else:
                kept.append(_("已保存：%(title)s") % {"title": row.title})
        except Refused as refusal:
            refused.append(not_kept(piece.upload, refusal))
    return kept, refused


def not_kept(upload: UploadedFile, refusal: Refused) -> str:
    return _("没有保存“%(name)s”：%(why)s") % {"name": upload.name, "why": refusal.message}


def infected(upload: UploadedFile) -> str:
    return _("“%(name)s”查出病毒，已隔离，任何人不能打开。请重新拍照或另存后再传。") % {"name": upload.name}


@require_safe
def evidence_file(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The file, as it came; for a partner body its redacted copy, if there is one. Pictures and PDF open in the browser,
    everything else is saved."""
    now, today = clock()
    evidence = get_visible(Evidence.objects.select_related("claim"), request.user, today, pk=pk)
    try:
        if is_outside(evidence, request.user, today):
            response = sent_outside(evidence, called(evidence, request.user, today), now)
            log_download(request, evidence, now)  # what was refused was not seen
            return response
        return handed(request, evidence, ready(evidence), now)
    except Refused as refusal:
        return render(request, "arrears/evidence/refused.html", {"evidence": evidence, "refusal": refusal}, status=409)


@require_safe
def evidence_redacted(request: HttpRequest, pk: UUID, copy: UUID) -> HttpResponseBase:
    """One redacted copy, for whoever works on the case; a partner body gets its copy where it asks for the evidence."""
    now, today = clock()
    evidence = get_visible(Evidence.objects.select_related("claim"), request.user, today, pk=pk)
    get_visible(Claim, request.user, today, pk=evidence.claim_id)
    try:
        return handed(request, evidence, ready(get_object_or_404(evidence.redacted, pk=copy)), now)
    except Refused as refusal:
        return render(request, "arrears/evidence/refused.html", {"evidence": evidence, "refusal": refusal}, status=409)


def handed(request: HttpRequest, evidence: Evidence, file: KeptFile, now: datetime) -> HttpResponseBase:
    response = answer_with(evidence, file)
    log_download(request, evidence, now)
    return response


def log_download(request: HttpRequest, evidence: Evidence, now: datetime) -> None:
    log_access(
        request.user, "download", "evidence", evidence.pk, now=now, region_code=evidence.claim.region_id,
        address=address_of(request),
    )  # fmt: skip


def sent_outside(evidence: Evidence, who: str, now: datetime) -> HttpResponseBase:
    """For a partner body: the redacted copy if there is one, with who got it and when all over it. Raises Refused: as
    evidence_shown.file_for_others."""
    file = file_for_others(evidence)
    if not file.file.storage.exists(file.file.name):
        return answer_with(evidence, file)
    moment = now.astimezone(SHANGHAI)
    return answer_with(evidence, file, marked(file, f"{who}  {moment:%Y-%m-%d %H:%M}"))


def called(evidence: Evidence, person: Person, today: date) -> str:
    """The body and the person, as the watermark names them."""
    bodies = evidence.referrals.filter(body__in=person.scope(today).bodies, sent_at__isnull=False)
    return " ".join(filter(None, (bodies.values_list("body__name", flat=True).first(), person.full_name)))


def answer_with(evidence: Evidence, file: KeptFile, instead: bytes | None = None) -> HttpResponseBase:
    try:
        content = BytesIO(instead) if instead is not None else file.file.open("rb")
    except FileNotFoundError:
        logger.error("evidence %s has lost its file %s", evidence.pk, file.file.name)
        raise Http404 from None
    response = FileResponse(content, content_type=file.mime)
    response["Content-Disposition"] = disposition(evidence.title, file.extension)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SANDBOX
    response["Cache-Control"] = "private, no-store"
    return response


def disposition(title: str, extension: str) -> str:
    """A name of our own making: the title, and the extension that the bytes deserve."""
    kind = KINDS[extension]
    way = "inline" if kind.inline and (kind.family == IMAGE or kind.ext == "pdf") else "attachment"
    name = quote(f"{title}.{kind.ext}", safe="")
    return f"{way}; filename=\"evidence.{kind.ext}\"; filename*=UTF-8''{name}"


@require_safe
def evidence_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One paper of the case: its versions, its fingerprint, its redacted copies."""
    now, today = clock()
    evidence = seen_whole(request, pk, today)
    log_access(request.user, "read", "evidence", evidence.pk, now=now, region_code=evidence.claim.region_id, address=address_of(request))
    page = EvidencePage(evidence, request.user, today)
    return render(request, "arrears/evidence/detail.html", {"claim": evidence.claim, "evidence": evidence, "page": page})


def seen_whole(request: HttpRequest, pk: UUID, today: date) -> Evidence:
    """A partner body sees the file it was sent, and nothing of how it came to be."""
    evidence = get_visible(Evidence.objects.select_related("claim", "added_by"), request.user, today, pk=pk)
    get_visible(Claim, request.user, today, pk=evidence.claim_id)
    return evidence


@require_http_methods(["GET", "POST"])
def evidence_redact(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A copy for others: rectangles over the picture, or a file that was made elsewhere."""
    now, today = clock()
    evidence = seen_whole(request, pk, today)
    form = RedactForm(evidence, request.POST or None, request.FILES or None)
    refusal, status = "", 200
    try:
        require(may(find(CLAIM, "add_evidence"), evidence.claim, request.user, today))
        if request.method == "POST" and form.is_valid():
            copy = make_copy(evidence, form, request.user, now)
            said = VIRUS_FOUND if copy.is_quarantined else _("遮盖件已保存。协同单位只能看到遮盖件，原件不变。")
            (messages.error if copy.is_quarantined else messages.success)(request, said)
            return redirect("evidence_detail", evidence.pk)
    except Refused as refused:
        refusal, status = refused.message, 409
    context = {"claim": evidence.claim, "evidence": evidence, "form": form, "refusal": refusal}
    return render(request, "arrears/evidence/redact.html", context, status=status)


def make_copy(evidence: Evidence, form: RedactForm, person: Person, now: datetime) -> RedactedCopy:
    if upload := form.cleaned_data.get("file"):
        return upload_redacted(evidence, upload, person, now=now)
    return draw_over(evidence, form.cleaned_data["boxes"], person, now=now)
