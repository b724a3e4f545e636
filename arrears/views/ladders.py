"""督办规则: everybody in the grid reads them, the city's administrators publish new versions."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from arrears.forms.ladders import SHARE, LineForm, RungSet, SeasonForm, VersionForm, rung_set
from arrears.ladders import CLAIM_KINDS, family_of, staffing
from arrears.ladders import changes as ladder_changes
from arrears.ladders.book import Book, Draft
from arrears.ladders.changes import BadLadder, may_publish
from arrears.ladders.page import FAMILIES, Line, RungRow, edit_url, families, line_row, scope_of
from arrears.ladders.rungs import MOST_RUNGS, WARN, Rung
from arrears.ladders.season_preview import ONE_DAY, SeasonPreview, season_preview
from arrears.ladders.store import book_now, version_of
from arrears.models import Ladder, Season
from arrears.rules import RULES
from arrears.views.asking import clock
from grid.refused import Refused


@require_safe
def ladder_list(request: HttpRequest) -> HttpResponse:
    _now, today = clock()
    return show_list(request, today, SeasonForm() if may_publish(request.user, today) else None)


def show_list(request: HttpRequest, today: date, season_form: SeasonForm | None, status: int = 200) -> HttpResponse:
    shown = families(book_now(), today)
    may = season_form is not None
    language = get_language() or ""
    context = {
        "families": [(family, LineForm(family.name, language, auto_id=f"{family.name}-%s") if may else None) for family in shown],
        "seasons": Season.objects.select_related("set_by"),
        "season_form": season_form,
        "today": today,
    }
    return render(request, "arrears/ladder/list.html", context, status=status)


@require_safe
def ladder_version(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One published version as it is, next to the others of its line."""
    _now, today = clock()
    row = get_object_or_404(Ladder.objects.select_related("published_by"), pk=pk)
    line = (row.family, row.rule_id, row.claim_kind)
    others = Ladder.objects.filter(family=row.family, rule_id=row.rule_id, claim_kind=row.claim_kind).order_by("-version")
    version = version_of(row.pk, *line, row.version, row.rungs, row.valid_from)
    return render(request, "arrears/ladder/version.html", {
        "row": row, "rungs": [RungRow(rung) for rung in version.rungs], "versions": others.select_related("published_by"),
        "family": _(FAMILIES[row.family][0]), "scope": scope_of(line), "edit_url": edit_url(line) if may_publish(request.user, today) else "",
    })  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def ladder_edit(request: HttpRequest) -> HttpResponse:
    """GET shows the line's ladder to be amended; POST previews it, adds an empty rung or publishes it."""
    now, today = clock()
    if not may_publish(request.user, today):
        raise PermissionDenied
    line = line_asked_for(request)
    book = book_now()
    does = request.POST.get("do", "")
    data = request.POST if request.method == "POST" else None
    form, rungs = forms_for(line, book, today, data, does)
    page: dict[str, Any] = {}
    status = 200
    if data is not None and does in ("preview", "publish") and all([form.is_valid(), rungs.is_valid()]):
        draft = Draft(*line, tuple(rungs.rungs()), form.cleaned_data["valid_from"])
        said = {"note": form.cleaned_data["note"], "replaces": form.cleaned_data["previous"]}
        try:
            if does == "publish":
                ladder_changes.publish(draft, request.user, now=now, **said)
                messages.success(request, _("新版本已发布。运行中的时限从各自的下一级起按新规则督办。"))
                return redirect("ladder_list")
            if problems := list(ladder_changes.problems_of(draft, said["note"], said["replaces"], today)):
                raise BadLadder(problems)
            page["preview"] = ladder_changes.preview(draft, now)
            page["warnings"] = warned(draft.rungs, today)
        except BadLadder as bad:
            page["problems"], status = [problem.text(_) for problem in bad.problems], 422
        except Refused as refusal:
            page["refusal"], status = refusal.message, 409
    elif data is None:
        page["warnings"] = warned(rungs_of(line, book, today), today)
    elif does != "more":
        status = 422
    rows = Ladder.objects.filter(family=line[0], rule_id=line[1], claim_kind=line[2]).select_related("published_by")
    page |= {
        "form": form, "rungs": rungs, "line": line_row(line, list(rows), book, today), "family": _(FAMILIES[line[0]][0]),
        "family_name": line[0], "RungRow": RungRow,
    }  # fmt: skip
    if preview := page.get("preview"):
        page |= shown_preview(preview)
    return render(request, "arrears/ladder/edit.html", page, status=status)


