"""Keyset paging: a page starts after a row, not after a number of rows, so that page 1,000 costs what page 1
costs and nothing is shown twice when a claim arrives meanwhile.

A place in a list is written as VALUE~ID, the sort column of a row and its id, which breaks ties; where another column
breaks them first, as VALUE~THAT~ID.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.http import QueryDict

SIZE = 25
COUNT_UP_TO = 10_000
AFTER, BEFORE = "after", "before"


@dataclass(frozen=True)
class Order:
    """Rows by one column, then by another (`then`, which is never null) and by id, all in the same direction. PostgreSQL
    sorts nulls as the largest."""

    column: str
    is_descending: bool = False
    then: str = ""

    @property
    def names(self) -> list[str]:
        return [name for name in (self.column, self.then, "id") if name]

    def columns(self, is_backward: bool = False) -> list[str]:
        sign = "-" if self.is_descending != is_backward else ""
        return [f"{sign}{name}" for name in self.names]

    def place_of(self, row: Model) -> str:
        return "~".join("" if (value := getattr(row, name)) is None else str(value) for name in self.names)

    def beyond(self, value: Any, *ties: Any, is_backward: bool) -> Q:
        """The rows that come after the place, or before it."""
        falls = self.is_descending != is_backward
        way = "lt" if falls else "gt"
        rest = Q(pk__in=[])
        for name, tie in reversed(list(zip(self.names[1:], ties, strict=True))):
            rest = Q(**{f"{name}__{way}": tie}) | Q(**{name: tie}) & rest if name != "id" else Q(**{f"id__{way}": tie})
        is_null = Q(**{f"{self.column}__isnull": True})
        if value is None:
            return (is_null & rest) | ~is_null if falls else is_null & rest
        # The first condition is the one an index can use.
        rows = Q(**{f"{self.column}__{way}e": value}) & (Q(**{f"{self.column}__{way}": value}) | rest)
        return rows if falls else rows | is_null


@dataclass(frozen=True)
class Page:
    """`before` and `after` are the places to ask for next; None where the list ends."""

    rows: Sequence[Any]
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Count:
    """How many there are, counted no further than worth it."""

    number: int
    is_more: bool


def count(rows: QuerySet) -> Count:
    found = rows.order_by()[: COUNT_UP_TO + 1].count()
    return Count(min(found, COUNT_UP_TO), found > COUNT_UP_TO)


def page_of(rows: QuerySet, order: Order, params: Mapping[str, str], size: int = SIZE) -> Page:
    """The page that `params` asks for with after=PLACE or before=PLACE; an unreadable place is the first page."""
    is_backward = BEFORE in params
    place = read_place(rows.model, order, params.get(BEFORE if is_backward else AFTER, ""))
    if place is None:
        return first_page(rows, order, size)
    found = list(rows.filter(order.beyond(*place, is_backward=is_backward)).order_by(*order.columns(is_backward))[: size + 1])
    has_more, found = len(found) > size, found[:size]
    if is_backward and not has_more:
        return first_page(rows, order, size)  # what is left of it would be a torn page
    if is_backward:
        found.reverse()
    return make_page(order, found, has_before=bool(found), has_after=is_backward or has_more)


def first_page(rows: QuerySet, order: Order, size: int = SIZE) -> Page:
    found = list(rows.order_by(*order.columns())[: size + 1])
    return make_page(order, found[:size], has_before=False, has_after=len(found) > size)


def make_page(order: Order, rows: Sequence[Any], has_before: bool, has_after: bool) -> Page:
    return Page(
        rows,
        before=order.place_of(rows[0]) if rows and has_before else None,
        after=order.place_of(rows[-1]) if rows and has_after else None,
    )


def read_place(model: type[Model], order: Order, written: str) -> tuple[Any, ...] | None:
    values = written.split("~")
    if len(values) != len(order.names) or not all(values[1:]):
        return None
    try:
        fields = [model._meta.pk if name == "id" else model._meta.get_field(name) for name in order.names]
        return tuple(field.to_python(value) if value else None for field, value in zip(fields, values, strict=True))
    except ValidationError:
        return None


def without_place(params: QueryDict) -> QueryDict:
    """What a list is asked for, without the place in it and without the fields left empty."""
    asked = QueryDict(mutable=True)
    for name, values in params.lists():
        if name not in (AFTER, BEFORE) and any(values):
            asked.setlist(name, [value for value in values if value])
    return asked


def address(params: QueryDict, way: str, place: str | None) -> str:
    """The same list from another place on; empty where it ends."""
    if place is None:
        return ""
    asked = without_place(params)
    asked[way] = place
    return f"?{asked.urlencode()}"
