"""督办单 and 催办: what superiors, the ladder and the worker ask of whoever has the claim in hand."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from arrears.lifecycle import ORDER
from arrears.moves import State
from grid.ids import uuid7
from grid.roles import LEVEL_LABELS
from grid.scope import ScopedQuerySet


class OrderQuerySet(ScopedQuerySet):
    scope_path = "claim__"

    def for_list(self) -> "OrderQuerySet":
        return self.select_related("claim", "claim__region", "issued_by")


class Order(models.Model):
    """督办单: the level `level` of the claim's region owes `from_level` a reply by `reply_by`. Issued by hand, or by a
    rung of a ladder (`issued_by` None). Only arrears.supervision.orders changes a row."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField(_("编号"), max_length=40, unique=True)
    claim = models.ForeignKey("arrears.Claim", models.PROTECT, related_name="orders")
    source_key = models.CharField(max_length=120, null=True, unique=True)  # clock, due day and rung that issued it
    rule_id = models.CharField(max_length=24, blank=True)  # of that clock
    from_level = models.CharField(_("督办层级"), max_length=10, choices=list(LEVEL_LABELS.items()))
    level = models.CharField(_("承办层级"), max_length=10, choices=list(LEVEL_LABELS.items()))
    demand = models.TextField(_("督办要求"))
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField(_("下达时间"))
    reply_by = models.DateField(_("回复期限"))
    state = models.CharField(_("状态"), max_length=12, choices=ORDER.choices, default=ORDER.initial)
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    received_at = models.DateTimeField(_("签收时间"), null=True)
    followed_by = models.ForeignKey(  # handed over to, by whoever had it in hand before
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    replied_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    replied_at = models.DateTimeField(_("回复时间"), null=True)
    reply = models.TextField(_("办理情况"), blank=True)
    times_sent_back = models.PositiveSmallIntegerField(default=0)
    closed_at = models.DateTimeField(_("办结时间"), null=True)
    verdict = models.TextField(_("审核意见"), blank=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_at", "-id"]
        indexes = [
            models.Index(fields=["claim", "-issued_at"], name="order_of_claim"),
            models.Index(fields=["reply_by", "id"], condition=Q(state__in=ORDER.open_states), name="order_open_due"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def in_hand_of_id(self) -> Any:
        """Who works on the reply, by name: whoever signed, or took it over from them."""
        return self.followed_by_id or self.received_by_id

    @property
    def status(self) -> State:
        return ORDER.state(self.state)

    @property
    def is_open(self) -> bool:
        return not self.status.is_final


class OrderCounter(models.Model):
    """The last number of an order in a city in a year; incremented under a row lock."""

    city_code = models.CharField(max_length=4, db_collation="C")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["city_code", "year"], name="one_order_counter_per_year")]


class NudgeQuerySet(ScopedQuerySet):
    scope_path = "claim__"


class Nudge(models.Model):
    """催办: by a superior (`by`) or by the worker (`by` None)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    claim = models.ForeignKey("arrears.Claim", models.PROTECT, related_name="nudges")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    text = models.CharField(_("催办内容"), max_length=300, blank=True)

    objects = NudgeQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["claim", "-at"], name="nudge_of_claim")]
