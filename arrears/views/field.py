"""What a phone in the field asks: its own page, who is signed in, and whether a draft has arrived."""

import json
from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from arrears.duplicates.finding import alike, subject_of
from arrears.evidence import add_evidence
from arrears.field import receiving
from arrears.field.completing import fill
from arrears.field.receiving import Answer, Parcel, Wrong
from arrears.field.retention import DRAFT_WORDS
from arrears.field.shape import ASKED, cleaned
from arrears.forms.intake_files import IntakeFilesForm, signed_by
from arrears.forms.owed import PromiseForm
from arrears.forms.parcel import read, reading
from arrears.forms.steps import register_regions
from arrears.intake import REGISTER
from arrears.lifecycle import EVIDENCE_KINDS
from arrears.models import Claim, DraftReceipt
from arrears.models.parties import CHAIN_ROLES, CONTACT_RULES
from arrears.owed import verbs as owed
from arrears.owed.signing import sign_on_the_glass
from arrears.owed.table import BLOCKS, LONGEST, PROMISE, USUAL
from arrears.privacy import CONSENT, NOTICE, TEXTS, VERSION
from arrears.typeahead import RINGS, pocket
from arrears.views.asking import clock
from grid.middleware import allow_devices
from grid.models import Person
from grid.refused import Refused

KINDS = {"photo": "photo", "voice": "voice", "signature": "signature", "file": "other"}  # how the phone calls them
LARGEST_PARCEL = 256 * 1024
KINDS_OF_PAPER = dict(EVIDENCE_KINDS)


@login_not_required
@require_safe
def field_app(request: HttpRequest) -> HttpResponse:
    """The page that starts without a network. The same for everybody: nothing personal is in it, so that the phone
    may keep it."""
    context = {
        "asked": {asked.name: _(asked.label) for asked in ASKED}, "roles": CHAIN_ROLES, "contact_rules": CONTACT_RULES,
        "notice": NOTICE, "version": VERSION, "consent": CONSENT, "files": IntakeFilesForm(), "promisable": [(paper, KINDS_OF_PAPER[paper]) for paper in BLOCKS],
        "words_days": DRAFT_WORDS.days, "promise_days": (USUAL[PROMISE].days, LONGEST[PROMISE].days),
    }  # fmt: skip
    response = allow_devices(render(request, "arrears/field/app.html", context), "microphone")  # words may be recorded there
    response["Cache-Control"] = "no-cache"
    return response


def for_a_phone(view: Callable[..., JsonResponse]) -> Callable[..., JsonResponse]:
    """Answers in JSON, whoever asks: after the session has ended a phone is told so and keeps what it has. One that only looks
    who is there asks quietly: browsers write every 401 down as an error of the page."""

    @login_not_required
    @never_cache
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> JsonResponse:
        if not request.user.is_authenticated:
            status = 200 if request.method == "GET" and request.headers.get("X-Quiet") else 401
            return told("signed_out", status, _("登录已过期。请先登录，草稿还在手机上。"), sign_in=reverse("sign_in"))
        try:
            return view(request, *args, **kwargs)
        except Refused as refusal:
            return told("refused", 409, refusal.message, code=refusal.code)

    return answer


def told(state: str, status: int, message: str = "", **more: Any) -> JsonResponse:
    return JsonResponse({"state": state, "message": message, **more}, status=status)


@require_safe
@for_a_phone
def field_me(request: HttpRequest) -> JsonResponse:
    """Who is signed in, where they may log a claim, and the token their next request needs."""
    now, today = clock()
    scope = request.user.scope(today)
    return told(
        "ready", 200, person=str(request.user.pk), name=request.user.full_name, token=get_token(request), today=today.isoformat(),
        now=now.isoformat(), version=VERSION, may=not scope.roles.isdisjoint(REGISTER.roles), regions=register_regions(scope),
    )  # fmt: skip


@require_safe
@for_a_phone
def field_known(request: HttpRequest) -> JsonResponse:
    """Sites and firms nearby, for typing without a network."""
    _now, today = clock()
    is_registering = not request.user.scope(today).roles.isdisjoint(REGISTER.roles)
    found = pocket(request.user, today) if is_registering else {"sites": [], "employers": []}
    return told("ready", 200, person=str(request.user.pk), rings=[str(_(ring)) for ring in RINGS], **found)


@require_POST
@for_a_phone
def field_send(request: HttpRequest, pk: UUID) -> JsonResponse:
    now, today = clock()
    said = body_of(request)
    if not said.get("consent") and not said.get("only_keep"):
        return told("wrong", 422, errors={"consent": [_("请先向劳动者宣读或出示告知，再勾选。")]})
    promise = promise_of(said, today)
    try:
        if promise.errors and not said.get("only_keep"):
            raise Wrong({f"promise_{name}": list(errors) for name, errors in promise.errors.items()})
        answer = receiving.receive(Parcel.of(pk, said), request.user, read, now=now)
    except Wrong as wrong:
        return told("wrong", 422, _("有内容需要改正，改好后再发送。"), errors=wrong.errors)
    if answer.state == "registered" and answer.claim:
        unpromised = promise_all(answer.claim, promise.cleaned_data, request.user, now) if promise.is_valid() else []
        return answered(answer, unpromised=unpromised, alike=alike_to(answer.claim, request.user, today))
    return answered(answer)


