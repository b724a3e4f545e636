"""Who answers for a region at a level of the grid today.

A post is filled by the people who hold it and are here (A 角); when all of them are away by the deputies of the post
(B 角), then by whoever those away named to stand in for them (代理人), then by the person on the day's duty roster
(值班). A vacant post is a normal state: the caller looks one level up and says so.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple, Self

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from grid.models import Duty, Leave, Person, Posting
from grid.regions import covers
from grid.roles import ADMINISTRATOR, LEADS, LEVEL_WIDTHS, MEDIATOR, ROLES, above
from grid.scope import Scope

LONGEST_CHAIN = 5  # deputies of deputies


class Called(NamedTuple):
    """Somebody who answers for a post, and why, if they do not hold it."""

    person: Person
    instead_of: Person | None = None  # who is away and named them
    is_on_call: bool = False  # by the day's duty roster


class Seat(NamedTuple):
    """Who answers from a level upward: the level found, its people, and the posts passed over because they are vacant
    (all of them while there are no people)."""

    level: str
    people: list[Person]
    vacant: tuple[str, ...]


class Roster:
    """Everybody with a post on `day`, read in one query (a second one for the duty roster, if a post is empty) and
    asked many times: the sweep asks per clock."""

    def __init__(self, day: date, postings: Iterable[Posting] | None = None, duties: Q | None = None) -> None:
        """`postings`: only these, the holders being here. `duties`: only these rows of the day's duty roster."""
        self.day = day
        self._is_whole = postings is None
        self._wanted_duties = Q(pk__in=[]) if duties is None and postings is not None else duties or Q()
        self._posts: dict[tuple[str, object], list[Posting]] = defaultdict(list)
        self._held_by: dict[object, list[Posting]] = defaultdict(list)
        self._with_scope: dict[object, Scope] = {}
        self._deputies: dict[object, Any] = {}  # of those who are away; None: they named nobody
        for row in with_leave(Posting.objects.select_related("body"), day) if postings is None else postings:
            self._posts[row.role, row.body_id or row.region_id].append(row)
            self._held_by[row.person_id].append(row)
            if getattr(row, "is_away", False):
                self._deputies[row.person_id] = row.deputy

    @classmethod
    def around(cls, regions: str | Iterable[str], day: date) -> Self:
        """Only the posts of the region, or regions, and those above: what a verb that tells the leads of one claim asks."""
        codes = [regions] if isinstance(regions, str) else regions
        widths = LEVEL_WIDTHS.values()
        at = Q(region__in={part for code in codes for part in (code, *(code[:width] for width in widths if len(code) >= width))})
        return cls(day, with_leave(Posting.objects.filter(at), day), at)

    @cached_property
    def _on_call(self) -> dict[str, list[Person]]:
        """By region, who is on the duty roster today, is here and has a post that acts there."""
        found: dict[str, list[Person]] = defaultdict(list)
        rows = Duty.objects.filter(self._wanted_duties, day=self.day).order_by("person__full_name", "pk")
        for region, person_id in rows.values_list("region", "person"):
            if person := self._here(person_id, region):
                found[region].append(person)
        return found

    def on_duty(self, person_id: object, region_code: str) -> Person | None:
        """Who does the person's work in the region today: they themselves if they are here with a post that acts there,
        else who stands in for them; None if nobody does, or if they have moved elsewhere."""
        seen: set[object] = set()
        while self._acts_in(person_id, region_code) and len(seen) <= LONGEST_CHAIN:
            if person_id not in self._deputies:
                return self._here(person_id, region_code)
            seen.add(person_id)
            person_id = self._deputies[person_id]
            if person_id in seen:
                return None
        return None

    def at_work(self, person_id: object, region_code: str) -> Person | None:
        """As on_duty; but a mediator whose post is elsewhere and who was called to mediate here does it, while they are
        here themselves: whoever stands in for them at home does not see the case."""
        if self._acts_in(person_id, region_code) or person_id in self._deputies:
            return self.on_duty(person_id, region_code)
        post = next((row for row in self._held_by.get(person_id, ()) if row.role == MEDIATOR), None)
        return self._known(post.person) if post else None

    def _here(self, person_id: object, region_code: str) -> Person | None:
        post = self._acts_in(person_id, region_code)
        return self._known(post.person) if post and person_id not in self._deputies else None

    def _acts_in(self, person_id: object, region_code: str) -> Posting | None:
        """A post of theirs that acts in the region, whether they are here or away."""
        for row in self._held_by.get(person_id, ()):
            role = ROLES[row.role]
            if role.acts and role.sees == "region" and covers(row.region_id or "", region_code):
                return row
        return None

    def _known(self, person: Person) -> Person:
        """With their scope, so that what they may do costs no further query: the whole roster holds all they hold."""
        if self._is_whole and person.pk not in self._with_scope:
            lent = (row for absent in self.relying_on(person.pk) for row in self._held_by[absent])
            scope = Scope.from_postings([*self._held_by[person.pk], *lent], self.day, person.pk)
            self._with_scope[person.pk] = scope
        if self._is_whole:
            person.know_scope(self._with_scope[person.pk])
        return person

    def person(self, person_id: object) -> Person | None:
        """Somebody with a post on the day, here or away."""
        rows = self._held_by.get(person_id, ())
        return rows[0].person if rows else None

    def relying_on(self, person_id: object) -> set[object]:
        """The ids of those who are away and for whom the person, in the end, stands in."""
        return {absent for absent in self._deputies if self._at_the_end(absent) == person_id}

    def _at_the_end(self, person_id: object) -> object:
        seen: set[object] = set()
        while person_id in self._deputies and person_id not in seen and len(seen) <= LONGEST_CHAIN:
            seen.add(person_id)
            person_id = self._deputies[person_id]
        return person_id

    def filled_in(self, person_id: object) -> list[tuple[str, str]]:
        """Level and region of the posts the person does not hold and answers for today: by deputising or on call."""
        levels = {role: level for level, role in LEADS.items()}
        posts = {(levels[row.role], row.region_id) for one in self.relying_on(person_id) for row in self._held_by[one] if row.role in levels}
        by_width = {width: level for level, width in LEVEL_WIDTHS.items()}
        posts |= {(by_width[len(code)], code) for code, people in self._on_call.items() if any(one.pk == person_id for one in people)}
        return sorted(post for post in posts if any(one.person.pk == person_id for one in self.called(*post)))

    def holders(self, role: str, at: object) -> list[Person]:
        """Those who hold `role` exactly at the region code or body id `at` and are here: principals, else deputies."""
        rows = [row for row in self._posts.get((role, at), ()) if row.person_id not in self._deputies]
        chosen = [row for row in rows if not row.is_deputy] or rows
        return [row.person for row in chosen]

    def called(self, level: str, region_code: str) -> list[Called]:
        """Who answers at `level` for the region: chief, county officer or city supervisor, else whoever stands in for
        them today. Empty: vacant."""
        width = LEVEL_WIDTHS[level]
        if len(region_code) < width:
            return []
        role, code = LEADS[level], region_code[:width]
        return self.in_post(role, code) or [Called(one, is_on_call=True) for one in self._on_call.get(code, ())]

    def in_post(self, role: str, code: str) -> list[Called]:
        """Who holds the role exactly at the region and is here, else who stands in for them."""
        held = [Called(person) for person in self.holders(role, code)]
        return held or self._stand_ins(role, code)

    def _stand_ins(self, role: str, code: str) -> list[Called]:
        away = [row.person for row in self._posts.get((role, code), ()) if row.person_id in self._deputies]
        found = {who.pk: Called(who, absent) for absent in away if (who := self.on_duty(absent.pk, code))}
        return list(found.values())

    def holding(self, level: str, region_code: str) -> list[Person]:
        """Who holds the post that leads `level`, here or away; nobody who only stands in."""
        width = LEVEL_WIDTHS[level]
        rows = self._posts.get((LEADS[level], region_code[:width]), ()) if len(region_code) >= width else ()
        return [row.person for row in rows]

    def leads(self, level: str, region_code: str) -> list[Person]:
        return [one.person for one in self.called(level, region_code)]

    def administrators(self, region_code: str) -> list[Person]:
        """Everybody who administers a region around this one."""
        at = [region_code[:width] for width in LEVEL_WIDTHS.values() if len(region_code) >= width]
        return [person for code in at for person in self.holders(ADMINISTRATOR, code)]

    def seat(self, level: str, region_code: str) -> Seat:
        """The lowest level from `level` upward whose post is filled; vacant posts are skipped."""
        passed: list[str] = []
        here: str | None = level
        while here is not None:
            people = self.leads(here, region_code)
            if people:
                return Seat(here, people, tuple(passed))
            passed.append(here)
            here = above(here)
        return Seat(level, [], tuple(passed))

    def answerable(self, level: str, region_code: str) -> tuple[str, list[Person]]:
        """The level and the people of `seat`."""
        found = self.seat(level, region_code)
        return found.level, found.people


def with_leave(postings: QuerySet[Posting], day: date) -> QuerySet[Posting]:
    """The postings in force on `day`, each with `is_away` and the `deputy` its holder named for that day."""
    leaves = Leave.objects.filter(person=OuterRef("person"), starts_on__lte=day, ends_on__gte=day)
    named = leaves.exclude(deputy=None).order_by("starts_on", "pk").values("deputy")[:1]
    rows = postings.on(day).select_related("person", "region")
    return rows.annotate(is_away=Exists(leaves), deputy=Subquery(named)).order_by("starts_on", "pk")
