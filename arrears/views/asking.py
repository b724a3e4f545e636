"""What every page of a case asks first: what time it is, and which part of the page the browser wants."""

from datetime import date, datetime
from ipaddress import ip_address
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from grid.days import day_of


def clock() -> tuple[datetime, date]:
    """Now, and the legal day it is. The only place of these views that asks the clock."""
    now = timezone.now()
    return now, day_of(now)


def typed(request: HttpRequest, name: str) -> str:
    """A line as somebody typed it, for pages that have no form object. What no keyboard makes is left out, as the
    database refuses it (NUL)."""
    return "".join(character for character in request.POST.get(name, "") if character.isprintable()).strip()


def uuid_or_404(text: object) -> UUID:
    try:
        return UUID(str(text))
    except ValueError:
        raise Http404 from None


def render_part(
    request: HttpRequest, page: str, part: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """The whole page, or only `part` of it for htmx (but not when it rebuilds a page the reader went back to)."""
    wants_part = request.htmx and not request.htmx.history_restore_request
    response = render(request, part if wants_part else page, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def address_of(request: HttpRequest) -> str | None:
    """Where the request came from. Behind our own proxy (production settings) that is the hop it wrote down last."""
    last_hop = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
    if settings.SECURE_PROXY_SSL_HEADER and is_address(last_hop):
        return last_hop
    return request.META.get("REMOTE_ADDR") or None


def is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
