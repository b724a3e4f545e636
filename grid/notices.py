"""Telling people: writes rows of the outbox inside the caller's transaction. grid/outbox.py delivers them.

Nothing personal goes into `facts`: a notice names the case and leads to it, and the page behind it checks who reads.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from grid import wordings
from grid.addressees import ROBOT, Addressee
from grid.channels import is_set_up
from grid.kinds import KINDS, TOPICS, URGENCIES, Kind, add_kinds, kind_of
from grid.letters import About, letters_for
from grid.models import Notice, Person, Robot
from grid.models.notices import QUEUED
from grid.ways import Ways
from grid.wordings import words

__all__ = [
    "KINDS", "TOPICS", "URGENCIES", "Kind", "Ways", "add_kinds", "kind_of", "robot_rows", "rows_for", "rows_to", "tell", "words",
]  # fmt: skip

ROBOTS_HEAR = ("warn", "late")  # urgencies an office's group chat is told of


def rows_for(
    people: Iterable[Person],
    kind: str,
    *,
    key: str,
    now: datetime,
    facts: dict[str, Any],
    path: str = "",
    subject_id: Any = None,
    region_code: str = "",
    body_id: Any = None,
    channels: Sequence[str] = (),
    ack_by: datetime | None = None,
    ways: Ways | None = None,
) -> list[Notice]:
    """The outbox rows of one thing told to `people`, unsaved: in the system at once, and outside as they chose.

    `channels`: these besides in_app, whatever they chose. `ack_by`: by when each is to acknowledge it (签收).
    `ways`: read already, for somebody who writes many rows; else two queries.
    """
    people = list({person.pk: person for person in people}.values())
    letters = letters_for(
        people, kind, key=key, now=now, facts=facts, path=path, subject_id=subject_id, region_code=region_code,
        body_id=body_id, channels=channels, ack_by=ack_by, ways=ways or Ways.read(people),
    )  # fmt: skip
    return [letter.row() for letter in letters]


def rows_to(
    addressees: Iterable[Addressee],
    kind: str,
    *,
    key: str,
    now: datetime,
    facts: dict[str, Any],
    path: str = "",
    subject_id: Any = None,
    region_code: str = "",
    body_id: Any = None,
    channels: Sequence[str] = (),
    ways: Ways | None = None,
) -> list[Notice]:
    """The same for those who are no persons of the house, in `channels` or their own; a channel that is not set up gets
    no row."""
    current = ways.wordings if ways else wordings.current()
    shared = dict(
        key=key, kind=kind, facts=facts, path=path, subject_id=subject_id, region_code=region_code, body_id=body_id,
        created_at=now, next_try_at=now, state=QUEUED, wording_id=current.get(kind),
    )  # fmt: skip
    return [
        Notice(addressee_kind=one.kind, addressee_id=one.id, channel=channel, **shared)
        for one in dict.fromkeys(addressees)
        for channel in channels or one.channels
        if is_set_up(channel)
    ]


def robot_rows(rows: Iterable[Notice | About]) -> list[Notice]:
    """What the chat groups of the offices around are told of these rows, unsaved: each thing once, however many people
    are told of it. One query."""
    things = {row.key: row for row in rows if row.region_code and kind_of(row.kind).urgency in ROBOTS_HEAR}
    if not things:
        return []
    robots = list(Robot.objects.filter(is_active=True).only("channel", "region"))
    return [
        Notice(
            addressee_kind=ROBOT, addressee_id=robot.pk, channel=robot.channel, state=QUEUED, next_try_at=row.created_at,
            **{name: getattr(row, name) for name in ABOUT},
        )
        for row in things.values()
        for robot in robots
        if row.region_code.startswith(robot.region_id)
    ]  # fmt: skip


# What rows about one thing share.
ABOUT = (
    "key", "kind", "facts", "path", "subject_id", "region_code", "body_id", "created_at", "wording_id",
)  # fmt: skip


def tell(people: Iterable[Person], kind: str, **what: Any) -> list[Notice]:
    """Writes the rows of `rows_for`, and of the robots around; one that is there already (same key, addressee, channel)
    is left alone."""
    rows = rows_for(people, kind, **what)
    return Notice.objects.bulk_create([*rows, *robot_rows(rows)], ignore_conflicts=True)
