"""/metrics for Prometheus: who is alive, what waits and for how long, counted when it is asked for.

With `Authorization: Bearer METRICS_TOKEN`. Without a token set, only for whoever asks from this machine, and never in
production (METRICS_OPEN_HERE). Counts stop at MOST: an alarm needs no more, and no scrape reads a whole table. What
cannot be counted in LIMIT is left out and named by xinan_scrape_failed. Names, labels and meaning: FAMILIES.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector

from arrears.escalation.stuck import CALLED
from arrears.lifecycle import CLAIM, ORDER
from arrears.models import Watch
from config.health import Look, look
from grid import rounds
from grid.channels import CHANNELS
from grid.days import day_of
from grid.models import Round

MOST = 10_000
LIMIT = 1000  # milliseconds for each question
HERE = ("127.0.0.1", "::1")

log = logging.getLogger(__name__)

Samples = Iterable[tuple[tuple[str, ...], float]]  # values of the labels, number


@dataclass(frozen=True)
class Family:
    """One metric. `count` asks the database."""

    name: str
    meaning: str
    labels: tuple[str, ...]
    count: Callable[[datetime], Samples]


def ask(sql: str, *params: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def capped(rows: str, *params: Any) -> float:
    return ask(f"SELECT count(*) FROM (SELECT {rows} LIMIT {MOST}) AS counted", *params)[0][0]


OPEN_AND_AWAKE = "city_code = %s AND stage = ANY(%s) AND suspended_until IS NULL"


def rungs_waiting(now: datetime) -> Samples:
    tables = [model._meta.db_table for model in (Watch, *(model for model, _number in CALLED))]
    due = " UNION ALL ".join(f"SELECT 1 FROM {table} WHERE next_at <= %s" for table in tables)
    yield (), capped(f"FROM ({due}) AS due", *(now for _table in tables))


def claims_overdue(now: datetime) -> Samples:
    yield (), capped(
        f"FROM arrears_claim WHERE {OPEN_AND_AWAKE} AND due_on < %s AND limit_on < %s",
        settings.CITY_CODE, list(CLAIM.open_states), day_of(now), day_of(now),
    )  # fmt: skip


def claims_past_target(now: datetime) -> Samples:
    yield (), capped(
        f"FROM arrears_claim WHERE {OPEN_AND_AWAKE} AND due_on < %s AND (limit_on IS NULL OR limit_on >= %s)",
        settings.CITY_CODE, list(CLAIM.open_states), day_of(now), day_of(now),
    )  # fmt: skip


def notices(now: datetime) -> Samples:
    for state in ("queued", "sending", "held"):
        yield (state,), capped("FROM grid_notice WHERE state = %s", state)


def circuits(now: datetime) -> Samples:
    is_open = {name for (name,) in ask("SELECT channel FROM grid_channelstate WHERE opened_at IS NOT NULL")}
    return [((channel,), channel in is_open) for channel in CHANNELS]


def tasks(now: datetime) -> Samples:
    yield ("open",), capped("FROM grid_task WHERE done_at IS NULL")
    yield ("overdue",), capped("FROM grid_task WHERE done_at IS NULL AND due_on < %s", day_of(now))


def orders_late(now: datetime) -> Samples:
    yield (), capped(
        "FROM arrears_order WHERE state = ANY(%s) AND state <> 'replied' AND reply_by < %s",
        list(ORDER.open_states), day_of(now),
    )  # fmt: skip


def rounds_ended(now: datetime) -> Samples:
    return [((one.name,), one.ended_at.timestamp()) for one in Round.objects.all()]


def rounds_took(now: datetime) -> Samples:
    return [((one.name,), one.counts["seconds"]) for one in Round.objects.all() if "seconds" in one.counts]


def rounds_did(now: datetime) -> Samples:
    for one in Round.objects.all():
        yield from (((one.name, what), number) for what, number in one.counts.items() if isinstance(number, int))


def findings(now: datetime) -> Samples:
    last = rounds.last(rounds.CHECK_INTEGRITY)
    return [((name,), number) for name, number in last.counts["found"].items()] if last else []


FAMILIES = (
    Family("xinan_rungs_due", "Rungs that are due and wait for the sweep (counted to 10000)", (), rungs_waiting),
    Family("xinan_claims_overdue", "Open claims past a limit of the law or of an agreement (counted to 10000)", (), claims_overdue),
    Family("xinan_claims_past_target", "Open claims past a target of the city's own only (counted to 10000)", (), claims_past_target),
    Family("xinan_orders_unanswered", "Supervision orders past their reply day without a reply (counted to 10000)", (), orders_late),
    Family("xinan_notices", "Messages that are not settled, by state (each counted to 10000)", ("state",), notices),
    Family("xinan_channel_down", "1 while the circuit of a channel is open", ("channel",), circuits),
    Family("xinan_tasks", "Tasks that people have to do, open and among these overdue (counted to 10000)", ("state",), tasks),
    Family("xinan_round_ended_timestamp_seconds", "When a periodic piece of work last ended", ("round",), rounds_ended),
    Family("xinan_round_duration_seconds", "How long it took", ("round",), rounds_took),
    Family("xinan_round_count", "What it did", ("round", "what"), rounds_did),
    Family("xinan_integrity_findings", "What the last check of integrity found", ("check",), findings),
)


class House(Collector):
    def __init__(self, seen: Look, now: datetime) -> None:
        self.seen, self.now = seen, now

    def collect(self) -> Iterator[GaugeMetricFamily]:
        up = [((name,), alive) for name, alive in self.seen.checks.items() if alive is not None and name not in AGES]
        yield gauge("xinan_up", "1 while a part lives; absent while nobody knows", ("part",), up)
        for name, meaning in AGES.items():
            age = self.seen.ages.get(name)
            known = self.seen.ages and (age is not None or name != "sweep")
            yield gauge(f"xinan_{name}_age_seconds", meaning, (), [((), age or 0)] if known else [])
        failed = []
        for family in FAMILIES if self.seen.checks["database"] else ():
            try:
                yield gauge(family.name, family.meaning, family.labels, counted(family, self.now))
            except DatabaseError as error:
                log.warning("%s: %s", family.name, error)
                failed.append(family.name)
        yield gauge("xinan_scrape_failed", "Metrics that could not be counted", ("metric",), [((name,), 1) for name in failed])


AGES = {
    "sweep": "Since the last sweep ended",
    "rung": "For how long the oldest due rung has waited; 0: none is due",
    "notice": "For how long the oldest due message has waited; 0: none is due",
}


def counted(family: Family, now: datetime) -> Samples:
    with transaction.atomic():
        ask("SELECT set_config('statement_timeout', %s, true)", str(LIMIT))
        return list(family.count(now))


def gauge(name: str, meaning: str, labels: tuple[str, ...], samples: Samples) -> GaugeMetricFamily:
    made = GaugeMetricFamily(name, meaning, labels=labels)
    for values, number in samples:
        made.add_metric(values, float(number))
    return made


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    if not may_read(request):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    now, registry = timezone.now(), CollectorRegistry(auto_describe=False)
    registry.register(House(asyncio.run(look(now)), now))
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)


def may_read(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        said = request.headers.get("Authorization", "")
        return compare_digest(said.encode(), f"Bearer {settings.METRICS_TOKEN}".encode())
    return settings.METRICS_OPEN_HERE and request.META.get("REMOTE_ADDR") in HERE
