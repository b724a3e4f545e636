"""Recording an agreement: the paper's fields and its instalments, one line each."""

from typing import Any

from django.forms import BaseFormSet
from django.http import HttpResponse, QueryDict
from django.shortcuts import render

from mediation.forms import AgreeForm, InstalmentForms
from mediation.forms.agreement import MOST_LINES
from mediation.views.asked import Asked, typed

PREFIX = "instalments"


def agree(asked: Asked) -> HttpResponse:
    form, lines = forms_of(asked)
    refusal = asked.refusal()
    if not refusal and all([form.is_valid(), lines.is_valid()]):
        refusal = asked.attempt(**form.cleaned_data, instalments=lines.plan())
        if not refusal:
            return asked.back()
    context = asked.context(form=form, lines=lines, refusal=refusal)
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
