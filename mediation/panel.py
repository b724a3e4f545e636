"""调解员名册: who mediates in a region, what scheduling knows of them, and how full their days are."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Prefetch, Q
from django.utils.translation import gettext as _

from grid.days import day_of
from grid.models import Leave, Person, Posting
from grid.refused import Refused
from grid.roles import COUNTY_OFFICER, MEDIATOR, ROLES, TOWNSHIP_CHIEF
from mediation.finding import between, leaves_of, taken_of
from mediation.hearing_days import may_set
from mediation.models import Hearing, MediatorTerms
from mediation.slots.finding import window

MEDIATING = (MEDIATOR, TOWNSHIP_CHIEF, COUNTY_OFFICER)
SHOWN = 14  # days ahead


@dataclass(frozen=True)
class OnPanel:
    person: Person
    posts: list[str]
    terms: MediatorTerms | None
    load: dict[date, int]
    away: frozenset[date]

    @property
    def hearings(self) -> int:
        return sum(self.load.values())

    @property
    def days_away(self) -> int:
        return len(self.away)

    @property
    def full_days(self) -> int:
        return sum(1 for count in self.load.values() if self.terms and count >= self.terms.daily)


def postings_in(person: Person, today: date) -> Q:
    """Postings that may mediate inside the regions somebody works for."""
    wanted = Q(pk__in=[])
    for code in person.scope(today).regions:
        wanted |= Q(region__code__startswith=code)
    return wanted & Q(role__in=MEDIATING)


def panel(person: Person, today: date) -> list[OnPanel]:
    """Mediators first; a fixed number of queries."""
    held = Posting.objects.on(today).filter(postings_in(person, today)).select_related("region")
    people = list(
        Person.objects.filter(pk__in=held.values("person")).select_related("mediator_terms")
        .prefetch_related(Prefetch("postings", held.order_by("starts_on"), to_attr="held")).order_by("full_name", "pk")
    )  # fmt: skip
    days = window(today, today + timedelta(days=SHOWN - 1))
    _taken, load = taken_of(Hearing.objects.live().filter(mediator__in=people, span__overlap=between(days)), "mediator", "span")
    away = leaves_of(people, days)
    rows = [
        OnPanel(
            one, [f"{post.region.name} {_(ROLES[post.role].label)}" for post in one.held], getattr(one, "mediator_terms", None),
            load.get(one.pk, {}), away.get(one.pk, frozenset()),
        )
        for one in people
    ]  # fmt: skip
    return sorted(rows, key=lambda row: not any(post.role == MEDIATOR for post in row.person.held))


def may_set_terms(actor: Person, person: Person, today: date) -> bool:
    """Who leads where they mediate."""
    return any(may_set(actor, post.region_id, today) for post in Posting.objects.on(today).filter(person=person, role__in=MEDIATING))


def set_terms(person: Person, actor: Person, *, now: datetime, version: int, **facts: Any) -> None:
    """`version` 0: nothing was set yet. Hearings that are arranged stay. Raises Refused: not_your_role, stale."""
    if not may_set_terms(actor, person, day_of(now)):
        raise Refused("not_your_role", _("您的岗位不能设定这位调解员的排期条件。"))
    facts = {**facts, "set_by": actor, "set_at": now}
    stale = Refused("stale", _("这位调解员的设定刚刚已被他人改动，请刷新后再填写。"))
    if version:
        if not MediatorTerms.objects.filter(pk=person.pk, version=version).update(**facts, version=F("version") + 1):
            raise stale
        return
    try:
        with transaction.atomic():
            MediatorTerms.objects.create(person=person, **facts)
    except IntegrityError as error:
        raise stale from error


def coming_leaves(person: Person, now: datetime) -> list[tuple[Leave, int]]:
    """Each with how many hearings to come are in its way. Two queries."""
    leaves = list(Leave.objects.filter(person=person, ends_on__gte=day_of(now)).select_related("deputy"))
    days = [day_of(span.lower) for span in Hearing.objects.live().filter(mediator=person, span__startswith__gt=now).values_list("span", flat=True)]
    return [(leave, sum(leave.starts_on <= day <= leave.ends_on for day in days)) for leave in leaves]
