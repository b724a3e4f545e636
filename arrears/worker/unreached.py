"""Workers whom no text message reaches while the gateway is down: they have no other channel. When it has lasted for
AFTER, whoever leads their township is asked to tell them, in one task for all of an outage. The page behind it is made
from what still waits, so what comes later stands there, too; only what comes after the task was done makes another.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Max, QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from arrears.models import Claim, Claimant
from arrears.worker.notices import CLAIMANT, DISCREETLY, SMS
from grid import circuits, tasklist, wordings
from grid.alerts import local
from grid.days import day_of
from grid.duty import Roster
from grid.models import ChannelState, Notice, Person, Task
from grid.models.notices import QUEUED
from grid.roles import TOWNSHIP
from grid.tasklist import TaskKind
from grid.tasklist import add_kinds as add_task_kinds

AFTER = timedelta(hours=2)
SHOWN = 1000  # workers
WORKERS_LANGUAGE = "zh-hans"

logger = logging.getLogger(__name__)


def _(text: str) -> str:
    """Marks a label for the catalogues; grid.tasklist translates it."""
    return text


KIND = "workers_unreached"
add_task_kinds((
    TaskKind(
        KIND, _("短信发不出：请电话或者当面告知劳动者"),
        _("短信通道自 %(since)s 起中断，您负责的地方有劳动者没有收到进展。打开可以看到是哪些人、该告诉他们什么。"),
    ),
))  # fmt: skip


def waiting() -> QuerySet[Notice]:
    return Notice.objects.filter(channel=SMS, addressee_kind__in=(CLAIMANT, DISCREETLY), state=QUEUED)


def outage(now: datetime) -> ChannelState | None:
    state = circuits.states().get(SMS)
    return state if circuits.is_open(state) and now - state.opened_at >= AFTER else None


def ask(now: datetime) -> int:
    """Gives each person their task, if they have not got it; how many. In a fixed number of queries until then."""
    down = outage(now)
    if down is None:
        return 0
    newest = dict(waiting().filter(created_at__lte=now - AFTER).order_by().values_list("region_code").annotate(Max("created_at")))
    roster, theirs = Roster.around(newest, day_of(now)), defaultdict(list)
    for region, at in newest.items():
        if people := roster.answerable(TOWNSHIP, region)[1]:
            theirs[people[0]].append((at, region))
        else:
            logger.error("workers of %s cannot be reached and nobody is there to tell them", region)
    keys = {key_of(down, owner): owner for owner in theirs}
    asked = dict(Task.objects.filter(key__in=keys).order_by("created_at").values_list("key", "done_at"))
    new = [(key, owner) for key, owner in keys.items() if key not in asked or (asked[key] and asked[key] < max(theirs[owner])[0])]
    for key, owner in new:
        tasklist.add(
            owner, KIND, key=key, now=now, facts={"since": local(down.opened_at)}, path=reverse("unreached_workers"),
            region_code=max(theirs[owner])[1],
        )  # fmt: skip
    return len(new)


def key_of(down: ChannelState, owner: Person) -> str:
    return f"{outage_key(down)}{owner.pk}"


def outage_key(down: ChannelState) -> str:
    return f"unreached:{down.opened_at.isoformat()}:"


# The page.


@dataclass(frozen=True)
class Unreached:
    """A worker and, in the worker's language, what was to be said, oldest first."""

    claim: Claim
    worker: Claimant
    since: datetime
    texts: list[str] = field(default_factory=list)


def unreached_by(person: Person, today: date) -> tuple[list[Unreached], bool]:
    """Those of the person's claims who wait for a message and whom they have not told, who has waited longest first;
    and are there more?"""
    rows = waiting().filter(subject_id__in=Claim.objects.visible_to(person, today).values("pk")).order_by("created_at", "id")
    if told_at := last_told(person):
        rows = rows.filter(created_at__gt=told_at)
    workers = list(dict.fromkeys(rows.values_list("addressee_id", flat=True)))
    shown = workers[:SHOWN]
    return listed(rows.filter(addressee_id__in=shown)), len(workers) > SHOWN


def last_told(person: Person) -> datetime | None:
    """When they last finished such a task of the outage there is."""
    down = circuits.states().get(SMS)
    if not circuits.is_open(down):
        return None
    return Task.objects.filter(owner=person, kind=KIND, key__startswith=outage_key(down)).aggregate(at=Max("done_at"))["at"]


def listed(rows: Iterable[Notice]) -> list[Unreached]:
    rows = list(rows)
    workers = Claimant.objects.in_bulk({row.addressee_id for row in rows})
    claims = Claim.objects.select_related("handler").in_bulk({row.subject_id for row in rows})
    found: dict[object, Unreached] = {}
    for row in rows:
        worker = workers.get(row.addressee_id)
        if worker is None:
            continue
        one = found.setdefault(worker.pk, Unreached(claims[row.subject_id], worker, row.created_at))
        if (text := said(row)) not in one.texts:
            one.texts.append(text)
    return list(found.values())


def said(row: Notice) -> str:
    with translation.override(WORKERS_LANGUAGE):
        try:
            return wordings.say(row).short
        except (LookupError, TypeError, ValueError) as error:
            logger.warning("notice %s (%s) has no words: %r", row.pk, row.kind, error)
    return gettext("有新进展，见案件办理记录。")
