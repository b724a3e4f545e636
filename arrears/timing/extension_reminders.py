"""A request for more time that nobody decides: whoever can is told again, then their superiors too, until somebody does.

The sweep asks each turn (arrears.tasks.sweep). A request that nobody at all can decide, because every post up to the city
is vacant, becomes a task for whoever has to fill one, and is said on each working day to whoever has come meanwhile.
"""

from datetime import date, datetime

from django.db import transaction
from django.urls import reverse

from arrears.calendars import calendar_now
from arrears.history import record
from arrears.ladders import call_at
from arrears.models import Extension
from arrears.one_by_one import one_by_one
from arrears.timing.extending import AGAIN_AFTER, inform, said
from arrears.timing.extension_permits import ASKED, approvers
from arrears.workdays import Calendar
from grid import tasklist
from grid.days import day_of
from grid.duty import Roster
from grid.models import Person
from grid.tasklist import TaskKind

ABOVE_FROM = 2  # from this reminder on the level above hears it, too
AT_ONCE = 200
NOBODY = "extension_undecidable"


def _(text: str) -> str:
    """Marks a label for the catalogues; grid.tasklist translates it."""
    return text


tasklist.add_kinds((
    TaskKind(
        NOBODY, _("案件 %(number)s 的延长申请没有人可以审批"),
        _("有权审批这份延长申请的岗位都没有人在岗。请安排人员任职或者值班；有人到岗后系统会通知其审批。"),
    ),
))  # fmt: skip


def remind_due(now: datetime) -> int:
    """How many requests somebody was reminded of. Safe to repeat and in parallel: each reminder is counted once."""
    waiting = Extension.objects.filter(state=ASKED, remind_at__lte=now, claim__suspended_until=None)
    rows = list(waiting.select_related("claim", "clock", "asked_by").order_by("remind_at", "id")[:AT_ONCE])
    if not rows:
        return 0
    roster, calendar = Roster.around({row.claim.region_id for row in rows}, day_of(now)), calendar_now()
    return one_by_one(rows, lambda extension: remind(extension, roster, calendar, now))


def remind(extension: Extension, roster: Roster, calendar: Calendar, now: datetime) -> bool:
    number = extension.reminded + 1
    people = told_at(extension, roster, number)
    with transaction.atomic():
        mine = Extension.objects.filter(pk=extension.pk, state=ASKED, reminded=extension.reminded, remind_at=extension.remind_at)
        if not people:
            if mine.update(remind_at=next_call(day_of(now), calendar, 1)):
                ask_for_somebody(extension, now)
            return False
        if not mine.update(reminded=number, remind_at=next_call(day_of(now), calendar, AGAIN_AFTER)):
            return False
        names = [person.full_name for person in people]
        record(extension.claim, "extension_reminded", None, now=now, told=names, **said(extension))
        inform(people, "extension_waits", extension, extension.asked_by, now, time=str(number))
    return True


def told_at(extension: Extension, roster: Roster, number: int) -> list[Person]:
    people = approvers(extension, roster)
    if number < ABOVE_FROM:
        return people
    return list({person.pk: person for person in (*people, *approvers(extension, roster, besides=people))}.values())


def next_call(day: date, calendar: Calendar, working_days: int) -> datetime:
    return call_at(calendar.add(day, working_days))


def ask_for_somebody(extension: Extension, now: datetime) -> None:
    claim = extension.claim
    if owner := tasklist.owner_for(claim.region_id, day_of(now), besides=extension.asked_by):
        tasklist.add(
            owner, NOBODY, key=f"extension:{extension.pk}", now=now, facts={"number": claim.number}, path=reverse("vacancy_list"),
            subject_id=claim.pk, region_code=claim.region_id,
        )  # fmt: skip
