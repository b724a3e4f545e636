from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from arrears.evidence_types import ACCEPT
from arrears.lifecycle import EVIDENCE_KINDS
from arrears.models import Claim, Evidence
from arrears.redaction import MOST_BOXES, Box, may_be_drawn_on

AT_ONCE = 20


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files; each is looked at on its own, so that a bad one does not take the others with it."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = data if isinstance(data, (list, tuple)) else [data] if data else []
        if not files:
            super().clean(None, initial)  # says that a file is needed, if it is
        if len(files) > AT_ONCE:
            raise forms.ValidationError(_("一次最多选 %(most)s 个文件。"), code="too_many", params={"most": AT_ONCE})
        return list(files)


class EvidenceForm(forms.Form):
    files = FilesField(
        label=_("文件"), widget=FilesInput(attrs={"accept": ACCEPT}), required=False,
        help_text=_("照片、扫描件、录音、录像或文档，可以一次选多个。"),
    )  # fmt: skip
    photos = FilesField(
        label=_("现在拍照"), widget=FilesInput(attrs={"accept": "image/*", "capture": "environment"}), required=False
    )
    kind = forms.ChoiceField(
        label=_("证据类型"), choices=[(value, _(label)) for value, label in EVIDENCE_KINDS], initial="photo"
    )
    title = forms.CharField(label=_("名称"), max_length=120, required=False, help_text=_("不填就用文件名。"))
    replaces = forms.ModelChoiceField(
        queryset=None, label=_("替换原有材料"), required=False, empty_label=_("不替换"),
        help_text=_("原件保留，新件排在它之后。只在传一个文件时有效。"),
    )  # fmt: skip

    def __init__(self, claim: Claim | None, *args: Any, **kwargs: Any) -> None:
        """`claim` None: it is being logged with them, and may well come without any."""
        super().__init__(*args, **kwargs)
        self.is_needed = claim is not None
        current = claim.evidence.filter(replaced_by=None) if claim else Evidence.objects.none()
        self.fields["replaces"].queryset = current
        self.fields["replaces"].label_from_instance = lambda evidence: evidence.title
        if not current:
            del self.fields["replaces"]

    @property
    def chosen(self) -> list[UploadedFile]:
        return [*self.cleaned_data.get("files", ()), *self.cleaned_data.get("photos", ())]

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        if self.is_needed and not self.errors and not self.chosen:
            self.add_error("files", _("请选择文件或拍照。"))
        if answers.get("replaces") and len(self.chosen) > 1:
            self.add_error("replaces", _("替换时请只传一个文件。"))
        return answers


class RedactForm(forms.Form):
    """Rectangles as lines of four numbers, which the page draws for whoever has a script; or a file."""

    boxes = forms.CharField(
        label=_("遮盖范围"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("每行一块：左、上、宽、高，按图片的百分比，例如 10 20 30 5。"),
    )  # fmt: skip
    file = forms.FileField(
        label=_("或者上传遮盖好的文件"), required=False, widget=forms.FileInput(attrs={"accept": ACCEPT}),
        help_text=_("录音、录像、PDF 和文档请在别处遮盖后上传。"),
    )  # fmt: skip

    def __init__(self, evidence: Evidence, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_be_drawn_on(evidence) or evidence.is_quarantined:
            del self.fields["boxes"]

    def clean_boxes(self) -> list[Box]:
        lines = [line for line in self.cleaned_data["boxes"].splitlines() if line.strip()]
        if len(lines) > MOST_BOXES:
            raise forms.ValidationError(_("一次最多遮盖 %(most)s 块。"), code="too_many", params={"most": MOST_BOXES})
        return [box_of(number, line) for number, line in enumerate(lines, start=1)]

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        if not self.errors and not answers.get("file") and not answers.get("boxes"):
            raise forms.ValidationError(_("请在图上框出要遮盖的部分，或者选择遮盖好的文件。"), code="nothing")
        return answers


def box_of(number: int, line: str) -> Box:
    try:
        box = Box(*(float(part) for part in line.replace(",", " ").replace("，", " ").split()))
    except (TypeError, ValueError):
        box = Box(-1, 0, 0, 0)
    if not (0 <= box.left < 100 and 0 <= box.top < 100 and 0 < box.width <= 100 and 0 < box.height <= 100):
        raise forms.ValidationError(
            _("第 %(number)s 行应是左、上、宽、高四个 0 到 100 的数。"), code="box", params={"number": number}
        )
    return box
