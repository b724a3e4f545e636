"""The answer to an objection, and what was found behind a low mark."""

from django import forms
from django.utils.translation import gettext_lazy as _

from arrears.objections.answering import VERDICTS


class AnswerForm(forms.Form):
    verdict = forms.ChoiceField(label=_("怎样答复"), choices=VERDICTS, widget=forms.RadioSelect)
    reply = forms.CharField(
        label=_("答复"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("劳动者会原样看到。用大白话写清查了什么、为什么这样决定，以及他还可以找谁。"),
    )  # fmt: skip


class LookForm(forms.Form):
    finding = forms.CharField(
        label=_("回看情况"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("哪里没有做好，和劳动者谈过没有，怎样改。"),
    )  # fmt: skip