def alike_to(claim: Claim, person: Person, today: date) -> list[dict[str, str]]:
    """Nobody was warned while typing without a network; what looks like the same matter is named once it has arrived."""
    found = alike(subject_of(claim), person, today)
    return [{"number": one.claim.number, "url": reverse("claim_detail", args=[one.claim.pk])} for one in found]


def promise_of(said: dict[str, Any], today: date) -> PromiseForm:
    """What the worker promised to bring, as the last page of intake asks it."""
    promise = said["promise"] if isinstance(said.get("promise"), dict) else {}
    papers = promise.get("papers")
    typed = {
        "papers": [str(paper) for paper in papers] if isinstance(papers, list) else [], "due_on": str(promise.get("due_on") or ""),
        "signed": promise.get("signed") is True,
    }  # fmt: skip
    return PromiseForm(None, typed, today=today)


def promise_all(claim: Claim, said: dict[str, Any], person: Person, now: datetime) -> list[str]:
    """Sent twice, promised once; sentences about what could not be promised."""
    refused = []
    for paper in said["papers"]:
        try:
            owed.promise(claim, paper, said["due_on"], person, now=now)
        except Refused as refusal:
            if refusal.code != "owed_already":
                refused.append(refusal.message)
    return refused


def body_of(request: HttpRequest) -> dict[str, Any]:
    if len(request.body) > LARGEST_PARCEL:
        raise Refused("too_large", _("这份草稿太长，请把事实经过写短一些，再发送。"))
    try:
        said = json.loads(request.body)
    except (ValueError, RecursionError):  # no JSON, or one that is nested without end
        said = None
    if not isinstance(said, dict):
        raise Refused("unreadable", _("没有看懂手机发来的内容。请更新页面后再发送，草稿还在手机上。"))
    return said


@require_POST
@for_a_phone
def field_fill(request: HttpRequest, pk: UUID) -> JsonResponse:
    """What was written on the phone after its draft was registered: fills what the claim lacks, overwrites nothing."""
    now, today = clock()
    fields = body_of(request).get("fields")
    receipt = DraftReceipt.objects.select_related("claim__site", "claim__region").filter(pk=pk, person=request.user).first()
    if receipt is None:
        raise Refused("no_claim", _("这份草稿还没有登记，先发送文字再补充。"))
    try:
        done = fill(receipt, cleaned(fields if isinstance(fields, dict) else {}), request.user, reading(today), now=now)
    except Wrong as wrong:
        return told("wrong", 422, _("有内容需要改正，改好后再发送。"), errors=wrong.errors)
    return told("filled", 200, filled=done.filled, left=done.left, url=reverse("claim_complete", args=[receipt.claim_id]))


def answered(answer: Answer, **more: Any) -> JsonResponse:
    claim = answer.claim
    more["version"] = answer.version
    if claim:
        more |= {"number": claim.number, "public_number": claim.public_number, "url": reverse("claim_detail", args=[claim.pk])}
        more["complete"] = reverse("claim_complete", args=[claim.pk])
    if answer.state == "conflict":
        return told("conflict", 409, theirs=answer.theirs, differ=answer.differ, is_registered=bool(claim), **more)
    return told(answer.state, 201 if answer.is_new else 200, is_new=answer.is_new, **more)


@require_POST
@for_a_phone
def field_file(request: HttpRequest, pk: UUID) -> JsonResponse:
    """One photo, recording or signature of a draft that has become a claim. Sent twice it is there once."""
    now, _today = clock()
    receipt = DraftReceipt.objects.select_related("claim").filter(pk=pk, person=request.user).first()
    upload, kind = request.FILES.get("file"), KINDS.get(request.POST.get("kind", ""))
    if receipt is None or upload is None or kind is None:
        raise Refused("no_claim", _("这份草稿还没有登记，先发送文字再传附件。"))
    claim = receipt.claim
    signed_at = receiving.instant(request.POST.get("written_at")) or now
    version = request.POST.get("version", "")
    if kind == "signature" and version not in TEXTS:
        raise Refused("unknown_notice", _("签名时的告知版本不清楚，请在案件里另传签字件。"))
    title = signed_by(claim.worker_name, signed_at, version) if kind == "signature" else ""
    try:
        row = add_evidence(claim, upload, request.user, now=now, kind=kind, title=title)
        if kind == "signature":
            sign_on_the_glass(claim, row, request.user, now=now)
    except Refused as refusal:
        if refusal.code != "same_file":
            raise
        return told("kept", 200, is_new=False)
    return told("kept", 201, is_new=True)
