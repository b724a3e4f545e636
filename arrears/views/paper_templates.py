"""文书模板: each form with its versions; what an office changed of it, tried before it is published."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from arrears.models import Claim, PaperTemplate
from arrears.papers.blocks import blocks_of
from arrears.papers.book import (
    InForce,
    form_of,
    has_text,
    in_force,
    publish,
    require_administrator,
    retire,
    upload,
    version_of,
)
from arrears.papers.examples import example_facts
from arrears.papers.forms import FORMS, Form
from arrears.papers.making import Maker
from arrears.papers.marks import TemplateFault
from arrears.papers.page import FormRow, fields_shown, named
from arrears.papers.pdf import Foot, typeset
from arrears.papers.uploads import LARGEST
from arrears.papers.word import fill
from arrears.views.asking import address_of, clock
from arrears.views.papers import handed_bytes
from grid.access import log_access
from grid.refused import Refused


class UploadForm(forms.Form):
    docx = forms.FileField(label=gettext_lazy("Word 模板（.docx）"), widget=forms.ClearableFileInput(attrs={"accept": ".docx"}))
    note = forms.CharField(label=gettext_lazy("改了什么"), max_length=200)


def allow(request: HttpRequest) -> None:
    """Pages of the city's administrators: for others they are not there."""
    now, _today = clock()
    try:
        require_administrator(request.user, now)
    except Refused:
        raise Http404 from None


def form_or_404(form_id: str) -> Form:
    form = FORMS.get(form_id)
    if form is None or not has_text(form):
        raise Http404
    return form


@require_safe
def template_list(request: HttpRequest) -> HttpResponse:
    allow(request)
    newest = {row.form: row for row in PaperTemplate.objects.filter(published_at__isnull=False, retired_at=None).order_by("version").defer("docx")}
    rows = [(FormRow(form), newest.get(form.id)) for form in FORMS.values() if has_text(form)]
    return render(request, "arrears/paper/templates.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def template_detail(request: HttpRequest, form_id: str) -> HttpResponse:
    """Versions and fields of a form. POST brings a new version."""
    allow(request)
    now, _today = clock()
    paper = form_or_404(form_id)
    form, faults, status = UploadForm(request.POST or None, request.FILES or None), [], 200
    try:
        if request.method == "POST" and form.is_valid():
            brought = form.cleaned_data["docx"].read(LARGEST + 1)
            row = upload(paper, brought, form.cleaned_data["note"], example_facts(), request.user, now=now)
            messages.success(request, _("第 %(version)s 版已存为草稿，请预览后公布。") % {"version": row.version})
            return redirect("template_detail", paper.id)
        status = 422 if request.method == "POST" else 200
    except TemplateFault as fault:
        faults, status = fault.faults, 409
    except Refused as refused:
        faults, status = [refused.message], 409
    versions = PaperTemplate.objects.filter(form=paper.id).select_related("added_by", "published_by").defer("docx")
    context = {
        "paper": paper, "title": named(paper), "form": form, "faults": faults, "versions": versions, "groups": fields_shown(paper),
        "in_force": in_force(paper).version,
    }  # fmt: skip
    return render(request, "arrears/paper/template.html", context, status=status)


@require_safe
def template_file(request: HttpRequest, form_id: str, version: int) -> HttpResponseBase:
    allow(request)
    paper = form_or_404(form_id)
    return handed_bytes(bytes_of(paper, version), "docx", f"{paper.id}-{paper.name}-v{version}")


@require_safe
def template_preview(request: HttpRequest, form_id: str, version: int) -> HttpResponseBase:
    """As a PDF: of a claim the administrator sees (?claim=), else of the example."""
    allow(request)
    now, today = clock()
    paper, docx = form_or_404(form_id), bytes_of(form_or_404(form_id), version)
    number = request.GET.get("claim", "").strip()
    try:
        if number:
            claim = Claim.objects.visible_to(request.user, today).filter(number=number).first()
            if claim is None:
                raise Refused("unknown_claim", _("您的辖区内没有这个案号的案件，请核对。"))
            log_access(request.user, "read", "claim", claim.pk, now=now, region_code=claim.region_id, address=address_of(request))
            worker = claim.claimants.first() if claim.worker_count > 1 and paper.per == "worker" else None
            blocks = Maker(claim, today).draft(paper.id, {}, worker=worker, template=InForce(version, docx), is_strict=False).blocks
        else:
            blocks = blocks_of(fill(docx, example_facts()).docx)
        return handed_bytes(typeset(blocks, Foot(paper.name, today, "预览，没有编号，不能使用")), "pdf", f"{paper.name}-v{version}")
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect("template_detail", paper.id)


@require_POST
def template_act(request: HttpRequest, form_id: str, version: int, name: str) -> HttpResponse:
    """Publishes a version, or takes one out of use."""
    allow(request)
    now, _today = clock()
    row = get_object_or_404(PaperTemplate.objects.defer("docx"), form=form_or_404(form_id).id, version=version)
    verbs = {"publish": (publish, _("已公布，以后制作这种文书都用它。")), "retire": (retire, _("已停用，以后用前一个版本。"))}
    if name not in verbs:
        raise Http404
    verb, said = verbs[name]
    try:
        verb(row, request.user, now=now)
        messages.success(request, said)
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("template_detail", form_id)


def bytes_of(form: Form, version: int) -> bytes:
    try:
        return version_of(form_of(form.id), version)
    except Refused:
        raise Http404 from None
