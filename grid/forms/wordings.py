"""The words of a kind of notice in both languages, and why they are changed."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grid import wordings
from grid.wordings import LONGEST, NAMES, Draft, named_in

LABELS = {
    "title": gettext_lazy("标题"), "text": gettext_lazy("正文"), "short": gettext_lazy("短信"),
    "title_en": gettext_lazy("英文标题"), "text_en": gettext_lazy("英文正文"), "short_en": gettext_lazy("英文短信"),
}  # fmt: skip
LONGEST_TEXT, LONGEST_NOTE = 2000, 200


class WordingForm(forms.Form):
    base = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    note = forms.CharField(
        label=gettext_lazy("修改说明"), max_length=LONGEST_NOTE, required=False,
        help_text=gettext_lazy("为什么改，例如“按法规处意见补充救济途径”。发布时必填。"),
    )  # fmt: skip

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        for name in NAMES:
            rows = 4 if name.startswith("text") else 2
            self.fields[name] = forms.CharField(
                label=LABELS[name], max_length=LONGEST.get(name, LONGEST_TEXT), required=not name.startswith("short"),
                widget=forms.Textarea(attrs={"rows": rows}),
                help_text=_("留空则用标题。") if name.startswith("short") else "",
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Each strange place is named at the field it stands in; wordings.check says the rest."""
        said = super().clean()
        known = wordings.places(self.kind)
        for name in NAMES:
            strange = [place for place in named_in(said.get(name) or "") if place not in known]
            if strange:
                self.add_error(name, _("这类通知没有 %(places)s，请删去或改用下面列出的内容。") % {"places": wordings.listed(strange)})
        return said

    @property
    def draft(self) -> Draft:
        return Draft(**{name: self.cleaned_data[name] for name in NAMES})

    @property
    def chinese(self) -> list[forms.BoundField]:
        return [self[name] for name in NAMES if not name.endswith("_en")]

    @property
    def english(self) -> list[forms.BoundField]:
        return [self[name] for name in NAMES if name.endswith("_en")]
