"""提问: one question to the worker, for officials: how it stands, and what can be done when nobody answers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from arrears.forms.questions import DropForm, HeardForm, LaterForm
from arrears.models import Question
from arrears.views.asking import address_of, clock
from arrears.worker import questions
from grid.access import log_access
from grid.refused import Refused
from grid.scope import get_visible


@dataclass(frozen=True)
class Act:
    """One thing to do about a question: a fold of the page with a form of its own."""

    label: Any
    icon: str
    form: type[forms.Form]
    verb: Callable[..., None]
    done: Any


ACTS = {
    "heard": Act(_("记下他的回答"), "message", HeardForm, questions.answer_heard, _("已经记下。")),
    "later": Act(_("多给几天"), "calendar", LaterForm, questions.give_days, _("已经改期，并告诉了劳动者。")),
    "drop": Act(_("不再问了"), "undo", DropForm, questions.drop, _("不再等他回答。")),
}


@require_safe
def question_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    return show(request, pk)


@require_POST
def question_act(request: HttpRequest, pk: UUID, name: str) -> HttpResponse:
    now, today = clock()
    act = ACTS.get(name)
    if act is None:
        raise Http404
    question = found(request, pk, today)
    form = act.form(request.POST, prefix=name)
    if not form.is_valid():
        return show(request, pk, {name: form})
    try:
        act.verb(question, request.user, now=now, **form.cleaned_data)
    except Refused as refusal:
        return show(request, pk, {name: form}, refusal.message, status=409)
    messages.success(request, act.done)
    return redirect("question_detail", pk)


def found(request: HttpRequest, pk: UUID, today: Any) -> Question:
    rows = Question.objects.select_related("claim__region", "event__actor").prefetch_related("claim__claimants")
    return get_visible(rows, request.user, today, pk=pk)


def show(
    request: HttpRequest, pk: UUID, bound: dict[str, forms.Form] | None = None, refusal: str = "", status: int = 200
) -> HttpResponse:
    now, today = clock()
    question = found(request, pk, today)
    claim = question.claim
    log_access(request.user, "read", "claim", claim.pk, now=now, region_code=claim.region_id, address=address_of(request))
    may = questions.may_act(question, request.user, today)
    acts = [
        {"name": name, "act": act, "form": (bound or {}).get(name) or act.form(prefix=name), "is_open": name in (bound or {})}
        for name, act in ACTS.items()
    ]
    context = {
        "question": question, "claim": claim, "acts": acts if may else [], "is_late": question.is_open and question.answer_by < today,
        "answer": questions.answer_to(question), "refusal": refusal,
    }  # fmt: skip
    return render(request, "arrears/question/detail.html", context, status=status)
