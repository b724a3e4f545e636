"""The claim, what is owed on it, and what was paid."""

from datetime import date
from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Round
from django.utils.translation import gettext_lazy as _

from arrears.ladders.book import COLLECTIVE_FROM
from arrears.lifecycle import CLAIM, ENDINGS, PAY_METHODS, REJECT_GROUNDS, RESULTS, SENSITIVE_GROUNDS
from arrears.moves import State
from grid.ids import public_number, uuid7
from grid.roles import LEVEL_LABELS, TOWNSHIP
from grid.scope import ScopedQuerySet

CHANNELS = [
    ("patrol", _("网格巡查")),
    ("window", _("窗口来访")),
    ("phone", _("来电")),
    ("hotline", _("12345 热线")),
    ("letter", _("来信")),
    ("online", _("网上")),
    ("referred", _("其他单位转来")),
    ("ledger", _("历史台账导入")),
]
CONTRACTS = [
    ("contract", _("劳动合同")),
    ("written", _("用工书面协议")),
    ("none", _("没有书面约定")),
    ("unknown", _("不详")),
]
UNITS = [
    ("month", _("月")),
    ("day", _("天")),
    ("hour", _("小时")),
    ("piece", _("件")),
    ("lump", _("总额")),
]
OPEN_CLAIM = Q(stage__in=CLAIM.open_states)


def overdue(day: date) -> Q:
    """Open claims past a limit that binds. One that rests (中止) is not late meanwhile. Its earlier day has passed too:
    that is what the worklists' indexes find."""
    return OPEN_CLAIM & Q(suspended_until=None, due_on__lt=day, limit_on__lt=day)


def past_target(day: date) -> Q:
    """Open claims past a target of the city's own, and within what binds."""
    return OPEN_CLAIM & Q(suspended_until=None, due_on__lt=day) & (Q(limit_on=None) | Q(limit_on__gte=day))


def money(**options) -> models.DecimalField:
    return models.DecimalField(max_digits=14, decimal_places=2, **options)


def region_code(width: int) -> models.CharField:
    """A level's code beside the region itself: scopes and lists compare one column for equality."""
    return models.CharField(max_length=width, db_collation="C", default="", blank=True)


class ClaimQuerySet(ScopedQuerySet):
    def open(self) -> "ClaimQuerySet":
        return self.filter(OPEN_CLAIM)

    def for_list(self) -> "ClaimQuerySet":
        """What a row of a list shows, in one query."""
        return self.select_related("region", "handler").defer("story", "request", "search_text", "search_grams")


