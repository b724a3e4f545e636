"""What the list of deliveries can be asked for."""

from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from grid import deliveries
from grid.channels import CHANNELS
from grid.filters import worded
from grid.models import Notice
from grid.models.notices import STATES


def channels() -> list[tuple[str, Any]]:
    return [(name, _(channel.label)) for name, channel in CHANNELS.items() if name != deliveries.IN_APP]


class DeliveryFilter(filters.FilterSet):
    state = filters.ChoiceFilter(label=_("状态"), choices=STATES, empty_label=_("全部"))
    channel = filters.ChoiceFilter(label=_("渠道"), choices=channels, empty_label=_("全部"))
    person = filters.CharFilter(label=_("收件人（姓名或用户名）"), method="by_person")
    number = filters.CharFilter(label=_("案号"), method="by_number")

    class Meta:
        model = Notice
        fields: list[str] = []

    @property
    def rows(self) -> QuerySet[Notice]:
        """None while something asked for cannot be read, never more than was meant."""
        return self.qs if self.form.is_valid() else self.queryset.none()

    def chips(self) -> list[tuple[Any, Any]]:
        """What is asked for, in words."""
        if not self.form.is_valid():
            return []
        said = self.form.cleaned_data.items()
        return [(self.filters[name].label, worded(self.form.fields[name], value)) for name, value in said if value]

    def by_person(self, rows: QuerySet[Notice], name: str, value: str) -> QuerySet[Notice]:
        return rows.filter(Q(recipient__full_name__contains=value) | Q(recipient__username=value))

    def by_number(self, rows: QuerySet[Notice], name: str, value: str) -> QuerySet[Notice]:
        return rows.filter(subject_id__in=deliveries.numbered(value.strip()))
