"""待办: what the system could not do itself, handed to a named person. Whoever adds a task names its kind (KINDS); the
apps above add theirs with `add_kinds`."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext

from grid.days import day_of
from grid.duty import Roster
from grid.models import Person, Posting, Task
from grid.notices import tell
from grid.quiet import next_weekday
from grid.refused import Refused
from grid.roles import ADMINISTRATOR, COUNTY
from grid.wordings import readable

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class TaskKind:
    """gettext msgids with %(name)s places that the task's facts fill; x_msgid and x_en as in notices."""

    name: str
    title: str
    text: str = ""


KINDS: dict[str, TaskKind] = {}


def add_kinds(kinds: Iterable[TaskKind]) -> None:
    for kind in kinds:
        assert KINDS.get(kind.name, kind) == kind, f"two kinds of task are called {kind.name}"
        KINDS[kind.name] = kind


def _(text: str) -> str:
    """Marks a label for the catalogues; whoever shows it translates it."""
    return text


add_kinds((
    TaskKind(
        "delivery_failed", _("发给%(person)s的%(channel)s没有送达"),
        _("发给%(person)s的%(channel)s没有送达（%(error)s）。请另行通知本人，并核对其联系方式。"),
    ),
))  # fmt: skip


def add(
    owner: Person, kind: str, *, key: str, now: datetime, facts: dict[str, Any], path: str = "", subject_id: Any = None,
    region_code: str = "", due_on: date | None = None,
) -> Task:  # fmt: skip
    """The open task of this key, new or already there; a new one is told to its owner, inside the system. Due on the
    next day that is no weekend, unless said."""
    assert kind in KINDS
    day = due_on or next_weekday(day_of(now))
    new = Task(
        key=key, kind=kind, owner=owner, facts=facts, path=path, subject_id=subject_id, region_code=region_code,
        created_at=now, due_on=day,
    )  # fmt: skip
    Task.objects.bulk_create([new], ignore_conflicts=True)
    task = Task.objects.get(key=key, done_at=None)
    if task.pk == new.pk:
        tell([owner], "task_added", key=f"task:{task.pk}", now=now, facts={**titles(task), "due": day.isoformat()}, path=path)
    return task


def words(task: Task) -> tuple[str, str]:
    """Title and text in the active language."""
    try:
        kind, facts = KINDS[task.kind], readable(task.facts)
        return gettext(kind.title) % facts, gettext(kind.text) % facts if kind.text else ""
    except (LookupError, TypeError, ValueError) as error:  # taken out of the code while rows of it are open
        logger.warning("task %s (%s) has no words: %r", task.pk, task.kind, error)
        return gettext("一件待办"), gettext("这件待办原来的文字已经无法显示，请打开它所指的页面了解情况。")


def titles(task: Task) -> dict[str, str]:
    told = {}
    for name, language in (("task", "zh-hans"), ("task_en", "en")):
        with translation.override(language):
            told[name] = words(task)[0]
    return told


def open_of(person: Person) -> QuerySet[Task]:
    """Soonest first."""
    return Task.objects.filter(owner=person, done_at=None)


def done(task: Task, person: Person, now: datetime, note: str = "") -> None:
    """Raises Refused: not_yours, task_done."""
    if task.owner_id != person.pk:
        raise Refused("not_yours", gettext("这件待办由%(owner)s办理。") % {"owner": task.owner})
    mine = Task.objects.filter(pk=task.pk, owner=person, done_at=None)
    if not mine.update(done_at=now, done_by=person, note=note.strip()[:300]):
        raise Refused("task_done", gettext("这件待办已经办完。"))


def settle(key: str, now: datetime) -> None:
    """What the task asked for was done where it belongs: nobody has to say so again."""
    Task.objects.filter(key=key, done_at=None).update(done_at=now)


def owner_for(region_code: str, today: date, besides: Person | None = None) -> Person | None:
    """Who does what the system could not: the lead answerable at county level for the region, else an administrator."""
    roster = Roster.around(region_code, today) if region_code else None
    leads = roster.answerable(COUNTY, region_code)[1] if roster else []
    for person in (*leads, *(roster.administrators(region_code) if roster else ()), *administrators(today)):
        if besides is None or person.pk != besides.pk:
            return person
    return None


def administrators(today: date) -> list[Person]:
    """Everybody who administers some region and is here, the widest region first."""
    rows = Posting.objects.present(today).filter(role=ADMINISTRATOR).select_related("person")
    return list({row.person_id: row.person for row in rows.order_by("region", "starts_on", "id")}.values())