class Claim(models.Model):
    """欠薪案件: workers owed wages by a chain of respondents, at a stage, with a level in charge.

    Amounts are CNY and move claimed → verified → agreed → paid; `claimed` and `paid` are sums of lines and
    payments kept by the verbs. Only arrears.casework changes a row.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField(_("案号"), max_length=40, unique=True)
    public_number = models.CharField(_("查询号"), max_length=16, unique=True, default=public_number)

    region = models.ForeignKey("grid.Region", models.PROTECT, related_name="claims", verbose_name=_("所属地区"))
    city_code = region_code(4)
    county_code = region_code(6)
    township_code = region_code(9)
    village_code = region_code(12)

    stage = models.CharField(_("阶段"), max_length=12, choices=CLAIM.choices, default=CLAIM.initial)
    level = models.CharField(_("办理层级"), max_length=10, choices=list(LEVEL_LABELS.items()), default=TOWNSHIP)
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="handled", verbose_name=_("经办人")
    )
    due_on = models.DateField(_("最近到期"), null=True, blank=True)  # of the running clocks that climb; verbs keep it
    limit_on = models.DateField(_("法定或约定期限"), null=True, blank=True)  # of those that bind; verbs keep it
    suspended_until = models.DateField(_("中止至"), null=True, blank=True)  # of its open suspension; verbs keep it
    sensitive = models.CharField(_("敏感案件"), max_length=12, choices=SENSITIVE_GROUNDS, blank=True)  # "" : it is not
    # 优先办理: of what is due on one day the sensitive and the collective come first (0), then the others (1).
    rank = models.GeneratedField(
        expression=Case(When(Q(worker_count__gte=COLLECTIVE_FROM) | ~Q(sensitive=""), then=Value(0)), default=Value(1)),
        output_field=models.PositiveSmallIntegerField(), db_persist=True,
    )  # fmt: skip

    channel = models.CharField(_("来源"), max_length=10, choices=CHANNELS)
    received_on = models.DateField(_("收到日期"))
    registered_at = models.DateTimeField(_("登记时间"))
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="registered"
    )
    source_key = models.CharField(max_length=80, null=True, blank=True, unique=True)  # a draft's or old register's key

    site = models.ForeignKey("arrears.Site", models.PROTECT, null=True, blank=True, related_name="claims")
    work = models.CharField(_("工种或岗位"), max_length=60, blank=True)
    contract = models.CharField(_("书面约定"), max_length=10, choices=CONTRACTS, default="unknown")
    worker_count = models.PositiveIntegerField(_("涉及人数"), default=1)
    last_working_day = models.DateField(_("最后工作日"), null=True, blank=True)  # drives the arbitration limit
    story = models.TextField(_("事实经过"), blank=True)
    request = models.TextField(_("诉求"), blank=True)

    claimed = money(verbose_name=_("主张金额"), default=Decimal(0))
    typed_total = money(verbose_name=_("填报总额"), null=True, blank=True)
    verified = money(verbose_name=_("核定金额"), null=True, blank=True)
    agreed = money(verbose_name=_("约定金额"), null=True, blank=True)
    paid = money(verbose_name=_("已付金额"), default=Decimal(0))

    result = models.CharField(_("结果"), max_length=20, blank=True, choices=[*RESULTS, *ENDINGS, *REJECT_GROUNDS])
    closed_on = models.DateField(_("办结日期"), null=True, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")
    split_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="split_off", db_index=False)
    # 牵头案件: a collective case of several townships or sites has each one's claim under it.
    part_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts", db_index=False)

    # What lists and searches show, kept by the verbs from the parties.
    worker_name = models.CharField(_("劳动者"), max_length=80, blank=True)
    respondent_name = models.CharField(_("被申请方"), max_length=120, blank=True)
    search_text = models.TextField(blank=True)
    search_grams = ArrayField(models.CharField(max_length=2), default=list, blank=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        ordering = ["-received_on", "-id"]
        indexes = [
            # The worklists: open claims of a level's region, soonest due first.
            *(
                models.Index(fields=[f"{column}_code", "due_on", "rank", "id"], condition=OPEN_CLAIM, name=f"claim_{column}_first")
                for column in ("city", "county", "township")
            ),
            # The claim list: newest first within a scope.
            *(
                models.Index(fields=[f"{column}_code", "-received_on", "-id"], name=f"claim_{column}_new")
                for column in ("city", "county", "township")
            ),
            # The claim list, largest amount first.
            *(
                models.Index(fields=[f"{column}_code", "-claimed", "-id"], name=f"claim_{column}_sum")
                for column in ("city", "county", "township")
            ),
            models.Index(fields=["handler", "due_on"], condition=OPEN_CLAIM, name="claim_handler_due"),
            # The page of a site.
            models.Index(fields=["site", "-received_on", "-id"], condition=Q(site__isnull=False), name="claim_site_new"),
            models.Index(fields=["split_from"], condition=Q(split_from__isnull=False), name="claim_split_from"),
            models.Index(fields=["part_of"], condition=Q(part_of__isnull=False), name="claim_part_of"),
            # Which claims have become sensitive by their number of workers, asked at every sweep.
            models.Index(fields=["-worker_count", "id"], condition=OPEN_CLAIM & Q(sensitive=""), name="claim_of_many"),
            # Search: three and more characters by trigram, two by bigram (arrears/search.py).
            GinIndex(OpClass("search_text", "gin_trgm_ops"), name="claim_search_text"),
            GinIndex(fields=["search_grams"], name="claim_search_grams"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(claimed__gte=0, paid__gte=0), name="claim_amounts_not_negative"),
            models.CheckConstraint(condition=Q(worker_count__gte=1), name="claim_has_workers"),
            models.CheckConstraint(condition=Q(part_of=None) | ~Q(part_of=F("pk")), name="claim_not_part_of_itself"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def state(self) -> State:
        return CLAIM.state(self.stage)

    @property
    def is_open(self) -> bool:
        return not self.state.is_final

    @property
    def is_collective(self) -> bool:
        return self.worker_count >= COLLECTIVE_FROM

    @property
    def goes_on_in(self) -> "Claim":
        """The claim itself, or the one it was merged into, however often."""
        claim = self
        while claim.merged_into_id:
            claim = claim.merged_into
        return claim

    @property
    def owed(self) -> Decimal:
        """What has to be paid for the claim to be settled: the newest of agreed, verified, claimed."""
        return next(amount for amount in (self.agreed, self.verified, self.claimed) if amount is not None)

    @property
    def unpaid(self) -> Decimal:
        return max(self.owed - self.paid, Decimal(0))

    @property
    def overpaid(self) -> Decimal:
        """What came beyond what is owed: it is shown, not forgotten."""
        return max(self.paid - self.owed, Decimal(0))

    @property
    def typed_total_differs(self) -> bool:
        return self.typed_total is not None and self.typed_total != self.claimed

    def standing_on(self, day: date) -> str:
        """on_time, near, past_target, overdue or suspended, derived when reading: overdue is past what binds (the law, an
        agreement), past_target past the city's own target only."""
        if not self.is_open or self.due_on is None:
            return "none"
        if self.suspended_until:
            return "suspended"
        if self.limit_on and self.limit_on < day:
            return "overdue"
        days = (self.due_on - day).days
        return "past_target" if days < 0 else "near" if days <= 3 else "on_time"


