"""Handing over an agreement on the spot: what proves it."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from arrears.forms.serving import CAMERA


class HandForm(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["receipt"] = forms.FileField(
            label=_("各方签收的照片"), required=False, widget=forms.FileInput(attrs={**CAMERA}),
            help_text=_("拍下签了字的送达回证，或者协议书上写明各方当场各收到一份的那一页。"),
        )  # fmt: skip
