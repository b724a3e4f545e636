"""The outbox's rows for a step that tells thousands: many readers of one thing share what it says.

A model instance for each row costs more than everything else a sweep does. A Letter is what differs between the rows
of one thing; `post` writes them as the same rows that grid.notices would.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from grid.bulk import written
from grid.ids import uuid7_hexes
from grid.kinds import KINDS
from grid.models import Notice, Person
from grid.models.notices import SENT
from grid.ways import Ways


@dataclass(frozen=True, slots=True, eq=False)
class About:
    """What the rows about one thing share; the names are those of Notice."""

    key: str
    kind: str
    facts: dict[str, Any]
    path: str
    subject_id: UUID | None
    region_code: str
    body_id: UUID | None
    created_at: datetime
    ack_by: datetime | None
    wording_id: UUID | None


class Letter(NamedTuple):
    about: About
    recipient: Person
    channel: str
    state: str
    next_try_at: datetime | None = None
    sent_at: datetime | None = None

    def row(self) -> Notice:
        """The same as a model instance, unsaved."""
        about = {name: getattr(self.about, name) for name in ABOUT}
        return Notice(
            recipient=self.recipient, channel=self.channel, state=self.state, next_try_at=self.next_try_at,
            sent_at=self.sent_at, **about,
        )  # fmt: skip


def letters_for(
    people: Iterable[Person],
    kind: str,
    *,
    key: str,
    now: datetime,
    facts: dict[str, Any],
    ways: Ways,
    path: str = "",
    subject_id: Any = None,
    region_code: str = "",
    body_id: Any = None,
    channels: Sequence[str] = (),
    ack_by: datetime | None = None,
) -> list[Letter]:
    """One thing told to `people`, each named once: in the system at once, and outside as they chose."""
    said, found = KINDS[kind], []
    about = About(key, kind, facts, path, subject_id, region_code, body_id, now, ack_by, ways.wordings.get(kind))
    for person in people:
        found.append(Letter(about, person, "in_app", SENT, sent_at=now))
        found += [Letter(about, person, channel, **waiting) for channel, waiting in ways.out(person, said, channels, now)]
    return found


ABOUT = About.__slots__
OWN = ("id", "recipient_id", "channel", "state", "next_try_at", "sent_at")


def post(letters: Iterable[Letter]) -> int:
    """Writes the rows; one that is there already (same key, reader, channel) is left alone. How many were written."""
    letters = list(letters)
    if not letters:
        return 0
    things: dict[int, dict[str, Any]] = {}
    for letter, key in zip(letters, uuid7_hexes(len(letters)), strict=True):
        about = letter.about
        thing = things.get(id(about))
        if thing is None:
            thing = things[id(about)] = {name: getattr(about, name) for name in ABOUT}
            thing["letters"] = []
        thing["letters"].append((key, letter.recipient.pk, letter.channel, letter.state, letter.next_try_at, letter.sent_at))
    with connection.cursor() as cursor:
        cursor.execute(statement(), [json.dumps([*things.values()], default=written, ensure_ascii=False)])
        return cursor.rowcount


@cache
def statement() -> str:
    """Every column of a notice: from the thing, from the letter, or its default."""
    fields = {field.column: field for field in Notice._meta.concrete_fields if not field.has_db_default()}
    types = {name: field.rel_db_type(connection) if field.is_relation else field.db_type(connection) for name, field in fields.items()}
    values = {
        **{name: literal(field.get_default()) for name, field in fields.items()},
        **{name: f"thing.{quoted(name)}" for name in ABOUT},
        **{name: f"(letter->>{place})::{types[name]}" for place, name in enumerate(OWN)},
    }
    return (
        f"INSERT INTO {quoted(Notice._meta.db_table)} ({', '.join(map(quoted, fields))}) SELECT {', '.join(values[name] for name in fields)} "
        f"FROM json_to_recordset(%s) AS thing ({', '.join(f'{quoted(name)} {types[name]}' for name in ABOUT)}, letters json), "
        "json_array_elements(thing.letters) AS letter ON CONFLICT DO NOTHING"
    )


def literal(value: Any) -> str:
    return "NULL" if value is None else str(value) if isinstance(value, int) else f"'{value}'"


def quoted(name: str) -> str:
    return connection.ops.quote_name(name)
