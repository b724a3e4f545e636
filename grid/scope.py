"""Who may see what. The only place that decides it.

A scope is the postings somebody holds today: region codes by level, and bodies. Business rows carry the
codes of their city, county, township and village in columns of their own, so that a scope is an equality
on one column (design §10). A model says with `scope_path` where those columns are; out of scope looks
like absent (404).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from os.path import commonprefix
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q
from django.http import Http404

from grid.roles import AUDITOR, ROLES, Role

if TYPE_CHECKING:
    from grid.models import Person, Posting

# Digits of a scope's code → the column it is compared with.
COLUMNS = {4: "city_code", 6: "county_code", 9: "township_code", 12: "village_code"}


@dataclass(frozen=True)
class Post:
    """A posting as the rules need it."""

    role: Role
    region: str  # division code; "" for a partner
    region_name: str  # a partner's body instead
    body: Any = None  # Body's id
    instead_of: str = ""  # who holds it, is on leave and named the person to stand in (代理人)

    @property
    def level(self) -> str | None:
        """The level of the grid this post answers for."""
        if self.role.level:
            return self.role.level
        return {4: "city", 6: "county"}.get(len(self.region), "township") if self.region else None

    def covers(self, code: str) -> bool:
        """Is the region `code` inside this post's region? Codes are whole levels, so a prefix is a region."""
        return bool(self.region) and code.startswith(self.region)


@dataclass(frozen=True)
class Scope:
    day: date
    posts: tuple[Post, ...] = ()
    roles: frozenset[str] = field(default=frozenset())

    @classmethod
    def of(cls, person: "Person", day: date) -> Self:
        """One query; more only for somebody who stands in for others, who may themselves stand in for others."""
        postings = person.postings.model.objects.on(day).select_related("person", "region", "body").order_by("starts_on", "id")
        rows = list(postings.filter(Q(person=person) | Q(person__in=absent([person.pk], person, day))))
        known, found = {person.pk}, {row.person_id for row in rows}
        while newly := found - known:
            known |= newly
            further = list(postings.filter(person__in=absent(newly, person, day)).exclude(person__in=known))
            rows, found = rows + further, found | {row.person_id for row in further}
        return cls.from_postings(rows, day, person.pk)

    @classmethod
    def from_postings(cls, rows: Iterable["Posting"], day: date, holder: Any = None) -> Self:
        """From all the postings somebody holds on `day`; and, if it is said who (`holder`), those of whom they stand
        in for, as far as they act there."""
        posts = []
        for row in rows:
            is_own = holder is None or row.person_id == holder
            if is_own or (ROLES[row.role].acts and ROLES[row.role].sees == "region"):
                name = "" if is_own else row.person.full_name
                posts.append(Post(ROLES[row.role], row.region_id or "", (row.region or row.body).name, row.body_id, name))
        return cls(day, tuple(posts), frozenset(post.role.name for post in posts))

    @property
    def regions(self) -> list[str]:
        """Codes of the regions whose claims are visible."""
        return [post.region for post in self.posts if post.role.sees == "region"]

    @property
    def ground(self) -> str:
        """The smallest region around everything visible; "" when that is nothing."""
        common = commonprefix(self.regions)
        return common[: max((width for width in COLUMNS if width <= len(common)), default=0)]

    @property
    def audited(self) -> list[str]:
        """Codes of the regions whose access log the person reads."""
        return [post.region for post in self.posts if post.role.name == AUDITOR]

    def audits(self, code: str) -> bool:
        return any(code.startswith(audited) for audited in self.audited)

    @property
    def bodies(self) -> list[Any]:
        return [post.body for post in self.posts if post.role.sees == "body"]

    def posts_for(self, code: str) -> list[Post]:
        """The posts that cover the region `code` and let their holder see claims there."""
        return [post for post in self.posts if post.role.sees == "region" and post.covers(code)]

    def q(self, path: str = "") -> Q:
        """The filter for rows whose level columns are at `path` ("" or "claim__")."""
        wanted = Q(pk__in=[])
        for code in self.regions:
            column = COLUMNS.get(len(code))
            if column:
                wanted |= Q(**{f"{path}{column}": code})
        return wanted


def absent(deputies: Iterable[Any], person: "Person", day: date) -> models.QuerySet:
    """Ids of those on leave for whom these people stand in."""
    leaves = person.leaves.model.objects.filter(starts_on__lte=day, ends_on__gte=day)
    return leaves.filter(deputy__in=deputies).values("person")


class ScopedQuerySet(models.QuerySet):
    """`scope_path` leads to the level columns; `body_path` to the body a row was handed to, `person_path` to
    the person it was assigned to, if any: they see it as long as they hold some post."""

    scope_path = ""
    body_path = ""
    person_path = ""

    def visible_to(self, person: Any, today: date) -> Self:
        if not person.is_authenticated or not person.is_active:
            return self.none()
        scope = person.scope(today)
        wanted = scope.q(self.scope_path)
        if self.body_path and scope.bodies:
            wanted |= self.shared_with(scope.bodies)
        if self.person_path and scope.regions:
            wanted |= Q(**{self.person_path: person})
        if scope.regions and (ids := self.in_hand(person, today)):
            wanted |= Q(pk__in=ids)
        return self.filter(wanted)

    def in_hand(self, person: Any, today: date) -> Iterable[Any]:
        """Ids of rows that are this person's work wherever they lie: a few, named one by one so that the indexes still serve."""
        return ()

    def shared_with(self, bodies: Iterable[Any]) -> Q:
        """Rows handed to one of `bodies`; a model narrows it (a draft is not handed over yet)."""
        return Q(**{f"{self.body_path}__in": list(bodies)})


def get_visible(rows: ScopedQuerySet | type[models.Model], person: Any, today: date, **lookup: Any) -> Any:
    """The one row, or 404 whether it is absent or only out of scope."""
    queryset = rows._default_manager.all() if isinstance(rows, type) else rows
    try:
        return queryset.visible_to(person, today).get(**lookup)
    except (queryset.model.DoesNotExist, ValueError):
        raise Http404 from None


def sees_region(person: Any, code: str, today: date) -> bool:
    """Does the person's scope cover the region `code` today? Used again at the moment of sending."""
    return person.is_active and any(post.covers(code) for post in person.scope(today).posts if post.role.sees == "region")
