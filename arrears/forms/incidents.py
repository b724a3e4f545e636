"""The forms of an incident: opening it with the first report, and reporting on it again."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from arrears.incidents.table import FINAL, FOLLOW, KINDS, REPORTS
from arrears.models import Incident


class ReportForm(forms.Form):
    people = forms.IntegerField(label=_("现场人数"), min_value=0, max_value=100_000)
    mood = forms.CharField(label=_("情绪和动向"), max_length=300, required=False)
    media = forms.CharField(label=_("媒体和网络"), max_length=300, required=False)
    steps = forms.CharField(label=_("已采取的措施"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))


class NextForm(ReportForm):
    """Which report it is says at once what is owed after it."""

    GOING, ENDED, FINAL = "going", "ended", "final"

    report = forms.ChoiceField(label=_("这次报什么？"), widget=forms.RadioSelect)
    field_order = ("report", "people", "mood", "media", "steps")

    def __init__(self, incident: Incident, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        follow, final = REPORTS[FOLLOW].hours, REPORTS[FINAL].hours
        going = (self.GOING, _("续报：事件还在处置（%(hours)s 小时内再报）") % {"hours": follow})
        ended = (self.ENDED, _("续报：现场处置已经结束（%(hours)s 小时内报终报）") % {"hours": final})
        last = (self.FINAL, _("终报：处置结束，情况已经查清，不再报"))
        self.fields["report"].choices = [(self.GOING, _("续报：补充情况（现场处置已经结束）")), last] if incident.ended_at else [going, ended, last]
        self.fields["report"].initial = self.FINAL if incident.ended_at else self.GOING


class OpenForm(ReportForm):
    kind = forms.ChoiceField(label=_("情形"), choices=[(value, _(label)) for value, label in KINDS])
    happened_at = forms.DateTimeField(label=_("发生时间"))
    place = forms.CharField(label=_("地点"), max_length=200)
    demand = forms.CharField(label=_("诉求"), max_length=300, required=False)
    field_order = ("kind", "happened_at", "place", "people", "demand", "mood", "media", "steps")
