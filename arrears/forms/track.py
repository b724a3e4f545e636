"""Finding the own case: what the worker types."""

from django import forms
from django.utils.translation import gettext_lazy as _


class TrackForm(forms.Form):
    number = forms.CharField(
        label=_("查询号"), max_length=40, help_text=_("登记时给您的 12 位号码，短信里也有，例如 K7QF-03MX-9ZTR。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )  # fmt: skip
    secret = forms.CharField(
        label=_("手机号后四位"), max_length=24,
        help_text=_("登记时留的手机号。没有手机的，填纸条上的 6 位密码；也没有纸条的，填 18 位身份证号。"),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
