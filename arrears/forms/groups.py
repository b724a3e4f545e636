"""The forms of bringing workers together and apart."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from arrears.forms.moves import LONGEST_TEXT
from arrears.groups.law import SCOPES
from arrears.groups.standing_for import Group
from arrears.models import Claimant, Evidence


class SplitForm(forms.Form):
    claimants = forms.MultipleChoiceField(
        label=_("要分出的劳动者"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少选一名要分出的劳动者。"), "invalid_choice": _("所选劳动者有的已不在本案，请刷新后重新选择。")},
    )  # fmt: skip
    reason = forms.CharField(label=_("理由"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args, workers: Iterable[Claimant], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["claimants"].choices = [(str(worker.pk), label_of(worker)) for worker in workers]


def label_of(worker: Claimant) -> str:
    """陈大海（3213**********0010，拖欠 8,000.00 元）"""
    said = {"name": worker.name, "id": worker.id_masked or gettext("身份证号未登记"), "owed": f"{worker.owed:,.2f}"}
    return gettext("%(name)s（%(id)s，拖欠 %(owed)s 元）") % said


class ChooseForm(forms.Form):
    chosen = forms.MultipleChoiceField(label=_("代表人"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("不选就是没有代表人。"))
    chosen_on = forms.DateField(label=_("推举日期"))
    reason = forms.CharField(
        label=_("为什么不足三名"), required=False, max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 2}), help_text=_("推举三至五名的不用写。")
    )

    def __init__(self, *args, workers: Iterable[Claimant], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["chosen"].choices = [(str(worker.pk), worker.name) for worker in workers]


class AuthoriseForm(forms.Form):
    TICKED, MISSING = "ticked", "missing"

    representative = forms.ChoiceField(label=_("授权给哪名代表人"), widget=forms.RadioSelect)
    whom = forms.ChoiceField(label=_("谁授权"), widget=forms.RadioSelect, required=False)
    claimants = forms.MultipleChoiceField(label=_("哪些劳动者授权"), widget=forms.CheckboxSelectMultiple, required=False)
    scope = forms.ChoiceField(label=_("授权范围"), choices=[(value, _(label)) for value, label in SCOPES], widget=forms.RadioSelect)
    given_on = forms.DateField(label=_("授权日期"))
    until = forms.DateField(label=_("授权期限至"), required=False, help_text=_("授权书写明期限的才填；过了这一天，代表人不能再代签。"))
    paper = forms.ChoiceField(label=_("签字的授权书"), required=False, help_text=_("先在证据里上传授权书，再到这里选。"))

    def __init__(self, *args, group: Group, workers: Iterable[Claimant], papers: Iterable[Evidence], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.group = group
        everybody = gettext("还没有授权的全部 %(count)s 人") % {"count": group.missing_count}
        self.fields["whom"].choices = [(self.TICKED, gettext("只有下面勾选的")), (self.MISSING, everybody)]
        self.fields["representative"].choices = [(str(row.pk), str(row)) for row in group.rows]
        self.fields["claimants"].choices = [(str(worker.pk), worker.name) for worker in workers]
        self.fields["paper"].choices = [("", gettext("还没有")), *((str(paper.pk), paper.title) for paper in papers)]

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if said.pop("whom", "") == self.MISSING:
            said["claimants"] = list(self.group.missing.values_list("pk", flat=True))
        if not said.get("claimants") and "claimants" not in self.errors:
            self.add_error("claimants", gettext("请填写。"))
        return said
