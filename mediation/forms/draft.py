"""The draft as its mediator types it: every field takes anything, what is wrong with it says mediation.drafting.lint."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from arrears.lifecycle import PROMISED_METHODS
from mediation.drafting.clauses import CLAUSES
from mediation.drafting.dues import MONTHLY, MOST, WEEKLY
from mediation.drafting.lint import Worker
from mediation.drafting.terms import LINES, LONGEST, MOST_PARTS, SIGNER_POSTS
from mediation.models.agreements import WAYS

EMPTY_LINES = 3


class DraftForm(forms.Form):
    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        text = {"widget": forms.Textarea(attrs={"rows": 6}), "required": False}
        names = {
            "total": forms.CharField(label=_("协议支付总额（元）"), required=False, help_text=_("签署以后还要支付的金额，不含此前已付的部分。"), widget=money()),
            "less_reason": forms.CharField(label=_("少于核定数额的理由"), required=False, widget=forms.Textarea(attrs={"rows": 2}), help_text=_("劳动者自愿让步的，写明让了什么、为什么。")),
            "manner": forms.ChoiceField(label=_("支付方式"), required=False, choices=choices(PROMISED_METHODS), widget=forms.RadioSelect),
            "payee": forms.CharField(label=_("收款账户或者领取方式"), required=False, help_text=_("户名、银行、账号；多人的可以写“本人工资卡，账号见附表”。"), max_length=LONGEST["payee"]),
            "clauses": forms.MultipleChoiceField(label=_("条款"), required=False, choices=[(clause.id, clause_label(clause)) for clause in CLAUSES.values()], widget=forms.CheckboxSelectMultiple),
            "terms": forms.CharField(label=_("协议内容"), **text),
            "default_clause": forms.CharField(label=_("违约责任"), required=False, widget=forms.Textarea(attrs={"rows": 3})),
            "accelerates": forms.BooleanField(label=_("约定了一期逾期、余款全部到期"), required=False),
            "signer": forms.CharField(label=_("被申请方由谁签名"), required=False, max_length=120),
            "signer_post": forms.ChoiceField(label=_("签名人的身份"), required=False, choices=choices(SIGNER_POSTS), widget=forms.RadioSelect),
            "every": forms.ChoiceField(label=_("多久付一次"), required=False, choices=[(MONTHLY, _("每月同一天（发薪日）")), (WEEKLY, _("每几周"))], widget=forms.RadioSelect, initial=MONTHLY),
            "weeks": forms.IntegerField(label=_("几周"), required=False, min_value=1, max_value=26, initial=2),
            "first": forms.DateField(label=_("第一次付款日"), required=False),
            "count": forms.IntegerField(label=_("分几期"), required=False, min_value=1, max_value=MOST),
        }  # fmt: skip
        self.fields.update(names)


def money() -> forms.TextInput:
    return forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "maxlength": 40})


def choices(rows: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(value, _(label)) for value, label in rows]


def clause_label(clause: Any) -> str:
    """With its article, and whether anybody has checked it."""
    language = get_language() or ""
    said = {"name": clause.text("name", language), "article": clause.citation(language)}
    return _("%(name)s（%(article)s）") % said if clause.verified else _("%(name)s（%(article)s，未核实）") % said


@dataclass(frozen=True)
class PlanLine:
    number: int
    due: str
    amount: str


@dataclass(frozen=True)
class ShareLine:
    worker: Worker
    amount: str
    consent: str


def plan_lines(told: Mapping[str, Any]) -> list[PlanLine]:
    rows = [*(told.get("plan") or ()), *([["", ""]] * EMPTY_LINES)][:MOST_PARTS]
    return [PlanLine(number, due, amount) for number, (due, amount) in enumerate(rows)]


def share_lines(told: Mapping[str, Any], workers: Sequence[Worker]) -> list[ShareLine]:
    said = told.get("shares") or {}
    return [ShareLine(worker, *(said.get(worker.id) or ("", ""))) for worker in workers]


def initial_of(told: Mapping[str, Any], version: int) -> dict[str, Any]:
    return {**{name: told.get(name, "") for name in LINES}, "clauses": told.get("clauses") or [], "accelerates": told.get("accelerates", False), "version": version}


def said_in(data: QueryDict, workers: Sequence[Worker]) -> dict[str, Any]:
    """Exactly what was typed."""
    return {
        **{name: data.get(name, "") for name in LINES}, "accelerates": bool(data.get("accelerates")), "clauses": data.getlist("clauses"),
        "plan": [[data.get(f"due-{number}", ""), data.get(f"amount-{number}", "")] for number in range(MOST_PARTS)],
        "shares": {worker.id: [data.get(f"share-{worker.id}", ""), data.get(f"consent-{worker.id}", "")] for worker in workers},
    }  # fmt: skip


class SignForm(forms.Form):
    """What the paper shows that the draft does not know: when it took effect, and that it was signed and sealed."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, signatures: Mapping[str, str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.signature_names = list(signatures)
        self.fields["effective_on"] = forms.DateField(label=_("协议生效日期"), error_messages={"required": _("请填写协议生效日期，即最后一方签名盖章的那一天。")})
        self.fields["how"] = forms.ChoiceField(label=_("怎样签名"), choices=choices(WAYS), widget=forms.RadioSelect)
        for name, label in signatures.items():
            self.fields[name] = forms.BooleanField(label=_(label), error_messages={"required": _("缺少这一项，协议尚未生效，不能登记。")})
        self.fields["scan"] = forms.FileField(label=_("签署件扫描或者照片"), required=False, help_text=_("可以以后在调解页面补传。"))
        self.fields["handed"] = forms.BooleanField(
            label=_("各方已当场各收到一份，签署件上写明并有签名"), required=False, help_text=_("要同时上传签署件，作为送达的证明；没有的，以后在调解页面登记送达。"),
        )  # fmt: skip

    @property
    def signatures(self) -> list[forms.BoundField]:
        return [self[name] for name in self.signature_names]
