"""What stands between a signed-in person and every page."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect, HttpResponseStopPolling

# What somebody may still do before they have a password of their own.
OPEN = frozenset({"password_change", "sign_in", "sign_out", "set_language", "healthz"})


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
