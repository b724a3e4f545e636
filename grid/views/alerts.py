"""What somebody answers to one of their notices: 签收, 暂缓. Works from the inbox and from the page of the claim
it is about (`next`), with or without JavaScript."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from grid import alerts
from grid.forms.alerts import AcknowledgeForm, ReplyForm
from grid.models import Notice
from grid.refused import Refused
from grid.views.inbox import Row, is_ours, mine, snooze_form

MOST_AT_ONCE = 50


def back(request: HttpRequest, otherwise: str = "inbox") -> str:
    """Where the reader came from, if that is one of our pages."""
    path = request.POST.get("next", "") or request.GET.get("next", "")
    return path if is_ours(path) else reverse(otherwise)


@require_http_methods(["GET", "HEAD", "POST"])
def notice_acknowledge(request: HttpRequest, pk: Any) -> HttpResponse:
    notice, now = mine(request, pk), timezone.now()
    form = AcknowledgeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            alerts.acknowledge(notice, request.user, now, form.cleaned_data["reply"])
        except Refused as refusal:
            return show(request, "acknowledge", notice, form, refusal)
        messages.success(request, _("已签收并回复。") if form.cleaned_data["reply"] else _("已签收。"))
        return redirect(back(request))
    return show(request, "acknowledge", notice, form)


@require_http_methods(["GET", "HEAD", "POST"])
def notice_reply(request: HttpRequest, pk: Any) -> HttpResponse:
    """After 签收, once or more."""
    notice, now = mine(request, pk), timezone.now()
    form = ReplyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            alerts.reply(notice, request.user, now, form.cleaned_data["reply"])
        except Refused as refusal:
            return show(request, "reply", notice, form, refusal)
        messages.success(request, _("已回复，并记入办理记录。"))
        return redirect(back(request))
    return show(request, "reply", notice, form)


@require_http_methods(["GET", "HEAD", "POST"])
def notice_snooze(request: HttpRequest, pk: Any) -> HttpResponse:
    notice, now = mine(request, pk), timezone.now()
    form = snooze_form(notice, now, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            alerts.snooze(notice, request.user, now, form.cleaned_data["until"], form.cleaned_data["reason"])
        except Refused as refusal:
            return show(request, "snooze", notice, form, refusal)
        messages.success(request, _("已暂缓，到时会再提醒您。"))
        return redirect(back(request))
    return show(request, "snooze", notice, form)


def show(request: HttpRequest, act: str, notice: Notice, form: forms.Form, refusal: Refused | None = None) -> HttpResponse:
    context = {"row": Row.of(notice, timezone.now()), "form": form, "next": back(request), "refusal": refusal and refusal.message}
    return render(request, f"grid/inbox/{act}.html", context, status=409 if refusal else 200)


@require_POST
def inbox_acknowledge(request: HttpRequest) -> HttpResponse:
    """Those that are ticked, each for itself: one that is refused keeps no other from being acknowledged."""
    now, done = timezone.now(), 0
    ticked = [pk for pk in request.POST.getlist("notice")[:MOST_AT_ONCE] if is_id(pk)]
    for notice in Notice.objects.inbox_of(request.user).awake(now).filter(pk__in=ticked).order_by("ack_by", "id"):
        row = Row.of(notice, now)
        try:
            alerts.acknowledge(notice, request.user, now)
            done += 1
        except Refused as refusal:
            messages.error(request, _("%(title)s：%(reason)s") % {"title": row.title, "reason": refusal.message})
    if done:
        messages.success(request, ngettext("已签收 %(n)s 条。", "已签收 %(n)s 条。", done) % {"n": done})
    elif not ticked:
        messages.warning(request, _("请先勾选要签收的提醒。"))
    return redirect(reverse("inbox") + "?show=ack")


def is_id(written: str) -> bool:
    try:
        Notice._meta.pk.to_python(written)
    except forms.ValidationError:
        return False
    return True
