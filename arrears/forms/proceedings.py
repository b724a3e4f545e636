"""The form of a step, made from what its row of the table asks for."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from arrears.evidence_types import ACCEPT
from arrears.forms.fields import MoneyField
from arrears.forms.limits import PaperField
from arrears.models import Claim, Proceeding
from arrears.proceedings.table import ASKS, FOUR, KINDS, PROCEDURES, Asked, StepRow
from arrears.referrals import bodies_for


class StepForm(forms.Form):
    """`scan` is kept as evidence first, then named by the step."""

    def __init__(self, claim: Claim, row: StepRow, *args: Any, today: date, proceeding: Proceeding | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.claim, self.row, self.today = claim, row, today
        self.fields["on"] = forms.DateField(
            label=_("收到通知的日期") if row.step == "hearing" else _("日期"), initial=today, help_text=_("文书或者回执上写明的那一天，期限由此起算。")
        )
        for asked in row.asked:
            getattr(self, f"ask_{asked.name}", self.ask_line)(asked, proceeding)
        self.fields["note"] = forms.CharField(label=_("说明"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def ask_line(self, asked: Asked, proceeding: Proceeding | None) -> None:
        known = {"docket": "docket_number", "court": "court"}.get(asked.name)
        initial = getattr(proceeding, known) if proceeding and known else None
        if asked.name == "docket" and not initial and proceeding and proceeding.referral:
            initial = proceeding.referral.docket_number
        self.fields[asked.name] = forms.CharField(label=_(ASKS[asked.name]), max_length=60 if asked.name == "docket" else 120, required=asked.is_required, initial=initial)

    def ask_court(self, asked: Asked, proceeding: Proceeding | None) -> None:
        """Typed, or taken from what is proposed: who is competent here, and whoever this case is before already."""
        self.ask_line(asked, proceeding)
        near = list(bodies_for(self.claim).filter(kind__in=KINDS[self.row.kind].bodies).order_by("-region", "name"))  # the county's before the city's
        known = self.claim.proceedings.exclude(court="").values_list("court", flat=True)
        self.proposed = list(dict.fromkeys([*(body.name for body in near), *known]))
        own = [body.name for body in near if body.region_id == self.claim.county_code]
        field = self.fields["court"]
        field.widget.attrs["list"] = "proposed-bodies"
        if self.row.opens and not field.initial and len(own) == 1:
            field.initial = own[0]
        if self.proposed:
            field.help_text = _("可以从列出的单位中选，也可以另写。")

    def ask_amount(self, asked: Asked, proceeding: Proceeding | None) -> None:
        initial = None if self.row.takes_payment else (proceeding.amount if proceeding and proceeding.amount else self.claim.unpaid)
        self.fields["amount"] = MoneyField(label=_(ASKS["amount"]), above_zero=True, required=asked.is_required, initial=initial)

    def ask_until(self, asked: Asked, proceeding: Proceeding | None) -> None:
        self.fields["until"] = forms.DateField(
            label=_(ASKS["until"]), required=asked.is_required, initial=proceeding.until if proceeding else None,
            help_text=_("写“生效后若干日内”的，填算出来的那一天；申请执行的两年由此起算。"),
        )  # fmt: skip

    def ask_other_on(self, asked: Asked, proceeding: Proceeding | None) -> None:
        self.fields["other_on"] = forms.DateField(
            label=_(ASKS["other_on"]), required=asked.is_required,
            help_text=_("填了以后，双方都没有起诉或者上诉的，期满系统自动登记生效；还不知道的先不填，知道以后手工登记生效。"),
        )  # fmt: skip

    def ask_procedure(self, asked: Asked, proceeding: Proceeding | None) -> None:
        self.fields["procedure"] = forms.ChoiceField(
            label=_(ASKS["procedure"]), choices=[(name, _(label)) for name, label in PROCEDURES], widget=forms.RadioSelect,
            help_text=_("对方下落不明，或者一方人数众多的，不适用简易程序（民事诉讼法司法解释第二百五十七条）。"),
        )  # fmt: skip

    def ask_hearing(self, asked: Asked, proceeding: Proceeding | None) -> None:
        self.fields["hearing"] = forms.DateTimeField(label=_("开庭时间"), help_text=_("例如 2026-03-05 14:30；改期的，再登记一次新的时间。"))
        self.fields["place"] = forms.CharField(label=_("开庭地点"), max_length=200)

    def ask_reason(self, asked: Asked, proceeding: Proceeding | None) -> None:
        self.fields["reason"] = forms.CharField(label=_(ASKS["reason"]), max_length=300, required=asked.is_required, widget=forms.Textarea(attrs={"rows": 2}))

    def ask_four(self, asked: Asked, proceeding: Proceeding | None) -> None:
        self.fields["four"] = forms.MultipleChoiceField(
            label=_("四个要件都有证据证明（刑法第二百七十六条之一）"), choices=[(name, _(label)) for name, label in FOUR],
            widget=forms.CheckboxSelectMultiple,
        )  # fmt: skip

    def ask_paper(self, asked: Asked, proceeding: Proceeding | None) -> None:
        self.is_paper_needed = asked.is_required
        papers = self.claim.evidence.filter(replaced_by=None).exclude(scan="infected")
        self.fields["paper"] = PaperField(papers, label=_(ASKS["paper"]), required=False, empty_label=_("不选"))
        self.fields["scan"] = forms.FileField(
            label=_("或者现在拍照、上传"), required=False, widget=forms.FileInput(attrs={"accept": ACCEPT}),
            help_text=_("作为证据保存，带指纹，不能更改。"),
        )  # fmt: skip

    is_paper_needed = False
    proposed: Sequence[str] = ()

    def clean_on(self) -> date:
        day = self.cleaned_data["on"]
        if day > self.today:
            raise ValidationError(_("日期不能晚于今天；还没有发生的，等发生以后再登记。"), code="in_future")
        return day

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if self.is_paper_needed and not said.get("paper") and not said.get("scan") and not {"paper", "scan"} & self.errors.keys():
            self.add_error("paper", _("请选择或者上传回执、文书：没有凭据的步骤，日后无法证明日期。"))
        return said
