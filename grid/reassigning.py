"""Giving a 待办 to somebody else: one's own, or one that leads and administrators see in their region."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from grid.access import log_access
from grid.authority import administered, led
from grid.days import day_of
from grid.models import Person, Posting, Task
from grid.notices import tell
from grid.refused import Refused
from grid.roles import ADMINISTRATOR, ROLES
from grid.rostering import last_place
from grid.scope import COLUMNS
from grid.tasklist import titles


def open_tasks_for(person: Person, today: date) -> QuerySet[Task]:
    """Others' open tasks about the regions the person leads or administers; what is about no place goes by where its
    owner has, or last had, a post."""
    scope = person.scope(today)
    wanted = Q(pk__in=[])
    for code in {*administered(scope), *led(scope)}:
        theirs = Posting.objects.filter(person=OuterRef("owner"), region__code__startswith=code)
        wanted |= Q(region_code__startswith=code) | Q(Exists(theirs), region_code="")
    return Task.objects.filter(wanted, done_at=None).exclude(owner=person).select_related("owner")


def may_hand(person: Person, today: date) -> QuerySet[Task]:
    """The open tasks the person can give to somebody else: their own, and those of their region."""
    others = open_tasks_for(person, today).order_by().values("pk")
    return Task.objects.filter(Q(owner=person) | Q(pk__in=others), done_at=None).select_related("owner")


def needing_care(person: Person, today: date) -> QuerySet[Task]:
    """Of those: what is overdue, and what lies with somebody who has no post any more."""
    in_post = Exists(Posting.objects.on(today).filter(person=OuterRef("owner")))
    found = open_tasks_for(person, today).annotate(is_in_post=in_post)
    return found.filter(Q(due_on__lt=today) | Q(is_in_post=False)).order_by("due_on", "id")


def owners_for(task: Task, today: date) -> QuerySet[Person]:
    """Who could do it: whoever is here on a post that acts, or administers, around the place it is about."""
    roles = [role.name for role in ROLES.values() if role.name == ADMINISTRATOR or (role.acts and role.sees == "region")]
    around = [task.region_code[:width] for width in COLUMNS if width <= len(task.region_code)]
    posts = Posting.objects.present(today).filter(role__in=roles)
    posts = posts.filter(region__in=around) if around else posts.filter(role=ADMINISTRATOR)
    return Person.objects.filter(pk__in=posts.values("person")).order_by("full_name", "pk")


def hand_to(task: Task, owner: Person, person: Person, now: datetime) -> None:
    """Raises Refused: not_your_task, not_an_owner, task_done. The new owner is told, inside the system, each time; the
    log keeps from whom it went to whom."""
    today = day_of(now)
    if not may_hand(person, today).filter(pk=task.pk).exists():
        raise Refused("not_your_task", _("这件待办不在您管理的地区，或者已经办完。"))
    if owner.pk == task.owner_id or not owners_for(task, today).filter(pk=owner.pk).exists():
        raise Refused("not_an_owner", _("所选人员目前不能办理这件待办，请另选。"))
    with transaction.atomic():
        if not Task.objects.filter(pk=task.pk, owner=task.owner_id, done_at=None).update(owner=owner):
            raise Refused("task_done", _("这件待办刚刚已经办完或转交。"))
        told = titles(task)
        facts = {**told, "due": task.due_on.isoformat(), "by": str(person)}
        tell([owner], "task_handed", key=f"task:{task.pk}:{owner.pk}:{now.timestamp()}", now=now, facts=facts, path=task.path)
        words = f"{task.owner.full_name} → {owner.full_name}：{told['task']}"
        log_access(person, "hand_task", "task", task.pk, now=now, region_code=task.region_code or last_place(owner), reason=words[:200])
