"""签收 and 暂缓: what somebody answers to an alert."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from grid.alerts import LONGEST_REPLY
from grid.days import SHANGHAI

LONGEST_REASON = 200


class AcknowledgeForm(forms.Form):
    reply = forms.CharField(
        label=_("回复"), max_length=LONGEST_REPLY, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("写一句打算怎么办，发出提醒的上级看得到。"),
    )  # fmt: skip


class ReplyForm(forms.Form):
    reply = forms.CharField(
        label=_("回复"), max_length=LONGEST_REPLY, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("写明办到哪一步、下一步怎么办。每次回复都记入办理记录。"),
    )  # fmt: skip


class SnoozeForm(forms.Form):
    until = forms.DateTimeField(label=_("暂缓到"))
    reason = forms.CharField(label=_("暂缓的理由"), max_length=LONGEST_REASON)

    def __init__(self, *args: Any, latest: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until"].help_text = gettext("最迟到 %(latest)s。") % {"latest": f"{latest.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"}


def tomorrow_morning(now: datetime) -> datetime:
    """What is proposed: the next day at nine."""
    return (now.astimezone(SHANGHAI) + timedelta(days=1)).replace(hour=9, minute=0, second=0, microsecond=0)
