"""The wage sheet of a draft: handing it in, its columns, its lines, and how far its registration is. The page itself
is the step "sheet" of views/intake.py."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from arrears import long_work, sheet_files, sheet_registering, wage_sheets
from arrears.forms.sheets import ColumnsForm, UploadForm
from arrears.forms.steps import Setting, Sheet
from arrears.models import IntakeDraft, WageSheet
from arrears.sheet_kept import Kept
from arrears.sheet_page import REASONS, posted_fixes
from arrears.tasks import register_sheets
from arrears.views.asking import clock
from arrears.views.intake import allow, claim_of, marks, show, to_claim_of
from arrears.wage_sheets import LONGEST_FIX, LONGEST_REASON, MOST_BYTES
from grid.refused import Refused


@require_POST
def sheet_upload(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A file or a text, in the place of the one before. What is wrong with it is said beside the form, and what was
    there before stays."""
    now, today = clock()
    draft = draft_of(request, pk)
    form = UploadForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            if form.cleaned_data["file"] and form.cleaned_data["file"].size > MOST_BYTES:
                raise wage_sheets.too_large(form.cleaned_data["file"].size)
            data, name = form.data_and_name
            lacks = wage_sheets.put(draft, data, name, now=now).lacks
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            return redirect("sheet_columns" if lacks else "draft_step", pk, *([] if lacks else [Sheet.name]))
    response = show(request, pk, Sheet(Setting.of(draft, today)), {"upload": form, "is_uploading": True})
    response.status_code = 422
    return response


@require_http_methods(["GET", "POST"])
def sheet_columns(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, today = clock()
    draft = draft_of(request, pk)
    setting = Setting.of(draft, today)
    kept = kept_in(setting)
    form = ColumnsForm(kept, request.POST.dict() if request.method == "POST" else None, today)
    if form.is_valid:
        try:
            wage_sheets.choose(draft, form.choice, now=now)
        except Refused as refusal:
            form.errors.append(refusal.message)
        else:
            return redirect("draft_step", pk, Sheet.name)
    context = {"draft_id": pk, "form": form, "columns": form.columns, "steps": marks(pk, Sheet.name, setting), "sheet_name": kept.row.name}
    return render(request, "arrears/intake/columns.html", context, status=422 if form.errors and request.method == "POST" else 200)


@require_POST
def sheet_lines(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Cells corrected, lines left out, lines taken in again: everything typed on one page of lines."""
    now, today = clock()
    draft = draft_of(request, pk)
    kept = kept_in(Setting.of(draft, today))
    posted = request.POST.dict()
    rows = kept.rows_of({field.split("|")[1] for field in posted if field.startswith(("fix|", "leave|"))})
    fixes = {key: {name: value[:LONGEST_FIX] for name, value in cells.items()} for key, cells in posted_fixes(rows, posted).items()}
    left = {
        key: reason_of(posted[field], posted.get(f"why|{key}", ""))
        for field in posted
        if field.startswith("leave|") and posted[field] and (key := field.partition("|")[2]) in rows
    }
    back = frozenset({posted["back"]} if "back" in posted else ())
    try:
        wage_sheets.fix(draft, fixes, left, back, now=now)
    except Refused as refusal:
        messages.error(request, refusal.message)
    if request.htmx:
        return show(request, pk, Sheet(Setting.of(draft, today)))
    return redirect(f"{reverse('draft_step', args=[pk, Sheet.name])}?{request.GET.urlencode()}")


def reason_of(chosen: str, typed: str) -> str:
    """One of the reasons offered, with what was typed beside it."""
    offered = {_(reason) for reason in REASONS}
    reason = chosen if chosen in offered else _(REASONS[-1])
    typed = "".join(character for character in typed if character.isprintable()).strip()[:LONGEST_REASON]
    return f"{reason}{_('：')}{typed}" if typed else reason


@require_POST
def sheet_drop(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, _today = clock()
    try:
        wage_sheets.drop(draft_of(request, pk), now=now)
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("draft_step", pk, Sheet.name)


@require_safe
def sheet_errors(request: HttpRequest, pk: UUID) -> HttpResponse:
    _now, today = clock()
    kept = kept_in(Setting.of(draft_of(request, pk), today))
    return workbook(sheet_files.wrong_lines(kept), "errors.xlsx")


@require_safe
def sheet_template(request: HttpRequest) -> HttpResponse:
    _now, today = clock()
    allow(request, today)
    return workbook(sheet_files.template(), "wage-sheet.xlsx")


def workbook(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=sheet_files.XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "POST"])
def sheet_progress(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How far the registration is; to the claim once it is done. POST asks again for one that was refused."""
    now, today = clock()
    allow(request, today)
    row = WageSheet.objects.defer("original", "tables", "answers").filter(draft=pk, draft__person=request.user).first()
    if row is None:
        return arrived(request, pk)
    if row.asked_at is None:
        return redirect("draft_check", pk)
    if request.method == "POST" and row.refused:
        sheet_registering.ask(row.draft, row.extra, now=now, send=register_sheets.delay)
        return redirect("sheet_progress", pk)
    context = {"draft_id": pk, "row": row, "percent": long_work.percent(pk)}
    return render(request, f"arrears/intake/{'_progress' if request.htmx else 'progress'}.html", context)


def arrived(request: HttpRequest, pk: UUID) -> HttpResponse:
    _now, today = clock()
    claim = claim_of(request, pk, today)
    if claim is None:
        raise Http404
    said = {"number": claim.number, "public": claim.public_number}
    messages.success(request, _("案件已登记，案号 %(number)s。请把查询号 %(public)s 告诉劳动者，凭它了解进度。") % said)
    if request.htmx:
        return HttpResponseClientRedirect(reverse("claim_detail", args=[claim.pk]))
    return to_claim_of(request, pk, today)


def draft_of(request: HttpRequest, pk: UUID) -> IntakeDraft:
    _now, today = clock()
    allow(request, today)
    return get_object_or_404(request.user.drafts, pk=pk)


def kept_in(setting: Setting) -> Kept:
    if setting.sheet is None:
        raise Http404
    return setting.sheet
