"""Posts nobody is in today, and those nobody will be in soon. A vacant post is a normal state: the level above answers
meanwhile, and whoever must fill the post is shown that it is empty. A post is one that leads a region, one that answers
for a body, or one that a rule names (a rung of a ladder tells the mediator of the county)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import BooleanField, Exists, ExpressionWrapper, Max, OuterRef, Q, QuerySet

from grid.authority import administered as administered_of
from grid.authority import is_inside, led
from grid.duty import Roster
from grid.models import Body, Posting, Region
from grid.regions import PLACEHOLDERS
from grid.roles import LEADS, PARTNER, ROLES
from grid.scope import Scope

SOON = timedelta(days=14)
Named = tuple[str, str]  # a role and the level whose every region needs somebody in it
# What names posts beside those that lead a region (day → posts); the apps above add theirs with `add_needs`.
NEEDS: list[Callable[[date], Iterable[Named]]] = []


def add_needs(named: Callable[[date], Iterable[Named]]) -> None:
    NEEDS.append(named)


def named_posts(day: date) -> list[Named]:
    """Posts beside the leads that some rule calls today."""
    return sorted({post for named in NEEDS for post in named(day) if LEADS.get(post[1]) != post[0]})


@dataclass(frozen=True)
class Vacancy:
    """Nobody leads `region`, or nobody answers for `body`."""

    role: str  # label
    region: Region
    body: Body | None = None
    is_away: bool = False  # somebody holds the post, but is on leave and nobody stands in for them
    ends_on: date | None = None  # somebody is still in it; their last day, after which nobody is
    role_name: str = ""
    on_call: tuple[str, ...] = ()  # who is on duty there today
    may_appoint: bool = False  # may whoever is shown it fill it? Leads put somebody on duty meanwhile

    @property
    def is_lead(self) -> bool:
        """Does the post lead its region? Its work falls to the level above; that of a named post to the region's lead."""
        return self.body is None and LEADS.get(self.region.level) == self.role_name

    @property
    def is_named(self) -> bool:
        return self.body is None and not self.is_lead

    @property
    def place(self) -> str:
        return self.body.name if self.body else self.region.name


def vacancies_for(scope: Scope) -> list[Vacancy]:
    """The empty posts that somebody of this scope has to fill: of the levels below the one they lead, and those that
    rules name in their own region, too; for an administrator also the region's own lead, and the bodies nobody
    answers for."""
    if not is_asked(scope):
        return []
    wanted, administered = wanted_of(scope)
    return [
        *vacant_leads(wanted, scope.day, administered),
        *vacant_named(inside([*administered, *led(scope)]), scope.day, administered),
        *vacant_bodies(administered, scope.day),
    ]


def soon_vacant(scope: Scope) -> list[Vacancy]:
    """The same posts, as far as somebody is in them and nobody will be in two weeks; the first to fall empty first."""
    if not is_asked(scope):
        return []
    wanted, administered = wanted_of(scope)
    leads = [(role, level) for level, role in LEADS.items()]
    own = inside([*administered, *led(scope)])
    found = [
        *ending(wanted, scope.day, leads, administered),
        *ending(own, scope.day, named_posts(scope.day), administered),
        *ending_bodies(administered, scope.day),
    ]
    return sorted(found, key=lambda vacancy: (vacancy.ends_on, vacancy.region.code, vacancy.role_name))


def ending(wanted: Q, day: date, posts: Iterable[Named], administered: Sequence[str]) -> list[Vacancy]:
    """Those of the posts that somebody holds on the day and nobody in two weeks. One query."""
    posts, asked = list(posts), Q()
    if not posts:
        return []
    for role, level in posts:
        asked |= Q(role=role, region__level=level)
    later = Posting.objects.on(day + SOON).filter(role=OuterRef("role"), region=OuterRef("region"))
    rows = Posting.objects.on(day).filter(asked, ~Exists(later), region__in=leading(wanted)).select_related("region")
    last = {(row.role, row.region_id): row for row in rows.order_by("ends_on")}
    return [vacancy_at(row.region, administered, row.role, ends_on=row.ends_on) for row in last.values()]


