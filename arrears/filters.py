"""What a list of claims can be asked for: one FilterSet for the page, its count, its export and the API.

Parameters: q, state, stage, level, region, handler, channel, due, received_from, received_to, collective, again,
amount_from, amount_to, moved, sort. Whatever is asked, the rows were narrowed by visible_to before.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache, partial
from typing import Any

import django_filters as filters
from django import forms
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from arrears.duplicates.repeating import CHOICES as AGAIN
from arrears.duplicates.repeating import filtered as with_other_claims
from arrears.forms.fields import MoneyField
from arrears.ladders.book import COLLECTIVE_FROM
from arrears.lifecycle import CLAIM
from arrears.models import Claim, Event
from arrears.models.claims import CHANNELS, ClaimQuerySet, overdue, past_target
from arrears.search import VEILED, search
from grid.days import day_of
from grid.models import Region
from grid.paging import Order, without_place
from grid.regions import COUNTY, TOWNSHIP, VILLAGE
from grid.roles import LEVEL_LABELS
from grid.scope import COLUMNS, Scope

NEAR_DAYS = 3

NEWEST, SOONEST, LARGEST = "newest", "due", "amount"
ORDERS = {
    NEWEST: Order("received_on", is_descending=True),
    SOONEST: Order("due_on", then="rank"),
    LARGEST: Order("claimed", is_descending=True),
}
SORTS = [
    (NEWEST, _("最近收到")),  # the same as none
    (SOONEST, _("最先到期（在办）")),
    (LARGEST, _("金额从大到小")),
]
STATES = [("open", _("在办")), ("suspended", _("中止中")), ("ended", _("已结束"))]
HANDLERS = [("me", _("我经办的")), ("nobody", _("未指派")), ("somebody", _("已指派"))]
DUES = [("overdue", _("已逾期")), ("past_target", _("已过内部目标")), ("near", _("三日内到期")), ("on_time", _("三日后到期"))]
COLLECTIVE = [("yes", _("集体案件（十人以上）")), ("no", _("十人以下")), ("parents", _("牵头案件")), ("parts", _("子案"))]
Choices = Iterable[tuple[str, str | Promise]]


def translated(choices: Iterable[tuple[str, str]]) -> list[tuple[str, Promise]]:
    """Choices of a Django-free table, whose labels are only marked."""
    return [(value, _(label)) for value, label in choices]


class MoneyFilter(filters.Filter):
    field_class = MoneyField


class ClaimFilter(filters.FilterSet):
    q = filters.CharFilter(label=_("搜索"), method="find")
    state = filters.ChoiceFilter(label=_("在办或结束"), choices=STATES, method="by_state", empty_label=_("全部"))
    due = filters.ChoiceFilter(label=pgettext_lazy("filter", "时限"), choices=DUES, method="by_due", empty_label=_("全部"))
    handler = filters.ChoiceFilter(label=_("经办人"), choices=HANDLERS, method="by_handler", empty_label=_("全部"))
    level = filters.ChoiceFilter(label=_("办理层级"), choices=translated(LEVEL_LABELS.items()), empty_label=_("全部"))
    region = filters.ChoiceFilter(label=_("地区"), choices=[], method="by_region", empty_label=_("全部"))
    channel = filters.ChoiceFilter(label=_("来源"), choices=CHANNELS, empty_label=_("全部"))
    collective = filters.ChoiceFilter(label=_("人数"), choices=COLLECTIVE, method="by_size", empty_label=_("全部"))
    again = filters.ChoiceFilter(label=_("同一劳动者"), choices=AGAIN, method="by_again", empty_label=_("全部"))
    received_from = filters.DateFilter(label=_("收到日期从"), field_name="received_on", lookup_expr="gte")
    received_to = filters.DateFilter(label=_("收到日期至"), field_name="received_on", lookup_expr="lte")
    amount_from = MoneyFilter(label=_("主张金额从（元）"), field_name="claimed", lookup_expr="gte")
    amount_to = MoneyFilter(label=_("主张金额至（元）"), field_name="claimed", lookup_expr="lte")
    stage = filters.MultipleChoiceFilter(
        label=_("阶段"), choices=translated(CLAIM.choices), widget=forms.CheckboxSelectMultiple
    )
    moved = filters.NumberFilter(
        label=_("放假安排变更的年份"), method="by_moved", min_value=1996, max_value=2100, decimal_places=0,
        widget=forms.HiddenInput,
    )  # fmt: skip
    sort = filters.ChoiceFilter(
        label=pgettext_lazy("order of a list", "排序"), choices=SORTS, method="in_order", empty_label=None
    )

    class Meta:
        model = Claim
        fields: list[str] = []

    def __init__(
        self, data: Any = None, queryset: Any = None, *, request: HttpRequest | None = None, today: date | None = None,
        prefix: str | None = None,
    ) -> None:  # fmt: skip
        super().__init__(QueryDict() if data is None else data, queryset, request=request, prefix=prefix)
        self.today = today or day_of(timezone.now())
        self.person = getattr(request, "user", None)
        if self.person is not None and self.person.is_authenticated:
            self.offer_regions(self.person.scope(self.today))

    def offer_regions(self, scope: Scope) -> None:
        """The choices are read when they are asked for, once. Whoever draws the API's schema makes the field of nobody
        on the class, and copies would keep it: it goes."""
        region = self.filters["region"]
        region.__dict__.pop("_field", None)
        region.extra["choices"] = cache(partial(region_choices, scope))

    @property
    def order(self) -> Order:
        chosen = self.form.cleaned_data.get("sort") if self.form.is_valid() else None
        return ORDERS[chosen or NEWEST]

    @property
    def rows(self) -> ClaimQuerySet:
        """The claims asked for; none while something asked for cannot be read, never more than was meant."""
        return self.qs if self.form.is_valid() else self.queryset.none()

    def filter_queryset(self, rows: ClaimQuerySet) -> ClaimQuerySet:
        return super().filter_queryset(rows).order_by(*self.order.columns())

    def find(self, rows: ClaimQuerySet, name: str, value: str) -> ClaimQuerySet:
        return search(rows, value)

    def by_state(self, rows: ClaimQuerySet, name: str, value: str) -> ClaimQuerySet:
        if value == "suspended":
            return rows.open().exclude(suspended_until=None)
        return rows.open() if value == "open" else rows.exclude(stage__in=CLAIM.open_states)

    def by_moved(self, rows: ClaimQuerySet, name: str, value: Decimal) -> ClaimQuerySet:
        """Claims on whose dates the arrival of this year's calendar had an effect."""
        moved = Event.objects.filter(kind="clock_moved", facts__cause="calendar", facts__year=int(value))
        return rows.filter(pk__in=moved.values("claim"))

    def by_due(self, rows: ClaimQuerySet, name: str, value: str) -> ClaimQuerySet:
        near = self.today + timedelta(days=NEAR_DAYS)
        asked = {
            "overdue": overdue(self.today),
            "past_target": past_target(self.today),
            "near": Q(due_on__range=(self.today, near)),
            "on_time": Q(due_on__gt=near),
        }
        return rows.open().filter(asked[value], suspended_until=None)

    def by_handler(self, rows: ClaimQuerySet, name: str, value: str) -> ClaimQuerySet:
        return rows.filter(handler=self.person) if value == "me" else rows.filter(handler__isnull=value == "nobody")

    def by_region(self, rows: ClaimQuerySet, name: str, value: str) -> ClaimQuerySet:
        return rows.filter(**{COLUMNS[len(value)]: value})

    def by_size(self, rows: ClaimQuerySet, name: str, value: str) -> ClaimQuerySet:
        if value in ("parents", "parts"):
            return rows.filter(part_of__isnull=False) if value == "parts" else rows.filter(Exists(Claim.objects.filter(part_of=OuterRef("pk"))))
        return rows.filter(**{f"worker_count__{'gte' if value == 'yes' else 'lt'}": COLLECTIVE_FROM})

    def by_again(self, rows: ClaimQuerySet, name: str, value: str) -> ClaimQuerySet:
        return with_other_claims(rows, value, self.person, self.today)

    def in_order(self, rows: ClaimQuerySet, name: str, value: str) -> ClaimQuerySet:
        """What is due soonest is a question about open claims; the order itself is `order`."""
        return rows.open() if value == SOONEST else rows

    def chips(self) -> list["Chip"]:
        """What is asked for, each with the address of the list without it."""
        if not self.form.is_valid():
            return []
        return [
            Chip(self.filters[name].label, shown(self.form.fields[name], part), without(self.data, name, part))
            for name, value in self.form.cleaned_data.items()
            if name != "sort" and value not in (None, "", [])
            for part in (value if isinstance(value, list) else [value])
        ]


