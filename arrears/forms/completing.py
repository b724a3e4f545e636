"""The form of 补充登记, made from what stands in the claim: what is empty in front, what is known behind, to be corrected.

What was known when the page was made comes back with it (Django's hidden initial), so that only what somebody touched is
said, and what somebody else has changed meanwhile is noticed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from arrears.completing.fields import CLAIM, LINE, RESPONDENT, WORKER
from arrears.completing.slots import Record, Slot
from arrears.completing.verbs import Word
from arrears.forms.fields import CreditCodeField, IdNumberField, MoneyField, PhoneField, QuantityField
from arrears.models.claims import CONTRACTS, UNITS
from arrears.models.parties import CHAIN_ROLES

TEXTS = {"name": 60, "legal_name": 120, "aliases": 200, "address": 200, "contact": 60, "site_name": 120, "site_address": 200, "work": 60}
DAYS = ("last_working_day", "period_from", "period_to")
CHOICES = {"contract": CONTRACTS, "role": CHAIN_ROLES, "unit": UNITS}


@dataclass(frozen=True)
class Section:
    """The fields of one row, or of the claim: `blank` in front, `known` folded away."""

    title: str
    blank: list[forms.BoundField]
    known: list[forms.BoundField]

    @property
    def is_open(self) -> bool:
        return any(bound.errors for bound in self.known)


class CompletionForm(forms.Form):
    def __init__(self, record: Record, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.slots = {slot.key: slot for slot in record.slots}
        for key, slot in self.slots.items():
            self.fields[key] = field_of(slot, today)

    @property
    def lacking(self) -> list[Section]:
        return [section for section in self.sections if section.blank]

    @property
    def whole(self) -> list[Section]:
        """Those in which nothing is missing: folded away together."""
        return [section for section in self.sections if not section.blank]

    @property
    def is_whole_open(self) -> bool:
        return any(section.is_open for section in self.whole)

    @property
    def sections(self) -> Iterator[Section]:
        for title, slots in self.grouped():
            bound = [(slot, self[slot.key]) for slot in slots]
            yield Section(title, [one for slot, one in bound if slot.is_blank], [one for slot, one in bound if not slot.is_blank])

    def grouped(self) -> list[tuple[str, list[Slot]]]:
        """By row; what belongs to nobody last. A worker's lines stand with the worker's name."""
        groups: dict[Any, tuple[str, list[Slot]]] = {}
        titles = {WORKER: _("劳动者：%(name)s"), RESPONDENT: _("被申请方：%(name)s"), LINE: _("工资明细：%(name)s"), CLAIM: _("案件")}
        for slot in self.slots.values():
            title = titles[slot.field.of] % {"name": slot.whose} if slot.pk else titles[CLAIM]
            groups.setdefault((slot.field.of, slot.pk), (title, []))[1].append(slot)
        return list(groups.values())

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        for key in [key for key in self.errors if key in self.slots and not self.is_touched(key)]:
            del self._errors[key]  # as an old register had it; nobody said anything of it
        for key in self.slots:
            if self.is_touched(key) and self.was_changed_meanwhile(key) and key not in self.errors:
                self.add_error(key, _("这一项刚刚被他人改过，现在是“%(now)s”，请核对后再改。") % {"now": self.slots[key].value})
        if not self.errors and not self.words():
            raise forms.ValidationError(_("没有填写新的内容。知道哪一项就补哪一项，其余可以以后再补。"), code="nothing")
        return answers

    def is_touched(self, key: str) -> bool:
        return self.sent(self.add_prefix(key)) != self.sent(self.add_initial_prefix(key))

    def was_changed_meanwhile(self, key: str) -> bool:
        return self.sent(self.add_initial_prefix(key)) != written(self.fields[key].initial)

    def sent(self, name: str) -> str:
        return written(self.data.get(name))

    def words(self) -> list[Word]:
        """What was touched, with what stood there."""
        return [
            Word(slot.field.name, slot.pk, self.cleaned_data.get(key), slot.value)
            for key, slot in self.slots.items()
            if self.is_touched(key) and key not in self.errors
        ]


def written(value: Any) -> str:
    return "" if value is None else str(value).replace("\r\n", "\n").strip()


def field_of(slot: Slot, today: date) -> forms.Field:
    column, known = slot.field.column, slot.value
    shown: dict[str, Any] = {"label": _(slot.field.label), "required": False, "initial": known, "show_hidden_initial": True}
    if column == "phone":
        return PhoneField(**shown)
    if column == "id_number":
        shown |= {"initial": ""} | ({"help_text": _("已登记 %(number)s；要更正的，填写新的号码。") % {"number": known}} if known else {})
        return IdNumberField(today=today, **shown)
    if column == "credit_code":
        return CreditCodeField(**shown)
    if column in ("rate", "paid"):
        return MoneyField(**shown)
    if column == "quantity":
        return QuantityField(**shown)
    if column in DAYS:
        return forms.DateField(**shown)
    if column in CHOICES:
        return forms.ChoiceField(choices=CHOICES[column], **shown)
    if column in TEXTS:
        return forms.CharField(max_length=TEXTS[column], widget=forms.TextInput(attrs={"autocomplete": "off"}), **shown)
    return forms.CharField(max_length=10_000, widget=forms.Textarea(attrs={"rows": 4}), **shown)
