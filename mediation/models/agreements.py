"""调解协议: what was agreed, who signed, and by when which part is paid."""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from arrears.lifecycle import PROMISED_METHODS
from arrears.models.claims import money
from grid.ids import uuid7
from mediation.drafting.terms import CONSENTS, SIGNER_POSTS

SIGNERS = [("worker", _("劳动者一方")), ("respondent", _("被申请方")), ("mediator", _("调解员")), ("seal", _("调解组织印章"))]
WAYS = [("paper", _("纸质")), ("glass", _("手写屏"))]


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
    accelerates = models.BooleanField(_("一期逾期，余款全部到期"), default=False)
    payee = models.TextField(_("收款账户或者领取方式"), blank=True)
    less_reason = models.TextField(_("少于核定数额的理由"), blank=True)
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


class Share(models.Model):
    """What one worker gets of it, and how they consented. Of every agreement; together they are its total."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="shares")
    claimant = models.ForeignKey("arrears.Claimant", models.PROTECT, related_name="shares", verbose_name=_("劳动者"))
    amount = money(verbose_name=_("金额"))
    consent = models.CharField(_("怎样同意"), max_length=10, choices=CONSENTS, blank=True)

    class Meta:
        ordering = ["agreement", "claimant"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "claimant"], name="one_share_per_worker"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="share_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.agreement} · {self.claimant}"


class Signature(models.Model):
    """Who signed and how: on paper, of which a scan is evidence of the claim, or on the glass (`mark`: the row it was written to)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="signatures")
    role = models.CharField(_("谁签名"), max_length=10, choices=SIGNERS)
    name = models.CharField(_("姓名或者名称"), max_length=120)
    post = models.CharField(_("身份"), max_length=10, choices=SIGNER_POSTS, blank=True)
    how = models.CharField(_("怎样签名"), max_length=6, choices=WAYS)
    mark = models.UUIDField(null=True, blank=True)
    scan = models.ForeignKey("arrears.Evidence", models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    signed_on = models.DateField(_("签名日期"))

    class Meta:
        ordering = ["agreement", "id"]

    def __str__(self) -> str:
        return f"{self.agreement} · {self.name}"


class Instalment(models.Model):
    """分期: paid, part and overdue are derived from the claim's payments (mediation/instalments.py)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="instalments")
    number = models.PositiveSmallIntegerField(_("期数"))
    due_on = models.DateField(_("付款日期"))
    amount = money(verbose_name=_("金额"))
    missed_at = models.DateTimeField(null=True, blank=True)  # when everybody was told that its day had passed unpaid

    class Meta:
        ordering = ["agreement", "number"]
        indexes = [models.Index(fields=["due_on", "id"], condition=Q(missed_at=None), name="instalment_watched")]  # mediation.watching
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="one_instalment_per_number"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="instalment_pays_something"),
        ]

    def __str__(self) -> str:
        return f"{self.agreement} · {self.number}"
