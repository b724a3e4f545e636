"""What the worker does on the own page. Each is a page of its own that works without a script."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from arrears.forms.saying import AnswerForm, FileForm, ObjectForm, RateForm, WithdrawForm
from arrears.models import Claim, Question, Report
from arrears.objections.objecting import objects
from arrears.ratings.verbs import rate
from arrears.reports import adding
from arrears.views.asking import clock
from arrears.views.evidence import not_kept
from arrears.views.track import public, visitor_of
from arrears.worker import questions, saying
from arrears.worker.tracking import course
from grid.refused import Refused

form_page = require_http_methods(["GET", "HEAD", "POST"])
MEANS = gettext_lazy(
    "撤回以后不再办理，也不会再催对方付钱。工作人员会先联系您，确认是您自己的意思，签字以后才算撤回；在这之前案件照常办理。"
    "撤回不等于放弃工钱，您以后还可以申请仲裁或者起诉，但要注意时效。"
)


@public
@form_page
def track_answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    def keep(claim: Claim, now: datetime, text: str) -> str:
        questions.answer(claim, pk, text, now=now)
        return _("已经回答，工作人员会看到。")

    asked = {row.pk: row for row in asked_here(request)}.get(pk)
    return take(request, AnswerForm, keep, gettext_lazy("回答问题"), quote=asked.text if asked else "")


@public
@form_page
def track_file(request: HttpRequest) -> HttpResponse:
    def keep(claim: Claim, now: datetime, files: list[Any]) -> str:
        for upload in files:
            try:
                row = saying.add_file(claim, upload, now=now)
                messages.success(request, _("已保存：%(title)s") % {"title": row.title})
            except Refused as refusal:
                messages.error(request, not_kept(upload, refusal))
        return ""

    def keep_with_report(report: Report, now: datetime, files: list[Any]) -> str:
        adding.add_files(report, files, now=now)
        return _("已经收到，工作人员会看到。")

    return take(request, FileForm, keep, gettext_lazy("补充材料"), of_report=keep_with_report)


@public
@form_page
def track_withdraw(request: HttpRequest) -> HttpResponse:
    def keep(claim: Claim, now: datetime, text: str, sure: bool) -> str:
        saying.want_to_withdraw(claim, text, now=now)
        return _("已经记下，工作人员会联系您确认。在这之前案件照常办理。")

    def say_of_report(report: Report, now: datetime, text: str, sure: bool) -> str:
        adding.say_unwanted(report, text, now=now)
        return _("已经记下，工作人员会看到。")

    visitor = visitor_of(request)
    if visitor and visitor.claim and visitor.claimant is None:  # it may be the foreman's telephone
        messages.error(request, _("这个手机号登记给了好几个人，请本人直接找工作人员撤回。"))
        return redirect("track")
    return take(request, WithdrawForm, keep, gettext_lazy("我想撤回"), of_report=say_of_report, means=MEANS)


@public
@form_page
def track_rate(request: HttpRequest) -> HttpResponse:
    def keep(claim: Claim, now: datetime, stars: int, text: str) -> str:
        rate(claim, stars, text, now=now)
        return _("谢谢您的评价。")

    return take(request, RateForm, keep, gettext_lazy("评价"))


@public
@form_page
def track_object(request: HttpRequest) -> HttpResponse:
    def keep(claim: Claim, now: datetime, text: str) -> str:
        due = objects(claim, text, now=now)
        return _("已经交给上级，%(day)s前在这里答复您。") % {"day": due}

    return take(request, ObjectForm, keep, gettext_lazy("我不同意这个结果"))


def going_on(request: HttpRequest) -> Claim | None:
    """The case in which the visitor's matter goes on."""
    visitor = visitor_of(request)
    return course(visitor.claim, visitor.claimant)[-1] if visitor and visitor.claim else None


def waiting_report(request: HttpRequest) -> Report | None:
    visitor = visitor_of(request)
    return visitor.report if visitor and visitor.report and visitor.report.is_waiting else None


def asked_here(request: HttpRequest) -> list[Question]:
    claim = going_on(request)
    return questions.asked_of([claim]) if claim else []


def take(
    request: HttpRequest, form_class: type[forms.Form], keep: Callable[..., str], label: Any, *,
    of_report: Callable[..., str] | None = None, **more: Any,
) -> HttpResponse:  # fmt: skip
    """`of_report`: the same for a report that waits, which is no claim yet."""
    subject: Claim | Report | None = going_on(request)
    if subject is None and of_report:
        subject, keep = waiting_report(request), of_report
    if subject is None:
        messages.warning(request, _("查询已经过期，请重新输入查询号。"))
        return redirect("track")
    is_sent = request.method == "POST"
    form = form_class(request.POST, request.FILES) if is_sent else form_class()
    if is_sent and form.is_valid():
        try:
            if done := keep(subject, clock()[0], **form.cleaned_data):
                messages.success(request, done)
        except Refused as refusal:
            messages.error(request, refusal.message)
        return redirect("track")
    return render(request, "arrears/track/say.html", {"form": form, "label": label, **more})