class CaseCounter(models.Model):
    """The last case number given out in a county in a year; incremented under a row lock (casework)."""

    county_code = models.CharField(max_length=6, db_collation="C")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["county_code", "year"], name="one_counter_per_county_year")]


class ClaimLine(models.Model):
    """工资明细: one worker, one period, one rate. rate × quantity = due; due − paid = unpaid, by the database."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    claim = models.ForeignKey(Claim, models.CASCADE, related_name="lines")
    claimant = models.ForeignKey("arrears.Claimant", models.CASCADE, related_name="lines", verbose_name=_("劳动者"))
    period_from = models.DateField(_("期间起"), null=True, blank=True)
    period_to = models.DateField(_("期间止"), null=True, blank=True)
    unit = models.CharField(_("计酬单位"), max_length=6, choices=UNITS, default="lump")
    rate = models.DecimalField(_("单价（元）"), max_digits=12, decimal_places=2)
    quantity = models.DecimalField(_("数量"), max_digits=10, decimal_places=2, default=Decimal(1))
    paid = money(verbose_name=_("已付"), default=Decimal(0))
    due = models.GeneratedField(
        expression=Round(F("rate") * F("quantity"), 2),
        output_field=models.DecimalField(max_digits=14, decimal_places=2),
        db_persist=True,
    )
    unpaid = models.GeneratedField(
        expression=Round(F("rate") * F("quantity"), 2) - F("paid"),
        output_field=models.DecimalField(max_digits=14, decimal_places=2),
        db_persist=True,
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(rate__gte=0, quantity__gt=0, paid__gte=0), name="line_not_negative"),
            models.CheckConstraint(
                condition=Q(paid__lte=Round(F("rate") * F("quantity"), 2)), name="line_paid_within_due"
            ),
            models.CheckConstraint(
                condition=Q(period_to=None) | Q(period_from=None) | Q(period_to__gte=F("period_from")),
                name="line_period_in_order",
            ),
        ]


class PaymentQuerySet(ScopedQuerySet):
    scope_path = "claim__"


class Payment(models.Model):
    """Money that reached the worker after the claim was logged. A correction is another, reversing row."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="payments")
    amount = money(verbose_name=_("金额"))
    paid_on = models.DateField(_("付款日期"))
    method = models.CharField(_("付款方式"), max_length=16, choices=PAY_METHODS)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    # Of several workers the one whom it reached; None: all of them together.
    claimant = models.ForeignKey("arrears.Claimant", models.PROTECT, null=True, blank=True, related_name="payments", verbose_name=_("劳动者"))
    # What that worker got beyond their own share. It pays nobody else's, so `amount` and the sums of the claim do not count it.
    excess = money(verbose_name=_("多付给本人的"), default=Decimal(0))
    line_key = models.CharField(max_length=64, null=True, blank=True, unique=True)  # of the line of a bank's file: once, however often it comes
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()

    objects = PaymentQuerySet.as_manager()

    class Meta:
        ordering = ["paid_on", "id"]
        constraints = [models.CheckConstraint(condition=~Q(amount=0) | Q(excess__gt=0), name="payment_not_zero")]
