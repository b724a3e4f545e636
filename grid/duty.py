"""Who answers for a region at a level of the grid today.

A post is filled by the people who hold it and are not on leave; when all of them are away, by the
deputies (B 角). A vacant post is a normal state: the caller looks one level up and says so.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Self

from grid.models import Person, Posting
from grid.regions import covers
from grid.roles import ADMINISTRATOR, LEADS, LEVEL_WIDTHS, ROLES, above
from grid.scope import Scope


class Roster:
    """Everybody on duty on `day`, read in one query and asked many times (the sweep asks per clock)."""

    def __init__(self, day: date, postings: Iterable[Posting] | None = None) -> None:
        self.day = day
        self._posts: dict[tuple[str, object], list[Posting]] = defaultdict(list)
        self._held_by: dict[object, list[Posting]] = defaultdict(list)
        self._is_whole = postings is None
        rows = Posting.objects.present(day).select_related("person", "region", "body") if postings is None else postings
        for row in rows:
            self._posts[row.role, row.body_id or row.region_id].append(row)
            self._held_by[row.person_id].append(row)

    @classmethod
    def around(cls, region_code: str, day: date) -> Self:
        """Only the posts of the region and those above it: what a verb that tells the leads of one claim asks."""
        codes = {region_code, *(region_code[:width] for width in LEVEL_WIDTHS.values() if len(region_code) >= width)}
        return cls(day, Posting.objects.present(day).filter(region__in=codes).select_related("person"))

    def on_duty(self, person_id: object, region_code: str) -> Person | None:
        """The person, if they are here today with a post that acts in the region; None if away or moved elsewhere."""
        for row in self._held_by.get(person_id, ()):
            role = ROLES[row.role]
            if role.acts and role.sees == "region" and covers(row.region_id or "", region_code):
                return self._known(row.person)
        return None

    def _known(self, person: Person) -> Person:
        """With their scope, so that what they may do costs no further query. Nobody here is on leave, so their
        postings in the whole roster are all they hold."""
        if self._is_whole:
            person.know_scope(Scope.from_postings(self._held_by[person.pk], self.day))
        return person

    def holders(self, role: str, at: object) -> list[Person]:
        """Those who hold `role` exactly at the region code or body id `at`: principals, else deputies."""
        rows = self._posts.get((role, at), [])
        chosen = [row for row in rows if not row.is_deputy] or rows
        return [row.person for row in chosen]

    def leads(self, level: str, region_code: str) -> list[Person]:
        """Who leads `level` for the region: chief, county officer or city supervisor. Empty: vacant."""
        width = LEVEL_WIDTHS[level]
        return self.holders(LEADS[level], region_code[:width]) if len(region_code) >= width else []

    def administrators(self, region_code: str) -> list[Person]:
        """Everybody who administers a region around this one."""
        at = [region_code[:width] for width in LEVEL_WIDTHS.values() if len(region_code) >= width]
        return [person for code in at for person in self.holders(ADMINISTRATOR, code)]

    def answerable(self, level: str, region_code: str) -> tuple[str, list[Person]]:
        """The lowest level from `level` upward whose post is filled, with its people; vacant posts are skipped."""
        seat: str | None = level
        while seat is not None:
            people = self.leads(seat, region_code)
            if people:
                return seat, people
            seat = above(seat)
        return level, []
