"""Which ladder a clock follows on a day: the versions an administrator published, before the code's own. Django-free.

The most particular comes first: kinds of claim in the order of CLAIM_KINDS, and for each the rule's own ladder, then
its family's. A version without rungs ends its line, and the next more general one applies again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from arrears.deadlines import RULES
from arrears.ladders import LADDERS, family_of
from arrears.ladders.rungs import Rung

COLLECTIVE_FROM = 10  # workers (劳动争议调解仲裁法 第七条)
ANY_KIND = ""


@dataclass(frozen=True)
class Version:
    """`id` None and `number` 0: the code's own table of the family."""

    id: Any
    family: str
    rule_id: str  # "" : every rule of the family
    claim_kind: str  # "" : every kind of claim
    number: int
    rungs: tuple[Rung, ...]
    valid_from: date = date.min

    @property
    def line(self) -> tuple[str, str, str]:
        """What the versions that replace each other have in common."""
        return (self.family, self.rule_id, self.claim_kind)


CODE = {family: Version(None, family, "", ANY_KIND, 0, rungs) for family, rungs in LADDERS.items()}


def kinds_of(worker_count: int, sensitive: str, in_season: bool) -> tuple[str, ...]:
    """The kinds a claim is of, the most particular first; the last is any."""
    size = "group" if worker_count >= COLLECTIVE_FROM else "single"
    return tuple(filter(None, ("sensitive" if sensitive else "", "festival" if in_season else "", size))) + (ANY_KIND,)


# What a claim itself can be, apart from the season: (worker_count, sensitive) of an example, by a name.
CLAIM_CLASSES: Mapping[str, tuple[int, str]] = {
    "single": (1, ""),
    "group": (COLLECTIVE_FROM, ""),
    "sensitive single": (1, "yes"),
    "sensitive group": (COLLECTIVE_FROM, "yes"),
}


@dataclass(frozen=True)
class Book:
    """Every published version, and the seasons as (first day, last day). A value: read once, asked many times."""

    versions: Sequence[Version] = ()
    seasons: Sequence[tuple[date, date]] = ()
    _by_id: dict[Any, Version] = field(init=False, repr=False, compare=False)
    _lines: dict[tuple[str, str, str], list[Version]] = field(init=False, repr=False, compare=False)
    _chosen: dict[tuple[str, tuple[str, ...], date], Version] = field(default_factory=dict, init=False, repr=False, compare=False)
    _asking: dict[str, set[str]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {version.id: version for version in self.versions})
        lines: dict[tuple[str, str, str], list[Version]] = {}
        for version in sorted(self.versions, key=lambda version: -version.number):
            lines.setdefault(version.line, []).append(version)
        object.__setattr__(self, "_lines", lines)

    def knows(self, version_id: Any) -> bool:
        return version_id is None or version_id in self._by_id

    def version(self, version_id: Any, rule_id: str) -> Version:
        """The version a watch refers to. Raises KeyError."""
        return CODE[family_of(rule_id)] if version_id is None else self._by_id[version_id]

    def asking(self, family: str) -> set[str]:
        """Names of the family's rungs that ask for an acknowledgement, in any version."""
        if family not in self._asking:
            versions = [version for version in (CODE[family], *self.versions) if version.family == family]
            self._asking[family] = {rung.name for version in versions for rung in version.rungs if rung.ack_days}
        return self._asking[family]

    def in_season(self, day: date) -> bool:
        return any(first <= day <= last for first, last in self.seasons)

    def kinds(self, worker_count: int, sensitive: str, day: date) -> tuple[str, ...]:
        return kinds_of(worker_count, sensitive, self.in_season(day))

    def choose(self, rule_id: str, kinds: Sequence[str], day: date) -> Version:
        """The ladder of the rule for a claim of these kinds on the day. Raises KeyError for an unknown rule."""
        key = (rule_id, tuple(kinds), day)
        if key not in self._chosen:
            self._chosen[key] = self._choose(rule_id, kinds, day)
        return self._chosen[key]

    def _choose(self, rule_id: str, kinds: Iterable[str], day: date) -> Version:
        family = family_of(rule_id)
        for kind in kinds:
            for rule in (rule_id, ""):
                version = self.valid((family, rule, kind), day)
                if version and version.rungs:
                    return version
        return CODE[family]

    def valid(self, line: tuple[str, str, str], day: date) -> Version | None:
        """The latest published of the line's versions that are valid on the day: what is published later amends what
        was to come."""
        return next((version for version in self._lines.get(line, ()) if version.valid_from <= day), None)

    def latest(self, line: tuple[str, str, str]) -> Version | None:
        """The newest of the line, valid yet or not."""
        return next(iter(self._lines.get(line, ())), None)

    def to_come(self, line: tuple[str, str, str], day: date) -> list[Version]:
        """The line's versions that will hold one day after `day`, the newest first: no newer one overtakes them."""
        later = [version for version in self._lines.get(line, ()) if version.valid_from > day]
        return [version for version in later if self.valid(line, version.valid_from) is version]

    def table(self, day: date) -> dict[str, dict[str, Any]]:
        """{rule: {class of claim: id of its version}}, without those that follow the code's own tables."""
        season = self.in_season(day)
        chosen = {
            rule: {
                name: version.id
                for name, example in CLAIM_CLASSES.items()
                if (version := self.choose(rule, kinds_of(*example, season), day)).id
            }
            for rule in RULES
        }
        return {rule: by_class for rule, by_class in chosen.items() if by_class}


@dataclass(frozen=True)
class Draft:
    """What somebody is about to publish. `rungs` () : the line ends, and the next more general ladder applies."""

    family: str
    rule_id: str = ""
    claim_kind: str = ANY_KIND
    rungs: tuple[Rung, ...] = ()
    valid_from: date = date.min

    @property
    def line(self) -> tuple[str, str, str]:
        return (self.family, self.rule_id, self.claim_kind)

    def among(self, book: Book) -> tuple[Version, Book]:
        """The version it would be, and the book with it."""
        latest = book.latest(self.line)
        number = latest.number + 1 if latest else 1
        version = Version("draft", *self.line, number, self.rungs, self.valid_from)
        return version, Book((*book.versions, version), book.seasons)