@dataclass(frozen=True)
class Chip:
    label: str | Promise
    value: str
    query: str  # of the address without it


def shown(field: forms.Field, value: Any) -> str:
    if isinstance(value, str) and VEILED.search(value):
        return VEILED.sub(gettext("身份证号（已隐去）"), value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"¥{value:,.2f}"
    label = dict(getattr(field, "choices", ())).get(value, value)
    return str(label).strip("\u3000")


def without(params: QueryDict, name: str, value: Any) -> str:
    """The query without one thing asked for; of several values of one field, without that one."""
    rest = without_place(params)
    values = rest.getlist(name)
    rest.setlist(name, [other for other in values if other != value] if len(values) > 1 else [])
    return rest.urlencode()


def region_choices(scope: Scope) -> list[tuple[str, str]]:
    """The counties and townships inside the scope, its own region first; in a single township its villages too."""
    codes = scope.regions
    if not codes:
        return []
    inside = Q()
    for code in codes:
        inside |= Q(code__startswith=code)
    levels = [COUNTY, TOWNSHIP] + ([VILLAGE] if all(len(code) >= 9 for code in codes) else [])
    found = Region.objects.filter(inside, level__in=levels).order_by("code").values_list("code", "name", "retired_on")
    shortest = min(len(code) for code in codes)
    return [(code, indented(name, code, shortest, bool(retired))) for code, name, retired in found]


def indented(name: str, code: str, shortest: int, is_retired: bool) -> str:
    steps = sum(1 for width in COLUMNS if max(shortest, 6) < width <= len(code))
    shown_name = gettext("%(name)s（已撤销）") % {"name": name} if is_retired else name
    return "\u3000" * steps + shown_name
