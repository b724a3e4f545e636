"""What stands between a signed-in person and every page."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

# What somebody may still do before they have a password of their own.
OPEN = frozenset({"password_change", "sign_in", "sign_out", "set_language", "healthz"})


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
