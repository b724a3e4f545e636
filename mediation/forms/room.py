"""What is said at the door of a hearing, and on its minutes."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from arrears.forms.moves import LONGEST_TEXT
from mediation.models import Attendance, Presence
from mediation.models.room import AGENT, AUTHORITIES, BY, CALLS, CAPACITIES, LEGAL, OTHERS, PAPERS, SELF, STATES
from mediation.parties import RESPONDENT
from mediation.room.notes import LONGEST, SECTIONS, plain
from mediation.room.verbs import Came

UNSAID = ("", gettext_lazy("请选择"))


def some(choices: Any, *values: str) -> list[tuple[str, Any]]:
    return [(value, label) for value, label in choices if value in values]


class CameForm(forms.Form):
    """Of one party that was called. A worker comes or sends an agent; a firm is there by whoever leads it, or by an agent."""

    state = forms.ChoiceField(label=gettext_lazy("是否到场"), choices=STATES, widget=forms.RadioSelect)
    by = forms.ChoiceField(label=gettext_lazy("谁来的"), choices=BY, required=False)
    stands_in = forms.CharField(label=gettext_lazy("来人姓名"), max_length=60, required=False, help_text=gettext_lazy("不是本人来的才填。"))
    authority = forms.ChoiceField(label=gettext_lazy("代理人的授权"), choices=[UNSAID, *AUTHORITIES], required=False)
    paper = forms.ChoiceField(label=gettext_lazy("核对的证件"), choices=[("", gettext_lazy("还没有核对")), *PAPERS], required=False)
    last_four = forms.CharField(
        label=gettext_lazy("证件号末四位"), max_length=18, required=False, help_text=gettext_lazy("只写末四位，不要写全号。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    called_by = forms.ChoiceField(label=gettext_lazy("怎样通知的"), choices=[UNSAID, *CALLS], required=False)
    called_proof = forms.CharField(
        label=gettext_lazy("通知的证明"), max_length=200, required=False, help_text=gettext_lazy("例如：送达回证、3月1日 9:20 通话两分钟、短信截图。")
    )
    why = forms.CharField(label=gettext_lazy("没有到场的原因"), max_length=200, required=False)

    def __init__(self, attendance: Attendance, presence: Presence | None, *args: Any, called: tuple[str, str] = ("", ""), **kwargs: Any) -> None:
        names = ("state", "by", "stands_in", "authority", "paper", "last_four", "called_by", "called_proof", "why")
        said = {name: getattr(presence, name) for name in names} if presence else {"called_by": called[0], "called_proof": called[1]}
        is_firm = attendance.party_kind == RESPONDENT
        said.setdefault("by", LEGAL if is_firm else SELF)
        super().__init__(*args, initial=said, **kwargs)
        self.fields["by"].choices = some(BY, SELF, LEGAL, AGENT) if is_firm else some(BY, SELF, AGENT)

    def said(self) -> Came:
        return Came(**{**self.cleaned_data, "by": self.cleaned_data["by"] or SELF})


class OtherForm(forms.Form):
    """Somebody who is no party."""

    capacity = forms.ChoiceField(label=gettext_lazy("身份"), choices=[UNSAID, *some(CAPACITIES, *OTHERS)])
    name = forms.CharField(label=gettext_lazy("姓名"), max_length=60)
    paper = forms.ChoiceField(label=gettext_lazy("核对的证件"), choices=[("", gettext_lazy("还没有核对")), *PAPERS], required=False)
    last_four = forms.CharField(
        label=gettext_lazy("证件号末四位"), max_length=18, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    beside = forms.ChoiceField(label=gettext_lazy("为哪一位当事人到场"), required=False, help_text=gettext_lazy("翻译、监护人、协助和陪同的人必填。"))
    credential = forms.CharField(
        label=gettext_lazy("身份的说明和证明"), max_length=200, required=False,
        help_text=gettext_lazy("翻译写语言和资格，监护人写关系和证明，协助的人写怎样协助，工会人员写介绍信。"),
    )  # fmt: skip
    promised = forms.BooleanField(label=gettext_lazy("翻译、证人：已告知责任，本人承诺如实翻译、如实陈述"), required=False)

    def __init__(self, attendances: Sequence[Attendance], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parties = {str(one.pk): one for one in attendances}
        self.fields["beside"].choices = [UNSAID, *((pk, one.name) for pk, one in self.parties.items())]

    @property
    def party(self) -> Attendance | None:
        return self.parties.get(self.cleaned_data["beside"])

    def said(self) -> Came:
        return Came("came", **{name: self.cleaned_data[name] for name in ("paper", "last_four", "credential", "promised")})


class Written(forms.CharField):
    """What came along when somebody pasted, and no keyboard makes, is left out instead of refused: nobody finds it in a long text."""

    def to_python(self, value: Any) -> str:
        return plain(super().to_python(value))


class NotesForm(forms.Form):
    """The sections of the minutes, and the version the page showed."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for section in SECTIONS:
            self.fields[section.name] = Written(
                label=_(section.label), required=False, help_text=_(section.hint), max_length=LONGEST, strip=False,
                widget=forms.Textarea(attrs={"rows": 4}),
            )  # fmt: skip

    @property
    def sections(self) -> list[forms.BoundField]:
        return [self[section.name] for section in SECTIONS]

    def notes(self) -> dict[str, str]:
        return {section.name: self.cleaned_data[section.name] for section in SECTIONS}


class CorrectForm(NotesForm):
    """`version` is the number of the version it corrects."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"] = forms.CharField(label=_("更正的理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class SignForm(forms.Form):
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    signature = forms.FileField(
        label=gettext_lazy("签名"), required=False, widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment"}),
        help_text=gettext_lazy("不便在屏幕上签的，拍下纸上的签名。"),
    )  # fmt: skip


class RefuseForm(forms.Form):
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    because = forms.CharField(label=gettext_lazy("拒签的原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    witness = forms.CharField(label=gettext_lazy("在场见证人"), max_length=60)


assert LONGEST_TEXT <= LONGEST
