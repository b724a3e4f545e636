"""工单来源: the offices whose orders come in. Administrators of the city set them up; offices exchange the files."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from arrears.forms.sources import SourceForm, WordingForm
from arrears.models import ReturnFile, Source, SourceToken
from arrears.sheet_files import XLSX
from arrears.sources import handing, keeping, sending, tokens
from arrears.sources.page import SourcePage, rows_of
from arrears.views.asking import address_of, clock
from grid.access import log_access
from grid.channels import SendError
from grid.models import Region
from grid.refused import Refused

form_page = require_http_methods(["GET", "HEAD", "POST"])
FORMATS = {"xlsx": (handing.as_xlsx, XLSX), "csv": (handing.as_csv, "text/csv; charset=utf-8")}


def source_or_404(request: HttpRequest, pk: Any) -> Source:
    _now, today = clock()
    return get_object_or_404(keeping.sources_for(request.user, today), pk=pk)


def keeper_only(request: HttpRequest) -> None:
    _now, today = clock()
    if not keeping.keeps(request.user.scope(today)):
        raise Http404


def show(request: HttpRequest, source: Source, status: int = 200, **more: Any) -> HttpResponse:
    now, today = clock()
    context = {"source": source, "page": SourcePage(source, request.user, now, today), **more}
    return render(request, "arrears/source/detail.html", context, status=status)


@require_safe
def source_list(request: HttpRequest) -> HttpResponse:
    _now, today = clock()
    scope = request.user.scope(today)
    if not keeping.seen_from(scope):
        raise Http404
    rows = rows_of(list(keeping.sources_for(request.user, today)))
    return render(request, "arrears/source/list.html", {"rows": rows, "may_keep": keeping.keeps(scope)})


@require_safe
def source_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    return show(request, source_or_404(request, pk))


@sensitive_post_parameters("url", "secret")
@never_cache
@form_page
def source_new(request: HttpRequest) -> HttpResponse:
    keeper_only(request)
    now, _today = clock()
    form = SourceForm(request.POST if request.method == "POST" else None, regions=regions(), initial={"return_way": "none", "channel": "hotline"})
    status = 200
    if form.is_valid():
        try:
            source = keeping.add(request.user, now=now, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(FIELD_OF.get(refusal.code), refusal.message)
            status = 409
        else:
            messages.success(request, _("已添加“%(name)s”。对方要用接口的，请生成令牌交给对方。") % {"name": source.name})
            return redirect("source_detail", source.pk)
    return render(request, "arrears/source/edit.html", {"form": form}, status=status)


@sensitive_post_parameters("url", "secret")
@never_cache
@form_page
def source_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    keeper_only(request)
    now, _today = clock()
    source = source_or_404(request, pk)
    initial = {name: getattr(source, name) for name in keeping.EDITED if name != "wording"}
    form = SourceForm(request.POST if request.method == "POST" else None, regions=regions(), initial=initial)
    status = 200
    if form.is_valid():
        try:
            changed = keeping.change(source, request.user, now=now, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(FIELD_OF.get(refusal.code), refusal.message)
            status = 409
        else:
            messages.success(request, _("已保存。") if changed else _("没有改动。"))
            return redirect("source_detail", source.pk)
    return render(request, "arrears/source/edit.html", {"form": form, "source": source}, status=status)


FIELD_OF = {"source_address": "url", "source_secret": "secret", "known_source": "code"}


def regions() -> Any:
    return Region.objects.current().filter(level__in=("city", "county")).order_by("code")


@form_page
def source_wording(request: HttpRequest, pk: UUID) -> HttpResponse:
    keeper_only(request)
    now, _today = clock()
    source = source_or_404(request, pk)
    form = WordingForm(request.POST if request.method == "POST" else None, initial=source.wording)
    if form.is_valid():
        changed = keeping.change(source, request.user, now=now, wording=form.cleaned_data)
        messages.success(request, _("已保存。") if changed else _("没有改动。"))
        return redirect("source_detail", source.pk)
    return render(request, "arrears/source/wording.html", {"form": form, "source": source})


@require_POST
def source_switch(request: HttpRequest, pk: UUID) -> HttpResponse:
    keeper_only(request)
    now, _today = clock()
    source, on = source_or_404(request, pk), request.POST.get("on") == "1"
    keeping.switch(source, request.user, now=now, is_active=on)
    messages.success(request, (_("已恢复“%(name)s”。") if on else _("已停用“%(name)s”：不再接收新工单，已收到的照常办理和回传。")) % {"name": source.name})
    return redirect("source_detail", source.pk)


@never_cache
@require_POST
def source_token(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Shown on this answer, and never again."""
    keeper_only(request)
    now, _today = clock()
    source = source_or_404(request, pk)
    return show(request, source, token=tokens.make(source, request.user, now=now))


@require_POST
def source_token_revoke(request: HttpRequest, pk: UUID) -> HttpResponse:
    keeper_only(request)
    now, _today = clock()
    token = get_object_or_404(SourceToken.objects.select_related("source"), pk=pk)
    if tokens.revoke(token, request.user, now=now):
        messages.success(request, _("令牌（尾号 %(end)s）已吊销，立即失效。") % {"end": token.end})
    return redirect("source_detail", token.source_id)


@require_POST
def source_try(request: HttpRequest, pk: UUID) -> HttpResponse:
    keeper_only(request)
    now, _today = clock()
    source = source_or_404(request, pk)
    try:
        sending.try_out(source, request.user, now=now)
        messages.success(request, _("“%(name)s”收下了测试消息。") % {"name": source.name})
    except SendError as error:
        said = {"name": source.name, "error": error}
        messages.error(request, _("“%(name)s”没有收下测试消息：%(error)s。请核对地址和密钥。") % said)
    return redirect("source_detail", source.pk)


@require_POST
def source_resend(request: HttpRequest, pk: UUID) -> HttpResponse:
    keeper_only(request)
    now, _today = clock()
    source = source_or_404(request, pk)
    count = sending.send_again(source, request.user, now=now)
    messages.success(request, _("%(n)s 条变更马上重新回传。") % {"n": count} if count else _("没有要重新回传的变更。"))
    return redirect("source_detail", source.pk)


@require_POST
def source_hand_out(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, _today = clock()
    source = source_or_404(request, pk)
    try:
        made = handing.make_file(source, request.user, now=now)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("已导出 %(n)s 条变更，请在下面下载文件交给对方。") % {"n": made.count})
    return redirect("source_detail", source.pk)


@require_safe
def source_file(request: HttpRequest, pk: UUID, form: str) -> HttpResponse:
    now, today = clock()
    file = get_object_or_404(ReturnFile.objects.select_related("source"), pk=pk)
    if form not in FORMATS or not keeping.may_hand_out(source_or_404(request, file.source_id), request.user, today):
        raise Http404
    log_access(request.user, "export", "source", file.source_id, now=now, region_code=file.source.region_id, address=address_of(request))
    make, kind = FORMATS[form]
    response = HttpResponse(make(file), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{file.source.code}-{file.made_at:%Y%m%d-%H%M%S}.{form}"'
    response["Cache-Control"] = "private, no-store"
    return response
