"""What the worker writes on the own page."""

from django import forms
from django.utils.translation import gettext_lazy as _

from arrears.evidence_types import ACCEPT
from arrears.forms.evidence import FilesField, FilesInput
from arrears.ratings.verbs import STARS

STAR_WORDS = [(5, _("5 分，很满意")), (4, _("4 分，满意")), (3, _("3 分，一般")), (2, _("2 分，不满意")), (1, _("1 分，很不满意"))]
assert {value for value, _label in STAR_WORDS} == set(STARS)


def words(label: str, help_text: str = "", *, required: bool = True) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, help_text=help_text, required=required, max_length=1000, widget=widget)


class AnswerForm(forms.Form):
    text = words(_("您的回答"))


class FileForm(forms.Form):
    files = FilesField(label=_("照片或者其他证据"), widget=FilesInput(attrs={"accept": ACCEPT}))


class WithdrawForm(forms.Form):
    text = words(_("为什么想撤回？"), _("可以不写。"), required=False)
    sure = forms.BooleanField(label=_("是我自己的意思，没有人逼我"))


class RateForm(forms.Form):
    stars = forms.TypedChoiceField(label=_("办得怎么样？"), choices=STAR_WORDS, coerce=int, widget=forms.RadioSelect)
    text = words(_("想对我们说什么？"), _("可以不写。"), required=False)


class ObjectForm(forms.Form):
    text = words(_("您觉得哪里不对？"), _("例如钱没有收到、金额不对、没有同意过。"))
