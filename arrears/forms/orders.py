"""Ordering a level below to act and to reply: what is asked."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from arrears.answerable import Places
from arrears.calendars import calendar_now
from arrears.models import Claim

REPLY_WITHIN = 3  # working days that the form proposes


def reply_day(today: date) -> date:
    return calendar_now().add(today, REPLY_WITHIN)


class OrderForm(forms.Form):
    """`levels` can be ordered, the first is proposed; `vacant` could be, if somebody held their posts."""

    def __init__(
        self, claim: Claim, levels: list[str], today: date, *args: Any, vacant: Sequence[str] = (), **kwargs: Any
    ) -> None:  # fmt: skip
        initial = {"level": levels[0] if levels else None, "reply_by": reply_day(today)}
        super().__init__(*args, initial={**initial, **kwargs.pop("initial", {})}, **kwargs)
        places = Places(claim.region_id)
        self.fields["level"] = forms.ChoiceField(
            label=_("承办单位"), choices=[(level, places.post(level)) for level in levels], widget=forms.RadioSelect,
            help_text=_("%(posts)s岗位空缺，不能选择。") % {"posts": _("、").join(map(places.post, vacant))} if vacant else "",
        )  # fmt: skip
        self.fields["demand"] = forms.CharField(
            label=_("督办要求"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5}),
            help_text=_("写明要解决的问题、要采取的措施和要达到的结果。督办单会打印存档。"),
        )  # fmt: skip
        self.fields["reply_by"] = forms.DateField(
            label=_("回复期限"), help_text=_("到期当天仍算按期。到期未回复的，系统自动提醒并上报。")
        )


class NudgeForm(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"] = forms.CharField(
            label=_("催办内容"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3}),
            help_text=_("可以不写。写了的，会连同催办一起记入办理记录。"),
        )  # fmt: skip
