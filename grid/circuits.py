"""The circuits of the channels. After OPENS_AT failures in a row that were the channel's own it is not asked any more:
what is due goes by the person's next channel and says so, or waits. At `retry_at` one message is tried; if it goes out
the circuit closes, if not the next try is later. Administrators are told once of each."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from grid.bulk import insert
from grid.channels import CHANNELS, is_set_up, reaches
from grid.days import day_of
from grid.ids import uuid7
from grid.models import ChannelState, Notice
from grid.models.notices import ALIVE, PERSON, QUEUED, REROUTED
from grid.notices import rows_for
from grid.tasklist import administrators

OPENS_AT = 5
MINUTE = timedelta(minutes=1)
RETRY_AFTER = (1 * MINUTE, 5 * MINUTE, 15 * MINUTE, 60 * MINUTE)  # then every hour
PROBE_TAKES = 2 * MINUTE  # a worker that dies with the probe in hand delays the next one by this
BATCH = 500

States = Mapping[str, ChannelState]


def states() -> States:
    """Of the channels that have failed since they last worked."""
    return ChannelState.objects.in_bulk()


def is_open(state: ChannelState | None) -> bool:
    return state is not None and state.opened_at is not None


def shut(known: States, now: datetime) -> set[str]:
    """Channels nothing is taken for now."""
    return {name for name, state in known.items() if is_open(state) and state.retry_at > now}


def take_probe(channel: str, now: datetime) -> bool:
    """Whoever gets it may try one message."""
    waiting = ChannelState.objects.filter(pk=channel, opened_at__isnull=False, retry_at__lte=now)
    return bool(waiting.update(retry_at=now + PROBE_TAKES))


def failed(
    channel: str, error: str, now: datetime, *, is_probe: bool = False, wait: timedelta = timedelta(0)
) -> datetime | None:
    """When the channel is asked again, if its circuit is open: after `wait` at the earliest."""
    with transaction.atomic():
        ChannelState.objects.bulk_create([ChannelState(channel=channel)], ignore_conflicts=True)
        state = ChannelState.objects.select_for_update().get(pk=channel)
        if is_open(state) and not is_probe:  # was on its way when the circuit opened
            return state.retry_at
        state.failures += 1
        state.last_error = error[:300]
        if state.failures >= OPENS_AT:
            opens = state.opened_at is None
            state.opened_at = state.opened_at or now
            state.retry_at = now + max(RETRY_AFTER[min(state.failures - OPENS_AT, len(RETRY_AFTER) - 1)], wait)
            if opens:
                tell_administrators("channel_down", state, now)
        state.save()
    return state.retry_at if is_open(state) else None


def worked(channel: str, now: datetime) -> None:
    with transaction.atomic():
        state = ChannelState.objects.select_for_update().filter(pk=channel).first()
        if state is None:
            return
        if is_open(state):
            tell_administrators("channel_up", state, now)
        state.delete()


def tell_administrators(kind: str, state: ChannelState, now: datetime) -> None:
    """By every way but this one."""
    others = [name for name in CHANNELS if name != state.channel]
    rows = rows_for(
        administrators(day_of(now)), kind, key=f"{kind}:{state.channel}:{state.opened_at.isoformat()}", now=now,
        facts={"channel_msgid": CHANNELS[state.channel].label, "error": state.last_error}, channels=others,
    )  # fmt: skip
    Notice.objects.bulk_create([row for row in rows if row.channel != state.channel], ignore_conflicts=True)


def clear_way(now: datetime) -> int:
    """Takes what is due in dead channels out of the way of the others: over to the person's next channel, or to the
    channel's next try. How many rows."""
    known, moved = states(), 0
    for name in sorted(shut(known, now)):
        while found := move_some(known[name], known, now):
            moved += found
    return moved


def move_some(dead: ChannelState, known: States, now: datetime) -> int:
    due = Notice.objects.filter(state=QUEUED, channel=dead.channel, next_try_at__lte=now).order_by("next_try_at", "id")
    with transaction.atomic():
        rows = list(due.select_related("recipient").select_for_update(skip_locked=True, of=("self",))[:BATCH])
        ways = {row.pk: way for row in rows if (way := next_channel(row, known))}
        there = already_there(rows)
        stays = {row.pk for row in rows if row.pk not in ways or there.get(place(row, ways[row.pk]), QUEUED) not in ALIVE}
        goes = [row for row in rows if row.pk not in stays]
        insert((stand_in(row, ways[row.pk], now) for row in goes if place(row, ways[row.pk]) not in there), ignore_conflicts=True)
        Notice.objects.filter(pk__in=[row.pk for row in goes]).update(state=REROUTED)
        Notice.objects.filter(pk__in=stays).update(next_try_at=dead.retry_at)
    return len(rows)


def next_channel(row: Notice, known: States) -> str | None:
    """A row that stands in for another channel already stays where it is."""
    if row.addressee_kind != PERSON or row.instead_of:
        return None
    others = [name for name, channel in CHANNELS.items() if channel.fallback is not None and name != row.channel]
    for name in sorted(others, key=lambda name: CHANNELS[name].fallback or 0):
        if is_set_up(name) and not is_open(known.get(name)) and reaches(name, row.recipient):
            return name
    return None


def place(row: Notice, channel: str) -> tuple[Any, ...]:
    return row.key, row.recipient_id, channel


def already_there(rows: Iterable[Notice]) -> dict[tuple[Any, ...], str]:
    """What the same people are told of the same things in any channel, and its state."""
    rows = list(rows)
    wanted = Q(key__in={row.key for row in rows}, recipient__in={row.recipient_id for row in rows if row.recipient_id})
    found = Notice.objects.filter(wanted).order_by().values_list("key", "recipient", "channel", "state")
    return {(key, person, channel): state for key, person, channel, state in found}


def stand_in(row: Notice, channel: str, now: datetime) -> Notice:
    fields = {field.attname: getattr(row, field.attname) for field in Notice._meta.concrete_fields}
    return Notice(**{**fields, "id": uuid7(), "channel": channel, "instead_of": row.channel, "attempts": 0,
                     "next_try_at": now, "error": ""})  # fmt: skip
