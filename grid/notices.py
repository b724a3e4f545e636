"""Telling people: writes rows of the outbox inside the caller's transaction. grid/outbox.py delivers them.

The words of a kind are a table (`KINDS`); the apps above add their rows when they start. Nothing personal
goes into `facts`: a notice names the case and leads to it, and the page behind it checks who reads.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import get_language, gettext

from grid.models import Notice, Person
from grid.models.notices import QUEUED, SENT

URGENCIES = ("info", "warn", "late")


@dataclass(frozen=True)
class Kind:
    """`title` and `text` are gettext msgids with %(name)s places that `facts` fills."""

    name: str
    title: str
    text: str
    urgency: str = "info"
    by_mail: bool = True


KINDS: dict[str, Kind] = {}


def add_kinds(kinds: Iterable[Kind]) -> None:
    for kind in kinds:
        assert kind.name not in KINDS or KINDS[kind.name] == kind, f"two notice kinds are called {kind.name}"
        assert kind.urgency in URGENCIES
        KINDS[kind.name] = kind


def words(notice: Notice) -> tuple[str, str]:
    """Title and text in the active language. A fact x_msgid is translated; x_en stands in for x in English. What
    nobody did (`by` is empty) the system did."""
    kind, facts = KINDS[notice.kind], dict(notice.facts)
    for name, value in notice.facts.items():
        if name.endswith("_msgid"):
            facts[name.removesuffix("_msgid")] = gettext(value) if value else value
        elif name.endswith("_en") and (get_language() or "").startswith("en"):
            facts[name.removesuffix("_en")] = value
    facts["by"] = facts.get("by") or gettext("本系统")
    return gettext(kind.title) % facts, gettext(kind.text) % facts


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
) -> list[Notice]:
    """The outbox rows of one thing told to `people`, unsaved: in the system at once, and by mail if they have one."""
    shared = dict(
        key=key, kind=kind, facts=facts, path=path, subject_id=subject_id, region_code=region_code, body_id=body_id,
        created_at=now,
    )  # fmt: skip
    rows = []
    for person in {person.pk: person for person in people}.values():
        rows.append(Notice(recipient=person, channel="in_app", state=SENT, sent_at=now, **shared))
        if person.email and KINDS[kind].by_mail:
            rows.append(Notice(recipient=person, channel="email", state=QUEUED, next_try_at=now, **shared))
    return rows


def tell(people: Iterable[Person], kind: str, **what: Any) -> list[Notice]:
    """Writes the rows of `rows_for`; one that is there already (same key, person, channel) is left alone."""
    return Notice.objects.bulk_create(rows_for(people, kind, **what), ignore_conflicts=True)
