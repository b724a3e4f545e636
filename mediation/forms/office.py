"""What an office sets: rooms and when they are closed, hearing days, mediators' terms."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.forms.models import fields_for_model
from django.utils.translation import gettext as _

from grid.days import SHANGHAI
from mediation.models import HearingRule, MediatorTerms, Room
from mediation.slots.kinds import BOOKED, EQUIPMENT, LANGUAGES, PLACE, WEEKDAYS


def many(label: str, choices: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=[(value, _(word)) for value, word in choices], required=False, widget=forms.CheckboxSelectMultiple
    )


class RoomForm(forms.Form):
    """What the verb asks; what is wrong the verb says."""

    def __init__(self, *args: Any, room: Room | None = None, places: list[tuple[str, str]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, initial=room.__dict__ if room else {"is_active": True, "medium": PLACE, "capacity": 10}, **kwargs)
        self.fields.update(fields_for_model(Room, fields=["name", "medium", "address", "capacity", "is_step_free", "is_active"]))
        if places is not None:
            self.fields["region"] = forms.ChoiceField(label=_("所在地区"), choices=[("", _("请选择")), *places])
            self.order_fields(["region", *self.fields])
        self.fields["medium"] = forms.ChoiceField(label=_("方式"), choices=[(value, _(label)) for value, label in BOOKED], widget=forms.RadioSelect)
        self.fields["link"] = forms.URLField(label=_("会议链接"), required=False, max_length=300, assume_scheme="https", help_text=_("线上的填写；到场的填写地址。"))
        self.fields["equipment"] = many(_("设备"), EQUIPMENT)
        self.fields["version"] = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def facts(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name not in ("region", "version")}


class ClosingForm(forms.Form):
    """From a day and a time to a day and a time; without times whole days."""

    from_day = forms.DateField()
    from_time = forms.TimeField(required=False)
    to_day = forms.DateField()
    to_time = forms.TimeField(required=False)
    reason = forms.CharField(max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {"from_day": _("停用自"), "from_time": _("几点起"), "to_day": _("停用至"), "to_time": _("几点止"), "reason": _("原因")}
        for name, label in labels.items():
            self.fields[name].label = label
        self.fields["from_time"].help_text = _("全天停用的留空。")

    def times(self) -> dict[str, Any]:
        said = self.cleaned_data
        until = said["to_time"]
        ends_at = datetime.combine(said["to_day"], until or time(0), SHANGHAI) + (timedelta(0) if until else timedelta(days=1))
        starts_at = datetime.combine(said["from_day"], said["from_time"] or time(0), SHANGHAI)
        return {"starts_at": starts_at, "ends_at": ends_at, "reason": said["reason"]}


class SheetForm(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"] = forms.FileField(label=_("停用时段表格"), help_text=_("Excel、WPS 或 CSV，一行一段：调解室、日期、开始时间、结束时间、原因。"))


class RuleForm(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(fields_for_model(HearingRule, fields=["since", "opens", "closes", "rest_from", "rest_to", "length", "buffer", "notice"]))
        self.fields["weekdays"] = forms.TypedMultipleChoiceField(
            label=_("开庭日"), choices=[(value, _(label)) for value, label in WEEKDAYS], coerce=int, widget=forms.CheckboxSelectMultiple,
            error_messages={"required": _("请至少选择一个开庭日。")},
        )  # fmt: skip
        self.order_fields(["since", "weekdays", *self.fields])
        self.fields["notice"].help_text = _("从开庭日倒推。这是本地的安排，不是法定期限；填 0 表示不要求。")
        self.fields["since"].help_text = _("今天或以后。已经安排的调解会不变。")


class TermsForm(forms.Form):
    def __init__(self, *args: Any, terms: MediatorTerms | None, **kwargs: Any) -> None:
        first = {"is_on_panel": True, "daily": 4, "version": 0}
        super().__init__(*args, initial=terms.__dict__ if terms else first, **kwargs)
        self.fields.update(fields_for_model(MediatorTerms, fields=["is_on_panel"]))
        self.fields["daily"] = forms.IntegerField(label=_("一天最多几场"), min_value=1, max_value=20)
        self.fields["languages"] = many(_("普通话以外的语言"), LANGUAGES)
        self.fields["version"] = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
