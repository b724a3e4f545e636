"""Recording an agreement: the signing of a draft, or without one the paper's fields and its instalments, one line each."""

from typing import Any

from django.contrib import messages
from django.forms import BaseFormSet
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from grid.refused import Refused
from mediation import handing
from mediation.agreements import SIGNATURES
from mediation.drafting import verbs
from mediation.drafting.page import DraftPage
from mediation.drafting.scans import attach
from mediation.forms import AgreeForm, InstalmentForms
from mediation.forms.agreement import MOST_LINES
from mediation.forms.draft import SignForm
from mediation.views.asked import Asked, typed

PREFIX = "instalments"


def agree(asked: Asked) -> HttpResponse:
    page = DraftPage(asked.mediation, asked.person, asked.today)
    return sign(asked, page) if page.draft else as_on_paper(asked, page)


def sign(asked: Asked, page: DraftPage) -> HttpResponse:
    """The draft as it stands, and what only the signed paper shows."""
    labels = {name: asked.move.asks_by_name[name].label for name in SIGNATURES}
    files = asked.request.FILES if asked.data is not None else None
    form = SignForm(labels, asked.data, files, initial={"version": page.draft.version, "effective_on": asked.today, "how": "paper"})
    refusal = asked.refusal()
    if not refusal and form.is_valid():
        refusal = signed(asked, form)
        if not refusal:
            return asked.back()
    context = asked.context(form=form, page=page, refusal=refusal)
    return render(asked.request, "mediation/agree/sign.html", context, status=409 if refusal else 200)


def signed(asked: Asked, form: SignForm) -> str:
    """The sentence of the refusal, if it was refused. A scan that is refused does not undo the signing: it is said, and can be
    brought again."""
    answers = dict(form.cleaned_data)
    scan, is_handed = answers.pop("scan"), answers.pop("handed")
    try:
        verbs.sign(asked.mediation, asked.person, now=asked.now, **answers)
    except Refused as refused:
        return refused.message
    messages.success(asked.request, _("已完成：%(move)s") % {"move": _(asked.move.label)})
    agreement = asked.mediation.agreement
    if scan:
        try:
            attach(agreement, scan, asked.person, now=asked.now)
        except Refused as refused:
            messages.warning(asked.request, _("协议已登记，但扫描件没有收下：%(why)s请在本页重新上传。") % {"why": refused.message})
    if is_handed:
        try:
            handing.hand_over(agreement, asked.person, now=asked.now, whom=[copy.pk for copy in handing.copies(agreement)])
        except Refused as refused:
            messages.warning(asked.request, _("协议已登记，但还没有登记送达：%(why)s") % {"why": refused.message})
    return ""


def as_on_paper(asked: Asked, page: DraftPage) -> HttpResponse:
    form, lines = forms_of(asked)
    refusal = asked.refusal()
    if not refusal and all([form.is_valid(), lines.is_valid()]):
        refusal = asked.attempt(**form.cleaned_data, instalments=lines.plan())
        if not refusal:
            return asked.back()
    context = asked.context(form=form, lines=lines, refusal=refusal, page=page)
    return render(asked.request, "mediation/agree/page.html", context, status=409 if refusal else 200)


def forms_of(asked: Asked) -> tuple[AgreeForm, BaseFormSet]:
    if asked.data is None:
        initial = {"total": asked.mediation.claim.unpaid or None, "effective_on": asked.today, "manner": "bank"}
        return AgreeForm(asked.move, initial=initial), InstalmentForms(prefix=PREFIX)
    form = AgreeForm(asked.move, asked.data)
    if "add_line" in asked.data:
        return AgreeForm(asked.move, initial=typed(asked.data, form)), InstalmentForms(
            prefix=PREFIX, initial=typed_lines(asked.data)
        )
    return form, InstalmentForms(asked.data, prefix=PREFIX)


def typed_lines(data: QueryDict) -> list[dict[str, Any]]:
    """The lines as they were typed, without the empty ones at the end."""
    lines = [
        {name: data.get(f"{PREFIX}-{number}-{name}", "") for name in ("due_on", "amount")} for number in range(MOST_LINES)
    ]
    while lines and not any(lines[-1].values()):
        lines.pop()
    return lines
