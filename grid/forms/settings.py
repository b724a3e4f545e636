"""What people set for themselves."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from grid.models import Person


class SettingsForm(forms.ModelForm):
    phone = forms.RegexField(
        r"^[0-9+() -]{5,32}$", label=_("电话"), required=False, widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        help_text=_("同事在案件页和网格页上看到这个电话。"), error_messages={"invalid": _("请填写电话号码，例如 0527-83550012 或 13800000001。")},
    )  # fmt: skip
    language = forms.ChoiceField(
        label=_("语言"), choices=settings.LANGUAGES, widget=forms.RadioSelect,
        help_text=_("页面和邮件都用这种语言。"),
    )  # fmt: skip

    class Meta:
        model = Person
        fields = ["phone", "email", "language"]
        help_texts = {
            "email": _("提醒同时发到这个邮箱；留空则只在收件箱里提醒。"),
        }
