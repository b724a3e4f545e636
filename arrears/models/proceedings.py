"""程序: a road that is walked for a claim, and the steps of it. Only arrears.proceedings writes a row."""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from arrears.models.claims import money
from arrears.models.withdrawable import Withdrawable
from arrears.proceedings.table import KINDS, PROCEDURES, Kind, StepRow
from grid.ids import uuid7
from grid.scope import ScopedQuerySet


class ProceedingQuerySet(ScopedQuerySet):
    scope_path = "claim__"

    def open(self) -> "ProceedingQuerySet":
        return self.filter(ended_on=None)

    def for_list(self) -> "ProceedingQuerySet":
        return self.select_related("claim", "claim__region", "claim__handler")


class StepQuerySet(ScopedQuerySet):
    scope_path = "proceeding__claim__"


class Proceeding(models.Model):
    """Where one road stands. `state` is the last step that moved it, `opened_as` the one it began with; both are names in
    arrears.proceedings.table. What is told here again of its steps (docket number, court, amount, `until`: the day by which
    its title has to be performed) is the newest of them."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    claim = models.ForeignKey("arrears.Claim", models.PROTECT, related_name="proceedings")
    kind = models.CharField(_("程序"), max_length=16)
    opened_as = models.CharField(max_length=24)
    state = models.CharField(max_length=24)
    workers = models.ManyToManyField("arrears.Claimant", related_name="proceedings", blank=True, verbose_name=_("哪些劳动者"))  # none named: everybody
    continues = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="continued_by", db_index=False)
    referral = models.ForeignKey("arrears.Referral", models.PROTECT, null=True, blank=True, related_name="proceedings", db_index=False)
    body = models.ForeignKey("grid.Body", models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    court = models.CharField(_("办理的法院或者机关"), max_length=120, blank=True)
    docket_number = models.CharField(_("案号、文号"), max_length=60, blank=True)
    amount = money(verbose_name=_("金额"), null=True, blank=True)
    until = models.DateField(_("履行或者支付期限"), null=True, blank=True)
    hearing_at = models.DateTimeField(_("下次开庭"), null=True, blank=True)
    due_on = models.DateField(_("最近到期"), null=True, blank=True)  # of its running clocks; verbs keep it
    auto_step = models.CharField(max_length=24, blank=True)  # what the system records by itself on the day `auto_on`
    auto_on = models.DateField(null=True, blank=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField()
    ended_on = models.DateField(_("结束日期"), null=True, blank=True)

    objects = ProceedingQuerySet.as_manager()

    class Meta:
        ordering = ["opened_at", "id"]
        indexes = [
            models.Index(fields=["due_on", "id"], condition=Q(ended_on=None), name="proceeding_open_due"),
            models.Index(fields=["auto_on"], condition=Q(ended_on=None, auto_on__isnull=False), name="proceeding_auto"),
            models.Index(fields=["hearing_at"], condition=Q(hearing_at__isnull=False), name="proceeding_hearing"),
        ]

    def __str__(self) -> str:
        return " ".join(filter(None, (self.name, self.docket_number)))

    @property
    def is_open(self) -> bool:
        return self.ended_on is None

    @property
    def table(self) -> Kind:
        return KINDS[self.kind]

    @property
    def row(self) -> StepRow:
        """The step it stands at."""
        return self.table.steps[self.state]

    @property
    def lets_close(self) -> bool:
        """May the claim end while it goes on?"""
        return self.state in self.table.steps and self.row.lets_close

    @property
    def name(self) -> str:
        return self.table.text("name", get_language() or "")

    @property
    def done(self) -> str:
        return self.row.text("done", get_language() or "")


class Step(Withdrawable):
    """One step as it was recorded: never changed, taken back with its reason. `on` is the day it happened. `started` and
    `ended` are the ids of the clocks it began and ended, for taking it back."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    proceeding = models.ForeignKey(Proceeding, models.PROTECT, related_name="steps")
    name = models.CharField(max_length=24)
    on = models.DateField(_("日期"))
    docket = models.CharField(_("案号、文号"), max_length=60, blank=True)
    court = models.CharField(_("办理的法院或者机关"), max_length=120, blank=True)
    amount = money(verbose_name=_("金额"), null=True, blank=True)
    until = models.DateField(_("履行或者支付期限"), null=True, blank=True)
    other_on = models.DateField(_("对方收到的日期"), null=True, blank=True)
    procedure = models.CharField(_("审理程序"), max_length=10, choices=PROCEDURES, blank=True)
    hearing = models.DateTimeField(_("开庭时间"), null=True, blank=True)
    place = models.CharField(_("开庭地点"), max_length=200, blank=True)
    reason = models.CharField(_("理由"), max_length=300, blank=True)
    lawyer = models.CharField(_("指派的律师和联系方式"), max_length=120, blank=True)
    four = models.JSONField(default=list, blank=True)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    paper = models.ForeignKey("arrears.Evidence", models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    payment = models.OneToOneField("arrears.Payment", models.PROTECT, null=True, blank=True, related_name="step")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")  # None: the system
    recorded_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)  # of a hearing: when it was reminded of
    started = models.JSONField(default=list)
    ended = models.JSONField(default=list)

    objects = StepQuerySet.as_manager()

    class Meta(Withdrawable.Meta):
        abstract = False
        ordering = ["recorded_at", "id"]
        indexes = [
            models.Index(
                fields=["hearing"], condition=Q(hearing__isnull=False, reminded_at=None, withdrawn_at=None), name="step_hearing_to_remind"
            )
        ]

    @property
    def row(self) -> StepRow:
        return KINDS[self.proceeding.kind].steps[self.name]

    @property
    def label(self) -> str:
        return self.row.text("done", get_language() or "")

    def day(self, name: str) -> date | None:
        """The day a clock is counted from, by the name of the ask; "" is the day of the step."""
        value: Any = getattr(self, name) if name else self.on
        return value.date() if isinstance(value, datetime) else value


class Grant(models.Model):
    """What the paper of a step grants one worker. Those of a step come to its amount, to the cent."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    step = models.ForeignKey(Step, models.CASCADE, related_name="grants")
    claimant = models.ForeignKey("arrears.Claimant", models.PROTECT, related_name="grants")
    amount = money(verbose_name=_("金额"))

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["step", "claimant"], name="granted_once"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="granted_nothing_below_zero"),
        ]
