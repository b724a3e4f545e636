"""What an office sets for its hearings: rooms, when they are closed, hearing days, the panel of mediators."""

import json
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.db.models import Count, Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from arrears.filters import region_choices
from arrears.sources.sheets import workbook as written
from arrears.views.asking import clock
from arrears.views.sheets import workbook
from grid.models import Region
from grid.refused import Refused
from mediation import blackout_sheet, hearing_days, panel, rooms
from mediation.blackout_sheet import Closing
from mediation.forms.office import ClosingForm, RoomForm, RuleForm, SheetForm, TermsForm
from mediation.lifecycle import ARRANGING
from mediation.models import Blackout, Hearing, HearingRule, Room
from mediation.slots.rules import USUAL

MOST_BYTES = 2 * 1024 * 1024
SEAL = "mediation.blackouts"
form_page = require_http_methods(["GET", "HEAD", "POST"])


def places(request: HttpRequest, today: date) -> list[tuple[str, str]]:
    return [(code, name) for code, name in city_too(request, today) if hearing_days.may_set(request.user, code, today)]


def city_too(request: HttpRequest, today: date) -> list[tuple[str, str]]:
    scope = request.user.scope(today)
    city = Region.objects.filter(code__in=[code for code in scope.regions if len(code) == 4]).values_list("code", "name")
    return [*city, *region_choices(scope)]


@require_safe
def room_list(request: HttpRequest) -> HttpResponse:
    now, today = clock()
    closed = Prefetch("blackouts", Blackout.objects.filter(span__endswith__gt=now), to_attr="closed")
    coming = Count("hearings", filter=Q(hearings__state="scheduled", hearings__span__startswith__gt=now))
    rows = rooms.of_office(request.user, today).annotate(coming=coming).prefetch_related(closed)
    return render(request, "mediation/office/rooms.html", {"rooms": rows, "may_add": bool(places(request, today))})


@form_page
def room_new(request: HttpRequest) -> HttpResponse:
    now, today = clock()
    offices = places(request, today)
    if not offices:
        raise Http404
    form = RoomForm(request.POST if request.method == "POST" else None, places=offices)
    refusal = ""
    if form.is_valid():
        try:
            room = rooms.add(get_object_or_404(Region, pk=form.cleaned_data["region"]), request.user, now=now, **form.facts())
        except Refused as refused:
            refusal = refused.message
        else:
            messages.success(request, _("调解室已添加。"))
            return redirect("room_detail", room.pk)
    return render(request, "mediation/office/room_new.html", {"form": form, "refusal": refusal}, status=409 if refusal else 200)


@form_page
def room_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Two forms, each sent by itself with its name in `form`: what the room is, and when it is closed."""
    now, today = clock()
    room = get_object_or_404(rooms.of_office(request.user, today), pk=pk)
    sent = request.POST.get("form", "") if request.method == "POST" else ""
    if request.method == "POST" and sent not in ("room", "closing"):
        raise Http404
    may = hearing_days.may_set(request.user, room.region_id, today)
    form = RoomForm(request.POST if sent == "room" else None, room=room)
    closing = ClosingForm(request.POST if sent == "closing" else None)
    refusal = ""
    try:
        if form.is_valid():
            rooms.change(room, request.user, now=now, version=form.cleaned_data["version"] or 0, **form.facts())
            messages.success(request, _("调解室已更新。"))
            return redirect("room_detail", pk)
        if closing.is_valid():
            say_in_the_way(request, rooms.close(room, request.user, now=now, **closing.times()))
            return redirect("room_detail", pk)
    except Refused as refused:
        refusal = refused.message
    return render(request, "mediation/office/room.html", {
        "room": room, "room_form": form, "closing": closing, "form": closing if sent == "closing" else form, "refusal": refusal, "may": may,
        "blackouts": rooms.coming_closings(room, now), "now": now, "today": today, "may_arrange": bool(request.user.scope(today).roles & set(ARRANGING)),
        "hearings": Hearing.objects.visible_to(request.user, today).live().filter(room=room, span__endswith__gt=now).for_list()[:20],
    }, status=409 if refusal else 200)  # fmt: skip


def say_in_the_way(request: HttpRequest, hearings: list[Hearing]) -> None:
    messages.success(request, _("已登记停用。"))
    if hearings:
        count = ngettext("这段时间里已有 %(n)s 场调解会，请改期。", "这段时间里已有 %(n)s 场调解会，请改期。", len(hearings))
        messages.warning(request, count % {"n": len(hearings)})


@require_POST
def blackout_drop(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, today = clock()
    row = get_object_or_404(Blackout.objects.select_related("room"), pk=pk, room__in=rooms.of_office(request.user, today))
    try:
        rooms.reopen(row, request.user, now=now)
        messages.success(request, _("已撤销停用。"))
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("room_detail", row.room_id)


@form_page
def blackout_import(request: HttpRequest) -> HttpResponse:
    """A sheet is read and shown line by line; the lines without a fault are taken in when they are sent back, sealed."""
    now, today = clock()
    if not places(request, today):
        raise Http404
    known = list(rooms.of_office(request.user, today))
    context: dict[str, Any] = {"form": SheetForm()}
    if "lines" in request.POST:
        return took_in(request, known, now)
    if request.method == "POST":
        form = context["form"] = SheetForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                context["lines"] = lines = read(form.cleaned_data["file"], known, today)
                context["sealed"] = signing.dumps([packed(line) for line in lines if line.is_good], salt=SEAL, compress=True)
                context["good"] = sum(line.is_good for line in lines)
            except Refused as refused:
                form.add_error("file", refused.message)
    return render(request, "mediation/office/import.html", context, status=422 if context["form"].errors else 200)


def read(file: Any, known: list[Room], today: date) -> list[Closing]:
    data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise Refused("file_large", _("文件最大 2 MB，请只保留停用时段的表格。"))
    return blackout_sheet.read(data, file.name, known, today)


def packed(line: Closing) -> list[Any]:
    return [line.number, line.said, str(line.room.pk), line.starts_at.isoformat(), line.ends_at.isoformat(), line.reason]


def took_in(request: HttpRequest, known: list[Room], now: datetime) -> HttpResponse:
    by_pk = {str(room.pk): room for room in known}
    try:
        kept = signing.loads(request.POST["lines"], salt=SEAL, max_age=3600)
    except (signing.BadSignature, json.JSONDecodeError):
        messages.error(request, _("这份表格已经过期，请重新上传。"))
        return redirect("blackout_import")
    lines = [
        Closing(number, said, by_pk.get(pk), parse_datetime(starts), parse_datetime(ends), reason)
        for number, said, pk, starts, ends, reason in kept if pk in by_pk
    ]  # fmt: skip
    done = rooms.close_many(lines, request.user, now=now)
    return render(request, "mediation/office/imported.html", {"done": done, "count": sum(not fault for _line, fault, _hit in done)})


@require_safe
def blackout_template(request: HttpRequest) -> HttpResponse:
    heads = [_("调解室"), _("日期"), _("开始时间"), _("结束时间"), _("原因")]
    return workbook(written(_("停用时段"), heads, [[_("第一调解室"), "2026-03-05", "14:00", "17:30", _("维修")]]), "closed-times.xlsx")


@require_safe
def rule_list(request: HttpRequest) -> HttpResponse:
    """The offices of the person's regions, each with what is in force there."""
    _now, today = clock()
    offices = [(code, name) for code, name in city_too(request, today) if len(code) <= 9]
    codes = [code for code, _name in offices]
    rows: dict[str, HearingRule] = {}
    for row in HearingRule.objects.filter(region__in=codes, since__lte=today).order_by("since"):
        rows[row.region_id] = row
    return render(request, "mediation/office/rules.html", {
        "offices": [(code, name.strip("\u3000 "), rows.get(code)) for code, name in offices],
    })  # fmt: skip


