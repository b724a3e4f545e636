"""Papers that are somebody's work although the claim is not theirs to act on: apps above name them (a mediator posted elsewhere calls to
the hearing he holds). They see these papers and serve them, and nothing else of the claim."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

IDS: list[Callable[[Any, date], Iterable[Any]]] = []  # of the person's services, today


def add_hand(ids: Callable[[Any, date], Iterable[Any]]) -> None:
    if ids not in IDS:
        IDS.append(ids)


def services_of(person: Any, today: date) -> list[Any]:
    return [pk for ids in IDS for pk in ids(person, today)]
