"""The forms of a likely duplicate: judging it to be none, adding its worker to the claim that is there."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from arrears.duplicates.finding import Alike
from arrears.duplicates.judging import LONGEST
from arrears.forms.intake import ContactForm, LineForm, WorkerForm


class ApartForm(forms.Form):
    other = forms.ChoiceField(
        label=_("与哪一件不是重复"), widget=forms.RadioSelect,
        error_messages={"required": _("请选一件。"), "invalid_choice": _("这一件已不在疑似重复之列，请刷新后重新选择。")},
    )  # fmt: skip
    reason = forms.CharField(
        label=_("为什么不是重复"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("例如同名不同人，或者是另一个工地、另一段工期的工资。"),
    )  # fmt: skip

    def __init__(self, *args: Any, likely: Iterable[Alike], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].choices = [(str(one.claim.pk), label_of(one)) for one in likely]


def label_of(one: Alike) -> str:
    said = {
        "number": one.claim.number, "workers": one.workers, "respondent": one.claim.respondent_name, "place": one.place,
        "amount": f"¥{one.claim.claimed:,.2f}", "day": one.claim.received_on.isoformat(), "reasons": gettext("、").join(one.marks),
    }  # fmt: skip
    return gettext("%(number)s · %(workers)s · %(respondent)s · %(place)s · %(amount)s · %(day)s 收到（%(reasons)s）") % said


class WageForm(LineForm):
    """One wage of one worker, who is named beside it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, workers=[], **kwargs)
        del self.fields["worker"]


class JoinForm(ContactForm, WorkerForm):
    last_working_day = forms.DateField(label=_("最后工作日"), required=False)
    field_order = ("name", "phone", "id_number", "last_working_day", "contact_rule", "safe_phone")
