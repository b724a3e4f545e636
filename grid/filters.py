"""What the access log can be asked for."""

from datetime import date, datetime, time, timedelta
from typing import Any

import django_filters as filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from grid.access import ACTS, SUBJECTS
from grid.days import SHANGHAI
from grid.models import AccessLog


def acts() -> list[tuple[str, Any]]:
    return [(act, _(label)) for act, label in ACTS.items()]


def subjects() -> list[tuple[str, Any]]:
    return [(name, _(subject.label)) for name, subject in SUBJECTS.items()]


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), SHANGHAI)


def worded(field: forms.Field, value: Any) -> Any:
    return dict(getattr(field, "choices", ())).get(value, value)


class AccessFilter(filters.FilterSet):
    person = filters.CharFilter(label=_("人员（姓名或用户名）"), method="by_person")
    act = filters.ChoiceFilter(label=_("行为"), choices=acts, empty_label=_("全部"))
    subject = filters.ChoiceFilter(label=_("对象"), choices=subjects, empty_label=_("全部"))
    since = filters.DateFilter(label=_("日期从"), method="by_since")
    until = filters.DateFilter(label=_("日期至"), method="by_until")

    class Meta:
        model = AccessLog
        fields: list[str] = []

    @property
    def rows(self) -> QuerySet:
        """None while something asked for cannot be read, never more than was meant."""
        return self.qs if self.form.is_valid() else self.queryset.none()

    def chips(self) -> list[tuple[Any, Any]]:
        """What is asked for, in words."""
        if not self.form.is_valid():
            return []
        said = self.form.cleaned_data.items()
        return [(self.filters[name].label, worded(self.form.fields[name], value)) for name, value in said if value]

    def by_person(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(Q(person__full_name__contains=value) | Q(person__username=value))

    def by_since(self, rows: QuerySet, name: str, value: date) -> QuerySet:
        return rows.filter(at__gte=midnight(value))

    def by_until(self, rows: QuerySet, name: str, value: date) -> QuerySet:
        return rows.filter(at__lt=midnight(value + timedelta(days=1)))
