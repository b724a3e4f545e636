"""A mark of a mediation, as a party gives it or an officer writes it down, and what somebody found behind a low one."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from arrears.forms.saying import STAR_WORDS
from mediation.marks.verbs import LONGEST, STARS, TAKEN
from mediation.models.marks import MARK_WAYS

assert {value for value, _label in STAR_WORDS} == set(STARS)
TAKEN_WAYS = [(value, label) for value, label in MARK_WAYS if value in TAKEN]


class MarkForm(forms.Form):
    stars = forms.TypedChoiceField(label=_("调解办得怎么样？"), choices=STAR_WORDS, coerce=int, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("想说什么？"), help_text=_("可以不写。例如：调解员是不是公道，有没有把话听完，有没有催您让步。"), required=False, max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


class TakenMarkForm(MarkForm):
    party = forms.ChoiceField(label=_("谁的评价"))
    way = forms.ChoiceField(label=_("怎样说的"), choices=TAKEN_WAYS, widget=forms.RadioSelect)
    field_order = ["party", "way", "stars", "text"]

    def __init__(self, parties: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["party"].choices = [("", _("请选择")), *parties]
        self.fields["text"].help_text = _("照原话记。当事人没有说理由的，可以不写。")


class FoundForm(forms.Form):
    finding = forms.CharField(
        label=_("查明的情况"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}), help_text=_("和当事人谈过没有，哪里没有做好，调解员怎么说。"),
    )  # fmt: skip
    done = forms.CharField(
        label=_("怎样处理"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("给当事人怎样答复，调解员怎样改，协议要不要再看。"),
    )  # fmt: skip
