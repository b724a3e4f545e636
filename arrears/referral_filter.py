"""What a list of referrals can be asked for. Whatever is asked, the rows were narrowed by visible_to before."""


import django_filters as filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from arrears.filters import translated
from arrears.lifecycle import REFERRAL, REFERRAL_KINDS
from arrears.models import Referral
from arrears.partners.figures import overdue
from arrears.tabs import Tabbed
from grid.paging import Order

NEWEST, SOONEST = Order("created_at", is_descending=True), Order("answer_by")
OPEN = Q(state__in=REFERRAL.open_states)
ENDED, BODY_LATE = "ended", "body_late"
# Where a referral stands, as its readers say it; the first is shown when nothing is asked.
SHOWS = {
    "open": (_("在办"), OPEN),
    "unanswered": (_("待签收或答复"), Q(state__in=("sent", "received"))),
    "receive": (_("待签收"), Q(state="sent")),
    "answer": (_("待答复"), Q(state="received")),
    "work": (_("办理中"), Q(state__in=("accepted", "in_progress"))),
    "supply": (_("待补充或补正"), Q(state__in=("queried", "returned"))),
    "ruling": (_("待裁定"), Q(state="disputed")),
    "late": (_("已过答复日"), OPEN),  # and past its day: wanted
    BODY_LATE: (_("该单位已过期限"), OPEN),  # leaves out what waits for the sender, or for a ruling
    ENDED: (_("已结束"), ~OPEN),
    "all": (_("全部"), Q()),
}


class ReferralFilter(Tabbed):
    TABS = SHOWS
    show = filters.ChoiceFilter(label=_("状态"), choices=[(name, label) for name, (label, _q) in SHOWS.items()], method="by_show")
    kind = filters.ChoiceFilter(
        label=_("移送事项"), choices=translated(REFERRAL_KINDS), empty_label=_("全部事项"),
        widget=forms.Select(attrs={"aria-label": _("移送事项"), "data-submits": True}),
    )  # fmt: skip
    claim = filters.UUIDFilter(field_name="claim_id")
    body = filters.UUIDFilter(field_name="body_id")

    class Meta:
        model = Referral
        fields: list[str] = []

    @property
    def order(self) -> Order:
        return NEWEST if self.shown in (ENDED, "all") else SOONEST

    def wanted(self, value: str) -> Q:
        _label, found = SHOWS[value]
        if value == BODY_LATE:
            return found & overdue(self.today)
        return found & Q(answer_by__lt=self.today) if value == "late" else found
