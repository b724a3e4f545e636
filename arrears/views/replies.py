"""The page behind a one-time link: for somebody at a body without an account. The code gives a signed cookie for half an hour,
for this link only.

No address of these pages leaves the browser (no-referrer). A browser that hides where it comes from says `Origin: null` with a
form, which Django's check of the CSRF token refuses. So a form here carries a seal of its own, which only the open page
shows, and the cookie does not come along from other sites (SameSite=Strict).
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.signing import BadSignature, Signer
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe
from redis.exceptions import RedisError

from arrears.forms.replies import AnswerForm, CodeForm
from arrears.lifecycle import REFERRAL
from arrears.models import Evidence, Packet, ReplyLink
from arrears.papers.keeping import path_of
from arrears.partners import link_answers, links
from arrears.partners.answering import may_answer
from arrears.permits import require
from arrears.referral_page import ReferralPage
from arrears.referral_rows import title_of
from arrears.reply_page import ReplyPage
from arrears.views.asking import address_of, clock
from arrears.views.evidence import sent_outside
from arrears.views.papers import handed
from arrears.worker import tracking
from grid.refused import Refused

COOKIE, LASTS, SALT = "xinan_reply", 1800, "arrears.replies"
GONE, TOO_MANY, UNAVAILABLE = 410, 429, 503
TRIES_PER_ADDRESS = 30


def private(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Open to whoever has the address, kept by nobody, found by nobody. A token nobody has is 404; one that is over says so."""

    @wraps(view)
    def page(request: HttpRequest, token: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        link = links.find(token)
        if link is None:
            raise Http404
        now, _today = clock()
        if chosen := request.GET.get("language"):
            return in_language(request, chosen)
        response = view(request, link, now, *args, **kwargs) if is_of_use(link, now) else over(request, link, now)
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = "no-referrer"
        return response

    return csrf_exempt(login_not_required(never_cache(page)))


def is_of_use(link: ReplyLink, now: datetime) -> bool:
    """Also one from before links ended with their referral."""
    return link.is_live(now) and link.referral.is_open


def in_language(request: HttpRequest, chosen: str) -> HttpResponse:
    response = redirect(request.path)
    if chosen in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, chosen, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
    response["Referrer-Policy"] = "no-referrer"
    return response


def over(request: HttpRequest, link: ReplyLink, now: datetime) -> HttpResponse:
    """Why it cannot be used any more, and what to do."""
    if link.wrong_tries >= links.TRIES:
        why = links.locked().message
    elif link.used_at:
        why = _("您的答复已经收到，这个链接用完了。以后需要再答复的，移送单位会另发链接。")
    elif link.revoked_at:
        why = _("移送单位已经作废这个链接。如有新的链接请用新的，没有的请与移送单位联系。")
    elif not link.referral.is_open:
        why = _("这件移送已经结束，链接不再使用。有疑问的，请与移送单位联系。")
    else:
        why = _("这个链接已经过期。请与移送单位联系，重新发送。")
    return render(request, "arrears/reply/over.html", {"link": link, "why": why}, status=GONE)


@sensitive_post_parameters("code")
@private
@require_http_methods(["GET", "HEAD", "POST"])
def reply(request: HttpRequest, link: ReplyLink, now: datetime) -> HttpResponse:
    if request.method == "POST":
        return unlock(request, link, now)
    if not is_open(request, link):
        return render(request, "arrears/reply/code.html", {"form": CodeForm(), "link": link})
    page = ReplyPage(with_facts(link), clock()[1], request.GET.get("people", ""), request.GET.get("supplement", ""))
    return render(request, "arrears/reply/page.html", {"referral": page.referral, "page": page, "link": link})


def with_facts(link: ReplyLink) -> ReplyLink:
    link.referral = ReferralPage.rows().get(pk=link.referral_id)
    return link


def unlock(request: HttpRequest, link: ReplyLink, now: datetime) -> HttpResponse:
    form = CodeForm(request.POST)
    if not form.is_valid():
        return render(request, "arrears/reply/code.html", {"form": form, "link": link})
    keys = {f"reply:address:{address_of(request)}": TRIES_PER_ADDRESS}
    try:
        if not tracking.begin_try(keys):
            return refuse(request, link, form, _("输错的次数太多，请一小时以后再试，或者联系移送单位。"), TOO_MANY)
        if not links.open_with(link, form.cleaned_data["code"], now=now):
            return refuse(request, link, form, _("验证码不对，还可以试 %(left)s 次。") % {"left": links.TRIES - link.wrong_tries}, 200)
    except RedisError:  # nobody counts: then nobody guesses
        return refuse(request, link, form, _("暂时不能使用，请过几分钟再试，或者联系移送单位。"), UNAVAILABLE)
    except Refused as refusal:
        return render(request, "arrears/reply/over.html", {"link": link, "why": refusal.message}, status=GONE)
    tracking.forgive(keys)
    response = redirect("reply", links.token_of(link))
    response.set_signed_cookie(
        COOKIE, str(link.pk), salt=SALT, max_age=LASTS, path=reverse("reply", args=[links.token_of(link)]), httponly=True,
        samesite="Strict", secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    return response


def refuse(request: HttpRequest, link: ReplyLink, form: CodeForm, why: str, status: int) -> HttpResponse:
    form.add_error(None, why)
    return render(request, "arrears/reply/code.html", {"form": form, "link": link}, status=status)


def is_open(request: HttpRequest, link: ReplyLink) -> bool:
    try:
        return request.get_signed_cookie(COOKIE, salt=SALT, max_age=LASTS) == str(link.pk)
    except (KeyError, BadSignature):  # none, too old, or made up
        return False


def seal_of(link: ReplyLink) -> str:
    return Signer(salt=SALT + ".form").sign(str(link.pk))


@private
@require_http_methods(["GET", "HEAD", "POST"])
def reply_move(request: HttpRequest, link: ReplyLink, now: datetime, name: str) -> HttpResponse:
    token = links.token_of(link)
    if not is_open(request, link):
        return redirect("reply", token)
    move = REFERRAL.find(name)
    if move is None or not move.sources:
        raise Http404
    form = AnswerForm(move, request.POST if request.method == "POST" else None, name=link.name, post=link.post)
    context = {"referral": link.referral, "title": title_of(link.referral), "form": form, "move": move, "link": link, "token": token}
    context["seal"] = seal_of(link)
    try:
        require(may_answer(move, link.referral))
        if form.is_valid() and request.POST.get("seal") == context["seal"]:
            link_answers.answer(link, move.name, now=now, **form.who, **form.answers)
            return render(request, "arrears/reply/done.html", {**context, "goes_on": move.name in links.NO_ANSWER})
    except Refused as refusal:
        return render(request, "arrears/reply/move.html", {**context, "refusal": refusal.message}, status=409)
    return render(request, "arrears/reply/move.html", context)


@private
@require_safe
def reply_file(request: HttpRequest, link: ReplyLink, now: datetime, pk: UUID) -> HttpResponseBase:
    """Only what was shared, as others outside get it."""
    if not is_open(request, link):
        return redirect("reply", links.token_of(link))
    evidence = link.referral.evidence.select_related("claim").filter(pk=pk).first()
    if evidence is None:
        raise Http404
    try:
        response = sent_outside(evidence, f"{link.referral.body.name} {link.name}", now)
    except Refused as refusal:
        return render(request, "arrears/reply/over.html", {"link": link, "why": refusal.message}, status=409)
    note_look(link, evidence, now)
    return response


@private
@require_safe
def reply_packet(request: HttpRequest, link: ReplyLink, now: datetime, pk: UUID, kind: str) -> HttpResponseBase:
    """The bound papers that go with the referral, as the body's own people get them."""
    if not is_open(request, link):
        return redirect("reply", links.token_of(link))
    shared = Packet.objects.all().shared_with([link.referral.body_id])
    packet = link.referral.packets.select_related("claim").filter(shared, pk=pk).first()
    if packet is None:
        raise Http404
    response = handed(path_of(packet, kind), kind, f"{packet.claim.number}-{packet.title}")
    links.note(link, None, now, "packet", to=links.link_to(link), title=packet.title)
    return response


def note_look(link: ReplyLink, evidence: Evidence, now: datetime) -> None:
    links.note(link, None, now, "file", to=links.link_to(link), title=evidence.title)
