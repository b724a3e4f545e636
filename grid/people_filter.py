"""What the list of people can be asked for."""

from datetime import date
from typing import Any

import django_filters as filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from grid.filters import worded
from grid.models import Leave, Person, Posting
from grid.roles import ROLES
from grid.vacancies import SOON

STATES = (
    ("away", _("今天请假")),
    ("leaving", _("两周内任职到期")),
    ("vacant", _("当前没有任职")),
    ("inactive", _("账号已停用")),
)


def roles() -> list[tuple[str, Any]]:
    return [(role.name, _(role.label)) for role in ROLES.values()]


def held_by(postings: QuerySet[Posting]) -> Exists:
    return Exists(postings.filter(person=OuterRef("pk")))


class PeopleFilter(filters.FilterSet):
    q = filters.CharFilter(label=_("姓名、用户名或电话"), method="by_words")
    role = filters.ChoiceFilter(label=_("角色"), choices=roles, empty_label=_("全部"), method="nothing")
    region = filters.ChoiceFilter(label=_("任职地区（含下级）"), empty_label=_("全部"), method="nothing")
    state = filters.ChoiceFilter(label=_("状态"), choices=STATES, empty_label=_("在用"), method="nothing")

    class Meta:
        model = Person
        fields: list[str] = []

    def __init__(self, *args: Any, places: list[tuple[str, str]], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.filters["region"].extra["choices"] = places

    @property
    def rows(self) -> QuerySet[Person]:
        """None while something asked for cannot be read, never more than was meant."""
        if not self.form.is_valid():
            return self.queryset.none()
        asked = self.form.cleaned_data
        return self.by_post(self.by_state(self.qs, asked["state"]), asked)

    def chips(self) -> list[tuple[Any, Any]]:
        """What is asked for, in words."""
        if not self.form.is_valid():
            return []
        said = [(name, value) for name, value in self.form.cleaned_data.items() if value and name != "q"]
        return [(self.filters[name].label, str(worded(self.form.fields[name], value)).strip("\u3000")) for name, value in said]

    def by_words(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(Q(full_name__contains=value) | Q(username__contains=value.lower()) | Q(phone__contains=value))

    def nothing(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Asked together with others: a role in a region is one posting."""
        return rows

    def by_state(self, rows: QuerySet, state: str) -> QuerySet:
        now_held = held_by(Posting.objects.on(self.today))
        rows = rows.filter(is_active=state != "inactive")
        if state == "away":
            leaves = Leave.objects.filter(person=OuterRef("pk"), starts_on__lte=self.today, ends_on__gte=self.today)
            return rows.filter(Exists(leaves))
        if state == "leaving":
            return rows.filter(now_held, ~held_by(Posting.objects.on(self.today + SOON)))
        return rows.filter(~now_held) if state == "vacant" else rows

    def by_post(self, rows: QuerySet, asked: dict[str, str]) -> QuerySet:
        """Posts that are held or to come; of those who have none any more, the last ones."""
        if not asked["role"] and not asked["region"]:
            return rows
        posts = Posting.objects.all()
        if asked["state"] not in ("vacant", "inactive"):
            posts = posts.filter(Q(ends_on=None) | Q(ends_on__gte=self.today))
        if asked["role"]:
            posts = posts.filter(role=asked["role"])
        if code := asked["region"]:
            posts = posts.filter(Q(region__code__startswith=code) | Q(body__region__code__startswith=code))
        return rows.filter(held_by(posts))
