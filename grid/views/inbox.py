"""The inbox: what the system told this person, newest first. Nobody sees anybody else's."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from grid.days import day_of
from grid.models import Notice
from grid.notices import KINDS, words
from grid.paging import AFTER, BEFORE, Order, Page, address, page_of

NEWEST = Order("created_at", is_descending=True)
LOOKS = {"info": ("info", "bell"), "warn": ("warn", "near"), "late": ("bad", "late")}
STOP_POLLING = 286  # htmx: take this and ask no more


@dataclass(frozen=True)
class Row:
    """A notice as the inbox and the desk show it."""

    notice: Notice
    title: str
    text: str
    tone: str
    icon: str

    @classmethod
    def of(cls, notice: Notice) -> "Row":
        return cls(notice, *words(notice), *LOOKS[KINDS[notice.kind].urgency])


@dataclass(frozen=True)
class Day:
    day: date
    days_ago: int
    rows: list[Row]


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    only_unread = request.GET.get("show") == "unread"
    mine = Notice.objects.inbox_of(request.user)
    page = page_of(mine.unread() if only_unread else mine, NEWEST, request.GET)
    return render(request, "grid/inbox/page.html", context_of(request, page, now) | {"only_unread": only_unread})


def context_of(request: HttpRequest, page: Page, now: datetime) -> dict[str, Any]:
    return {
        "days": by_day(page.rows, day_of(now)),
        "newer": address(request.GET, BEFORE, page.before),
        "older": address(request.GET, AFTER, page.after),
        "now": now,
    }


def by_day(notices: Iterable[Notice], today: date) -> list[Day]:
    days = groupby(notices, lambda notice: day_of(notice.created_at))
    return [Day(day, (today - day).days, [Row.of(notice) for notice in rows]) for day, rows in days]


@require_POST
def notice_open(request: HttpRequest, pk: Any) -> HttpResponse:
    """Marks it read and goes where it leads; that page checks again who reads."""
    notice = get_object_or_404(Notice.objects.inbox_of(request.user), pk=pk)
    Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=timezone.now())
    return redirect(notice.path if is_ours(notice.path) else "inbox")


def is_ours(path: str) -> bool:
    return path.startswith("/") and url_has_allowed_host_and_scheme(path, None)


@require_POST
def inbox_read(request: HttpRequest) -> HttpResponse:
    """Everything the reader had before their eyes: what came after the page was made stays unread."""
    now = timezone.now()
    until = read_instant(request.POST.get("until", "")) or now
    count = Notice.objects.inbox_of(request.user).unread().filter(created_at__lte=until).update(read_at=now)
    said = ngettext("已将 %(n)s 条标为已读。", "已将 %(n)s 条标为已读。", count) % {"n": count}
    messages.success(request, said if count else _("没有未读的通知。"))
    return redirect("inbox")


def read_instant(written: str) -> datetime | None:
    try:
        instant = parse_datetime(written)
    except ValueError:
        return None
    return instant if instant and timezone.is_aware(instant) else None


@login_not_required
@never_cache
@require_safe
def inbox_unread(request: HttpRequest) -> HttpResponse:
    """The menu's badge, asked for every half minute; nothing while it is as the page already shows it (?known=3)."""
    if not request.user.is_authenticated:
        return HttpResponse(status=STOP_POLLING)
    unread = Notice.objects.inbox_of(request.user).unread().count()
    known = request.GET.get("known", "")
    if known == str(unread):
        return HttpResponse(status=204)
    return render(request, "grid/inbox/_unread.html", {"is_more": known.isdecimal() and unread > int(known)})
