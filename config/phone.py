"""The system as an app on a phone: its manifest, its icons, and the worker that lets it start without a network.

The worker keeps the shell and static files, and nothing else: no page of a case ever stands in its cache.
"""

import hashlib
import json
from functools import cache

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from config.icons import SIZES, name_of

SHELL = "field_app"
KEPT = (
    "css/tokens.css", "css/layout.css", "css/components.css", "css/forms.css", "css/print.css", "favicon.svg", "icons.svg",
    "js/theme.js", "js/phone.js", "js/intake.js", "js/capture.js", "js/field/store.js", "js/field/send.js", "js/field/known.js", "js/field/promise.js", "js/field/amount.js",
    "js/field/conflict.js", "js/field/app.js",
)  # fmt: skip


@login_not_required
@require_safe
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """Another file as soon as anything it keeps is another: the browser then fetches all of it anew."""
    kept = [static(name) for name in KEPT]
    version = fingerprint(*kept)
    context = {"version": version, "kept": json.dumps(kept), "shell": reverse(SHELL), "beginning": reverse("claim_new"), "static": settings.STATIC_URL}
    response = render(request, "phone/sw.js", context, content_type="text/javascript")
    response["Service-Worker-Allowed"] = "/"
    return response


@cache
def fingerprint(*addresses: str) -> str:
    """Of what is in the files; where their names do not say it (tests), of the files themselves."""
    found = hashlib.sha256("\n".join(addresses).encode())
    for name in KEPT:
        if path := finders.find(name):
            with open(path, "rb") as file:
                found.update(file.read())
    return found.hexdigest()[:16]


@login_not_required
@require_safe
@cache_control(max_age=3600)
def manifest(request: HttpRequest) -> JsonResponse:
    start = reverse(SHELL)
    icons = [
        {"src": static(name_of(size)), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for size in SIZES
        for purpose in ("any", "maskable")
    ]
    said = {
        "id": start, "name": _("薪安 · 欠薪案件办理"), "short_name": _("薪安"), "description": _("欠薪案件三级网格办理"), "lang": get_language(),
        "start_url": start, "scope": "/", "display": "standalone", "background_color": "#f3f6f6", "theme_color": "#0d424b", "icons": icons,
        "shortcuts": [{"name": _("登记案件"), "url": reverse("claim_new")}, {"name": _("工作台"), "url": reverse("desk")}],
    }  # fmt: skip
    return JsonResponse(said, content_type="application/manifest+json")
