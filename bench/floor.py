"""What the database alone could do: the writes of a sweep, replayed by one statement on claims of the same shape.

The rows lie ready in tables: no ladder is looked up, nobody's post is found, nothing is locked or checked first.
"""

import time
from typing import Any

from django.db import connection, models

from arrears.models import Event
from bench.report import say
from grid.models import Notice


def replay(swept: str, floor: str) -> tuple[int, float]:
    """Does to the claims of the set `floor` what a sweep has done to those of `swept`. Events written, seconds."""
    with connection.cursor() as cursor:
        lay_ready(cursor, swept, floor)
        cursor.execute("SELECT (SELECT count(*) FROM floor_event), (SELECT count(*) FROM floor_notice)")
        events, notices = cursor.fetchone()
        say(f"{floor}: {events:,} rungs, {notices:,} notices in one statement")
        begun = time.monotonic()
        cursor.execute(STATEMENT)
        return events, time.monotonic() - begun


def columns(model: type[models.Model]) -> list[str]:
    """Those the application writes; a trigger fills the others."""
    return [field.column for field in model._meta.concrete_fields if not field.has_db_default() and not field.generated]


def copied(model: type[models.Model], changed: dict[str, str]) -> str:
    fresh = {"id": "(left(row.id::text, 24) || substr(md5(row.id::text), 1, 12))::uuid", **changed}
    return ", ".join(f'{fresh.get(name, f"row.{name}")} AS "{name}"' for name in columns(model))


def lay_ready(cursor: Any, swept: str, floor: str) -> None:
    cursor.execute(
        f"""
        DROP TABLE IF EXISTS floor_pair, floor_notice, floor_event, floor_claim, floor_watch;
        CREATE TABLE floor_pair AS SELECT s.clock_id AS old_clock, s.claim_id AS old_claim, was.number AS old_number,
            was.level AS level, was.handler_id AS handler_id, f.clock_id, f.claim_id, k.number, k.level AS level_before
        FROM bench_set AS s JOIN bench_set AS f ON f.name = %(floor)s AND f.pair = s.pair
        JOIN arrears_claim AS was ON was.id = s.claim_id JOIN arrears_claim AS k ON k.id = f.claim_id WHERE s.name = %(swept)s;
        CREATE TABLE floor_notice AS SELECT {copied(Notice, {
            "key": "replace(row.key, old_clock::text, clock_id::text)",
            "facts": "replace(row.facts::text, old_number, number)::jsonb",
            "path": "replace(row.path, old_claim::text, claim_id::text)", "subject_id": "claim_id",
        })} FROM grid_notice AS row JOIN floor_pair ON row.subject_id = old_claim ORDER BY row.id;
        CREATE TABLE floor_event AS SELECT {copied(Event, {
            "claim_id": "floor_pair.claim_id", "facts": "replace(row.facts::text, old_clock::text, clock_id::text)::jsonb",
        })} FROM arrears_event AS row JOIN floor_pair ON row.claim_id = old_claim WHERE row.actor_id IS NULL ORDER BY row.id;
        CREATE TABLE floor_claim AS SELECT claim_id, level, handler_id FROM floor_pair WHERE level <> level_before;
        CREATE TABLE floor_watch AS SELECT floor_pair.clock_id, rung, next_at, ladder_id, cause
            FROM floor_pair LEFT JOIN arrears_watch AS row ON row.clock_id = old_clock;
        ANALYZE floor_notice; ANALYZE floor_event; ANALYZE floor_claim; ANALYZE floor_watch;
        """,
        {"swept": swept, "floor": floor},
    )  # fmt: skip


def names(model: type[models.Model]) -> str:
    return ", ".join(f'"{name}"' for name in columns(model))


STATEMENT = f"""
WITH notices AS (
    INSERT INTO grid_notice ({names(Notice)}) SELECT {names(Notice)} FROM floor_notice ON CONFLICT DO NOTHING
), events AS (
    INSERT INTO arrears_event ({names(Event)}) SELECT {names(Event)} FROM floor_event
), claims AS (
    UPDATE arrears_claim AS kept SET level = f.level, handler_id = f.handler_id FROM floor_claim AS f WHERE kept.id = f.claim_id
), done AS (
    DELETE FROM arrears_watch AS kept USING floor_watch AS f WHERE kept.clock_id = f.clock_id AND f.next_at IS NULL
)
UPDATE arrears_watch AS kept SET rung = f.rung, next_at = f.next_at, ladder_id = f.ladder_id, cause = f.cause
FROM floor_watch AS f WHERE kept.clock_id = f.clock_id AND f.next_at IS NOT NULL
"""
