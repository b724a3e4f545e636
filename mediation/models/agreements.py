"""调解协议: what was agreed, who signed, and by when which part is paid."""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from arrears.lifecycle import PROMISED_METHODS
from arrears.models.claims import money
from grid.ids import uuid7


class Agreement(models.Model):
    """Binding once both parties and the mediator have signed and the seal is on it (调解仲裁法 第十四条
    第二款); before that there is no row. `total` is what is still to be paid; `paid_before` had come already."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    mediation = models.OneToOneField("mediation.Mediation", models.PROTECT, related_name="agreement")
    number = models.CharField(_("协议编号"), max_length=50, unique=True)
    total = money(verbose_name=_("协议支付总额"))
    paid_before = money(verbose_name=_("此前已付"), default=Decimal(0))
    effective_on = models.DateField(_("生效日期"))
    manner = models.CharField(_("支付方式"), max_length=16, choices=PROMISED_METHODS)
    terms = models.TextField(_("协议内容"))
    default_clause = models.TextField(_("违约责任"), blank=True)
    signed_by_parties = models.BooleanField(_("双方当事人已签名或盖章"))
    signed_by_mediator = models.BooleanField(_("调解员已签名"))
    sealed = models.BooleanField(_("已加盖调解组织印章"))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(total__gt=0, paid_before__gte=0), name="agreement_pays_something"),
            models.CheckConstraint(
                condition=Q(signed_by_parties=True, signed_by_mediator=True, sealed=True), name="agreement_three_signatures"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Instalment(models.Model):
    """分期: paid, part and overdue are derived from the claim's payments (mediation/instalments.py)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="instalments")
    number = models.PositiveSmallIntegerField(_("期数"))
    due_on = models.DateField(_("付款日期"))
    amount = money(verbose_name=_("金额"))

    class Meta:
        ordering = ["agreement", "number"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="one_instalment_per_number"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="instalment_pays_something"),
        ]

    def __str__(self) -> str:
        return f"{self.agreement} · {self.number}"
