"""Loading an official year of working days."""

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

LARGEST = 256 * 1024  # a year has some forty lines


class YearFileForm(forms.Form):
    file = forms.FileField(label=_("年度文件（CSV）"), widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}))
    source = forms.CharField(
        label=_("文件名称和文号"), max_length=200, required=False,
        help_text=_("例如：国务院办公厅关于2027年部分节假日安排的通知（国办发明电〔2026〕7号）。文件首行已注明的可以不填。"),
    )  # fmt: skip

    def clean_file(self) -> UploadedFile:
        upload = self.cleaned_data["file"]
        if upload.size > LARGEST:
            raise forms.ValidationError(_("文件太大，不像是一年的放假安排。"), code="too_large")
        return upload
