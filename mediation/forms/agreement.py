"""The agreement as its mediator reads it off the paper. Whether it holds is for mediation.agreements to say."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from arrears.forms.fields import MoneyField
from arrears.forms.moves import FIELDS
from arrears.moves import Move
from mediation.agreements import SIGNATURES

FIRST_LINES = 3
MOST_LINES = 36


class AgreeForm(forms.Form):
    """The table's asks, without the instalments, which are lines of their own."""

    def __init__(self, move: Move, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for ask in move.asks:
            if ask.kind in FIELDS:
                self.fields[ask.name] = FIELDS[ask.kind](ask, {"label": _(ask.label), "required": ask.is_required}, None)
        for name in SIGNATURES:
            self.fields[name].error_messages["required"] = _("缺少这一项，协议尚未生效，不能登记。")
        self.fields["total"].help_text = _("本协议生效后还要支付的金额，不含此前已付的部分。")
        self.fields["default_clause"].help_text = _("建议写明：逾期未付的，申请人可就全部余款申请强制执行。")

    @property
    def signatures(self) -> list[forms.BoundField]:
        return [self[name] for name in SIGNATURES]


class InstalmentForm(forms.Form):
    due_on = forms.DateField(required=False)
    amount = MoneyField(required=False, above_zero=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_on"].widget.attrs["aria-label"] = _("付款日期")
        self.fields["amount"].widget.attrs["aria-label"] = _("金额（元）")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "due_on" in cleaned and "amount" in cleaned and bool(cleaned["due_on"]) != (cleaned["amount"] is not None):
            missing = "amount" if cleaned["due_on"] else "due_on"
            self.add_error(missing, _("请填写金额。") if cleaned["due_on"] else _("请填写付款日期。"))
        return cleaned


class BaseInstalmentForms(forms.BaseFormSet):
    def plan(self) -> list[tuple[date, Any]]:
        """The filled lines; empty ones are nothing."""
        return [
            (line.cleaned_data["due_on"], line.cleaned_data["amount"])
            for line in self.forms
            if line.cleaned_data.get("due_on") and line.cleaned_data.get("amount") is not None
        ]


InstalmentForms = forms.formset_factory(
    InstalmentForm, formset=BaseInstalmentForms, extra=FIRST_LINES, max_num=MOST_LINES, absolute_max=MOST_LINES, validate_max=True
)
