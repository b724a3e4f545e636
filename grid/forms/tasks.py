"""Done, or given to somebody else."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from grid.models import Person

LONGEST_NOTE = 300


class DoneForm(forms.Form):
    note = forms.CharField(
        label=_("办理情况"), max_length=LONGEST_NOTE, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("例如“已当面告知”“已改正邮箱”。可以不填。"),
    )  # fmt: skip


class HandForm(forms.Form):
    owner = forms.ModelChoiceField(Person.objects.none(), label=_("转交给"))

    def __init__(self, *args: Any, owners: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = owners
        self.fields["owner"].empty_label = _("请选择")
