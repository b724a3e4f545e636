"""Who answers for a region at a level of the grid today.

A post is filled by the people who hold it and are not on leave; when all of them are away, by the
deputies (B 角). A vacant post is a normal state: the caller looks one level up and says so.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from grid.models import Person, Posting
from grid.roles import LEADS, LEVEL_WIDTHS, above


class Roster:
    """Everybody on duty on `day`, read in one query and asked many times (the sweep asks per clock)."""

    def __init__(self, day: date, postings: Iterable[Posting] | None = None) -> None:
        self.day = day
        self._posts: dict[tuple[str, object], list[Posting]] = defaultdict(list)
        rows = Posting.objects.present(day).select_related("person") if postings is None else postings
        for row in rows:
            self._posts[row.role, row.body_id or row.region_id].append(row)
        self._present = {row.person_id for rows in self._posts.values() for row in rows}

    def is_present(self, person: Person | None) -> bool:
        return person is not None and person.pk in self._present

    def holders(self, role: str, at: object) -> list[Person]:
        """Those who hold `role` exactly at the region code or body id `at`: principals, else deputies."""
        rows = self._posts[role, at]
        chosen = [row for row in rows if not row.is_deputy] or rows
        return [row.person for row in chosen]

    def leads(self, level: str, region_code: str) -> list[Person]:
        """Who leads `level` for the region: chief, county officer or city supervisor. Empty: vacant."""
        width = LEVEL_WIDTHS[level]
        return self.holders(LEADS[level], region_code[:width]) if len(region_code) >= width else []

    def answerable(self, level: str, region_code: str) -> tuple[str, list[Person]]:
        """The lowest level from `level` upward whose post is filled, with its people; vacant posts are skipped."""
        seat: str | None = level
        while seat is not None:
            people = self.leads(seat, region_code)
            if people:
                return seat, people
            seat = above(seat)
        return level, []
