"""The forms of bringing workers together and apart."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from arrears.forms.moves import LONGEST_TEXT
from arrears.models import Claimant


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
