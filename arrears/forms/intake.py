"""The forms of logging a claim: what is asked about workers, respondents, place, money and story.

A row of like things left empty is not there. forms/steps.py puts them in the order of the pages.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from arrears.forms.fields import CreditCodeField, IdNumberField, MoneyField, PhoneField, QuantityField
from arrears.models import ClaimLine
from arrears.models.claims import CHANNELS, CONTRACTS, UNITS
from arrears.models.parties import CHAIN_ROLES, CONTACT_RULES
from arrears.money import LARGEST, line_due
from arrears.privacy import CONSENT

MOST_ROWS = 200
OTHER_DAY = "other"
NOT_TYPED_HERE = frozenset({"ledger", "online"})  # channels that claims reach us by themselves


class WorkerForm(forms.Form):
    name = forms.CharField(label=_("姓名"), max_length=60)
    phone = PhoneField(label=_("电话"), required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["id_number"] = IdNumberField(label=_("身份证号"), required=False, today=today)


class ContactForm(forms.Form):
    """How a worker may be reached; the employer may have the phone in hand."""

    contact_rule = forms.ChoiceField(
        label=_("怎样联系劳动者才安全？"), choices=CONTACT_RULES, initial="open", required=False, widget=forms.RadioSelect,
        help_text=_("问一句：单位的人会不会看到您的手机？"),
    )  # fmt: skip
    safe_phone = PhoneField(
        label=_("另有安全的电话"), required=False, help_text=_("例如家人的手机；填了就只打这个电话，短信也只发到这里。")
    )

    def clean_contact_rule(self) -> str:
        return self.cleaned_data["contact_rule"] or "open"


class ContactChangeForm(ContactForm):
    phone = PhoneField(label=_("电话"), required=False)


class CrewForm(ContactForm):
    worker_count = forms.IntegerField(
        label=_("一共涉及多少人"), required=False, min_value=1, max_value=100_000,
        help_text=_("只登记了代表时填写；不填按上面登记的人数计。十人以上按集体案件办理。"),
    )  # fmt: skip


class SheetCrewForm(CrewForm):
    """The same of all who stand in a wage sheet."""

    safe_phone = None


class RespondentForm(forms.Form):
    role = forms.ChoiceField(label=_("在用工链条中的角色"), choices=CHAIN_ROLES, initial="employer")
    legal_name = forms.CharField(
        label=_("名称"), max_length=120, required=False, help_text=_("营业执照上的全称；包工头填姓名。不知道可以空着。")
    )
    aliases = forms.CharField(
        label=_("别名、绰号、车牌等线索"), max_length=200, required=False, help_text=_("例如“恒达劳务”“孙老板”。")
    )
    credit_code = CreditCodeField(label=_("统一社会信用代码"), required=False)
    contact = forms.CharField(label=_("联系人"), max_length=60, required=False)
    phone = PhoneField(label=_("联系电话"), required=False)
    address = forms.CharField(label=_("地址"), max_length=200, required=False)

    MORE = ("credit_code", "contact", "phone", "address")

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if not said.get("legal_name") and not said.get("aliases"):
            self.add_error("legal_name", _("名称和别名至少填写一项。"))
        return said

    @property
    def shows_more(self) -> bool:
        return any(self[name].errors or self[name].value() for name in self.MORE)

    @property
    def more(self) -> list[forms.BoundField]:
        return [self[name] for name in self.MORE]


class PlaceForm(forms.Form):
    region = forms.ChoiceField(label=_("乡镇（街道）、村（社区）"))
    site_name = forms.CharField(
        label=_("工程项目（工地）名称"), max_length=120, required=False, help_text=_("不是工地的可以不填。")
    )
    site_address = forms.CharField(label=_("工地地址"), max_length=200, required=False)
    received_on = forms.ChoiceField(label=_("收到投诉的日期"), widget=forms.RadioSelect)
    received_other = forms.DateField(label=_("其他日期"), required=False)
    channel = forms.ChoiceField(
        label=_("来源"), choices=[row for row in CHANNELS if row[0] not in NOT_TYPED_HERE], widget=forms.RadioSelect
    )
    last_working_day = forms.DateField(
        label=_("最后工作日"), required=False, help_text=_("一年的仲裁时效从这一天起算，尽量问清。")
    )
    work = forms.CharField(label=_("工种或岗位"), max_length=60, required=False)
    contract = forms.ChoiceField(label=_("有无书面约定"), choices=CONTRACTS, widget=forms.RadioSelect, initial="unknown")

    def __init__(self, *args: Any, regions: list[tuple[str, str]], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["region"].choices = regions
        self.fields["received_on"].choices = days_near(today)

    def clean_last_working_day(self) -> date | None:
        day = self.cleaned_data["last_working_day"]
        if day and day > self.today:
            raise ValidationError(gettext("最后工作日不能晚于今天。"), code="in_future")
        return day

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if said.get("received_on") == OTHER_DAY:
            self.check_other_day(said.get("received_other"))
        return said

    def check_other_day(self, day: date | None) -> None:
        if day is None and "received_other" not in self.errors:
            self.add_error("received_other", _("请填写日期。"))
        elif day and day > self.today:
            self.add_error("received_other", _("收到日期不能晚于今天。"))

    @property
    def day(self) -> date:
        """Of receipt, once the form is valid."""
        chosen = self.cleaned_data["received_on"]
        return self.cleaned_data["received_other"] if chosen == OTHER_DAY else date.fromisoformat(chosen)


def days_near(today: date) -> list[tuple[str, str]]:
    yesterday = today - timedelta(days=1)
    return [
        (today.isoformat(), gettext("今天（%(day)s）") % {"day": date_format(today, "MONTH_DAY_FORMAT")}),
        (yesterday.isoformat(), gettext("昨天（%(day)s）") % {"day": date_format(yesterday, "MONTH_DAY_FORMAT")}),
        (OTHER_DAY, gettext("其他日期")),
    ]


class LineForm(forms.Form):
    worker = forms.ChoiceField(label=_("劳动者"))
    unit = forms.ChoiceField(label=_("计酬方式"), choices=UNITS, initial="lump")
    rate = MoneyField(label=_("单价或总额（元）"), above_zero=True)
    quantity = QuantityField(label=_("数量"), required=False)
    paid = MoneyField(label=_("已付（元）"), required=False)
    period_from = forms.DateField(label=_("从"), required=False)
    period_to = forms.DateField(label=_("到"), required=False)

    def __init__(self, *args: Any, workers: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["worker"].choices = [(str(index), name) for index, name in enumerate(workers)]

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        said["paid"] = said.get("paid") or Decimal(0)
        if said.get("unit") == "lump":
            said["quantity"] = Decimal(1)
        elif not said.get("quantity") and "quantity" not in self.errors:
            self.add_error("quantity", _("请填写数量，或选“总额”。"))
        if self.due is not None:
            self.check_amounts(said, self.due)
        if said.get("period_from") and said.get("period_to") and said["period_to"] < said["period_from"]:
            self.add_error("period_to", _("结束日期早于开始日期。"))
        return said

    def check_amounts(self, said: Mapping[str, Any], due: Decimal) -> None:
        if said["rate"] > LARGEST_RATE or due > LARGEST:
            self.add_error("rate", _("金额太大，请核对单位是否为元。"))
        if said["paid"] > due:
            self.add_error("paid", _("已付金额多于应付金额，请核对。"))

    @property
    def due(self) -> Decimal | None:
        """What the line comes to, as far as it can be told from what was typed."""
        said = getattr(self, "cleaned_data", {})
        rate, quantity = said.get("rate"), said.get("quantity")
        return line_due(rate, quantity) if rate and quantity else None

    @property
    def unpaid(self) -> Decimal | None:
        return self.due - self.cleaned_data.get("paid", Decimal(0)) if self.due is not None else None


LARGEST_RATE = Decimal(10) ** (ClaimLine._meta.get_field("rate").max_digits - 2) - Decimal("0.01")


class TotalForm(forms.Form):
    typed_total = MoneyField(
        label=_("劳动者自己说的总额（元）"), required=False, help_text=_("与明细合计不一致也可以登记，两个数都会保留。")
    )


class StoryForm(forms.Form):
    story = forms.CharField(
        label=_("事实经过"), max_length=10_000, required=False, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("什么时候、在哪里、给谁干活，怎么约定工资，为什么没有拿到。照劳动者的话写就行。"),
    )  # fmt: skip
    request = forms.CharField(
        label=_("诉求"), max_length=10_000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class ConsentForm(forms.Form):
    consent = forms.BooleanField(label=_(CONSENT))


class Rows(forms.BaseFormSet):
    """Rows left empty are not there; at least one must be filled."""

    nothing: str | Promise = _("请至少填写一行。")

    def clean(self) -> None:
        if not any(self.errors) and not self.filled:
            raise ValidationError(self.nothing, code="nothing")

    @property
    def filled(self) -> list[forms.Form]:
        return [form for form in self.forms if form.has_changed()]

    @property
    def all_errors(self) -> list[tuple[forms.Form, int]]:
        return [(form, number) for number, form in enumerate(self.forms, 1) if form.errors]


class TableRows(Rows):
    def add_fields(self, form: forms.Form, index: int | None) -> None:
        """The head of its column is no label of a field: a screen reader hears the name from the field itself."""
        super().add_fields(form, index)
        for field in form.fields.values():
            field.widget.attrs["aria-label"] = field.label


class Workers(TableRows):
    nothing = _("请至少登记一名劳动者。")


class Respondents(Rows):
    nothing = _("请至少登记一个被申请方；名称不详时可填写别名、绰号等线索。")


class Lines(TableRows):
    nothing = _("请至少填写一行；只知道总数的，选“总额”填一行。")

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        """The first rows are offered one to each worker."""
        super().add_fields(form, index)
        worker = form.fields["worker"]
        worker.initial = str(index) if index is not None and index < len(worker.choices) else "0"


def rows(form: type[forms.Form], base: type[Rows]) -> type[Rows]:
    return forms.formset_factory(form, formset=base, extra=0, max_num=MOST_ROWS, absolute_max=MOST_ROWS)
