"""The access log for auditors: who looked at what, when and why. Looking at it is itself logged."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from grid.access import ACTS, SUBJECTS, Named, Subject, log_access
from grid.days import day_of
from grid.filters import AccessFilter
from grid.models import AccessLog, Region
from grid.paging import AFTER, BEFORE, Order, address, page_of, without_place

NEWEST = Order("at", is_descending=True)
TONES = {"reveal": "warn", "export": "warn", "download": "info"}


@dataclass(frozen=True)
class Look:
    """One row as the page shows it."""

    log: AccessLog
    act: str
    tone: str
    subject: str
    named: Named | None
    place: str


@require_safe
def access_log(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    today = day_of(now)
    scope = request.user.scope(today)
    if not scope.audited:
        raise Http404
    asked = AccessFilter(request.GET, AccessLog.objects.visible_to(request.user, today).select_related("person"))
    page = page_of(asked.rows, NEWEST, request.GET)
    looks = looks_of(page.rows)  # read before this look is written
    log_access(
        request.user, "read", "access_log", None, now=now, region_code=scope.ground,
        reason=without_place(request.GET).urlencode()[:200], address=request.META.get("REMOTE_ADDR"),
    )  # fmt: skip
    context = {
        "filter": asked,
        "looks": looks,
        "chips": asked.chips(),
        "newer": address(request.GET, BEFORE, page.before),
        "older": address(request.GET, AFTER, page.after),
    }
    return render(request, "grid/access_log/page.html", context)


def looks_of(logs: Iterable[AccessLog]) -> list[Look]:
    logs = list(logs)
    names = names_of(logs)
    places = dict(Region.objects.filter(code__in={log.region_code for log in logs}).values_list("code", "full_name"))
    return [
        Look(
            log, gettext(ACTS.get(log.act, log.act)), TONES.get(log.act, "plain"),
            gettext(subject_of(log).label), names.get((log.subject, log.subject_id)), places.get(log.region_code, ""),
        )
        for log in logs
    ]  # fmt: skip


def subject_of(log: AccessLog) -> Subject:
    return SUBJECTS.get(log.subject) or Subject(log.subject)


def names_of(logs: Iterable[AccessLog]) -> dict[tuple[str, Any], Named]:
    """One question for each kind of thing, whatever the number of rows."""
    ids: dict[str, set[Any]] = defaultdict(set)
    for log in logs:
        if log.subject_id:
            ids[log.subject].add(log.subject_id)
    return {
        (name, row_id): named
        for name, wanted in ids.items()
        if name in SUBJECTS
        for row_id, named in SUBJECTS[name].names(wanted).items()
    }
