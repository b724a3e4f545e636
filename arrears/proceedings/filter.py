"""What the list of proceedings can be asked for. Whatever is asked, the rows were narrowed by visible_to before."""

from datetime import date

import django_filters as filters
from django import forms
from django.db.models import Q
from django.utils.functional import lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from arrears.models import Proceeding
from arrears.models.proceedings import ProceedingQuerySet
from arrears.proceedings.table import KINDS, Kind
from arrears.tabs import Tabbed
from grid.paging import Order

SOONEST, NEXT_HEARING, NEWEST = Order("due_on"), Order("hearing_at"), Order("opened_at", is_descending=True)
SHOWS = {
    "open": _("未结束"),
    "late": _("已过期限"),
    "hearing": _("已定开庭"),
    "ended": _("已结束"),
    "all": _("全部"),
}


def name_of(kind: Kind) -> str:
    return kind.text("name", get_language() or "")


class ProceedingFilter(Tabbed):
    TABS = SHOWS
    show = filters.ChoiceFilter(label=_("状态"), choices=list(SHOWS.items()), method="by_show")
    kind = filters.ChoiceFilter(
        label=_("程序"), choices=[(kind.id, lazy(name_of, str)(kind)) for kind in KINDS.values()], empty_label=_("全部程序"),
        widget=forms.Select(attrs={"aria-label": _("程序"), "data-submits": True}),
    )  # fmt: skip
    court = filters.CharFilter(label=_("法院或者机关"), field_name="court", lookup_expr="icontains")
    until = filters.DateFilter(label=_("这一天以前到期或者开庭"), method="by_until")
    claim = filters.UUIDFilter(field_name="claim_id")

    class Meta:
        model = Proceeding
        fields: list[str] = []

    @property
    def order(self) -> Order:
        return {"hearing": NEXT_HEARING, "ended": NEWEST, "all": NEWEST}.get(self.shown, SOONEST)

    def wanted(self, value: str) -> Q:
        return {
            "open": Q(ended_on=None), "late": Q(ended_on=None, due_on__lt=self.today), "ended": Q(ended_on__isnull=False),
            "hearing": Q(ended_on=None, hearing_at__date__gte=self.today), "all": Q(),
        }[value]  # fmt: skip

    def by_until(self, rows: ProceedingQuerySet, name: str, value: date) -> ProceedingQuerySet:
        return rows.filter(Q(due_on__lte=value) | Q(hearing_at__date__gte=self.today, hearing_at__date__lte=value))
