"""Form fields for what people write in many ways: money, phone, ID number, credit code. The rules are elsewhere."""

import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from arrears.identity import check_credit_code, check_id, check_phone
from arrears.invalid import Invalid
from arrears.money import parse_money


class CheckedField(forms.CharField):
    """Text that a rule module reads (`check`); its Invalid becomes the field's error, with its code."""

    def __init__(self, *, check: Callable[[str], Any], nothing: Any = "", attrs: dict[str, Any] | None = None, **options: Any) -> None:
        options.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off", "maxlength": 60, **(attrs or {})}))
        super().__init__(**options)
        self.check = check
        self.nothing = nothing

    def to_python(self, value: Any) -> Any:
        typed = super().to_python(value)
        if not typed:
            return self.nothing
        try:
            return self.check(typed)
        except Invalid as error:
            raise ValidationError(_(error.sentence), code=error.code) from error


class MoneyField(CheckedField):
    """3500 · 3,500元 · ３５００．５ · 1.2万"""

    def __init__(self, *, above_zero: bool = False, **options: Any) -> None:
        super().__init__(check=parse_money, nothing=None, attrs={"inputmode": "decimal"}, **options)
        self.above_zero = above_zero

    def validate(self, value: Any) -> None:
        super().validate(value)
        if self.above_zero and value == 0:
            raise ValidationError(_("金额要大于零。"), code="money_zero")


class PhoneField(CheckedField):
    def __init__(self, **options: Any) -> None:
        super().__init__(check=check_phone, attrs={"type": "tel", "inputmode": "tel"}, **options)


class IdNumberField(CheckedField):
    """Text, not digits only: the last character may be an X."""

    def __init__(self, *, today: date, **options: Any) -> None:
        attrs = {"autocapitalize": "characters", "spellcheck": "false"}
        super().__init__(check=lambda typed: check_id(typed, today), attrs=attrs, **options)


class CreditCodeField(CheckedField):
    def __init__(self, **options: Any) -> None:
        attrs = {"autocapitalize": "characters", "spellcheck": "false"}
        super().__init__(check=check_credit_code, attrs=attrs, **options)


class QuantityField(forms.DecimalField):
    """How many days, hours, pieces: above zero, two decimals, full-width digits welcome."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=10, decimal_places=2, min_value=Decimal("0.01"), **options)

    def to_python(self, value: Any) -> Decimal | None:
        return super().to_python(unicodedata.normalize("NFKC", value) if isinstance(value, str) else value)