def ending_bodies(administered: Sequence[str], day: date) -> list[Vacancy]:
    answering = Posting.objects.filter(role=PARTNER, body=OuterRef("pk"))
    bodies = active_bodies(administered).filter(Exists(answering.on(day)), ~Exists(answering.on(day + SOON)))
    ends = Max("postings__ends_on", filter=Q(postings__role=PARTNER, postings__person__is_active=True))
    return [body_vacancy(body, ends_on=body.last) for body in bodies.annotate(last=ends)]


def is_asked(scope: Scope) -> bool:
    return bool(led(scope) or administered_of(scope))


def wanted_of(scope: Scope) -> tuple[Q, list[str]]:
    lead, administered = led(scope), administered_of(scope)
    return inside(administered) | (inside(lead) & ~Q(code__in=lead)), administered


def leading(wanted: Q) -> QuerySet[Region]:
    """The regions somebody has to lead."""
    return Region.objects.current().filter(wanted, level__in=LEADS).exclude(name__in=PLACEHOLDERS)


def vacancy_at(region: Region, administered: Sequence[str], role: str = "", **more: Any) -> Vacancy:
    """Of the post that leads the region, unless another is said."""
    role = role or LEADS[region.level]
    return Vacancy(ROLES[role].label, region, role_name=role, may_appoint=is_inside(region.code, administered), **more)


def inside(codes: Sequence[str]) -> Q:
    found = Q(pk__in=[])
    for code in codes:
        found |= Q(code__startswith=code)
    return found


def vacant_leads(wanted: Q, day: date, administered: Sequence[str]) -> list[Vacancy]:
    """Those whose holders are all away, too, unless the roster says who stands in for one of them."""
    held, present = Q(), Q()
    for level, role in LEADS.items():  # the levels of the grid are called like those of the regions
        post = Posting.objects.filter(role=role, region=OuterRef("pk"))
        held |= Q(Exists(post.on(day)), level=level)
        present |= Q(Exists(post.present(day)), level=level)
    rows = leading(wanted).filter(~present).annotate(is_held=ExpressionWrapper(held, BooleanField())).order_by("code")
    regions = list(rows)
    if not regions:
        return []
    roster = Roster.around([region.code for region in regions], day)
    called = [(region, roster.called(region.level, region.code)) for region in regions]
    return [
        vacancy_at(region, administered, is_away=region.is_held, on_call=tuple(one.person.full_name for one in people))
        for region, people in called
        if all(one.is_on_call for one in people)
    ]


def vacant_named(wanted: Q, day: date, administered: Sequence[str]) -> list[Vacancy]:
    """Posts a rule names that nobody is in. Whoever stands in for somebody away is in it."""
    found = []
    for role, level in named_posts(day):
        post = Posting.objects.filter(role=role, region=OuterRef("pk"))
        rows = leading(wanted).filter(~Exists(post.present(day)), level=level).annotate(is_held=Exists(post.on(day)))
        found += [(role, region) for region in rows.order_by("code")]
    away = [region.code for _role, region in found if region.is_held]
    roster = Roster.around(away, day) if away else None
    return [
        vacancy_at(region, administered, role, is_away=region.is_held)
        for role, region in found
        if not (region.is_held and roster and roster.in_post(role, region.code))
    ]  # fmt: skip


def without(role: str, level: str, day: date) -> tuple[list[str], int]:
    """The names of the regions of the level in this city where nobody holds the role, and how many regions there are.
    The table of divisions is the whole country's. Who is only away today holds the post."""
    post = Posting.objects.on(day).filter(role=role, region=OuterRef("pk"))
    own = Q(level=level, code__startswith=settings.CITY_CODE)
    rows = leading(own).annotate(is_held=Exists(post)).order_by("code").values_list("name", "is_held")
    return [name for name, is_held in rows if not is_held], len(rows)


def vacant_bodies(administered: Sequence[str], day: date) -> list[Vacancy]:
    answering = Posting.objects.present(day).filter(role=PARTNER, body=OuterRef("pk"))
    return [body_vacancy(body) for body in active_bodies(administered).filter(~Exists(answering))]


def active_bodies(administered: Sequence[str]) -> QuerySet[Body]:
    places = Q(pk__in=[])
    for code in administered:
        places |= Q(region__code__startswith=code)
    return Body.objects.filter(places, is_active=True).select_related("region").order_by("region", "name")


def body_vacancy(body: Body, **more: Any) -> Vacancy:
    return Vacancy(ROLES[PARTNER].label, body.region, body, role_name=PARTNER, may_appoint=True, **more)
