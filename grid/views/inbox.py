"""The inbox: what the system told this person; what they must answer for first, the rest newest first. Nobody sees
anybody else's."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from grid import alerts
from grid.days import day_of
from grid.forms.alerts import AcknowledgeForm, ReplyForm, SnoozeForm, tomorrow_morning
from grid.models import Notice
from grid.models.notices import TO_ACKNOWLEDGE
from grid.notices import kind_of, words
from grid.paging import AFTER, BEFORE, Order, address, page_of

NEWEST = Order("created_at", is_descending=True)
SOONEST = Order("ack_by")
LOOKS = {"info": ("info", "bell"), "warn": ("warn", "near"), "late": ("bad", "late")}
FIRST = 5  # of those to acknowledge, above the others
STOP_POLLING = 286  # htmx: take this and ask no more


@dataclass(frozen=True)
class Row:
    """A notice as the inbox, the desk and the page of its claim show it."""

    notice: Notice
    title: str
    text: str
    tone: str
    icon: str
    now: datetime

    @classmethod
    def of(cls, notice: Notice, now: datetime) -> "Row":
        return cls(notice, *words(notice), *LOOKS[kind_of(notice.kind).urgency], now)

    @property
    def is_unread(self) -> bool:
        return self.notice.read_at is None

    @property
    def needs_ack(self) -> bool:
        return self.notice.ack_by is not None and self.notice.acknowledged_at is None

    @property
    def is_late(self) -> bool:
        return self.needs_ack and self.notice.ack_by <= self.now

    @property
    def is_snoozed(self) -> bool:
        return self.notice.snoozed_until is not None and self.notice.snoozed_until > self.now

    @property
    def may_snooze(self) -> bool:
        """Not what is late already, nor what was put off as often as one may."""
        if not self.needs_ack or self.is_snoozed or self.notice.snoozes >= alerts.most_snoozes(self.notice):
            return False
        return alerts.latest_snooze(self.notice, self.now) > self.now

    @property
    def acknowledge_form(self) -> AcknowledgeForm:
        return AcknowledgeForm(auto_id=f"ack-{self.notice.pk.hex}-%s")

    @property
    def reply_form(self) -> ReplyForm:
        return ReplyForm(auto_id=f"reply-{self.notice.pk.hex}-%s")

    @property
    def snooze_form(self) -> SnoozeForm:
        return snooze_form(self.notice, self.now, auto_id=f"snooze-{self.notice.pk.hex}-%s")


def snooze_form(notice: Notice, now: datetime, data: Any = None, **options: Any) -> SnoozeForm:
    """With the latest time that may be chosen, and one within it."""
    latest = alerts.latest_snooze(notice, now)
    return SnoozeForm(data, latest=latest, initial={"until": min(tomorrow_morning(now), latest)}, **options)


@dataclass(frozen=True)
class Day:
    day: date
    days_ago: int
    rows: list[Row]


@dataclass(frozen=True)
class Tab:
    """What part of the inbox is asked for with ?show=."""

    show: str
    label: Any
    count: int
    is_current: bool


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    show = request.GET.get("show", "")
    lists = lists_of(request, now)
    show = show if show in lists else ""
    rows, order = lists[show]
    page = page_of(rows, order, request.GET)
    tabs = tabs_of(request, now, show)
    counts = {tab.show: tab.count for tab in tabs}
    on_top = not show and page.before is None and counts["ack"]
    context = {
        "show": show,
        "tabs": tabs,
        "has_unread": counts["unread"] > 0,
        "first": [Row.of(notice, now) for notice in lists["ack"][0].order_by("ack_by", "id")[:FIRST]] if on_top else [],
        "more_first": counts["ack"] > FIRST,
        "rows": [Row.of(notice, now) for notice in page.rows],
        "here": request.get_full_path(),
        "newer": address(request.GET, BEFORE, page.before),
        "older": address(request.GET, AFTER, page.after),
        "now": now,
    }
    context["days"] = by_day(context["rows"], day_of(now)) if order is NEWEST else []
    return render(request, "grid/inbox/page.html", context)


def lists_of(request: HttpRequest, now: datetime) -> dict[str, tuple[Any, Order]]:
    """What stands in each tab. The first leaves out what it shows on top."""
    mine = Notice.objects.inbox_of(request.user)
    awake = mine.awake(now)
    return {
        "": (awake.answered(), NEWEST),
        "unread": (awake.unread(), NEWEST),
        "ack": (awake.to_acknowledge(), SOONEST),
        "snoozed": (mine.snoozed(now), NEWEST),
    }


TABS = {
    "": gettext_lazy("全部"),
    "unread": gettext_lazy("未读"),
    "ack": gettext_lazy("待签收"),
    "snoozed": gettext_lazy("已暂缓"),
}


def tabs_of(request: HttpRequest, now: datetime, show: str) -> list[Tab]:
    awake, snoozed = Q(snoozed_until=None) | Q(snoozed_until__lte=now), Q(snoozed_until__gt=now)
    counts = Notice.objects.inbox_of(request.user).aggregate(
        unread=Count("pk", filter=awake & Q(read_at=None)),
        ack=Count("pk", filter=awake & TO_ACKNOWLEDGE),
        snoozed=Count("pk", filter=snoozed),
    )
    return [Tab(name, label, counts.get(name, 0), name == show) for name, label in TABS.items()]


def by_day(rows: Iterable[Row], today: date) -> list[Day]:
    days = groupby(rows, lambda row: day_of(row.notice.created_at))
    return [Day(day, (today - day).days, list(found)) for day, found in days]


def mine(request: HttpRequest, pk: Any) -> Notice:
    return get_object_or_404(Notice.objects.inbox_of(request.user), pk=pk)


@require_POST
def notice_open(request: HttpRequest, pk: Any) -> HttpResponse:
    """Marks it read and goes where it leads; that page checks again who reads."""
    notice = mine(request, pk)
    Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=timezone.now())
    return redirect(notice.path if is_ours(notice.path) else "inbox")


def is_ours(path: str) -> bool:
    return path.startswith("/") and url_has_allowed_host_and_scheme(path, None)


@require_POST
def inbox_read(request: HttpRequest) -> HttpResponse:
    """Everything the reader had before their eyes: what came after the page was made stays unread."""
    now = timezone.now()
    until = read_instant(request.POST.get("until", "")) or now
    count = Notice.objects.inbox_of(request.user).awake(now).unread().filter(created_at__lte=until).update(read_at=now)
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
    waiting = Notice.objects.inbox_of(request.user).awake(timezone.now()).calling().count()
    known = request.GET.get("known", "")
    if known == str(waiting):
        return HttpResponse(status=204)
    return render(request, "grid/inbox/_unread.html", {"is_more": known.isdecimal() and waiting > int(known)})
