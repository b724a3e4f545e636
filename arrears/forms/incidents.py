"""The forms of an incident: opening it with the first report, and reporting on it again."""

from django import forms
from django.utils.translation import gettext_lazy as _

from arrears.incidents.table import KINDS


class ReportForm(forms.Form):
    people = forms.IntegerField(label=_("现场人数"), min_value=0, max_value=100_000)
    mood = forms.CharField(label=_("情绪和动向"), max_length=300, required=False)
    media = forms.CharField(label=_("媒体和网络"), max_length=300, required=False)
    steps = forms.CharField(label=_("已采取的措施"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))


class FollowForm(ReportForm):
    has_ended = forms.BooleanField(label=_("处置已经结束，接下来报终报"), required=False)


class OpenForm(ReportForm):
    kind = forms.ChoiceField(label=_("情形"), choices=[(value, _(label)) for value, label in KINDS])
    happened_at = forms.DateTimeField(label=_("发生时间"))
    place = forms.CharField(label=_("地点"), max_length=200)
    demand = forms.CharField(label=_("诉求"), max_length=300, required=False)
    field_order = ("kind", "happened_at", "place", "people", "demand", "mood", "media", "steps")
