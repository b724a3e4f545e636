"""What comes with a claim at the end of intake: each way in is a kind of evidence by itself."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from arrears.evidence_types import AUDIO, KINDS
from arrears.forms.evidence import EvidenceForm, FilesField, FilesInput
from arrears.privacy import VERSION
from grid.days import SHANGHAI

SOUNDS = ",".join(["audio/*", *(f".{kind.ext}" for kind in KINDS.values() if kind.family == AUDIO)])


@dataclass(frozen=True)
class Piece:
    """A file with what it is: kind of evidence and name."""

    upload: UploadedFile
    kind: str
    title: str = ""


class IntakeFilesForm(EvidenceForm):
    """Nothing of it is needed; a photo is a photo and a voice note a recording, whatever `kind` says of other files."""

    voice = FilesField(
        label=_("录音"), widget=FilesInput(attrs={"accept": SOUNDS}), required=False,
        help_text=_("让劳动者自己说一遍：给谁干活、怎么算钱、欠了多少。"),
    )  # fmt: skip
    signature = forms.FileField(
        label=_("劳动者签名"), required=False, widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment"}),
        help_text=_("表示已经听过或看过以上告知，所述属实。"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(None, *args, **kwargs)
        for name, kind in (("photos", "photo"), ("voice", "voice"), ("signature", "signature")):
            self.fields[name].widget.attrs["data-kind"] = kind  # how the phone's own page calls it
        self.fields["kind"].required = False

    def pieces(self, signer: str, now: datetime) -> list[Piece]:
        said = self.cleaned_data
        found = [Piece(upload, "photo") for upload in said["photos"]]
        found += [Piece(upload, "voice") for upload in said["voice"]]
        found += [Piece(upload, said["kind"] or "other") for upload in said["files"]]
        return found + ([Piece(said["signature"], "signature", signed_by(signer, now))] if said["signature"] else [])


def signed_by(name: str, now: datetime, version: str = VERSION) -> str:
    """Who signed, when, and under which notice."""
    told = {"name": name, "when": now.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M"), "version": version}
    return gettext("%(name)s签名，%(when)s，告知文本%(version)s") % told
