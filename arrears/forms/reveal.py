from django import forms
from django.utils.translation import gettext_lazy as _


class RevealForm(forms.Form):
    reason = forms.CharField(
        label=_("查看理由"), min_length=4, max_length=200,
        help_text=_("例如：制作仲裁申请书、核对劳动者身份。理由会记入办理记录和访问日志。"),
    )  # fmt: skip
