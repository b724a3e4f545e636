"""Logging a claim in short steps. What was typed is kept after every one of them, right or wrong."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from arrears import afterwards, drafts, sheet_registering, typeahead
from arrears.drafts import ROAD, Typed
from arrears.duplicates.sheets import Known
from arrears.duplicates.typed import with_step
from arrears.forms.intake import ConsentForm
from arrears.forms.intake_files import IntakeFilesForm
from arrears.forms.owed import PromiseForm
from arrears.forms.steps import CHECK, SHEET_STEPS, STEPS, Setting, Sheet, Step, Steps, register_regions, road_of
from arrears.intake import REGISTER
from arrears.intake_check import Summary
from arrears.models import Claim, IntakeDraft
from arrears.privacy import NOTICE, VERSION
from arrears.sheet_page import SheetPage
from arrears.tasks import register_sheets
from arrears.views.asking import clock
from arrears.views.duplicates import panel_of
from arrears.views.evidence import keep_pieces
from arrears.views.owed import paper_of, promise_each
from grid.ids import uuid7
from grid.middleware import allow_devices
from grid.refused import Refused

# What keeps the page open: another row, what it comes to, saving meanwhile, what is known of a name, taking one of them.
MORE, COUNT, SAVE, FIND, CHOOSE = "more", "count", "save", "find", "choose"
STAYING = frozenset({MORE, COUNT, SAVE, FIND, CHOOSE})
NOT_TYPED = STAYING | {"csrfmiddlewaretoken", "draft_id", ROAD}
BY_NAME = {step.name: step for step in (*STEPS, *SHEET_STEPS)}


@require_http_methods(["GET", "POST"])
def claim_new(request: HttpRequest) -> HttpResponse:
    """The first step of a new claim, with the drafts that wait. The page proposes the draft's id, so that a form
    sent twice makes one draft."""
    now, today = clock()
    allow(request, today)
    if request.method == "POST":
        pk = proposed_id(request)
        claim = claim_of(request, pk, today)
        return redirect("claim_detail", claim.pk) if claim else take(request, pk, STEPS[0].name, Setting(request.user, today, {}))
    setting = Setting(request.user, today, {})
    waiting = [Waiting.of(draft) for draft in request.user.drafts.all()]
    return show(request, uuid7(), STEPS[0](setting), {"waiting": waiting, "is_new": True})


@require_http_methods(["GET", "POST"])
def draft_step(request: HttpRequest, pk: UUID, step: str) -> HttpResponse:
    now, today = clock()
    allow(request, today)
    if step not in BY_NAME:
        raise Http404
    draft = request.user.drafts.filter(pk=pk).first()
    if draft is None:
        return to_claim_of(request, pk, today)
    setting = Setting.of(draft, today)
    if is_under_way(setting):
        return redirect("sheet_progress", pk)
    if BY_NAME[step] not in road_of(setting.typed):
        return redirect("draft_step", pk, first_unready(setting))
    if request.method == "POST":
        return take(request, pk, step, setting)
    return show(request, pk, BY_NAME[step](setting))


def is_under_way(setting: Setting) -> bool:
    return setting.sheet is not None and setting.sheet.row.is_under_way


def known_of(setting: Setting) -> Known:
    return Known(setting.sheet.row, setting.typed, setting.person, setting.today)


def first_unready(setting: Setting) -> str:
    return next((step.name for step in Steps.of(setting).unready), road_of(setting.typed)[-1].name)


def take(request: HttpRequest, pk: UUID, name: str, setting: Setting) -> HttpResponse:
    """Keeps what was posted, then goes on to the next step if it is right."""
    now, today = clock()
    posted: Typed = {field: values for field, values in request.POST.lists() if field not in NOT_TYPED}
    step = BY_NAME[name](setting, posted)
    stays = not STAYING.isdisjoint(request.POST)
    if MORE in request.POST:
        step = BY_NAME[name](setting, step.with_one_more())
    if CHOOSE in request.POST:
        regions = dict(register_regions(request.user.scope(today)))
        step = BY_NAME[name](setting, typeahead.filled(request.POST[CHOOSE], posted, regions, request.user, today))
    goes_on = step.is_valid and not stays
    following = after(name, setting)
    draft = drafts.keep(request.user, pk, name, step.typed or {}, following if goes_on else name, now=now)
    if ROAD in request.POST:
        drafts.take_road(draft, request.POST[ROAD], now=now)
        draft.refresh_from_db()
        return redirect("draft_step", pk, first_unready(Setting.of(draft, today)))
    if SAVE in request.POST:
        return HttpResponse(status=204)
    return redirect(address_after(request, pk, following)) if goes_on else show(request, pk, step)


def after(name: str, setting: Setting) -> str:
    names = [*(step.name for step in road_of(setting.typed)), CHECK]
    return names[names.index(name) + 1]


def address_after(request: HttpRequest, pk: UUID, following: str) -> str:
    """The next step; back to the check page for whoever came from there to correct something."""
    step = CHECK if request.GET.get("then") == CHECK else following
    return reverse("draft_check", args=[pk]) if step == CHECK else reverse("draft_step", args=[pk, step])


def show(request: HttpRequest, pk: UUID, step: Step, more: dict[str, Any] | None = None) -> HttpResponse:
    context = {"draft_id": pk, "step": step, "steps": marks(pk, step.name, step.setting), "query": request.GET.urlencode(), **(more or {})}
    if isinstance(step, Sheet) and step.setting.sheet:
        context |= {"sheet": SheetPage(step.setting.sheet, request.GET, known_of(step.setting)), "is_uploading": context.get("is_uploading") or "replace" in request.GET}
    if not request.htmx:
        context["alike"] = panel_of(request, pk, with_step(step.setting.typed, step.name, step.typed or {}))
    if FIND in request.POST:
        asked = request.POST[FIND]
        place = {**step.setting.typed, step.name: step.typed or {}}.get("where", {})
        near = typeahead.said(place, "region") or request.user.scope(step.setting.today).ground
        found = typeahead.look(asked, step.typed or {}, request.user, step.setting.today, near)
        context |= {"looked_for": asked, "known": found}
    if request.htmx and not {COUNT, FIND}.isdisjoint(request.POST):
        return render(request, f"arrears/intake/{'_totals' if COUNT in request.POST else '_known'}.html", context)
    return render(request, f"arrears/intake/{step.name}.html", context)


def marks(pk: UUID, here: str, setting: Setting) -> list[dict[str, Any]]:
    """The steps for the line on top of the page."""
    road = road_of(setting.typed)
    names = [*(step.name for step in road), CHECK]
    labels = {**{step.name: step.label for step in road}, CHECK: _("核对提交")}
    position = names.index(here)
    return [
        {
            "label": labels[name],
            "state": "done" if index < position else "now" if index == position else "ahead",
            "url": reverse("draft_step", args=[pk, name]) if index < position else "",
        }
        for index, name in enumerate(names)
    ]


@require_http_methods(["GET", "POST"])
def draft_check(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Everything once more, the notice to the worker, and the one button that registers the claim."""
    now, today = clock()
    allow(request, today)
    draft = request.user.drafts.filter(pk=pk).first()
    if draft is None:
        return to_claim_of(request, pk, today)
    setting = Setting.of(draft, today)
    if is_under_way(setting):
        return redirect("sheet_progress", pk)
    steps = Steps.of(setting)
    if steps.unready:
        messages.warning(request, _("这一步还没有填完，填好后才能提交。"))
        return redirect(f"{reverse('draft_step', args=[pk, steps.unready[0].name])}?{urlencode({'then': CHECK})}")
    extra = {"privacy_notice": VERSION}
    facts = steps.facts(draft.source_key, extra)
    is_long = setting.sheet is not None and len(facts.claimants) >= sheet_registering.LONG_FROM
    consent, files = ConsentForm(request.POST or None), IntakeFilesForm(request.POST or None, request.FILES or None)
    promise = PromiseForm(None, request.POST or None, today=today)
    context = {
        "draft_id": pk, "steps": marks(pk, CHECK, setting), "sheet": setting.sheet, "is_long": is_long, "promise": promise,
        "summary": Summary(facts, request.user, today), "notice": NOTICE, "version": VERSION, "consent": consent, "files": files,
        "form": consent,
        "alike": panel_of(request, pk, draft.typed()), "known": known_of(setting) if setting.sheet else None,
    }  # fmt: skip
    if request.method == "POST" and all([consent.is_valid(), files.is_valid(), promise.is_valid()]):
        if is_long:
            sheet_registering.ask(draft, extra, now=now, send=register_sheets.delay)
            return redirect("sheet_progress", pk)
        try:
            claim = (sheet_registering if setting.sheet else drafts).submit(pk, facts, request.user, now=now)
        except Refused as refusal:
            return allow_devices(render(request, "arrears/intake/check.html", {**context, "refusal": refusal.message}, status=409), "microphone")
        return to_claim_of(request, pk, today) if claim is None else arrived(request, claim, files, promise)
    return allow_devices(render(request, "arrears/intake/check.html", context), "microphone")  # words may be recorded there


