"""How long it takes from the instant a rung falls due until its notice stands in the outbox: the real beat and the
real worker, by the real timetable, while so many rungs fall due each second."""

import os
import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils import timezone

from bench.processes import kill, start
from bench.report import Figures, say
from config.serve import list_children

RATE = 20  # rungs falling due per second
MINUTES = float(os.environ.get("BENCH_MINUTES", "4"))
WARM_UP = 20.0  # seconds until worker and beat are up
LONGEST = 150.0  # seconds to wait for the last notice
LOOK = 0.25
# Only the processes that sweep and deliver, as bin/serve starts them; nobody looks at pages meanwhile.
WEB = "web"


def run(name: str) -> Figures:
    if not MINUTES:
        return {"p99_due_to_notice_s": None}
    begun = timezone.now() + timedelta(seconds=WARM_UP)
    due = let_fall_due(name, begun, int(RATE * 60 * MINUTES))
    say(f"beat and worker for {MINUTES:g} minutes; {len(due):,} rungs fall due, {RATE} each second")
    with ExitStack() as stack:
        for child in list_children(Path(settings.DATA), "127.0.0.1", 0):
            if child.name != WEB:
                stack.callback(kill, start_as(child.command, child.log_path))
        waits = sorted(watch(due))
    assert len(waits) == len(due), f"{len(due) - len(waits)} notices never came"
    say(f"waited {waits[0]:.1f} to {waits[-1]:.1f} s, half of them less than {waits[len(waits) // 2]:.1f} s")
    return {"p99_due_to_notice_s": round(waits[int(len(waits) * 0.99)], 1), "p50_due_to_notice_s": round(waits[len(waits) // 2], 1)}


def let_fall_due(name: str, begun: datetime, most: int) -> dict[UUID, float]:
    """Sets the watches of the claims one after the other; when each is due."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH chosen AS (
                SELECT *, %(begun)s::timestamptz + (row_number() OVER (ORDER BY clock_id) - 1) * %(gap)s::interval AS at
                FROM bench_set WHERE name = %(name)s ORDER BY clock_id LIMIT %(most)s
            ), woken AS (
                INSERT INTO arrears_watch (clock_id, rung, next_at, cause)
                SELECT clock_id, rung, at, 'time' FROM chosen JOIN bench_shape ON bench_shape.i = shape AND is_due
            ) SELECT claim_id, at FROM chosen
            """,
            {"begun": begun, "gap": timedelta(seconds=1 / RATE), "name": name, "most": most},
        )
        return {claim: at.timestamp() for claim, at in cursor.fetchall()}


def start_as(command: list[str], log: Path) -> Any:
    with log.open("a") as words:
        return start(command=command, stdout=words, stderr=words)


def watch(due: dict[UUID, float]) -> list[float]:
    """Seconds from due to the first look at which the notice was there to be read, for each claim."""
    seen: dict[UUID, float] = {}
    limit = max(due.values()) + LONGEST
    while len(seen) < len(due) and time.time() < limit:
        time.sleep(LOOK)
        with connection.cursor() as cursor:
            cursor.execute("SELECT DISTINCT subject_id FROM grid_notice WHERE id > %s", [key_of(timezone.now() - timedelta(seconds=LONGEST))])
            found = [claim for (claim,) in cursor.fetchall()]
        now = time.time()
        for claim in found:
            if claim in due and claim not in seen:
                seen[claim] = now - due[claim]
    return list(seen.values())


def key_of(moment: datetime) -> UUID:
    """The smallest key a row written then can have (grid.ids.uuid7)."""
    return UUID(int=int(moment.astimezone(UTC).timestamp() * 1000) << 80)
