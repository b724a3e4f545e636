"""What stands between a signed-in person and every page."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect, HttpResponseStopPolling

CHUNK = 64 * 1024
MEGABYTE = 1024 * 1024
# What somebody may still do before they have a password of their own.
OPEN = frozenset({"password_change", "sign_in", "sign_out", "set_language", "healthz"})


class BodyLimitMiddleware:
    """Refuses a body that is larger than anything we take, by its declared length, before anything reads it: the check
    of the CSRF token would unpack a file of a gigabyte to look for the token. It is read and thrown away in small
    pieces first, up to LARGEST_DRAINED, as a browser that cannot finish sending shows no answer at all."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        declared = request.META.get("CONTENT_LENGTH") or "0"
        size = int(declared) if declared.isascii() and declared.isdigit() else 0
        if size <= settings.LARGEST_BODY:
            return self.get_response(request)
        if size <= settings.LARGEST_DRAINED:
            drain(request)
        return too_large(request, size)


def drain(request: HttpRequest) -> None:
    try:
        while request.read(CHUNK):
            pass
    except UnreadablePostError:
        pass  # whoever sent it has gone


def too_large(request: HttpRequest, size: int) -> HttpResponse:
    reason = _("您提交的内容有 %(size)s MB，一次最多 %(most)s MB，没有接收。先前保存的内容都在，请返回上一页，分几次提交或换小一些的文件。") % {
        "size": f"{size // MEGABYTE:,}", "most": settings.LARGEST_BODY // MEGABYTE,
    }  # fmt: skip
    if not request.accepts("text/html"):
        response: HttpResponse = JsonResponse({"code": "body_large", "message": reason}, status=413)
    else:
        response = render(request, "413.html", {"reason": reason, "back": back_to(request)}, status=413)
    response["Connection"] = "close"
    return response


def back_to(request: HttpRequest) -> str:
    """The page it was sent from, if it is one of ours."""
    came_from = request.headers.get("Referer", "")
    return came_from if url_has_allowed_host_and_scheme(came_from, {request.get_host()}, request.is_secure()) else "/"


class SignInMiddleware(LoginRequiredMiddleware):
    """A part of a page asked for after the session has ended sends the whole page to sign-in, and back to itself;
    otherwise the sign-in form would stand inside the page. A poll, which nobody asked for, only stops: whoever is
    typing must not be sent away from what they typed."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponse:
        if not request.htmx:
            return super().handle_no_permission(request, view_func)
        if request.headers.get("X-Poll"):
            return HttpResponseStopPolling()
        page = request.htmx.current_url_abs_path or "/"
        return HttpResponseClientRedirect(redirect_to_login(page, resolve_url(self.get_login_url(view_func))).url)


class NoStoreMiddleware:
    """What somebody sees after signing in is kept by no browser: a phone is lent, lost, or signed out of. A view that
    says otherwise means it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.has_header("Cache-Control") and request.user.is_authenticated:
            response["Cache-Control"] = "private, no-store"
        return response


class DevicesMiddleware:
    """No page may ask for a camera, a microphone, the screen or where somebody is, but those whose view says so."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", "camera=(), microphone=(), display-capture=(), geolocation=()")
        return response


def allow_devices(response: HttpResponse, *names: str) -> HttpResponse:
    """What this page may ask the browser for; whoever sits there is still asked."""
    rest = [name for name in ("camera", "microphone", "display-capture", "geolocation") if name not in names]
    response["Permissions-Policy"] = ", ".join([*(f"{name}=(self)" for name in names), *(f"{name}=()" for name in rest)])
    return response


class OwnPasswordMiddleware:
    """Whoever was given a password by an administrator chooses their own before they see anything."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        must = request.user.is_authenticated and request.user.must_change_password
        return send_to_password(request) if must and request.resolver_match.url_name not in OPEN else None


def send_to_password(request: HttpRequest) -> HttpResponse:
    if not request.accepts("text/html"):
        reason = _("请先把管理员给您的密码换成自己的密码。")
        return JsonResponse({"code": "password_change_first", "message": reason}, status=403)
    if request.htmx:
        return HttpResponseClientRedirect(resolve_url("password_change"))
    return redirect("password_change")  # the page itself says why
