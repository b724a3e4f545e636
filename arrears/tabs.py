"""Lists with tabs. Whatever is asked, the rows were narrowed by visible_to before."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, ClassVar

import django_filters as filters
from django.db.models import Q, QuerySet
from django.http import QueryDict

from grid.paging import Order


class Tabbed(filters.FilterSet):
    """A subclass has `show`, a filter with the method `by_show`; which rows a tab means (`wanted`) and how they stand (`order`)."""

    TABS: ClassVar[Mapping[str, Any]]  # the first is shown when nothing is asked
    wanted: Callable[[str], Q]
    order: Order

    def __init__(self, data: QueryDict | None, queryset: QuerySet, *, today: date) -> None:
        super().__init__(QueryDict() if data is None else data, queryset)
        self.today = today

    @property
    def said(self) -> Mapping[str, Any]:
        return self.form.cleaned_data if self.form.is_valid() else {}

    @property
    def shown(self) -> str:
        return self.said.get("show") or next(iter(self.TABS))

    @property
    def rows(self) -> QuerySet:
        """None while something asked for cannot be read, never more than was meant."""
        return self.qs if self.form.is_valid() else self.queryset.none()

    def filter_queryset(self, rows: QuerySet) -> QuerySet:
        rows = super().filter_queryset(rows)
        return (rows if self.said.get("show") else self.by_show(rows, "show", self.shown)).order_by(*self.order.columns())

    def by_show(self, rows: QuerySet, name: str, value: Any) -> QuerySet:
        return rows.filter(self.wanted(value))
