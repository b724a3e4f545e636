"""Asking for more time on a clock, and deciding on what was asked."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from arrears.models import Clock
from arrears.rules import AFTER_NUMBER, Extension

LONGEST_TEXT = 4000


class ExtendForm(forms.Form):
    """`is_recorded`: a body outside the grid has granted it, and its paper is written down."""

    def __init__(self, clock: Clock, allowed: Extension, *args: Any, is_recorded: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit = _(AFTER_NUMBER[clock.rule.unit])
        longest = _("按规定一次最多延长%(length)s%(unit)s。") % {"length": allowed.length, "unit": unit}
        self.fields["length"] = forms.IntegerField(
            label=_("延长多久（%(unit)s）") % {"unit": unit}, min_value=1, max_value=allowed.length, initial=allowed.length, help_text=longest
        )
        # run_validators() looks a word up here under the code of what is wrong
        self.fields["length"].error_messages["max_value"] = longest
        self.fields["reason"] = forms.CharField(
            label=_("批准文书的名称和文号") if is_recorded else _("延长的理由"), max_length=LONGEST_TEXT,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text="" if is_recorded else _("写明案情复杂在何处、已做哪些工作、还需要做什么。"),
        )  # fmt: skip


class DecideForm(forms.Form):
    note = forms.CharField(label="", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].label = _("批注")
        self.fields["note"].help_text = _("不批准的，必须写明理由；理由会告知申请人。")