def arrived(request: HttpRequest, claim: Claim, files: IntakeFilesForm, promise: PromiseForm) -> HttpResponse:
    """The claim is registered whatever becomes of the files; each is told of."""
    now, today = clock()
    said = {"number": claim.number, "public": claim.public_number}
    messages.success(request, _("案件已登记，案号 %(number)s。请把查询号 %(public)s 告诉劳动者，凭它了解进度。") % said)
    kept, refused = keep_pieces(claim, files.pieces(claim.worker_name, now), request.user, now)
    promised, unpromised = promise_each(claim, promise.cleaned_data, request.user, now)
    kept += [_("承诺补交：%(paper)s") % {"paper": paper_of(row)} for row in promised]
    refused += unpromised
    for sentence in kept:
        messages.success(request, sentence)
    for sentence in refused:
        messages.error(request, sentence)
    return redirect(afterwards.page_of(request, claim, now))


@require_POST
def draft_drop(request: HttpRequest, pk: UUID) -> HttpResponse:
    drafts.drop(get_object_or_404(request.user.drafts, pk=pk))
    messages.success(request, _("草稿已删除。"))
    return redirect("claim_new")


def allow(request: HttpRequest, today: date) -> None:
    if request.user.scope(today).roles.isdisjoint(REGISTER.roles):
        raise PermissionDenied


