"""The duty roster by day 值班表: who answers for a region while nobody who holds its post is there (grid.duty). Days that
are over cannot be changed. Raises Refused."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from grid.access import log_access
from grid.authority import administered, may_set_duty
from grid.days import day_of
from grid.models import Duty, Leave, Person, Posting, Region
from grid.notices import tell
from grid.places import regions_in
from grid.refused import Refused
from grid.roles import LEADS, ROLES
from grid.scope import COLUMNS, Scope

Days = list[tuple[date, date | None]]  # first and last, both counting


def rostered(scope: Scope) -> list[Region]:
    """Whose roster somebody looks at: the regions they work for or administer and those inside; a village's people see
    their township's."""
    return regions_in([*(code[:9] for code in scope.regions), *administered(scope)])


@dataclass
class Candidate:
    """Somebody whose post acts at the region or above it, for some of the days in question."""

    person: Person
    posts: Days
    leaves: Days

    def is_posted(self, day: date) -> bool:
        return any(holds(span, day) for span in self.posts)

    def is_away(self, day: date) -> bool:
        return any(holds(span, day) for span in self.leaves)

    def is_free(self, day: date) -> bool:
        return self.is_posted(day) and not self.is_away(day)


def holds(span: tuple[date, date | None], day: date) -> bool:
    first, last = span
    return first <= day and (last is None or day <= last)


def candidates_for(region: Region, first: date, last: date) -> dict[object, Candidate]:
    """By the person's id, in the order of their names; two queries."""
    around = [region.code[:width] for width in COLUMNS if width <= len(region.code)]
    acting = [role.name for role in ROLES.values() if role.acts and role.sees == "region"]
    rows = Posting.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=first), role__in=acting, region__in=around, starts_on__lte=last, person__is_active=True
    ).select_related("person")  # fmt: skip
    found: dict[object, Candidate] = {}
    for row in sorted(rows, key=lambda row: (-len(row.region_id), row.person.full_name, row.pk)):
        found.setdefault(row.person_id, Candidate(row.person, [], [])).posts.append((row.starts_on, row.ends_on))
    for leave in Leave.objects.filter(person__in=found, starts_on__lte=last, ends_on__gte=first):
        found[leave.person_id].leaves.append((leave.starts_on, leave.ends_on))
    return found


def set_duties(region: Region, plan: Mapping[date, Person | None], actor: Person, *, now: datetime) -> int:
    """Puts one person on duty for each day of `plan`, or nobody; other days stay. How many days changed."""
    today = day_of(now)
    if region.level not in LEADS or not may_set_duty(actor, region.code, today):
        raise Refused("not_your_region", _("只能安排您负责的地区及其下级的值班。"))
    if not plan:
        return 0
    if min(plan) < today:
        raise Refused("day_past", _("已经过去的日子不能再登记或更改。"))
    with transaction.atomic():
        Region.objects.select_for_update(no_key=True).get(pk=region.pk)
        check(region, plan)
        changed = changes_of(region, plan)
        Duty.objects.filter(region=region, day__in=changed).delete()
        Duty.objects.bulk_create(Duty(region=region, day=day, person=person) for day, person in changed.items() if person)
        if changed:
            words = f"{region.name} {min(changed).isoformat()}–{max(changed).isoformat()}"
            log_access(actor, "set_duty", "duty", None, now=now, region_code=region.code, reason=words)
            tell_on_call(region, changed, actor, now)
    return len(changed)


def check(region: Region, plan: Mapping[date, Person | None]) -> None:
    known = candidates_for(region, min(plan), max(plan))
    for day, person in sorted(plan.items()):
        if person is None:
            continue
        if person.pk not in known or not known[person.pk].is_posted(day):
            raise Refused("no_post_here", _("%(person)s在 %(day)s 没有可以负责该地区的任职。") % said(person, day))
        if known[person.pk].is_away(day):
            raise Refused("duty_away", _("%(person)s在 %(day)s 请假，请另选。") % said(person, day))


def said(person: Person, day: date) -> dict[str, str]:
    return {"person": person.full_name, "day": day.isoformat()}


def changes_of(region: Region, plan: Mapping[date, Person | None]) -> dict[date, Person | None]:
    """The days of the plan that stand differently now."""
    now_there = defaultdict(set)
    for day, person_id in Duty.objects.filter(region=region, day__in=plan).values_list("day", "person"):
        now_there[day].add(person_id)
    return {day: person for day, person in plan.items() if now_there[day] != ({person.pk} if person else set())}


def in_turn(people: Iterable[Candidate], days: Iterable[date]) -> dict[date, Person | None]:
    """A proposal: one after the other, who cannot on a day being left out that day."""
    people, at, plan = list(people), 0, {}
    for day in days:
        order = [people[(at + step) % len(people)] for step in range(len(people))]
        chosen = next((one for one in order if one.is_free(day)), None)
        plan[day] = chosen.person if chosen else None
        at = people.index(chosen) + 1 if chosen else at
    return plan


def tell_on_call(region: Region, changed: Mapping[date, Person | None], actor: Person, now: datetime) -> None:
    """One notice a person, with the days."""
    days: dict[Person, list[str]] = defaultdict(list)
    for day, person in sorted(changed.items()):
        if person is not None:
            days[person].append(day.isoformat())
    for person, its_days in days.items():
        facts = {"place": region.name, "days": "、".join(its_days), "by": str(actor)}
        path = f"/duty/?region={region.code}&month={its_days[0][:7]}"
        tell([person], "on_call", key=f"duty:{region.code}:{person.pk}:{now.timestamp()}", now=now, facts=facts, path=path)