@form_page
def rule_detail(request: HttpRequest, code: str) -> HttpResponse:
    now, today = clock()
    region = get_object_or_404(Region, pk=code)
    if not any(code.startswith(own) for own in request.user.scope(today).regions):
        raise Http404
    current, coming, past = hearing_days.shown(HearingRule.objects.filter(region=region).select_related("set_by"), today)
    usual = hearing_days.rule_on(code, today)
    first = {name: getattr(usual, name) for name in ("opens", "closes", "rest_from", "rest_to", "length", "buffer", "notice")}
    form = RuleForm(request.POST if request.method == "POST" else None, initial={**first, "since": today, "weekdays": sorted(usual.weekdays)})
    refusal = ""
    if form.is_valid():
        try:
            hearing_days.set_rule(region, request.user, now=now, **form.cleaned_data)
        except Refused as refused:
            refusal = refused.message
        else:
            messages.success(request, _("开庭日规则已保存。"))
            return redirect("rule_detail", code)
    return render(request, "mediation/office/rule.html", {
        "region": region, "current": current, "coming": coming, "past": past, "form": form, "refusal": refusal, "inherited": usual,
        "is_usual": usual is USUAL, "may": hearing_days.may_set(request.user, code, today),
    }, status=409 if refusal else 200)  # fmt: skip


@require_POST
def rule_drop(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, today = clock()
    row = get_object_or_404(HearingRule, pk=pk)
    if not any(row.region_id.startswith(own) for own in request.user.scope(today).regions):
        raise Http404
    try:
        hearing_days.drop_rule(row, request.user, now=now)
        messages.success(request, _("已删除这条规则。"))
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("rule_detail", row.region_id)


@require_safe
def panel_list(request: HttpRequest) -> HttpResponse:
    _now, today = clock()
    return render(request, "mediation/office/panel.html", {"rows": panel.panel(request.user, today), "days": panel.SHOWN})


@form_page
def panel_person(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, today = clock()
    row = next((one for one in panel.panel(request.user, today) if one.person.pk == pk), None)
    if row is None:
        raise Http404
    may = panel.may_set_terms(request.user, row.person, today)
    form = TermsForm(request.POST if request.method == "POST" else None, terms=row.terms)
    refusal = ""
    if form.is_valid():
        try:
            said = dict(form.cleaned_data)
            panel.set_terms(row.person, request.user, now=now, version=said.pop("version") or 0, **said)
        except Refused as refused:
            refusal = refused.message
        else:
            messages.success(request, _("已保存。"))
            return redirect("panel_list")
    return render(request, "mediation/office/panel_person.html", {
        "row": row, "form": form, "refusal": refusal, "may": may, "today": today, "may_arrange": bool(request.user.scope(today).roles & set(ARRANGING)), "leaves": panel.coming_leaves(row.person, now),
    }, status=409 if refusal else 200)  # fmt: skip
