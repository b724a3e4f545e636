"""The words of notices, for administrators: what they are, how they will look, who changed them when."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from grid import wordings
from grid.authority import administers_city
from grid.channels import sms
from grid.days import day_of
from grid.forms.wordings import LABELS, WordingForm
from grid.kinds import KINDS, TOPICS, Kind
from grid.models import Wording
from grid.refused import Refused
from grid.roles import ADMINISTRATOR
from grid.scope import Scope
from grid.wordings import NAMES, Draft, Said

LANGUAGES = (("zh-hans", "中文"), ("en", "English"))
ONE_SMS, PART_OF_SMS = 70, 67  # characters that are not all ASCII; of a longer one, each part


@dataclass(frozen=True)
class Row:
    """A kind with its own words about an invented case: what it is about is seen at once."""

    kind: Kind
    label: str
    title: str
    text: str
    newest: Wording | None  # None: the code's own words


@dataclass(frozen=True)
class Preview:
    """The words with invented facts, as a mail and as a text message."""

    language: str
    label: str
    said: Said
    sms: str  # as it arrives, with the sign in front

    @property
    def length(self) -> int:
        return len(self.sms)

    @property
    def parts(self) -> int:
        return 1 if self.length <= ONE_SMS else -(-self.length // PART_OF_SMS)


@dataclass(frozen=True)
class Version:
    """A published version and what it changed: label, old words, new words."""

    wording: Wording
    changes: list[tuple[Any, str, str]]


def allow(request: HttpRequest) -> None:
    if ADMINISTRATOR not in scope_of(request).roles:
        raise Http404


def scope_of(request: HttpRequest) -> Scope:
    return request.user.scope(day_of(timezone.now()))


@require_safe
def wording_list(request: HttpRequest) -> HttpResponse:
    """The kinds of one topic (?topic=)."""
    allow(request)
    chosen = request.GET.get("topic", "")
    chosen = chosen if chosen in TOPICS else next(iter(TOPICS))
    newest = {row.kind: row for row in Wording.objects.order_by("kind", "-version").distinct("kind").select_related("published_by")}
    rows = [Row(kind, label_of(kind), *named(kind), newest.get(kind.name)) for kind in KINDS.values() if kind.topic == chosen]
    tabs = [(name, _(label), sum(name == KINDS[kind].topic for kind in newest if kind in KINDS)) for name, label in TOPICS.items()]
    return render(request, "grid/wordings/list.html", {"rows": rows, "tabs": tabs, "chosen": chosen})


def label_of(kind: Kind) -> str:
    return _(kind.label) if kind.label else named(kind)[0]


def named(kind: Kind) -> tuple[str, str]:
    """Title and text in the reader's language, about an invented case."""
    own = wordings.of_code(kind)
    said = wordings.said_by_draft(own, wordings.readable(kind.sample))
    return said.title, said.text


@require_http_methods(["GET", "HEAD", "POST"])
def wording_edit(request: HttpRequest, kind: str) -> HttpResponse:
    allow(request)
    if kind not in KINDS:
        raise Http404
    versions = wordings.versions(kind)
    current = versions[0].version if versions else 0
    initial = {**vars(wordings.words_of(kind, current)), "base": current}
    form = WordingForm(request.POST if request.method == "POST" else None, kind=kind, initial=initial)
    if request.method == "POST" and "restore" in request.POST:
        return publish(request, kind, form, wordings.of_code(KINDS[kind]), _("恢复原文"), current)
    if not form.is_valid():
        return show(request, kind, form, versions, wordings.words_of(kind, current) if request.method != "POST" else None)
    if "publish" in request.POST:
        return publish(request, kind, form, form.draft, form.cleaned_data["note"], form.cleaned_data["base"])
    return show(request, kind, form, versions, form.draft)


def publish(request: HttpRequest, kind: str, form: WordingForm, draft: Draft, note: str, base: int) -> HttpResponse:
    try:
        row = wordings.publish(kind, request.user, timezone.now(), draft, note=note, base=base)
    except Refused as refusal:
        form.add_error("note" if refusal.code == "wording_no_note" else None, refusal.message)
        return show(request, kind, form, wordings.versions(kind), None, status=409)
    messages.success(request, _("已发布第 %(version)s 版，从现在起的通知用新的文字。") % {"version": row.version})
    return redirect("wording_edit", kind)


def show(
    request: HttpRequest, kind: str, form: WordingForm, versions: list[Wording], draft: Draft | None, status: int = 200
) -> HttpResponse:
    """`draft` None: what was typed cannot be shown as a notice."""
    previews: list[Preview] = []
    if draft is not None:
        try:
            previews = [previewed(kind, draft, code, label) for code, label in LANGUAGES]
        except Refused as refusal:
            form.add_error(None, refusal.message)
    own = wordings.of_code(KINDS[kind])
    return render(request, "grid/wordings/edit.html", {
        "kind": KINDS[kind], "form": form, "previews": previews, "places": sorted(wordings.places(kind)), "own": own,
        "title": label_of(KINDS[kind]), "topic": _(TOPICS[KINDS[kind].topic]), "versions": changed(versions, own),
        "may_publish": administers_city(scope_of(request)), "is_own": not versions or wordings.drafted(versions[0]) == own,
    }, status=status)  # fmt: skip


def previewed(kind: str, draft: Draft, language: str, label: str) -> Preview:
    said = wordings.preview(kind, draft, language)
    return Preview(language, label, said, sms.head(KINDS[kind].is_discreet) + said.short)


def changed(versions: list[Wording], own: Draft) -> list[Version]:
    """Each version beside the one before it, newest first; the first beside the code's words."""
    before = [*(wordings.drafted(row) for row in versions[1:]), own]
    return [Version(row, differences(old, wordings.drafted(row))) for row, old in zip(versions, before, strict=True)] if versions else []


def differences(old: Draft, new: Draft) -> list[tuple[Any, str, str]]:
    return [(LABELS[name], getattr(old, name), getattr(new, name)) for name in NAMES if getattr(old, name) != getattr(new, name)]
