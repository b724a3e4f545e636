"""What a list of orders can be asked for. Whatever is asked, the rows were narrowed by visible_to before."""

from collections.abc import Iterable
from datetime import date
from functools import cached_property

import django_filters as filters
from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from arrears.filters import translated
from arrears.lifecycle import ORDER
from arrears.models import Order
from arrears.models.orders import OrderQuerySet
from arrears.supervision.permits import ISSUE
from arrears.tabs import Tabbed
from grid.models import Person
from grid.paging import Order as Sorting
from grid.roles import LEADS, LEVELS
from grid.scope import COLUMNS
from grid.vacancies import Vacancy, vacancies_for

NEWEST, SOONEST = Sorting("issued_at", is_descending=True), Sorting("reply_by")
OPEN = Q(state__in=ORDER.open_states)
OWED_STATES = ORDER.find("reply").sources  # a reply is still to come
OWED = Q(state__in=OWED_STATES)
MINE, REVIEW, LATE, ENDED, ALL = "mine", "review", "late", "ended", "all"
# Which orders, as their readers say it; the first is shown when nothing is asked.
SHOWS = {
    "open": _("在办"),
    MINE: _("待我签收或回复"),
    REVIEW: _("待我审核"),
    LATE: _("已过答复日"),
    ENDED: _("已结束"),
    ALL: _("全部"),
}


class OrderFilter(Tabbed):
    TABS = SHOWS
    show = filters.ChoiceFilter(label=_("范围"), choices=list(SHOWS.items()), method="by_show")
    state = filters.ChoiceFilter(
        label=_("状态"), choices=translated(ORDER.choices), empty_label=_("全部状态"),
        widget=forms.Select(attrs={"aria-label": _("状态"), "data-submits": True}),
    )  # fmt: skip
    claim = filters.UUIDFilter(field_name="claim_id")

    class Meta:
        model = Order
        fields: list[str] = []

    def __init__(
        self, data: QueryDict | None, queryset: OrderQuerySet, *, person: Person, today: date,
        vacancies: Iterable[Vacancy] | None = None,
    ) -> None:  # fmt: skip
        """`vacancies` below the person, if they were read already."""
        super().__init__(data, queryset, today=today)
        self.person, self.vacancies = person, vacancies

    @property
    def shown(self) -> str:
        """A state or a claim that is asked for is looked for everywhere."""
        return self.said.get("show") or (ALL if self.said.get("state") or self.said.get("claim") else next(iter(SHOWS)))

    @property
    def order(self) -> Sorting:
        return NEWEST if self.shown in (ENDED, ALL) else SOONEST

    def wanted(self, value: str) -> Q:
        return getattr(self, f"are_{value}")()

    def are_open(self) -> Q:
        return OPEN

    def are_mine(self) -> Q:
        """Owed by the level somebody leads; of a vacant post below, too."""
        return OWED & self.led

    def are_review(self) -> Q:
        """Answered to the level somebody supervises from."""
        return Q(state="replied") & self.issued

    def are_late(self) -> Q:
        return OWED & Q(reply_by__lt=self.today)

    def are_ended(self) -> Q:
        return ~OPEN

    def are_all(self) -> Q:
        return Q()

    @cached_property
    def led(self) -> Q:
        scope = self.person.scope(self.today)
        posts = [post for post in scope.posts if post.level and LEADS[post.level] == post.role.name]
        wanted = Q(pk__in=[])
        for post in posts:
            wanted |= Q(level=post.level) & inside(post.region)
        highest = max((LEVELS.index(post.level) for post in posts), default=0)
        higher = LEVELS[highest + 1 :]
        if not posts or not higher:
            return wanted
        for vacancy in vacancies_for(scope) if self.vacancies is None else self.vacancies:
            if vacancy.is_lead:
                wanted |= Q(level=vacancy.region.level, from_level__in=higher) & inside(vacancy.region.code)
        return wanted

    @cached_property
    def issued(self) -> Q:
        wanted = Q(pk__in=[])
        for post in self.person.scope(self.today).posts:
            if post.level and post.role.name in ISSUE.roles:
                wanted |= Q(from_level=post.level) & inside(post.region)
        return wanted


def inside(code: str) -> Q:
    return Q(**{f"claim__{COLUMNS[len(code)]}": code})
