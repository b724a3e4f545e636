"""算一算 and 法定数额: what is asked."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from arrears.forms.fields import MoneyField
from arrears.rules.tables import CONFIDENCES
from arrears.sums.answers import Asked
from arrears.sums.kinds import KINDS, UNITS, Kind, entry_faults
from arrears.sums.law import BARS, FINAL_ITEMS, HALVED, Worker
from grid.models import Region

LONGEST = 600  # months


class SumsForm(forms.Form):
    """Read from the address (GET). A claim's own facts are the initial values; `workers` given and several: each keeps what
    he is owed, and only days and ticks are asked."""

    def __init__(self, data: Any, *, today: date, workers: tuple[Worker, ...], bars: Iterable[str] = (), unsettled: Decimal | None = None) -> None:
        first = workers[0] if workers else Worker(Decimal(0), 0)
        initial = {"wages": first.owed or None, "months": first.months or None, "bars": list(bars), "until": today, "unsettled": unsettled}
        super().__init__({**initial, **{name: data.getlist(name) if name == "bars" else data[name] for name in data}} if data else initial)
        self.workers, self.today = workers, today
        if len(workers) <= 1:
            self.fields["wages"] = MoneyField(label=_("所欠工资（元）"), required=False)
            self.fields["months"] = forms.IntegerField(label=_("拖欠了几个月的工资"), min_value=0, max_value=LONGEST, required=False)
            for item, label in FINAL_ITEMS.items():
                if item != "wages":
                    self.fields[item] = MoneyField(label=_("%(item)s（元）") % {"item": _(label)}, required=False)
        self.fields["unsettled"] = MoneyField(label=_("建设单位没有结清的工程款（元）"), required=False)
        self.fields["pay_by"] = forms.DateField(label=_("人社部门责令支付的最后一天"), required=False)
        self.fields["perform_by"] = forms.DateField(label=_("判决、裁决等确定的履行期限"), required=False)
        self.fields["until"] = forms.DateField(label=_("利息算到哪一天"), required=False)
        self.fields["bars"] = forms.MultipleChoiceField(
            label=_("有没有这些情况"), choices=[(name, _(label)) for name, label in BARS.items()], required=False, widget=forms.CheckboxSelectMultiple,
        )  # fmt: skip
        self.fields["ended"] = forms.ChoiceField(
            label=_("案件怎样结束"), choices=[("", _("还不知道")), *((name, _(label)) for name, label in HALVED.items())], required=False
        )

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if said.get("perform_by") and said.get("until") and said["until"] < said["perform_by"]:
            self.add_error("until", _("算到的日子不能早于履行期限。"))
        return said

    @property
    def asked(self) -> Asked:
        said = self.cleaned_data
        return Asked(
            workers=self.workers if len(self.workers) > 1 else (Worker(said["wages"] or Decimal(0), said["months"] or 0),),
            today=self.today, items={item: said[item] for item in FINAL_ITEMS if said.get(item)}, pay_by=said["pay_by"],
            perform_by=said["perform_by"], until=said["until"], bars=tuple(said["bars"]), ended=said["ended"], unsettled=said["unsettled"],
        )  # fmt: skip


def choice_of(kind: Kind, language: str) -> tuple[str, str]:
    return kind.id, _("%(figure)s（%(unit)s）") % {"figure": kind.text("name", language), "unit": _(UNITS[kind.unit])}


class FigureForm(forms.Form):
    def __init__(self, *args: Any, regions: Iterable[Region], today: date, language: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.regions, self.today = {region.code: region for region in regions}, today
        self.fields["kind"] = forms.ChoiceField(label=_("数额"), choices=[choice_of(kind, language) for kind in KINDS.values()])
        self.fields["region"] = forms.ChoiceField(
            label=_("适用地区"), required=False, choices=[("", _("全省（全国）")), *((code, region.name) for code, region in self.regions.items())],
        )  # fmt: skip
        self.fields["amount"] = forms.DecimalField(label=_("数值"), max_digits=16, decimal_places=6, help_text=_("比例写小数，例如每日万分之一点七五写 0.000175。"))
        self.fields["since"] = forms.DateField(label=_("起用日期"), help_text=_("可以是将来的日子：到那一天自动起用。"))
        self.fields["source"] = forms.CharField(label=_("文件名称和文号"), max_length=200)
        self.fields["confidence"] = forms.ChoiceField(
            label=_("核对程度"), choices=[(name, _(label)) for name, label in CONFIDENCES.items()], widget=forms.RadioSelect,
            help_text=_("没有看到文件原文或者摘录的，选“未核实”；用它算出的数会标明暂定。"),
        )  # fmt: skip

    def clean_region(self) -> Region | None:
        return self.regions.get(self.cleaned_data["region"])

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if "kind" in said and said.get("amount") is not None and "region" not in self.errors:
            for name, sentence in entry_faults(said["kind"], said["region"].code if said["region"] else "", said["amount"]):
                self.add_error(name, _(sentence))
        return said
