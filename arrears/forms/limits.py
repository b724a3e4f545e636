"""What interrupted the worker's limit, and taking back what was entered wrongly: what is asked."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from arrears.limitation.limits import CIVIL_STARTS, INTERRUPTIONS, OBSTACLES
from arrears.models import Claim, Evidence


class PaperField(forms.ModelChoiceField):
    def label_from_instance(self, file: Evidence) -> str:
        return _("%(title)s（%(kind)s）") % {"title": file.title, "kind": _(file.get_kind_display())}


class InterruptForm(forms.Form):
    def __init__(self, claim: Claim, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["kind"] = forms.ChoiceField(
            label=_("发生了什么"), choices=[(name, _(label)) for name, label in INTERRUPTIONS], widget=forms.RadioSelect
        )
        self.fields["happened_on"] = forms.DateField(label=_("哪一天"))
        self.fields["proof"] = forms.CharField(
            label=_("凭什么证明"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}),
            help_text=_("写明短信、微信、通话记录、回执或者在场的人；有证据的，在下面选上。"),
        )  # fmt: skip
        papers = claim.evidence.filter(replaced_by=None)
        if papers:
            self.fields["evidence"] = PaperField(papers, label=_("案卷里的证据"), required=False, empty_label=_("不选"))

    def clean_happened_on(self) -> date:
        day = self.cleaned_data["happened_on"]
        if day > self.today:
            raise ValidationError(_("中断发生的日期不能晚于今天。"), code="in_future")
        return day

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if not said.get("proof") and not said.get("evidence") and "proof" not in self.errors:
            self.add_error("proof", _("请写明凭什么证明，或者选一份证据；没有证明的中断，仲裁和诉讼中不会被采信。"))
        return said


class EntryForm(forms.Form):
    """An obstacle to arbitration, or the start of the general limit."""

    def __init__(self, claim: Claim, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["kind"] = forms.ChoiceField(
            label=_("登记什么"), widget=forms.RadioSelect, choices=[
                (_("仲裁时效中止：有原因使劳动者不能申请仲裁"), [(name, _(label)) for name, label in OBSTACLES]),
                (_("普通诉讼时效（三年）的起算日"), [(name, _(label)) for name, label in CIVIL_STARTS]),
            ],
        )  # fmt: skip
        self.fields["starts_on"] = forms.DateField(label=_("从哪一天起"))
        self.fields["ended_on"] = forms.DateField(
            label=_("原因消除之日"), required=False, help_text=_("只有时效中止才填；原因还在的先不填，消除以后再补。从这一天起时效继续计算。"),
        )  # fmt: skip
        self.fields["proof"] = forms.CharField(
            label=_("凭什么证明"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}),
            help_text=_("写明公告、住院记录、欠条等；有证据的，在下面选上。"),
        )  # fmt: skip
        papers = claim.evidence.filter(replaced_by=None)
        if papers:
            self.fields["evidence"] = PaperField(papers, label=_("案卷里的证据"), required=False, empty_label=_("不选"))

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if not said.get("proof") and not said.get("evidence") and "proof" not in self.errors:
            self.add_error("proof", _("请写明凭什么证明，或者选一份证据；没有证明的，仲裁和诉讼中不会被采信。"))
        for name in ("starts_on", "ended_on"):
            if said.get("kind") in dict(OBSTACLES) and said.get(name) and said[name] > self.today:
                self.add_error(name, _("日期不能晚于今天；原因还没有消除的，消除之日先不填。"))
        return said


class ClearForm(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ended_on"] = forms.DateField(label=_("原因消除之日"), help_text=_("从这一天起时效继续计算。"))


class WithdrawForm(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"] = forms.CharField(label=_("撤销的理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
