"""Ladders an administrator published, and the seasons some of them are for."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from arrears.ladders import CLAIM_KINDS
from grid.ids import uuid7


class Ladder(models.Model):
    """One published version of a ladder. A row never changes: an amendment is the next version.

    It is for the clocks of a `family` (arrears.ladders.LADDERS), or of one rule of it, and for claims of one kind or
    of any ("" ). Which version a clock follows on a day says arrears.ladders.book. The code's own tables are version 0."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    family = models.CharField(_("督办规则"), max_length=16)
    rule_id = models.CharField(_("时限"), max_length=24, blank=True)  # "" : every rule of the family
    claim_kind = models.CharField(_("案件类型"), max_length=10, choices=CLAIM_KINDS, blank=True)  # "" : every kind
    version = models.PositiveSmallIntegerField(_("版本"))
    rungs = models.JSONField()  # arrears.ladders.Rung as JSON, in order; [] ends the row's own ladder again
    valid_from = models.DateField(_("生效日期"))
    note = models.CharField(_("修改说明"), max_length=200)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField()

    class Meta:
        ordering = ["family", "rule_id", "claim_kind", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["family", "rule_id", "claim_kind", "version"], name="ladder_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.family} {self.rule_id} {self.claim_kind} v{self.version}"


class Season(models.Model):
    """A stretch of days in which ladders for claims of the kind `festival` apply (年底和春节前的专项行动)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(_("名称"), max_length=60)
    starts_on = models.DateField(_("起"))
    ends_on = models.DateField(_("止"))
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-starts_on", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="season_ends_after_start")
        ]


class Alignment(models.Model):
    """Which ladders the watches follow at present (one row): what was right when they were last set on them."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    chosen = models.JSONField(default=dict)
    at = models.DateTimeField()
