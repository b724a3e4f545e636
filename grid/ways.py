"""How people are told: the channels they chose, and the words in force. Read once, asked for many rows.

A verb that tells a few people lets grid.notices read it; a step that writes thousands of rows reads `Ways.read()` once
and hands it to every call.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from grid import wordings
from grid.channels import PERSONAL, is_set_up, reaches
from grid.kinds import Kind
from grid.models import Person, Preference
from grid.models.notices import HELD, QUEUED
from grid.quiet import quiet_until

AT_ONCE = "none"  # Preference.digest


@dataclass(frozen=True)
class Ways:
    wordings: Mapping[str, UUID]
    preferences: Mapping[UUID, Preference]
    _known: dict[Any, list[tuple[str, dict[str, Any]]]] = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def read(cls, people: Iterable[Person] | None = None) -> Self:
        """Of these people, or of everybody."""
        rows = Preference.objects.all() if people is None else Preference.objects.filter(person__in=people)
        return cls(wordings.current(), rows.in_bulk())

    def out(self, person: Person, kind: Kind, asked: Collection[str], now: datetime) -> list[tuple[str, dict[str, Any]]]:
        """Each channel beside in_app with `waiting`; worked out once for whoever is told of many things."""
        key = (person.pk, kind.name, *asked, now)
        if key not in self._known:
            waiting = self.waiting(person, kind, now)
            self._known[key] = [(channel, waiting) for channel in self.outside(person, kind, asked)]
        return self._known[key]

    def outside(self, person: Person, kind: Kind, asked: Collection[str]) -> list[str]:
        """The channels beside in_app. `asked` are those of the rung; none: what the person chose for the topic, else
        the usual one. What must reach the person is not kept inside because none of `asked` does."""
        if not kind.by_mail:
            return []
        open_ones = [name for name in PERSONAL if is_set_up(name) and reaches(name, person)]
        usual = open_ones[:1]
        chosen = self.chosen(person, kind)
        if asked:
            return [name for name in open_ones if name in asked] or usual
        if kind.is_statutory:
            return [name for name in open_ones if name in usual or name in (chosen or ())]
        return usual if chosen is None else [name for name in open_ones if name in chosen]

    def chosen(self, person: Person, kind: Kind) -> Collection[str] | None:
        preference = self.preferences.get(person.pk)
        return preference.channels.get(kind.topic) if preference else None

    def waiting(self, person: Person, kind: Kind, now: datetime) -> dict[str, Any]:
        """State of a new row for an outside channel, and when it is due."""
        preference = None if kind.is_statutory else self.preferences.get(person.pk)
        if preference is None:
            return {"state": QUEUED, "next_try_at": now}
        if preference.digest != AT_ONCE:
            return {"state": HELD, "next_try_at": None}
        quiet = quiet_until(now, preference.quiet_from, preference.quiet_to)
        return {"state": QUEUED, "next_try_at": quiet or now}
