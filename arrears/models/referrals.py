"""移送: part of a claim handed to another body under a named procedure."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from arrears.lifecycle import DECLINE_GROUNDS, OUTCOMES, REFERRAL, REFERRAL_KINDS
from arrears.moves import State
from grid.ids import uuid7
from grid.scope import ScopedQuerySet

PEOPLE_AT_ONCE = 100  # workers on a page of what a body is shown


class ReferralQuerySet(ScopedQuerySet):
    scope_path = "claim__"
    body_path = "body"

    def shared_with(self, bodies: Iterable[Any]) -> Q:
        return super().shared_with(bodies) & ~Q(sent_at=None)

    def for_list(self) -> "ReferralQuerySet":
        return self.select_related("claim", "claim__region", "body")


class Referral(models.Model):
    """The body sees `shared` (frozen when sent) and the chosen evidence, nothing else of the claim."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    claim = models.ForeignKey("arrears.Claim", models.PROTECT, related_name="referrals")
    kind = models.CharField(_("移送事项"), max_length=14, choices=REFERRAL_KINDS)
    body = models.ForeignKey("grid.Body", models.PROTECT, related_name="referrals", verbose_name=_("协同单位"))
    state = models.CharField(_("状态"), max_length=12, choices=REFERRAL.choices, default=REFERRAL.initial)
    summary = models.TextField(_("移送说明"))
    shared = models.JSONField(default=dict)
    only = ArrayField(models.UUIDField(), null=True)  # the workers it is about; None: all of the claim
    evidence = models.ManyToManyField("arrears.Evidence", blank=True, related_name="referrals")
    answer_by = models.DateField(_("答复期限"), null=True, blank=True)  # of its running clock; verbs keep it
    created_at = models.DateTimeField()
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(_("发出时间"), null=True, blank=True)
    followed_by = models.ForeignKey(  # handed over to, by whoever had it in hand before
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    received_at = models.DateTimeField(_("签收时间"), null=True, blank=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    concluded_at = models.DateTimeField(_("办结时间"), null=True, blank=True)
    ground = models.CharField(_("不接受的原因"), max_length=12, choices=DECLINE_GROUNDS, blank=True)
    outcome = models.CharField(_("结果"), max_length=12, choices=OUTCOMES, blank=True)
    docket_number = models.CharField(_("案号"), max_length=60, blank=True)
    note = models.TextField(_("说明"), blank=True)
    wanted = models.TextField(_("需要补充或补正的"), blank=True)  # what the body asked for last
    sha256 = models.CharField(_("移送材料的指纹"), max_length=64, blank=True)  # of what was shared (partners.frozen)
    disputed_at = models.DateTimeField(_("提请裁定时间"), null=True, blank=True)
    ruled_at = models.DateTimeField(_("裁定时间"), null=True, blank=True)
    ruled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    is_binding = models.BooleanField(_("经裁定由该单位办理"), default=False)  # it cannot be declined as not theirs
    ruled_from = models.OneToOneField(  # the dispute whose ruling sent it here
        "self", models.PROTECT, null=True, blank=True, related_name="passed_to"
    )

    objects = ReferralQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["body", "state", "answer_by"], name="referral_inbox")]  # the partner's desk

    @property
    def in_hand_of_id(self) -> Any:
        """Who waits for the answer: the sender, or whoever took it over from them."""
        return self.followed_by_id or self.sent_by_id

    @property
    def waits_for_receipt(self) -> bool:
        """Has something been sent later that the body has not taken yet?"""
        return any(supplement.received_at is None for supplement in self.supplements.all())

    @property
    def status(self) -> State:
        return REFERRAL.state(self.state)

    @property
    def is_open(self) -> bool:
        return not self.status.is_final


class SharedPage(models.Model):
    """More of the workers of `Referral.shared`, where they are more than it holds; frozen with it. Its first page stands
    in `shared` itself."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    referral = models.ForeignKey(Referral, models.CASCADE, related_name="pages", db_index=False)
    number = models.PositiveIntegerField()  # from 2
    people = models.JSONField()  # claimants, lines

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["referral", "number"], name="one_shared_page_per_number")]


class SupplementQuerySet(ScopedQuerySet):
    scope_path = "referral__claim__"
    body_path = "referral__body"

    def shared_with(self, bodies: Iterable[Any]) -> Q:
        return super().shared_with(bodies) & ~Q(referral__sent_at=None)


class Supplement(models.Model):
    """补充材料: what was shared after the referral was sent, numbered, frozen like it, with a fingerprint and a receipt of its
    own. The first version stays as it is."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    referral = models.ForeignKey(Referral, models.CASCADE, related_name="supplements", db_index=False)
    number = models.PositiveSmallIntegerField(_("第几次补充"))  # from 1
    note = models.TextField(_("补充说明"), blank=True)
    facts = models.JSONField(default=dict)  # of the facts, those that had changed
    people = models.JSONField(default=dict)  # claimants, lines: who joined, or whose rows had changed
    files = models.JSONField(default=list)  # titles and fingerprints
    evidence = models.ManyToManyField("arrears.Evidence", blank=True, related_name="supplements")
    sha256 = models.CharField(_("指纹"), max_length=64)
    sent_at = models.DateTimeField(_("发出时间"))
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    received_at = models.DateTimeField(_("签收时间"), null=True)
    received_by = models.CharField(_("签收人"), max_length=120, blank=True)

    objects = SupplementQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["referral", "number"], name="one_supplement_per_number")]
