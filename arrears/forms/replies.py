"""Answering for a body: the code of a link, who answers, and what a link or a paper needs."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from arrears.forms.moves import MoveForm
from arrears.models import Referral
from arrears.models.links import CODE_WAYS, EMAIL, HAND, SMS, TOLD, WAYS
from arrears.moves import Move
from arrears.partners.links import LONGEST, SHORTEST, USUAL
from grid.channels import is_set_up


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("验证码"), max_length=20, help_text=gettext_lazy("六位数字，由移送单位打电话、发短信或者写在纸上告诉您。"),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )  # fmt: skip


class AnswerForm(MoveForm):
    """A move of the body, and who makes it."""

    def __init__(self, move: Move, *args: Any, name: str = "", post: str = "", **kwargs: Any) -> None:
        super().__init__(move, *args, **kwargs)
        self.fields["answered_name"] = forms.CharField(label=_("答复人姓名"), max_length=40, initial=name)
        self.fields["answered_post"] = forms.CharField(label=_("答复人职务"), max_length=40, initial=post)

    @property
    def who(self) -> dict[str, str]:
        return {"name": self.cleaned_data["answered_name"], "post": self.cleaned_data["answered_post"]}

    @property
    def answers(self) -> dict[str, Any]:
        return {ask.name: self.cleaned_data[ask.name] for ask in self.move.asks}


class PaperForm(AnswerForm):
    """The same from a paper: its day, and the scan of it."""

    def __init__(self, move: Move, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(move, *args, **kwargs)
        self.fields["answered_name"].label = _("签字人姓名")
        self.fields["answered_post"].label = _("签字人职务")
        self.fields["paper_on"] = forms.DateField(label=_("答复书的日期"), initial=today)
        self.fields["scan"] = forms.FileField(label=_("答复书扫描件"), help_text=_("照片或者 PDF，作为证据存入案件。"))


class LinkForm(forms.Form):
    """For whom, which way the link goes, and which way the code."""

    days = forms.IntegerField(label=gettext_lazy("有效天数"), min_value=SHORTEST, max_value=LONGEST, initial=USUAL)

    def __init__(self, referral: Referral, *args: Any, **kwargs: Any) -> None:
        contacts = list(referral.body.contacts.filter(is_active=True))
        first = contacts[0] if contacts else None
        initial = {name: getattr(first, name) for name in ("name", "post", "phone", "email")} if first else {}
        super().__init__(*args, initial={**initial, "way": EMAIL if first and first.email else HAND, "code_way": TOLD}, **kwargs)
        self.known = {str(contact.pk): contact for contact in contacts}
        if len(contacts) > 1:
            choices = [*((str(contact.pk), str(contact)) for contact in contacts), ("", _("其他人，在下面填写"))]
            self.fields["contact"] = forms.ChoiceField(
                label=_("联系人"), choices=choices, required=False, widget=forms.RadioSelect, initial=str(contacts[0].pk)
            )
        self.fields["name"] = forms.CharField(label=_("姓名"), max_length=64, required=len(contacts) < 2)
        self.fields["post"] = forms.CharField(label=_("职务"), max_length=64, required=len(contacts) < 2)
        self.fields["phone"] = forms.CharField(label=_("电话"), max_length=32, required=False)
        self.fields["email"] = forms.EmailField(label=_("电子邮箱"), required=False)
        has_sms = is_set_up(SMS)
        self.fields["way"] = forms.ChoiceField(
            label=_("链接怎样送到"), choices=[(name, label) for name, label in WAYS if has_sms or name != SMS], widget=forms.RadioSelect
        )
        self.fields["code_way"] = forms.ChoiceField(
            label=_("验证码怎样告知"), choices=[(name, label) for name, label in CODE_WAYS if has_sms or name != SMS],
            widget=forms.RadioSelect, help_text=_("链接和验证码要走两条路，一样丢了，别人也打不开。"),
        )  # fmt: skip
        self.order_fields(["contact", "name", "post", "phone", "email", "way", "code_way", "days"])

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if contact := self.known.get(said.pop("contact", "")):
            said |= {name: getattr(contact, name) for name in ("name", "post", "phone", "email")}
        for name in ("name", "post"):
            if not said.get(name) and name not in self.errors:
                self.add_error(name, _("这个字段是必填项。"))
        return said
