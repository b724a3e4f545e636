"""What an official writes about a question nobody has answered."""

from django import forms
from django.utils.translation import gettext_lazy as _

from arrears.history import HEARD


class HeardForm(forms.Form):
    how = forms.ChoiceField(label=_("怎样听到的"), choices=[(name, _(label)) for name, label in HEARD], widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("他说了什么"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("照他的原话写，不要替他下结论。")
    )


class LaterForm(forms.Form):
    day = forms.DateField(label=_("请他在哪天前回答"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class DropForm(forms.Form):
    reason = forms.CharField(label=_("为什么不再问"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