def proposed_id(request: HttpRequest) -> UUID:
    """The id the page proposed for a new draft; another one if it is unreadable or somebody else's."""
    try:
        proposed = UUID(request.POST.get("draft_id", ""))
    except ValueError:
        return uuid7()
    is_taken = IntakeDraft.objects.filter(pk=proposed).exclude(person=request.user).exists()
    return uuid7() if is_taken else proposed


def claim_of(request: HttpRequest, pk: UUID, today: date) -> Claim | None:
    """What has become of the draft."""
    return Claim.objects.visible_to(request.user, today).filter(source_key=IntakeDraft(pk=pk).source_key).first()


def to_claim_of(request: HttpRequest, pk: UUID, today: date) -> HttpResponse:
    """The second tap, or the back button."""
    claim = claim_of(request, pk, today)
    if claim is None:
        raise Http404
    return redirect(afterwards.page_of(request, claim, clock()[0]))


@dataclass(frozen=True)
class Waiting:
    """A draft as the list of them shows it."""

    draft: IntakeDraft
    title: str
    url: str

    @classmethod
    def of(cls, draft: IntakeDraft) -> "Waiting":
        typed = draft.typed()
        asked = (("whom", "whom-0-legal_name"),) if ROAD in typed else (("who", "who-0-name"), ("whom", "whom-0-legal_name"))
        names = [(typed.get(step, {}).get(field) or [""])[0] for step, field in asked]
        if ROAD in typed:
            names.insert(0, _("工资表"))
        url = reverse("draft_check", args=[draft.pk]) if draft.step == CHECK else reverse("draft_step", args=[draft.pk, draft.step])
        return cls(draft, " · ".join(filter(None, names)) or _("未填姓名"), url)