def warned(rungs: Sequence[Rung], today: date) -> list[str]:
    return [warning.text(_) for warning in staffing.warnings(rungs, today)]


def line_asked_for(request: HttpRequest) -> Line:
    family, rule, kind = (request.GET.get(name, "") for name in ("family", "rule", "kind"))
    is_known = family in FAMILIES and (not kind or kind in dict(CLAIM_KINDS))
    if not is_known or (rule and (rule not in RULES or family_of(rule) != family)):
        raise Http404
    return (family, rule, kind)


def forms_for(line: Line, book: Book, today: date, data: Any, does: str) -> tuple[VersionForm, RungSet]:
    """What was typed, or the ladder that clocks of this line follow today."""
    latest = book.latest(line)
    form = VersionForm(data, today=today, initial={"valid_from": today, "previous": latest.number if latest else 0})
    if data is not None and does == "more":
        data = with_one_more(data)
        form = VersionForm(today=today, initial={name: data.get(name) for name in ("valid_from", "note", "previous")})
    rungs = rung_set(line[0], rungs_of(line, book, today), data)
    if does == "more":
        rungs.ask_later()
    return form, rungs


def with_one_more(data: QueryDict) -> QueryDict:
    """What was typed, and one more rung as an empty form begins."""
    data = data.copy()
    shown = data.get("rung-TOTAL_FORMS", "")
    number = min(int(shown), MOST_RUNGS) if shown.isdecimal() else 0
    data["rung-TOTAL_FORMS"] = str(number + 1)
    data[f"rung-{number}-moment"], data[f"rung-{number}-urgency"] = SHARE, WARN
    return data


def rungs_of(line: Line, book: Book, today: date) -> Sequence[Rung]:
    """What is to come on the line, or else what its clocks follow today: the point to start from."""
    latest = book.latest(line)
    if latest and latest.rungs:
        return latest.rungs
    family, rule, kind = line
    rule = rule or next(name for name in RULES if family_of(name) == family)
    return book.choose(rule, (kind, "") if kind else ("",), today).rungs


