"""Money that came under an agreement, as somebody types it, and the scan of the agreement itself."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from arrears.forms.fields import MoneyField
from arrears.lifecycle import PAY_METHODS
from arrears.models import Claimant


class PaymentForm(forms.Form):
    """`workers`: of several, each can have been paid alone."""

    def __init__(self, workers: Sequence[Claimant], today: date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by_pk = {str(worker.pk): worker for worker in workers}
        if len(workers) > 1:
            everybody = [("", _("全体，按各人还差的数额分")), *((pk, worker.name) for pk, worker in self.by_pk.items())]
            self.fields["worker"] = forms.ChoiceField(label=_("付给谁"), choices=everybody, required=False)
        self.fields["amount"] = MoneyField(label=_("金额（元）"), above_zero=True)
        self.fields["paid_on"] = forms.DateField(label=_("到账日期"), initial=today)
        self.fields["method"] = forms.ChoiceField(label=_("付款方式"), choices=[(value, _(label)) for value, label in PAY_METHODS], initial="bank")
        self.fields["note"] = forms.CharField(label=_("说明"), required=False, max_length=200)

    def worker(self) -> Claimant | None:
        return self.by_pk.get(self.cleaned_data.get("worker", ""))


class BankForm(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"] = forms.FileField(label=_("银行流水或者代发明细"), help_text=_("Excel、WPS 或 CSV，要有户名、金额（元）、日期三列；有账号、身份证号的，用后四位分清同名的人，别的不留。"))


class ScanForm(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scan"] = forms.FileField(label=_("签署件扫描或者照片"))
