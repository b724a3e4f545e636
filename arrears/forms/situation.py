"""What is asked about a claim's situation: ticks, and the few words that belong to them. Only what nobody knows yet."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from arrears.forms.fields import MoneyField
from arrears.models import Claim
from arrears.models.parties import CHAIN_ROLES
from arrears.situation.facts import GROUPS, TICKS, Tick
from arrears.situation.of_claim import situation_of
from arrears.situation.recording import FOUND_LATER, Said

LENDERS = ("general", "sub", "labour", "employer")
LABELS = dict(CHAIN_ROLES)


class Group:
    """Fields that stand together under one heading."""

    def __init__(self, name: str, fields: list[forms.BoundField], *, is_open: bool) -> None:
        self.name, self.label, self.fields, self.is_open = name, _(GROUPS[name]), fields, is_open


class SituationForm(forms.Form):
    """`known`: facts the record shows. `is_office`: may decide what only a chief or an officer decides."""

    def __init__(self, claim: Claim, known: Collection[str], *args: Any, today: date, is_office: bool, **kwargs: Any) -> None:
        self.claim, self.today, self.kept = claim, today, situation_of(claim)
        self.named = {respondent.role for respondent in claim.respondents.all()}
        self.asked = [tick for tick in TICKS.values() if tick.id not in known]
        super().__init__(*args, initial=self.initial_of(), **kwargs)
        language = get_language() or ""
        for tick in self.asked:
            self.fields[tick.id] = forms.BooleanField(
                label=tick.text("label", language), help_text=tick.text("hint", language), required=False,
                disabled=tick.office and not is_office,
            )  # fmt: skip
        self.fields["unsettled"] = MoneyField(
            label=_("未结清的工程款（元）"), required=False, help_text=_("建设单位还没有付给总承包单位的工程款；先行垫付以此为限。不清楚的可以先不填。")
        )
        self.fields["lender"] = forms.ChoiceField(
            label=_("被借用名义的是"), required=False, choices=[("", _("不清楚")), *((role, _(LABELS[role])) for role in LENDERS)]
        )
        self.fields["last_working_day"] = forms.DateField(
            label=_("最后工作日"), required=False, help_text=_("仲裁一年、监察两年的时效都从这一天起算。")
        )
        for role in self.to_find:
            self.fields[f"name_{role}"] = forms.CharField(label=_(LABELS[role]), max_length=120, required=False)

    def initial_of(self) -> dict[str, Any]:
        kept = self.kept
        return {
            **dict.fromkeys(kept.said, True), "unsettled": kept.unsettled, "lender": kept.lender,
            "last_working_day": self.claim.last_working_day,
        }  # fmt: skip

    @property
    def to_find(self) -> list[str]:
        return [role for role in FOUND_LATER if role not in self.named]

    @property
    def groups(self) -> Iterator[Group]:
        """By heading. One stands open: the building site's for a claim about one, else the employer's; the others are folded,
        unless something in them is said or wrong."""
        first = "site" if "construction" not in self.fields else "employer"
        for name in GROUPS:
            fields = [self[field] for tick in self.asked if tick.group == name for field in self.with_details(tick)]
            if name == "worker":
                fields.append(self["last_working_day"])
            is_open = name == first or any(field.errors or field.value() for field in fields if field.name != "last_working_day")
            is_open |= name == "worker" and bool(self["last_working_day"].errors or not self["last_working_day"].value())
            yield Group(name, fields, is_open=is_open)

    def with_details(self, tick: Tick) -> list[str]:
        return [tick.id, *{"owner_unpaid": ["unsettled"], "lent_name": ["lender"]}.get(tick.id, [])]

    @property
    def has_names(self) -> bool:
        return any(field.value() or field.errors for field in self.names)

    @property
    def names(self) -> list[forms.BoundField]:
        return [self[f"name_{role}"] for role in self.to_find]

    def clean_last_working_day(self) -> date | None:
        day = self.cleaned_data["last_working_day"]
        if day and day > self.today:
            raise ValidationError(_("最后工作日不能晚于今天。"), code="in_future")
        return day

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if said.get("unsettled") is not None and not said.get("owner_unpaid"):
            self.add_error("unsettled", _("填写了未结清的工程款，请同时勾选“建设单位没有按合同约定及时拨付工程款”。"))
        if said.get("lender") and not said.get("lent_name"):
            self.add_error("lender", _("选了被借用名义的单位，请同时勾选“挂靠”。"))
        return said

    def said(self) -> Said:
        """What was ticked here, and what was ticked before and is now known from the record."""
        cleaned, asked = self.cleaned_data, {tick.id for tick in self.asked}
        before = [name for name in self.kept.said if name not in asked]
        return Said(
            ticks=[*before, *(name for name in asked if cleaned.get(name))], unsettled=cleaned["unsettled"],
            lender=cleaned["lender"], last_working_day=cleaned["last_working_day"],
            names={role: cleaned[f"name_{role}"] for role in self.to_find if cleaned[f"name_{role}"]},
        )  # fmt: skip
