"""The forms of papers that are owed: a promise, a notice, and what became of them."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from arrears.evidence_types import ACCEPT
from arrears.lifecycle import EVIDENCE_KINDS
from arrears.models import Claim, Claimant
from arrears.owed.page import promisable
from arrears.owed.table import BLOCKS, NOTICE, PRODUCED, PROMISE, USUAL

MOST_NAMED = 300  # workers to choose from in a list
LABELS = {paper: _(label) for paper, label in EVIDENCE_KINDS}
SIGNED = _("劳动者本人已在承诺书上签字，知道到期不交的，需要这份材料的办理会停下来，也不能再次承诺")


class PromiseForm(forms.Form):
    claimant = forms.ModelChoiceField(
        queryset=None, label=_("谁的承诺"), required=False, empty_label=_("全案（所有劳动者）"),
        help_text=_("只是其中一人缺材料的，选这个人：他没有按期交，不影响其他人的办理。"),
    )  # fmt: skip
    papers = forms.MultipleChoiceField(label=_("承诺补交的材料"), widget=forms.CheckboxSelectMultiple, required=False)
    due_on = forms.DateField(label=_("最迟哪天交"), required=False)
    signed = forms.BooleanField(label=SIGNED, required=False)
    scan = forms.FileField(
        label=_("签字件照片或扫描件（可以以后再传）"), required=False, widget=forms.FileInput(attrs={"accept": ACCEPT}),
        help_text=_("作为证据保存，带指纹，不能更改。"),
    )  # fmt: skip

    def __init__(self, claim: Claim | None, *args: Any, today: date, **kwargs: Any) -> None:
        """`claim` None: it is being logged with it, and may well come without any."""
        super().__init__(*args, **kwargs)
        self.is_needed = claim is not None
        self.fields["papers"].choices = [(paper, LABELS[paper]) for paper in (promisable(claim) if claim else BLOCKS)]
        self.fields["due_on"].initial = today + USUAL[PROMISE]
        workers = claim.claimants.filter(same_as=None) if claim else Claimant.objects.none()
        self.fields["claimant"].queryset = workers
        if claim is None or claim.worker_count == 1 or claim.worker_count > MOST_NAMED:
            del self.fields["claimant"]
        if claim is None:
            del self.fields["scan"]  # the page of intake takes its files by itself

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        if self.is_needed and "papers" not in self.errors and not answers.get("papers"):
            self.add_error("papers", _("请选择承诺补交哪些材料。"))
        if answers.get("papers"):
            if not answers.get("due_on") and "due_on" not in self.errors:
                self.add_error("due_on", _("请写明最迟哪天交。"))
            if not answers.get("signed"):
                self.add_error("signed", _("承诺须由劳动者本人签字。请打印或者抄写承诺书，签字后再登记。"))
        return answers


class NoticeForm(forms.Form):
    paper = forms.ChoiceField(label=_("要求提供的材料"))
    employer = forms.CharField(label=_("应当提供的单位"), max_length=120)
    due_on = forms.DateField(label=_("最迟哪天提供"))
    note = forms.CharField(label=_("具体要求"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, claim: Claim, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["paper"].choices = [(paper, LABELS[paper]) for paper in PRODUCED]
        self.fields["employer"].initial = claim.respondent_name
        self.fields["due_on"].initial = today + USUAL[NOTICE]


class SignedForm(forms.Form):
    scan = forms.FileField(
        label=_("签字的承诺书"), widget=forms.FileInput(attrs={"accept": ACCEPT, "capture": "environment"}),
        help_text=_("拍照或者扫描。作为证据保存，带指纹，不能更改。"),
    )  # fmt: skip


class OutcomeForm(forms.Form):
    note = forms.CharField(label=_("说明"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}))


class MoreTimeForm(OutcomeForm):
    due_on = forms.DateField(label=_("延长到哪天"))
