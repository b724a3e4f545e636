"""The forms of support to sue and of the search for a defendant."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from arrears.evidence_types import ACCEPT
from arrears.forms.fields import CreditCodeField, IdNumberField, PhoneField
from arrears.forms.limits import PaperField
from arrears.forms.referrals import BodyField
from arrears.models import Claim, Claimant, Representative, SupportCase
from arrears.support.lifecycle import SHAPES
from arrears.support.supporting import bodies_for
from arrears.support.table import REASONS, SUPPORTERS, WAYS


def lines(rows: int = 2) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def named(rows: Iterable[Any]) -> list[tuple[str, str]]:
    return [(row.id, row.text("name", get_language() or "")) for row in rows]


class PrepareForm(forms.Form):
    """`known`: the record shows what came of mediation, so that it is not asked."""

    reasons = forms.MultipleChoiceField(label=_("本人难以单独起诉的情形"), required=False, widget=forms.CheckboxSelectMultiple)
    why = forms.CharField(label=_("具体情况"), required=False, max_length=500, widget=lines(3), help_text=_("用一两句话写明，例如：本人不识字，在外地务工。"))
    mediated_on = forms.DateField(label=_("哪天调解过"), required=False)
    mediated = forms.CharField(label=_("调解结果"), required=False, max_length=300, widget=lines())
    why_not_mediated = forms.CharField(label=_("没有调解的，为什么"), required=False, max_length=300, widget=lines())
    told_apart = forms.CharField(
        label=_("凭什么认定被告是他"), required=False, max_length=300, widget=lines(),
        help_text=_("没有信用代码或者身份证号的才要写：地址、电话、工商登记等，能把他和同名的人区分开。"),
    )  # fmt: skip
    shape = forms.ChoiceField(label=_("怎样起诉"), widget=forms.RadioSelect)

    def __init__(self, case: SupportCase, *args: Any, today: date, known: bool, identified: bool, **kwargs: Any) -> None:
        said = ("reasons", "why", "mediated_on", "mediated", "why_not_mediated", "told_apart", "shape")
        super().__init__(*args, initial={name: getattr(case, name) for name in said}, **kwargs)
        self.today = today
        self.fields["reasons"].choices = named(REASONS.values())
        self.fields["shape"].choices = [(value, gettext(label)) for value, label in SHAPES]
        if known:
            for name in ("mediated_on", "mediated", "why_not_mediated"):
                del self.fields[name]
        if identified:
            del self.fields["told_apart"]
        if case.claim.worker_count == 1:
            del self.fields["shape"]

    def clean_mediated_on(self) -> date | None:
        day = self.cleaned_data["mediated_on"]
        if day and day > self.today:
            raise ValidationError(gettext("日期不能晚于今天。"), code="in_future")
        return day

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if said.get("mediated_on") and not said.get("mediated") and "mediated" in self.fields:
            self.add_error("mediated", gettext("请写明调解的结果。"))
        if said.get("mediated") and not said.get("mediated_on") and "mediated_on" not in self.errors:
            self.add_error("mediated_on", gettext("请写明哪天调解的。"))
        return said


class WorkersForm(forms.Form):
    claimants = forms.MultipleChoiceField(
        label=_("哪些劳动者申请"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请选择劳动者。"), "invalid_choice": _("所选劳动者有的已不在本案，请刷新后重新选择。")},
    )  # fmt: skip
    via = forms.ChoiceField(label=_("由谁签字"), widget=forms.RadioSelect, required=False)
    signed_on = forms.DateField(label=_("哪天签的"))
    signature = forms.FileField(
        label=_("签字的申请书：拍照或者扫描"), required=False, widget=forms.FileInput(attrs={"accept": ACCEPT}),
        help_text=_("作为证据保存，带指纹，不能更改。"),
    )  # fmt: skip
    paper = PaperField(queryset=None, label=_("或者选案卷里已有的申请书"), required=False, empty_label=_("不选"))

    def __init__(self, claim: Claim, *args: Any, workers: Iterable[Claimant], representatives: Iterable[Representative], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["claimants"].choices = [(str(worker.pk), label_of(worker)) for worker in workers]
        self.fields["via"].choices = [("", gettext("劳动者本人")), *((str(row.pk), gettext("代表人%(name)s") % {"name": row}) for row in representatives)]
        if len(self.fields["via"].choices) == 1:
            del self.fields["via"]
        self.fields["paper"].queryset = claim.evidence.filter(replaced_by=None, kind__in=("signature", "other")).exclude(scan="infected")

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if said.get("signature") and said.get("paper"):
            self.add_error("paper", gettext("新传的和已有的，只能用一份。"))
        return said


class LeaveForm(forms.Form):
    claimants = forms.MultipleChoiceField(
        label=_("哪些劳动者撤回"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请选择劳动者。"), "invalid_choice": _("所选劳动者有的已不在申请里，请刷新后重新选择。")},
    )  # fmt: skip
    reason = forms.CharField(label=_("劳动者撤回的理由"), max_length=300, widget=lines())
    confirmed = forms.BooleanField(label=_("已由劳动者本人签字确认"))

    def __init__(self, *args: Any, workers: Iterable[Claimant], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["claimants"].choices = [(str(worker.pk), worker.name) for worker in workers]


def label_of(worker: Claimant) -> str:
    said = {"name": worker.name, "owed": f"{worker.owed:,.2f}"}
    return gettext("%(name)s（还欠 %(owed)s 元）") % said


class ChooseForm(forms.Form):
    supporter = forms.ChoiceField(label=_("支持主体"), widget=forms.RadioSelect)
    why = forms.CharField(label=_("为什么选它"), max_length=300, widget=lines(), help_text=_("例如：检察院可以协助查明被告、收集证据。"))

    def __init__(self, case: SupportCase, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["supporter"].choices = [
            (row.id, f"{row.text('name', get_language() or '')} · {row.citation(get_language() or '')}") for row in SUPPORTERS.values()
        ]
        self.fields["body"] = BodyField(bodies_for(case), label=_("哪个单位"), help_text=_("本县（区）和市级的协同单位。"))
        self.order_fields(["supporter", "body", "why"])

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        row, body = SUPPORTERS.get(said.get("supporter", "")), said.get("body")
        if row and body and body.kind not in row.bodies:
            self.add_error("body", gettext("所选单位不能作为这种支持主体，请核对。"))
        return said


class LeadForm(forms.Form):
    nickname = forms.CharField(label=_("绰号、称呼"), max_length=120, required=False)
    phone = PhoneField(label=_("电话"), required=False)
    plate = forms.CharField(label=_("车牌"), max_length=20, required=False)
    account = forms.CharField(label=_("收付款账号"), max_length=40, required=False, help_text=_("加密保存，页面上只显示后四位。"), widget=forms.TextInput(attrs={"autocomplete": "off"}))
    site = forms.CharField(label=_("在哪个工地、住在哪里"), max_length=200, required=False)
    known_by = forms.CharField(label=_("谁认识他"), max_length=200, required=False)
    photo = PaperField(queryset=None, label=_("照片（先在证据里上传）"), required=False, empty_label=_("不选"))

    def __init__(self, claim: Claim, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["photo"].queryset = claim.evidence.filter(replaced_by=None, kind__in=("photo", "chat", "other")).exclude(scan="infected")


class WhoForm(forms.Form):
    """Which of the respondents is looked for."""

    respondent = forms.ChoiceField(label=_("要查的是谁"), widget=forms.RadioSelect)

    def __init__(self, claim: Claim, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unknown = [row for row in claim.respondents.all() if not (row.legal_name and row.is_identified)]
        self.fields["respondent"].choices = [(str(row.pk), gettext("%(name)s（%(role)s）") % {"name": row, "role": gettext(row.get_role_display())}) for row in unknown]
        self.initial.setdefault("respondent", str(unknown[0].pk) if unknown else None)


class WayForm(forms.Form):
    way = forms.ChoiceField(label=_("用什么办法查"), widget=forms.RadioSelect)
    reason = forms.CharField(label=_("查什么、为什么"), max_length=300, widget=lines())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or ""
        self.fields["way"].choices = [
            (row.id, gettext("%(name)s（%(citation)s，须市级批准）") % {"name": row.text("name", language), "citation": row.citation(language)}
             if row.needs_city else row.text("name", language))
            for row in WAYS.values()
        ]  # fmt: skip


class FoundForm(forms.Form):
    legal_name = forms.CharField(label=_("真实姓名或者名称"), max_length=120)
    credit_code = CreditCodeField(label=_("统一社会信用代码"), required=False)
    phone = PhoneField(label=_("电话"), required=False)
    address = forms.CharField(label=_("地址"), max_length=200, required=False)
    how = forms.CharField(label=_("怎么查到的"), max_length=300, widget=lines())

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["id_number"] = IdNumberField(label=_("身份证号"), required=False, today=today, help_text=_("加密保存，页面上只显示头尾几位。"))
        self.order_fields(["legal_name", "credit_code", "id_number", "phone", "address", "how"])

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if not said.get("credit_code") and not said.get("id_number") and not {"credit_code", "id_number"} & self.errors.keys():
            self.add_error("id_number", gettext("请填统一社会信用代码或者身份证号：没有号码，法院难以认定是哪一个人。"))
        return said


class WordsForm(forms.Form):
    reason = forms.CharField(label=_("理由"), max_length=300, widget=lines())


class DecideForm(forms.Form):
    allows = forms.ChoiceField(label=_("决定"), widget=forms.RadioSelect)
    decision = forms.CharField(label=_("批准意见"), max_length=300, required=False, widget=lines(), help_text=_("不批准的，写明理由。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["allows"].choices = [("yes", gettext("批准")), ("no", gettext("不批准"))]

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if said.get("allows") == "no" and not said.get("decision"):
            self.add_error("decision", gettext("不批准的，请写明理由。"))
        return said


class TriedForm(forms.Form):
    tried_on = forms.DateField(label=_("哪天查的"))
    result = forms.CharField(label=_("查到什么"), max_length=500, widget=lines(3), help_text=_("没有查到的，也写明。"))
