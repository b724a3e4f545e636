"""情形和时效: the facts that decide who must pay and which roads are open, and what interrupted the worker's limit."""

from datetime import date

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from arrears.limitation.limits import CIVIL_STARTS, ENTRIES, INTERRUPTIONS, OBSTACLES
from arrears.models.claims import money
from arrears.models.parties import CHAIN_ROLES
from arrears.models.withdrawable import Withdrawable
from grid.ids import uuid7
from grid.scope import ScopedQuerySet


class OfClaimQuerySet(ScopedQuerySet):
    scope_path = "claim__"


class Situation(models.Model):
    """What was last said of a claim (ids of arrears.situation.facts.TICKS); what was said before is in its history.
    Only arrears.situation.recording writes a row."""

    claim = models.OneToOneField("arrears.Claim", models.CASCADE, primary_key=True, related_name="situation")
    said = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    unsettled = money(verbose_name=_("未结清的工程款"), null=True)  # caps what the owner advances
    lender = models.CharField(_("被借用名义的单位"), max_length=10, choices=CHAIN_ROLES, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()

    objects = OfClaimQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(unsettled=None) | Q(unsettled__gte=0), name="unsettled_not_negative")]


class LimitEntry(Withdrawable):
    """What else moves the worker's limits, with its proof: an obstacle (OBSTACLES) during which the year for arbitration
    stands still, or the day from which the general limit runs (CIVIL_STARTS). One that was entered wrongly is withdrawn
    with a reason and stays. Only arrears.limitation.entries writes a row."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    claim = models.ForeignKey("arrears.Claim", models.PROTECT, related_name="limit_entries")
    kind = models.CharField(_("登记的是什么"), max_length=16, choices=ENTRIES)
    starts_on = models.DateField(_("开始之日"))
    ended_on = models.DateField(_("原因消除之日"), null=True, blank=True)  # the first day that counts again
    proof = models.CharField(_("凭什么证明"), max_length=300)
    evidence = models.ForeignKey("arrears.Evidence", models.PROTECT, null=True, related_name="+", db_index=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()

    objects = OfClaimQuerySet.as_manager()

    class Meta(Withdrawable.Meta):
        abstract = False
        ordering = ["starts_on", "id"]
        constraints = [
            *Withdrawable.Meta.constraints,
            models.UniqueConstraint(
                fields=["claim"], condition=Q(kind__in=[name for name, _label in CIVIL_STARTS], withdrawn_at=None), name="one_civil_start"
            ),
            models.CheckConstraint(condition=Q(ended_on=None) | Q(ended_on__gt=F("starts_on")), name="obstacle_ends_after_start"),
        ]

    @property
    def day(self) -> date:
        return self.starts_on

    @property
    def is_obstacle(self) -> bool:
        return self.kind in dict(OBSTACLES)

    @property
    def is_on(self) -> bool:
        """Does it still keep the worker from applying?"""
        return self.is_obstacle and self.ended_on is None and not self.is_withdrawn


class Interruption(Withdrawable):
    """时效中断: something that makes the arbitration limit run anew, with its proof. Never changed: one that was entered
    wrongly is withdrawn with a reason and stays. Only arrears.limitation.interrupting writes a row."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    claim = models.ForeignKey("arrears.Claim", models.PROTECT, related_name="interruptions")
    kind = models.CharField(_("怎样中断"), max_length=8, choices=INTERRUPTIONS)
    happened_on = models.DateField(_("发生日期"))
    proof = models.CharField(_("凭什么证明"), max_length=300)
    evidence = models.ForeignKey("arrears.Evidence", models.PROTECT, null=True, related_name="+", db_index=False)
    source_key = models.CharField(max_length=60, blank=True)  # of the record it was taken from
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()

    objects = OfClaimQuerySet.as_manager()

    class Meta(Withdrawable.Meta):
        abstract = False
        ordering = ["happened_on", "id"]
        constraints = [
            *Withdrawable.Meta.constraints,
            models.UniqueConstraint(
                fields=["claim", "source_key"], condition=~Q(source_key="") & Q(withdrawn_at=None), name="interruption_from_record_once"
            ),
        ]

    @property
    def day(self) -> date:
        return self.happened_on
