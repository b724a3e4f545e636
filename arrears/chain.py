"""Checks the chain of events: whether each claim's history is still what was written, in the order it was written in.

The database links the events when they are inserted (migration 0006). Whoever changes a row behind the application's
back and leaves the rest alone is found at that row; whoever takes one away, at the next. What was cut off at the end
of a history leaves no trace here: compare with a backup.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

BATCH = 5000  # claims
CHANGED, MISSING = "changed", "missing"
# The links of some claims that do not hold. After a gap the digests do not fit either, and the gap explains why.
BROKEN = """
WITH links AS (
    SELECT *, lag(seq, 1, 0) OVER claim AS seq_before, lag(digest, 1, '') OVER claim AS digest_before
    FROM arrears_event WHERE claim_id = ANY(%s) WINDOW claim AS (PARTITION BY claim_id ORDER BY seq)
)
SELECT claim_id, seq, CASE WHEN seq <> seq_before + 1 THEN 'missing' ELSE 'changed' END
FROM links
WHERE seq <> seq_before + 1 OR digest <> arrears_event_digest(
    digest_before, seq, id, claim_id, kind, actor_id, actor_post, "at", happened_on, stage, level, facts
)
ORDER BY claim_id, seq
"""
NEXT = "SELECT id FROM arrears_claim WHERE id > %s ORDER BY id LIMIT %s"


@dataclass(frozen=True)
class BrokenLink:
    """`seq` is the event at which the chain does not hold. CHANGED: it, or the digest of the one before it, is not
    what was written; MISSING: something stood before it that is gone."""

    claim_id: UUID
    seq: int
    what: str


def check(claims: Collection[UUID] | None = None, batch: int = BATCH) -> Iterator[BrokenLink]:
    """The broken links of some claims, or of all, a batch of claims at a time."""
    if claims is not None:
        yield from broken(list(claims))
        return
    last = UUID(int=0)
    while ids := following(last, batch):
        yield from broken(ids)
        last = ids[-1]


def broken(claims: list[UUID]) -> list[BrokenLink]:
    with connection.cursor() as cursor:
        cursor.execute(BROKEN, [claims])
        return [BrokenLink(*row) for row in cursor.fetchall()]


def following(last: UUID, batch: int) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(NEXT, [last, batch])
        return [claim for (claim,) in cursor.fetchall()]
