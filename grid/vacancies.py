"""Posts nobody is in today. A vacant post is a normal state: the level above answers meanwhile, and whoever must
fill the post is shown that it is empty."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q

from grid.models import Body, Posting, Region
from grid.regions import PLACEHOLDERS
from grid.roles import ADMINISTRATOR, LEADS, PARTNER, ROLES
from grid.scope import Scope


@dataclass(frozen=True)
class Vacancy:
    """Nobody leads `region`, or nobody answers for `body`."""

    role: str  # label
    region: Region
    body: Body | None = None
    is_away: bool = False  # somebody holds the post, but is on leave without a deputy

    @property
    def place(self) -> str:
        return self.body.name if self.body else self.region.name


def vacancies_for(scope: Scope) -> list[Vacancy]:
    """The empty posts that somebody of this scope has to fill: of the levels below the one they lead; for an
    administrator also the region's own, and the bodies nobody answers for."""
    lead = [post.region for post in scope.posts if post.role.name in LEADS.values()]
    administered = [post.region for post in scope.posts if post.role.name == ADMINISTRATOR]
    wanted = inside(administered) | (inside(lead) & ~Q(code__in=lead))
    return [*vacant_leads(wanted, scope.day), *vacant_bodies(administered, scope.day)] if lead or administered else []


def inside(codes: Sequence[str]) -> Q:
    found = Q(pk__in=[])
    for code in codes:
        found |= Q(code__startswith=code)
    return found


def vacant_leads(wanted: Q, day: date) -> list[Vacancy]:
    held, filled = Q(), Q()
    for level, role in LEADS.items():  # the levels of the grid are called like those of the regions
        post = Posting.objects.filter(role=role, region=OuterRef("pk"))
        held |= Q(Exists(post.on(day)), level=level)
        filled |= Q(Exists(post.present(day)), level=level)
    regions = Region.objects.current().filter(~filled, wanted, level__in=LEADS).exclude(name__in=PLACEHOLDERS)
    rows = regions.annotate(is_held=ExpressionWrapper(held, BooleanField())).order_by("code")
    return [Vacancy(ROLES[LEADS[region.level]].label, region, is_away=region.is_held) for region in rows]


def vacant_bodies(administered: Sequence[str], day: date) -> list[Vacancy]:
    answering = Posting.objects.present(day).filter(role=PARTNER, body=OuterRef("pk"))
    places = Q(pk__in=[])
    for code in administered:
        places |= Q(region__code__startswith=code)
    bodies = Body.objects.filter(places, ~Exists(answering), is_active=True).select_related("region")
    return [Vacancy(ROLES[PARTNER].label, body.region, body) for body in bodies.order_by("region", "name")]
