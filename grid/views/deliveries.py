"""How messages fared: which channel works, what failed and why. Administrators see their own regions, and no contents."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from grid import circuits, deliveries
from grid.addressees import ROBOT
from grid.authority import administered
from grid.channels import CHANNELS, is_set_up
from grid.days import day_of
from grid.delivery_filter import DeliveryFilter
from grid.kinds import GONE, KINDS, TOPICS
from grid.models import ChannelState, Notice, Posting, Robot
from grid.models.notices import DROPPED, FAILED, HELD, QUEUED, REROUTED, SENDING, SENT
from grid.paging import AFTER, BEFORE, Order, address, page_of
from grid.refused import Refused
from grid.views.inbox import is_ours

NEWEST = Order("created_at", is_descending=True)
TONES = {SENT: "good", FAILED: "bad", QUEUED: "info", SENDING: "info", HELD: "muted", DROPPED: "muted", REROUTED: "warn"}


@dataclass(frozen=True)
class Delivery:
    """A row of the outbox as the page shows it."""

    notice: Notice
    who: str
    posts: list[Posting]
    topic: str
    channel: str
    instead_of: str
    tone: str
    holds: int  # of a digest: how many went out inside it

    @property
    def may_retry(self) -> bool:
        return self.notice.state == FAILED

    @property
    def waits_until(self) -> datetime | None:
        """Before it was ever tried: for the morning, or for the end of somebody's quiet hours."""
        waits = self.notice.state == QUEUED and not self.notice.attempts and self.notice.next_try_at > self.notice.created_at
        return self.notice.next_try_at if waits else None

    @property
    def number(self) -> str:
        return self.notice.facts.get("number", "")


@dataclass(frozen=True)
class Circuit:
    """A channel this installation has, and how it is."""

    label: str
    state: ChannelState | None
    is_open: bool
    waiting: int  # for an open one: what found no other way


def clock() -> tuple[datetime, date]:
    now = timezone.now()
    return now, day_of(now)


@require_safe
def delivery_list(request: HttpRequest) -> HttpResponse:
    """What failed, unless something else is asked for."""
    _now, today = clock()
    if not administered(request.user.scope(today)):
        raise Http404
    asked = DeliveryFilter(request.GET if "state" in request.GET else {"state": FAILED}, deliveries.visible_to(request.user, today))
    page = page_of(asked.rows.select_related("recipient").prefetch_related(posts_on(today)), NEWEST, request.GET)
    return render(request, "grid/deliveries/list.html", {
        "filter": asked, "chips": asked.chips(), "deliveries": deliveries_of(page.rows), "circuits": circuits_now(), "notes": list(filter(None, (note() for note in deliveries.NOTES))),
        "is_failed_only": asked.form.is_valid() and asked.form.cleaned_data["state"] == FAILED,
        "here": request.get_full_path(),
        "newer": address(request.GET, BEFORE, page.before), "older": address(request.GET, AFTER, page.after),
    })  # fmt: skip


def posts_on(today: date) -> Prefetch:
    held = Posting.objects.on(today).select_related("region", "body")
    return Prefetch("recipient__postings", held, to_attr="held")


def deliveries_of(notices: Iterable[Notice]) -> list[Delivery]:
    """Two questions, whatever the number of rows."""
    notices = list(notices)
    inside = Notice.objects.filter(bundle__in=[row.pk for row in notices]).order_by().values("bundle").annotate(n=Count("pk"))
    holds = dict(inside.values_list("bundle", "n"))
    robots = dict(Robot.objects.filter(pk__in=[row.addressee_id for row in notices]).values_list("pk", "name"))
    return [
        Delivery(
            row, who(row, robots), row.recipient.held if row.recipient else [], about(row), label(row.channel),
            label(row.instead_of), TONES.get(row.state, "plain"), holds.get(row.pk, 0),
        )
        for row in notices
    ]  # fmt: skip


def who(notice: Notice, robots: dict[Any, str]) -> str:
    """A worker has no name here: administrators do not see cases."""
    if notice.recipient:
        return notice.recipient.full_name
    return robots.get(notice.addressee_id, "—") if notice.addressee_kind == ROBOT else _("劳动者")


def about(notice: Notice) -> str:
    return _(TOPICS[KINDS[notice.kind].topic]) if notice.kind in KINDS else _(GONE.label)


def label(channel: str) -> str:
    return _(CHANNELS[channel].label) if channel in CHANNELS else channel


def circuits_now() -> list[Circuit]:
    """Of the channels that are set up; a platform of chat groups is, once a robot of it is in use."""
    states = circuits.states()
    down = [name for name, state in states.items() if circuits.is_open(state)]
    waiting = dict(Notice.objects.filter(state=QUEUED, channel__in=down).order_by().values_list("channel").annotate(Count("pk"))) if down else {}
    platforms = set(Robot.objects.filter(is_active=True).values_list("channel", flat=True))
    return [
        Circuit(_(channel.label), states.get(name), circuits.is_open(states.get(name)), waiting.get(name, 0))
        for name, channel in CHANNELS.items()
        if name != deliveries.IN_APP and is_set_up(name) and (name in platforms or name not in dict(Robot.CHANNELS))
    ]


@require_POST
def delivery_retry(request: HttpRequest, pk: UUID) -> HttpResponse:
    now, today = clock()
    notice = get_object_or_404(deliveries.visible_to(request.user, today), pk=pk)
    try:
        deliveries.send_again(notice, request.user, now)
        messages.success(request, _("已重新排队，稍后刷新看结果。"))
    except Refused as refusal:
        messages.error(request, refusal.message)
    path = request.POST.get("next", "")
    return redirect(path if is_ours(path) else reverse("delivery_list"))
