"""Importing a file of work orders: handing it in, putting it right on the spot, taking it in whole."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from arrears import long_work
from arrears.forms.sources import OrderFileForm
from arrears.models import OrderSheet, Source
from arrears.sources import importing, sheets
from arrears.sources.keeping import may_import
from arrears.sources.lines import GOOD
from arrears.sources.sheet_page import REASONS, SheetPage, posted_fixes
from arrears.tasks import import_orders
from arrears.views.asking import clock
from arrears.views.sheets import workbook
from arrears.views.sources import source_or_404
from grid.refused import Refused


def importing_to(request: HttpRequest, pk: UUID) -> Source:
    _now, today = clock()
    source = source_or_404(request, pk)
    if not may_import(source, request.user, today):
        raise Http404
    return source


def row_or_404(request: HttpRequest, source: Source) -> OrderSheet:
    return get_object_or_404(OrderSheet.objects.defer("tables", "answers"), source=source, person=request.user)


def kept_or_404(request: HttpRequest, source: Source) -> sheets.Kept:
    _now, today = clock()
    kept = sheets.open_of(source, request.user, today)
    if kept is None:
        raise Http404
    return kept


@require_http_methods(["GET", "HEAD", "POST"])
def source_import(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A file, in the place of the one before. What is wrong with it is said beside the form; what was there before stays."""
    now, today = clock()
    source, status = importing_to(request, pk), 200
    form = OrderFileForm(request.POST, request.FILES) if request.method == "POST" else OrderFileForm()
    if form.is_bound:
        status = 422
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                sheets.put(source, request.user, file.read(sheets.MOST_BYTES + 1), file.name, now=now)
            except Refused as refusal:
                form.add_error("file", refusal.message)
            else:
                return redirect("source_import", source.pk)
    kept = sheets.open_of(source, request.user, today)
    if not form.is_bound and OrderSheet.objects.filter(source=source, person=request.user, asked_at__isnull=False).filter(Q(refused="") | Q(result__isnull=False)).exists():
        return redirect("source_import_progress", source.pk)
    page = SheetPage(kept, request.GET) if kept and not form.is_bound and "replace" not in request.GET else None
    return render(request, "arrears/source/import.html", {"source": source, "form": form, "kept": kept, "sheet": page}, status=status)


@require_POST
def source_import_columns(request: HttpRequest, pk: UUID) -> HttpResponse:
    source = importing_to(request, pk)
    kept = kept_or_404(request, source)
    fields = {
        (part.number, head): request.POST.get(f"field-{part.number}-{place}" if part.number else f"field-{place}", "")
        for part in kept.parts for place, head in enumerate(part.header.heads)
    }  # fmt: skip
    taken = {part.number for part in kept.parts if len(kept.parts) == 1 or f"take-{part.number}" in request.POST}
    try:
        sheets.choose(kept, fields, taken)
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("source_import", source.pk)


@require_POST
def source_import_lines(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Cells corrected, lines left out, lines taken in again: everything typed on one page of lines."""
    source = importing_to(request, pk)
    kept = kept_or_404(request, source)
    posted = request.POST.dict()
    known, offered = {line.key for line in kept.lines}, {_(reason) for reason in REASONS}
    left = {
        key: posted[field] if posted[field] in offered else _(REASONS[-1])
        for field in posted
        if field.startswith("leave|") and posted[field] and (key := field.partition("|")[2]) in known
    }
    try:
        sheets.fix(kept, posted_fixes(kept, posted), left, frozenset({posted["back"]} if "back" in posted else ()))
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect(f"{reverse('source_import', args=[source.pk])}?{request.GET.urlencode()}")


@require_POST
def source_import_go(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, _today = clock()
    source = importing_to(request, pk)
    kept = kept_or_404(request, source)
    if kept.is_ready and len(kept.having(GOOD)) >= sheets.LONG_FROM:
        importing.ask(kept.row, now=now, send=import_orders.delay)
        return redirect("source_import_progress", source.pk)
    try:
        counts = sheets.bring_in(kept, request.user, now=now)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("source_import", source.pk)
    messages.success(request, _("导入完成：新工单 %(created)s 件，已经收到过 %(known)s 件，内容有变化 %(updated)s 件。") % counts)
    return redirect(f"{reverse('report_list')}?source={source.code}")


@require_http_methods(["GET", "HEAD", "POST"])
def source_import_progress(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How far the import is, and what came out. POST asks again for one that was refused."""
    now, _today = clock()
    source = importing_to(request, pk)
    row = row_or_404(request, source)
    if row.asked_at is None:
        return redirect("source_import", source.pk)
    if request.method == "POST" and row.refused:
        importing.ask(row, now=now, send=import_orders.delay)
        return redirect("source_import_progress", source.pk)
    context = {"source": source, "row": row, "percent": long_work.percent(row.pk)}
    return render(request, f"arrears/source/{'_progress' if request.htmx else 'progress'}.html", context)


@require_POST
def source_import_drop(request: HttpRequest, pk: UUID) -> HttpResponse:
    source = importing_to(request, pk)
    row = row_or_404(request, source)
    try:
        sheets.drop(row)
        if not row.is_done:
            messages.success(request, _("已放弃这份文件，一件也没有导入。"))
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("source_import", source.pk)


@require_safe
def source_import_errors(request: HttpRequest, pk: UUID) -> HttpResponse:
    return workbook(sheets.wrong_lines(kept_or_404(request, importing_to(request, pk))), "errors.xlsx")


@require_safe
def source_import_template(request: HttpRequest, pk: UUID) -> HttpResponse:
    importing_to(request, pk)
    return workbook(sheets.template(), "work-orders.xlsx")
