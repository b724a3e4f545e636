"""Forms of the doors of an online hearing."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from mediation.online.table import INVITED


class InviteForm(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"] = forms.ChoiceField(label=_("以什么身份参加"), choices=[(value, _(label)) for value, label in INVITED])
        self.fields["name"] = forms.CharField(label=_("姓名或单位"), max_length=60, help_text=_("会上所有人都看得到。"))


class CodeForm(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = forms.CharField(
            label=_("六位密码"), max_length=12, help_text=_("调解员另外告诉您的六位数字。"),
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        )  # fmt: skip