def shown_preview(preview: ladder_changes.Preview) -> dict[str, Any]:
    language = get_language() or ""
    return {
        "by_rule": [(RULES[rule].text("name", language), count) for rule, count in preview.by_rule.items()],
        "changes": [
            (change.what, RungRow(change.before) if change.before else None, RungRow(change.after) if change.after else None)
            for change in preview.changes
        ],
        "samples": [
            (sample, RULES[sample.rule_id].text("name", language), RungRow(sample.before) if sample.before else None,
             RungRow(sample.after) if sample.after else None)
            for sample in preview.samples
        ],
    }  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def ladder_retire(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ends a line of its own: first what would change, then the end. Its clocks follow the general ladder again."""
    now, today = clock()
    if not may_publish(request.user, today):
        raise PermissionDenied
    row = get_object_or_404(Ladder, pk=pk)
    line, day, status = (row.family, row.rule_id, row.claim_kind), today, 200
    form = VersionForm(request.POST if request.method == "POST" else None, today=today, initial={"valid_from": today, "previous": row.version})
    page: dict[str, Any] = {"row": row, "form": form, "family": _(FAMILIES[row.family][0]), "scope": scope_of(line)}
    try:
        if form.is_valid():
            day, note, replaces = (form.cleaned_data[name] for name in ("valid_from", "note", "previous"))
            if request.POST.get("do") == "retire":
                ladder_changes.retire(line, request.user, now=now, note=note, replaces=replaces, valid_from=day)
                messages.success(request, _("已停用，相关时限从各自的下一级起按一般规则督办。"))
                return redirect("ladder_list")
            if problems := list(ladder_changes.problems_of(Draft(*line, (), day), note, replaces, today)):
                raise BadLadder(problems)
    except BadLadder as bad:
        page["problems"], status = [problem.text(_) for problem in bad.problems], 422
    except Refused as refusal:
        page["refusal"], status = refusal.message, 409
    if form.errors:
        status = 422
    if status == 200:
        page["preview"] = ladder_changes.preview(Draft(*line, (), day), now)
        page |= shown_preview(page["preview"])
    return render(request, "arrears/ladder/retire.html", page, status=status)


@require_POST
def season_add(request: HttpRequest) -> HttpResponse:
    """First what would change, then the season."""
    now, today = clock()
    form = SeasonForm(request.POST)
    if not may_publish(request.user, today):
        raise PermissionDenied
    if form.is_valid():
        said = form.cleaned_data
        try:
            if request.POST.get("do") == "add":
                ladder_changes.set_season(**said, person=request.user, now=now)
                messages.success(request, _("专项行动已登记。"))
                return redirect("ladder_list")
            ladder_changes.check_season(said["name"], said["starts_on"], said["ends_on"], today)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            page = {"form": form, "is_new": True, **shown_season(season_preview(None, said["starts_on"], said["ends_on"], now))}
            return render(request, "arrears/ladder/season.html", page)
    return show_list(request, today, form, status=422)


def shown_season(preview: SeasonPreview) -> dict[str, Any]:
    return {"preview": preview, "by_rule": [(RULES[rule].text("name", get_language() or ""), count) for rule, count in preview.by_rule.items()]}


@require_http_methods(["GET", "HEAD", "POST"])
def season_change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Prolonging or shortening one that runs or is to come: first what would change, then the change."""
    now, today = clock()
    if not may_publish(request.user, today):
        raise PermissionDenied
    season = get_object_or_404(Season, pk=pk)
    name = season.name
    form = SeasonForm(request.POST if request.method == "POST" else None, instance=season)
    page: dict[str, Any] = {"form": form, "season_name": name}
    if form.is_valid():
        kept, said = Season.objects.get(pk=pk), form.cleaned_data
        try:
            if request.POST.get("do") == "change":
                ladder_changes.set_season(**said, person=request.user, now=now, season=kept)
                messages.success(request, _("专项行动已更改。已经过去的日子不变。"))
                return redirect("ladder_list")
            ladder_changes.check_season(said["name"], said["starts_on"], said["ends_on"], today, kept)
            page |= shown_season(season_preview(kept, said["starts_on"], said["ends_on"], now))
        except Refused as refusal:
            form.add_error(None, refusal.message)
    return render(request, "arrears/ladder/season.html", page, status=422 if form.errors else 200)


@require_POST
def season_end(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ends one today, or strikes out one that is to come: first what would change."""
    now, today = clock()
    if not may_publish(request.user, today):
        raise PermissionDenied
    season = get_object_or_404(Season, pk=pk)
    if request.POST.get("do") != "end" and season.ends_on >= today:
        over = today - ONE_DAY
        days = (over, over) if season.starts_on > today else (season.starts_on, today)
        page = {"season": season, "is_to_come": season.starts_on > today, **shown_season(season_preview(season, *days, now))}
        return render(request, "arrears/ladder/season_end.html", page)
    try:
        ladder_changes.end_season(season, request.user, now=now)
        messages.success(request, _("专项行动已结束。"))
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("ladder_list")
