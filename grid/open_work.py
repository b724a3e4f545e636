"""Work that is tied to a person by name: what has to be handed over when they leave. The apps above say which kinds."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Work:
    """`count` answers for many people at once; who has none may be left out."""

    name: str
    label: str  # msgid
    count: Callable[[Collection[Any]], Mapping[Any, int]]


WORK: dict[str, Work] = {}


def add_work(kinds: Iterable[Work]) -> None:
    WORK.update({kind.name: kind for kind in kinds})


def open_work(people: Collection[Any]) -> dict[Any, dict[str, int]]:
    """By person's id, how much of each kind; only what there is. One question for each kind."""
    found: dict[Any, dict[str, int]] = {pk: {} for pk in people}
    for work in WORK.values():
        for pk, number in work.count(people).items():
            if number:
                found[pk][work.name] = number
    return found
