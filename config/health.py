"""/healthz: 200 when everything that must live does and what is due is fired in time, otherwise 503 naming what is not.

    {"ok": false, "checks": {"web": true, …, "worker": false}, "missing": ["worker"],
     "ages": {"sweep": 31.2, "rung": 12.9, "notice": null}}

Workers, beat and watchman show their life in the broker, so without it they are unknown (null), not missing; so is the
sweep before the first one since the start, and the watchman, who begins last. "sweep": none has ended for
SWEEP_PATIENCE. "rung": the sweeps end, and yet one that is due has waited for RUNG_PATIENCE. Ages in seconds: since the last sweep ended, and for how long the oldest rung
and the oldest message that are due have waited (null: none is). Never slower than PATIENCE, whatever hangs.
"""

import asyncio
import logging
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import psycopg
import redis.asyncio
from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from arrears.escalation.stuck import CALLED
from arrears.models.serving import WAITING
from config.pulse import BEAT, KEYS, ROUNDS_OF_WATCHMAN, WATCHMAN
from config.queues import WORKERS, emptied_by

PATIENCE = 1.5  # seconds
# Who is alive while all of these show life.
SIGNS: dict[str, list[str]] = {**{worker: emptied_by(worker) for worker in WORKERS}, BEAT: [BEAT], WATCHMAN: [WATCHMAN]}


def oldest_call(model: Any) -> str:
    """Next_at is empty where nobody waits; where a row has a state its index knows only those that wait."""
    waits = f" AND state = '{WAITING}'" if hasattr(model, "state") else ""
    return f"(SELECT min(next_at) FROM {model._meta.db_table} WHERE next_at <= now(){waits})"


CALLS = "".join(f"{oldest_call(model)},\n" for model, _number in CALLED)
AGES = f"""
    SELECT (SELECT ended_at FROM grid_round WHERE name = 'sweep') AS sweep,
        least(
            (SELECT min(next_at) FROM arrears_watch WHERE next_at <= now()),
            {CALLS}
            (SELECT min(faulty_since) FROM arrears_watch WHERE faulty_since IS NOT NULL AND next_at <= now() + interval '1 hour')
        ) AS rung,
        (SELECT min(next_try_at) FROM grid_notice WHERE state = 'queued' AND next_try_at <= now()) AS notice
"""
NOBODY: dict[str, bool | None] = {"broker": False, **dict.fromkeys(SIGNS)}

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Look:
    checks: Mapping[str, bool | None]
    ages: Mapping[str, float | None] = field(default_factory=dict)

    @property
    def missing(self) -> list[str]:
        return [name for name, alive in self.checks.items() if alive is False]


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    seen = asyncio.run(look(timezone.now()))
    answer = {"ok": not seen.missing, "checks": seen.checks, "missing": seen.missing, "ages": seen.ages}
    return JsonResponse(answer, status=503 if seen.missing else 200)


async def look(now: datetime) -> Look:
    since, alive = await asyncio.gather(bounded(ask_database()), bounded(ask_broker()))
    instants = since or {}
    ages = {name: (now - at).total_seconds() if at else None for name, at in instants.items()}
    checks = {"web": True, "database": since is not None, **not_yet(alive or NOBODY, now)}
    return Look(checks | {"sweep": keeps_time(instants, now), "rung": fires_all(instants, now)}, ages)


def not_yet(alive: Mapping[str, bool | None], now: datetime) -> dict[str, bool | None]:
    """Nobody waits for the watchman when all is started."""
    begins = not alive[WATCHMAN] and now - settings.STARTED_AT < timedelta(seconds=ROUNDS_OF_WATCHMAN)
    return {**alive, WATCHMAN: None if begins else alive[WATCHMAN]}


def fires_all(instants: Mapping[str, datetime | None], now: datetime) -> bool | None:
    """What fell due while everything was off has as long from the start."""
    if "rung" not in instants:
        return None
    patience, oldest = timedelta(seconds=settings.RUNG_PATIENCE), instants["rung"]
    if oldest is None or now - oldest <= patience:
        return True
    return False if now - settings.STARTED_AT > patience else None


def keeps_time(instants: Mapping[str, datetime | None], now: datetime) -> bool | None:
    patience, last = timedelta(seconds=settings.SWEEP_PATIENCE), instants.get("sweep")
    if last and now - last <= patience:
        return True
    return False if "sweep" in instants and now - settings.STARTED_AT > patience else None


async def bounded(question: Coroutine[None, None, dict[str, Any]]) -> dict[str, Any] | None:
    try:
        return await asyncio.wait_for(question, PATIENCE)
    except (psycopg.Error, redis.RedisError, OSError, TimeoutError) as error:
        log.warning("%s", error if str(error) else type(error).__name__)
        return None


async def ask_database() -> dict[str, datetime | None]:
    """On a connection of its own: a kept one may hang, and new ones must be possible. Nothing before the first migrate."""
    async with await psycopg.AsyncConnection.connect(settings.DATABASE_URL, autocommit=True) as line:
        await line.execute("SELECT 1")
        try:
            answer = await line.execute(AGES)
        except psycopg.errors.UndefinedTable:
            return {}
        return dict(zip(("sweep", "rung", "notice"), await answer.fetchone(), strict=True))


async def ask_broker() -> dict[str, bool]:
    async with redis.asyncio.Redis.from_url(settings.REDIS_URL) as line:
        signs = dict(zip(KEYS, await line.mget(KEYS.values()), strict=True))
    return {"broker": True, **{who: all(signs[sign] is not None for sign in wanted) for who, wanted in SIGNS.items()}}
