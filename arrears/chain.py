"""Checks the chain of events: whether each claim's history is still what was written, in the order it was written in.

The database links the events when they are inserted (migration 0006). Whoever changes a row behind the application's
back and leaves the rest alone is found at that row; whoever takes one away, at the next. What was cut off at the end
of a history leaves no trace here: compare with a backup.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

BATCH = 5000  # claims
CHANGED, MISSING = "changed", "missing"
# The links of some claims that do not hold. After a gap the digests do not fit either, and the gap explains why.
BROKEN = """
WITH links AS (
    SELECT *, lag(seq, 1, 0) OVER claim AS seq_before, lag(digest, 1, '') OVER claim AS digest_before
    FROM arrears_event WHERE {which} WINDOW claim AS (PARTITION BY claim_id ORDER BY seq)
), broken AS (
SELECT claim_id, seq, CASE WHEN seq <> seq_before + 1 THEN 'missing' ELSE 'changed' END
FROM links
WHERE seq <> seq_before + 1 OR digest <> arrears_event_digest(
    digest_before, seq, id, claim_id, kind, actor_id, actor_post, "at", happened_on, stage, level, facts
)
)
SELECT counted.n, first.* FROM (SELECT count(*) AS n FROM broken) AS counted
LEFT JOIN LATERAL (SELECT * FROM broken ORDER BY claim_id, seq LIMIT %s) AS first ON true
"""
NEXT = "SELECT max(id::text)::uuid FROM (SELECT id FROM arrears_claim WHERE id > %s ORDER BY id LIMIT %s) AS stretch"


@dataclass(frozen=True)
class BrokenLink:
    """`seq` is the event at which the chain does not hold. CHANGED: it, or the digest of the one before it, is not
    what was written; MISSING: something stood before it that is gone."""

    claim_id: UUID
    seq: int
    what: str


def check(claims: Collection[UUID]) -> list[BrokenLink]:
    """The broken links of some claims."""
    return counted("claim_id = ANY(%s)", [list(claims)], None)[1]


def count_broken(most: int, batch: int = BATCH) -> tuple[int, list[BrokenLink]]:
    """How many links of all claims do not hold, and the first of them; the database counts, a stretch of claims at a time."""
    count, found, last = 0, [], UUID(int=0)
    while until := end_of(last, batch):
        broken, first = counted("claim_id > %s AND claim_id <= %s", [last, until], most - len(found))
        count, found, last = count + broken, found + first, until
    return count, found


def counted(which: str, params: list[Any], most: int | None) -> tuple[int, list[BrokenLink]]:
    with connection.cursor() as cursor:
        cursor.execute(BROKEN.format(which=which), [*params, most])
        rows = cursor.fetchall()
    return (rows[0][0] if rows else 0), [BrokenLink(*row[1:]) for row in rows if row[1]]


def end_of(last: UUID, batch: int) -> UUID | None:
    """The claim at which a stretch behind `last` ends."""
    with connection.cursor() as cursor:
        cursor.execute(NEXT, [last, batch])
        return cursor.fetchone()[0]
