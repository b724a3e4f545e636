"""The forms of serving: a paper that is to be served, an attempt in one way, what came of it, what is known of the receiver."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from arrears.evidence_types import ACCEPT
from arrears.forms.evidence import FilesField, FilesInput
from arrears.models import Claim, Claimant
from arrears.serving.table import CLAIMANT, FILES, NEEDS, REASONS, RESPONDENT, SERVED, Method
from arrears.serving.verbs import Said
from grid.models import Person

MOST_NAMED = 300  # workers to choose from in a list
CAMERA = {"accept": "image/*", "capture": "environment"}
LONGEST = {"received_by": 60, "witness": 60, "tracking": 40, "unit": 120, "published_in": 120}
HELP = {
    "received_by": _("签名的人，和受送达人的关系：本人、同住的成年家属、单位收发室等。"), "witness": _("姓名和单位，例如村委会、社区、单位的人。"),
    "receipt": _("受送达人（见证人）签了字、写了日期的送达回证，拍清楚。"), "recording": _("拍到文书、门牌和张贴、留置的过程。"),
    "screenshot": _("能看到对方地址、发送成功和系统时间。"), "note": _("写明为什么、在场有谁、怎样进行。"),
}  # fmt: skip
PLACE = _("例如：翰林雅苑二期项目部、XX 村三组 12 号。")


class ServeForm(forms.Form):
    what = forms.ChoiceField(label=_("送达什么"))
    title = forms.CharField(label=_("文书名称和文号"), max_length=120, help_text=_("照文书上的写，例如：限期改正指令书 沭人社监令〔2026〕12号。"))
    receiver = forms.ChoiceField(label=_("送给谁"))
    made_on = forms.DateField(label=_("文书日期"))
    serve_by = forms.DateField(label=_("最迟送达日期"), required=False, help_text=_("不填的，按法定期限；没有法定期限的，按本市工作目标（一般七个工作日，调解协议三个工作日）。"))
    server = forms.ModelChoiceField(Person.objects.none(), label=_("谁去送"), required=False, empty_label=_("我去送"))

    def __init__(self, claim: Claim, people: Any, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or ""
        self.fields["what"].choices = [("", _("请选择")), *((one.id, one.text("name", language)) for one in SERVED.values())]
        self.rows: dict[str, Any] = {f"{RESPONDENT}:{row.pk}": row for row in claim.respondents.all()}
        self.rows |= {f"{CLAIMANT}:{row.pk}": row for row in claim.claimants.filter(same_as=None)[:MOST_NAMED]}
        self.fields["receiver"].choices = [("", _("请选择")), *((key, label_of(row)) for key, row in self.rows.items())]
        self.fields["made_on"].initial = today
        self.fields["server"].queryset = people
        self.fields["server"].label_from_instance = lambda one: one.full_name

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        row = self.rows.get(said.pop("receiver", ""))
        return {**said, CLAIMANT if isinstance(row, Claimant) else RESPONDENT: row} if row else said


def label_of(row: Any) -> str:
    return row.name if isinstance(row, Claimant) else gettext("%(name)s（%(role)s）") % {"name": row, "role": row.get_role_display()}


class AttemptForm(forms.Form):
    """One way, with the fields that prove it. `sets`: what is asked for now; a failed attempt needs none of it, which the verb knows."""

    on = forms.DateField(label=_("哪一天"))
    at = forms.TimeField(label=_("几点"), required=False, widget=forms.TimeInput(attrs={"type": "time"}))
    place = forms.CharField(label=_("在哪里"), max_length=200, required=False, help_text=PLACE)
    reason = forms.ChoiceField(label=_("结果"), required=False)

    def __init__(self, way: Method, sets: tuple[str, ...], done: Any, *args: Any, today: date, is_result: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = today
        reasons = [(value, label) for value, label in REASONS]
        self.fields["reason"].choices = [("", done), *((value, _("没有送到：%(reason)s") % {"reason": _(label)}) for value, label in reasons)]
        asked = dict.fromkeys((*way.asks(sets), "note"))
        for name in asked:
            self.fields[name] = field_of(name)
        if is_result:
            del self.fields["at"], self.fields["place"]

    @property
    def file_names(self) -> list[str]:
        return [name for name in self.fields if name in FILES]

    def said(self) -> Said:
        words = {name: value for name, value in self.cleaned_data.items() if name not in FILES and name != "reason" and value not in (None, "")}
        return Said(**words, files={name: self.cleaned_data[name] for name in self.file_names if self.cleaned_data.get(name)})


def field_of(name: str) -> forms.Field:
    label, hint = NEEDS[name], HELP.get(name, "")
    if name in FILES:
        attrs = {**CAMERA} if name in ("receipt", "recording") else {"accept": ACCEPT}  # the widget writes into it
        return FilesField(label=_(label), required=False, widget=FilesInput(attrs=attrs), help_text=hint)
    if name == "system_at":
        return forms.DateTimeField(label=_(label), required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))
    if name == "note":
        return forms.CharField(label=_(label), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}), help_text=hint)
    return forms.CharField(label=_(label), max_length=LONGEST[name], required=False, help_text=hint)


class ConsentForm(forms.Form):
    address = forms.CharField(label=_("电子送达的地址"), max_length=120, help_text=_("受送达人写在送达地址确认书上的手机号、微信号或者邮箱。"))
    paper = forms.FileField(label=_("签了字的送达地址确认书"), widget=forms.FileInput(attrs=CAMERA))


class MarkForm(forms.Form):
    note = forms.CharField(label=_("依据"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("问过谁、去过哪里、有什么材料。"))


class DropForm(forms.Form):
    reason = forms.CharField(label=_("为什么不再送达"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
