"""The form of a step, made from what its row of the table asks for."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Sum
from django.utils.translation import gettext as _

from arrears.evidence_types import ACCEPT
from arrears.forms.fields import MoneyField
from arrears.forms.limits import PaperField
from arrears.models import Claim, Claimant, Proceeding
from arrears.proceedings.table import ASKS, FOUR, KINDS, PROCEDURES, Asked, StepRow
from arrears.proceedings.workers import can_continue, free, named, names_of, of_proceeding, present, share
from arrears.referrals import bodies_for

GRANT = "grant-"


class StepForm(forms.Form):
    """`scan` is kept as evidence first, then named by the step."""

    def __init__(self, claim: Claim, row: StepRow, *args: Any, today: date, proceeding: Proceeding | None = None, about: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.claim, self.row, self.today = claim, row, today
        self.fields["on"] = forms.DateField(
            label=_("收到通知的日期") if row.step == "hearing" else _("日期"), initial=today, help_text=_("文书或者回执上写明的那一天，期限由此起算。")
        )
        if proceeding is None:
            self.ask_whose(about)
        for asked in row.asked:
            getattr(self, f"ask_{asked.name}", self.ask_line)(asked, proceeding)
        self.fields["note"] = forms.CharField(label=_("说明"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def ask_whose(self, about: str) -> None:
        """Which workers, and which of several it goes on with: asked only where there is a choice."""
        claim, kind = self.claim, KINDS[self.row.kind]
        self.able = free(claim, kind) if kind.workers else []
        before = can_continue(claim, self.row)
        chosen = next((one for one in before if str(one.pk) == about), None)
        if len(before) > 1:
            self.fields["about"] = forms.ChoiceField(
                label=_("接着哪一件"), choices=[("", _("请选择")), *((str(one.pk), f"{one} {names_of(of_proceeding(one))}") for one in before)], initial=about if chosen else "",
            )  # fmt: skip
        if kind.workers and len(present(claim)) > 1:
            ids = named(chosen) if chosen else frozenset()
            self.fields["workers"] = forms.MultipleChoiceField(
                label=_("哪些劳动者"), choices=[(str(worker.pk), worker.name) for worker in self.able], widget=forms.CheckboxSelectMultiple,
                initial=[str(worker.pk) for worker in self.able if share([worker.pk], ids)],
                help_text=_("只列出可以提起的：已经在另一件没有结束的同类程序里的劳动者不在其中。"),
            )  # fmt: skip

    def ask_grants(self, asked: Asked, proceeding: Proceeding | None) -> None:
        workers = of_proceeding(proceeding) if proceeding else []
        for worker in workers if len(workers) > 1 else ():
            self.fields[f"{GRANT}{worker.pk}"] = MoneyField(label=_("其中%(name)s（元）") % {"name": worker.name}, required=False)
        if len(workers) > 1:
            self.fields["amount"].help_text = _("文书写明每人多少的，在下面填写，加起来要与这个金额一致；没有写明的都不填。")

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
        initial = None if self.row.takes_payment else (proceeding.amount if proceeding and proceeding.amount else self.unpaid())
        self.fields["amount"] = MoneyField(label=_(ASKS["amount"]), above_zero=True, required=asked.is_required, initial=initial)

    def unpaid(self) -> Decimal:
        """Of the whole claim; of those the new proceeding can be of, where others are in one already."""
        ids = [worker.pk for worker in self.able]
        if not ids or len(ids) == len(present(self.claim)):
            return self.claim.unpaid
        return self.claim.lines.filter(claimant__in=ids).aggregate(sum=Sum("unpaid"))["sum"] or self.claim.unpaid

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
    able: Sequence[Claimant] = ()

    def clean_on(self) -> date:
        day = self.cleaned_data["on"]
        if day > self.today:
            raise ValidationError(_("日期不能晚于今天；还没有发生的，等发生以后再登记。"), code="in_future")
        return day

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        grants = {UUID(name.removeprefix(GRANT)): said.pop(name) for name in list(said) if name.startswith(GRANT)}
        if any(value is not None for value in grants.values()):
            said["grants"] = {pk: value for pk, value in grants.items() if value is not None}
        if self.is_paper_needed and not said.get("paper") and not said.get("scan") and not {"paper", "scan"} & self.errors.keys():
            self.add_error("paper", _("请选择或者上传回执、文书：没有凭据的步骤，日后无法证明日期。"))
        return said
