"""Which hearings are to move, or which cases are to fill a day."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from grid.models import Person
from mediation.batches import BY_AGE, BY_PRIORITY, KEEP_TIME, OTHER_TIME
from mediation.slots.finding import MOST_DAYS


class MoveManyForm(forms.Form):
    def __init__(self, *args: Any, people: list[tuple[Person, str]], rooms: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        known = {str(person.pk): person for person, _label in people}
        choices = [("", _("不限")), *((str(person.pk), label) for person, label in people)]
        self.fields["mediator"] = forms.TypedChoiceField(label=_("谁的调解会"), choices=choices, coerce=known.get, required=False, empty_value=None)
        self.fields["room"] = forms.ModelChoiceField(rooms, label=_("哪一间的调解会"), required=False, empty_label=_("不限"))
        self.fields["first"] = forms.DateField(label=_("自"))
        self.fields["last"] = forms.DateField(label=_("至"))
        self.fields["way"] = forms.ChoiceField(
            label=_("怎么改"), widget=forms.RadioSelect,
            choices=[(KEEP_TIME, _("时间不变，换调解员（或换调解室）")), (OTHER_TIME, _("人不变，另找时间"))],
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if not self.errors and bool(said["mediator"]) == bool(said["room"]):
            raise forms.ValidationError(_("请选择一位调解员，或者一间调解室。"), code="one_of_both")
        if said.get("first") and said.get("last") and not self.today <= said["first"] <= said["last"] < self.today + timedelta(days=MOST_DAYS):
            raise forms.ValidationError(_("请填写今天起 %(days)s 天以内的日期，先后不要颠倒。") % {"days": MOST_DAYS}, code="bad_days")
        return said


class FillForm(forms.Form):
    def __init__(self, *args: Any, regions: list[tuple[str, str]], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["day"] = forms.DateField(label=_("排哪一天"))
        self.fields["region"] = forms.ChoiceField(label=_("哪里的案件"), choices=[("", _("全部地区")), *regions], required=False)
        self.fields["kind"] = forms.ChoiceField(
            label=_("哪类案件"), choices=[("", _("全部")), ("group", _("集体案件")), ("sensitive", _("敏感案件"))], required=False
        )
        self.fields["order"] = forms.ChoiceField(
            label=_("先排哪些"), choices=[(BY_PRIORITY, _("敏感、集体和快到期的先排")), (BY_AGE, _("申请早的先排"))], widget=forms.RadioSelect
        )

    def clean_day(self) -> date:
        day = self.cleaned_data["day"]
        if not self.today <= day < self.today + timedelta(days=MOST_DAYS):
            raise forms.ValidationError(_("请填写今天起 %(days)s 天以内的日期。") % {"days": MOST_DAYS}, code="too_far")
        return day
