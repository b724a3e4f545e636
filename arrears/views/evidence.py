"""Adding evidence, and handing a file to whoever may see it. There is no other way to a file."""

import logging
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from arrears.evidence import add_evidence
from arrears.evidence_types import IMAGE, KINDS
from arrears.forms.evidence import EvidenceForm
from arrears.forms.intake_files import Piece
from arrears.lifecycle import CLAIM
from arrears.models import Claim, Evidence
from arrears.permits import find, may, require
from arrears.views.asking import address_of, clock
from grid.access import log_access
from grid.models import Person
from grid.refused import Refused
from grid.scope import get_visible

logger = logging.getLogger(__name__)
# A file a stranger sent is shown as a picture or a paper and can do nothing else in the browser.
SANDBOX = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox"


@require_http_methods(["GET", "POST"])
def evidence_add(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, today = clock()
    claim = get_visible(Claim, request.user, today, pk=pk)
    form = EvidenceForm(claim, request.POST or None, request.FILES or None)
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
            kept.append(_("已保存：%(title)s") % {"title": row.title})
        except Refused as refusal:
            refused.append(not_kept(piece.upload, refusal))
    return kept, refused


def not_kept(upload: UploadedFile, refusal: Refused) -> str:
    return _("没有保存“%(name)s”：%(why)s") % {"name": upload.name, "why": refusal.message}


@require_safe
def evidence_file(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The file, as it came. Pictures and PDF open in the browser, everything else is saved."""
    now, today = clock()
    evidence = get_visible(Evidence.objects.select_related("claim"), request.user, today, pk=pk)
    try:
        content = evidence.file.open("rb")
    except FileNotFoundError:
        logger.error("evidence %s has lost its file %s", evidence.pk, evidence.file.name)
        raise Http404 from None
    log_access(
        request.user, "download", "evidence", evidence.pk, now=now, region_code=evidence.claim.region_id,
        address=address_of(request),
    )  # fmt: skip
    response = FileResponse(content, content_type=evidence.mime)
    response["Content-Disposition"] = disposition(evidence)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SANDBOX
    response["Cache-Control"] = "private, no-store"
    return response


def disposition(evidence: Evidence) -> str:
    """A name of our own making: the title, and the extension that the bytes deserve."""
    kind = KINDS[evidence.extension]
    way = "inline" if kind.inline and (kind.family == IMAGE or kind.ext == "pdf") else "attachment"
    name = quote(f"{evidence.title}.{kind.ext}", safe="")
    return f"{way}; filename=\"evidence.{kind.ext}\"; filename*=UTF-8''{name}"
