"""What suits a party, and recusal."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _

from arrears.forms.moves import LONGEST_TEXT, PersonField
from grid.models import Person
from mediation.models import PartyContact, PartyTerms
from mediation.models.contacts import AGENT
from mediation.models.scheduling import RECUSAL_ASKERS, RECUSAL_GROUNDS
from mediation.slots.kinds import ALL_DAY, LANGUAGES, PARTS

LINES = 6  # dates a party can say at once


class TermsForm(forms.Form):
    def __init__(self, *args: Any, terms: PartyTerms | None, **kwargs: Any) -> None:
        super().__init__(*args, initial=terms.__dict__ if terms else {"version": 0}, **kwargs)
        choices = [("", _("不需要")), *((value, _(label)) for value, label in LANGUAGES)]
        self.fields["language"] = forms.ChoiceField(label=_("需要的语言"), choices=choices, required=False)
        self.fields["has_interpreter"] = forms.BooleanField(label=_("已另请翻译"), required=False)
        self.fields["is_step_free"] = forms.BooleanField(label=_("需要无台阶的场所"), required=False)
        self.fields["needs"] = forms.CharField(label=_("其他需要"), max_length=200, required=False)
        self.fields["version"] = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)


class UntilForm(forms.Form):
    until = forms.DateField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until"].label = _("请对方在哪天以前回答")


class ContactForm(forms.Form):
    """Whom of a party the house writes to; what is wrong the verb says. `usual`: the telephone the case has, masked."""

    def __init__(self, *args: Any, contact: PartyContact | None, capacity: str, usual: str = "", **kwargs: Any) -> None:
        super().__init__(*args, initial=contact.__dict__ if contact else {"version": 0, "language": "zh-hans", "may_write": True}, **kwargs)
        self.capacity, self.contact = capacity, contact
        phone_help = _("留空就用案件里登记的 %(phone)s。") % {"phone": usual} if usual else _("11 位手机号；短信发不到固定电话。")
        self.fields["name"] = forms.CharField(label=_("代理人姓名") if capacity == AGENT else _("联系人（可不填）"), max_length=60, required=False)
        self.fields["phone"] = forms.CharField(
            label=_("手机号"), max_length=32, required=False, help_text=phone_help, widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"})
        )
        self.fields["email"] = forms.CharField(
            label=_("电子邮箱"), max_length=120, required=False, widget=forms.TextInput(attrs={"inputmode": "email", "autocomplete": "off"})
        )
        self.fields["language"] = forms.ChoiceField(label=_("用哪种语言通知"), choices=settings.LANGUAGES)
        self.fields["may_write"] = forms.BooleanField(label=_("可以发短信、邮件"), required=False)
        self.fields["version"] = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)


class DatesForm(forms.Form):
    """A few days, each whole or half; empty lines are nothing."""

    def __init__(self, *args: Any, lines: int = LINES, with_code: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        if with_code:
            self.fields["code"] = forms.CharField(
                label=_("六位密码"), max_length=12, help_text=_("经办人告诉您的六位数字。"),
                widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            )  # fmt: skip
        for number in range(lines):
            label = _("不方便的日期")
            self.fields[f"day{number}"] = forms.DateField(label=label, required=False)
            self.fields[f"part{number}"] = forms.ChoiceField(
                label=_("时段"), choices=[(value, _(word)) for value, word in PARTS], required=False, initial=ALL_DAY
            )

    @property
    def pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"day{number}"], self[f"part{number}"]) for number in range(self.lines)]

    def days(self) -> list[tuple[Any, str]]:
        said = self.cleaned_data
        found = {(said[f"day{n}"], said[f"part{n}"] or ALL_DAY) for n in range(self.lines) if said.get(f"day{n}")}
        return sorted(found)


class RecusalForm(forms.Form):
    def __init__(self, *args: Any, mediators: list[tuple[Person, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mediator"] = PersonField(mediators, label=_("哪位调解员"))
        self.fields["asked_by"] = forms.ChoiceField(
            label=_("谁提出"), choices=[(value, _(label)) for value, label in RECUSAL_ASKERS], widget=forms.RadioSelect
        )
        self.fields["ground"] = forms.ChoiceField(
            label=_("事由"), choices=[(value, _(label)) for value, label in RECUSAL_GROUNDS], widget=forms.RadioSelect
        )
        self.fields["reason"] = forms.CharField(label=_("说明"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 3}))
