"""/healthz: 200 when web, database, broker, worker and beat are alive, otherwise 503 naming what is not.

    {"ok": false, "checks": {"web": true, …, "worker": false}, "missing": ["worker"]}

Worker and beat show their life in the broker, so without it they are unknown (null), not missing.
Never slower than PATIENCE, whatever hangs.
"""

import asyncio
import logging
from collections.abc import Coroutine

import psycopg
import redis.asyncio
from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config.pulse import KEYS

PATIENCE = 1.5  # seconds

log = logging.getLogger(__name__)


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    checks = asyncio.run(look())
    missing = [name for name, alive in checks.items() if alive is False]
    return JsonResponse({"ok": not missing, "checks": checks, "missing": missing}, status=503 if missing else 200)


async def look() -> dict[str, bool | None]:
    database, queue = await asyncio.gather(bounded(ask_database()), bounded(ask_broker()))
    return {
        "web": True,
        **(database or {"database": False}),
        **(queue or {"broker": False, "worker": None, "beat": None}),
    }


async def bounded(question: Coroutine[None, None, dict[str, bool]]) -> dict[str, bool] | None:
    try:
        return await asyncio.wait_for(question, PATIENCE)
    except (psycopg.Error, redis.RedisError, OSError, TimeoutError) as error:
        log.warning("%s", error if str(error) else type(error).__name__)
        return None


async def ask_database() -> dict[str, bool]:
    """On a connection of its own: a kept one may hang, and new ones must be possible."""
    async with await psycopg.AsyncConnection.connect(settings.DATABASE_URL, autocommit=True) as connection:
        await connection.execute("SELECT 1")
    return {"database": True}


async def ask_broker() -> dict[str, bool]:
    async with redis.asyncio.Redis.from_url(settings.REDIS_URL) as line:
        signs = await line.mget(KEYS.values())
    return {"broker": True, **{name: sign is not None for name, sign in zip(KEYS, signs, strict=True)}}
