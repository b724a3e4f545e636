"""What somebody who looks for a time says. Everything has a default, so that opening the page already looks."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from arrears.forms.moves import LONGEST_TEXT, PersonField
from grid.models import Person
from grid.refused import Refused
from mediation.finding import check_last
from mediation.forms.sitting import together_field
from mediation.lifecycle import MAX_HOURS
from mediation.slots.kinds import BOOKED, EQUIPMENT


class TimesForm(forms.Form):
    def __init__(self, *args: Any, mediators: list[tuple[Person, str]], today: date, joined: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        if joined:
            self.fields["together"] = together_field(joined)
        self.fields["length"] = forms.IntegerField(label=_("一次多长"), min_value=15, max_value=MAX_HOURS * 60)
        self.fields["last"] = forms.DateField(label=_("找到哪一天为止"))
        self.fields["mediator"] = PersonField(mediators, label=_("优先的调解员"), required=False)
        self.fields["only_mediator"] = forms.BooleanField(label=_("只要这位调解员"), required=False)
        self.fields["medium"] = forms.ChoiceField(
            label=_("方式"), choices=[("", _("都可以")), *((value, _(label)) for value, label in BOOKED)], required=False
        )
        self.fields["equipment"] = forms.MultipleChoiceField(
            label=_("需要的设备"), choices=[(value, _(label)) for value, label in EQUIPMENT], required=False, widget=forms.CheckboxSelectMultiple
        )
        self.fields["anyway"] = forms.BooleanField(label=_("双方已同意在非工作日、非开庭日开，或不受通知期限制"), required=False)
        self.fields["beyond"] = forms.BooleanField(label=_("双方已同意十五日后继续调解"), required=False)

    def clean_last(self) -> date:
        last = self.cleaned_data["last"]
        try:
            check_last(last, self.today)
        except Refused as refused:
            raise forms.ValidationError(refused.message, code=refused.code) from refused
        return last

    def asked(self) -> dict[str, Any]:
        said = {name: value for name, value in self.cleaned_data.items() if name != "together"}
        return {**said, "mediator": said["mediator"] and said["mediator"].pk, "equipment": frozenset(said["equipment"])}


class TakeForm(forms.Form):
    """One of the proposals, as the button says it; `reason` where a hearing is moved."""

    day = forms.DateField()
    starts = forms.TimeField()
    length = forms.IntegerField(min_value=15, max_value=MAX_HOURS * 60)
    anyway = forms.BooleanField(required=False)
    together = forms.BooleanField(required=False)
    version = forms.IntegerField(required=False, min_value=0)

    def __init__(self, *args: Any, rooms: Any, mediators: Any, needs_reason: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["room"] = forms.ModelChoiceField(rooms)
        self.fields["mediator"] = forms.ModelChoiceField(mediators)
        self.fields["reason"] = forms.CharField(
            label=_("改期理由"), max_length=LONGEST_TEXT, required=needs_reason, widget=forms.Textarea(attrs={"rows": 2})
        )
