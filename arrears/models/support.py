"""支持起诉: the application, who applies, what each level thought of it, who stands behind; and the search for a defendant
nobody can name."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from arrears.groups.law import SCOPES
from arrears.identity import mask_account
from arrears.models.claims import money
from arrears.models.suspensions import OfClaimQuerySet
from arrears.moves import State
from arrears.support.lifecycle import (
    ASKED,
    OPEN,
    OUTCOMES,
    SEARCH_STATES,
    SEARCHING,
    SHAPES,
    SUPPORT,
    VERDICTS,
    WAITING,
    WAY_STATES,
)
from grid.ids import uuid7
from grid.roles import LEVEL_LABELS
from grid.scope import ScopedQuerySet
from grid.vault import open_sealed, seal


class OfCaseQuerySet(ScopedQuerySet):
    scope_path = "case__claim__"


class OfSearchQuerySet(ScopedQuerySet):
    scope_path = "search__claim__"


def person(**options: Any) -> models.ForeignKey:
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", **options)


class SupportCase(models.Model):
    """Only arrears.support changes a row. `level` is where the opinion lies that is waited for: it climbs when its day passes,
    while `state` says whose opinion it is."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    claim = models.ForeignKey("arrears.Claim", models.PROTECT, related_name="support_cases")
    state = models.CharField(_("状态"), max_length=12, choices=SUPPORT.choices, default=SUPPORT.initial)
    level = models.CharField(_("意见所在层级"), max_length=10, choices=list(LEVEL_LABELS.items()), blank=True)
    opened_by = person()
    opened_at = models.DateTimeField(_("开始时间"))
    shape = models.CharField(_("怎样起诉"), max_length=4, choices=SHAPES, default=SHAPES[0][0])

    reasons = ArrayField(models.CharField(max_length=20), default=list, blank=True, verbose_name=_("本人难以单独起诉的情形"))
    why = models.CharField(_("具体情况"), max_length=500, blank=True)
    told_apart = models.CharField(_("凭什么认定被告"), max_length=300, blank=True)
    mediated_on = models.DateField(_("调解日期"), null=True, blank=True)
    mediated = models.CharField(_("调解结果"), max_length=300, blank=True)
    why_not_mediated = models.CharField(_("没有调解的原因"), max_length=300, blank=True)

    applied_at = models.DateTimeField(_("申请时间"), null=True)
    due_on = models.DateField(_("期限"), null=True)  # of its running clock; verbs keep it
    lacking = models.TextField(_("缺什么"), blank=True)
    handed_over_at = models.DateTimeField(_("送出时间"), null=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True)
    outcome = models.CharField(_("结果"), max_length=12, choices=OUTCOMES, blank=True)
    note = models.TextField(_("说明"), blank=True)

    objects = OfClaimQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["claim"], condition=Q(state__in=OPEN), name="one_open_support_case"),
            models.CheckConstraint(condition=Q(state__in=WAITING) ^ Q(level=""), name="waiting_support_case_has_a_level"),
        ]
        indexes = [models.Index(fields=["due_on", "id"], condition=Q(state__in=OPEN), name="support_open_due")]  # list and tile

    @property
    def status(self) -> State:
        return SUPPORT.state(self.state)

    @property
    def is_open(self) -> bool:
        return not self.status.is_final


class Applicant(models.Model):
    """One worker who applies: for how much, by whom signed. `via`: the representative who acts, with `scope`; None: himself.
    `batch` 0 came with the application, later ones as supplements."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(SupportCase, models.CASCADE, related_name="applicants")
    claimant = models.ForeignKey("arrears.Claimant", models.PROTECT, related_name="applications")
    amount = money(verbose_name=_("请求金额"))
    via = models.ForeignKey("arrears.Representative", models.PROTECT, null=True, related_name="+", db_index=False)
    scope = models.CharField(_("授权范围"), max_length=8, choices=SCOPES, blank=True)
    paper = models.ForeignKey("arrears.Evidence", models.PROTECT, null=True, related_name="+", db_index=False)
    signed_on = models.DateField(_("签字日期"), null=True)
    batch = models.PositiveSmallIntegerField(default=0)
    added_by = person(db_index=False)
    added_at = models.DateTimeField()

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        ordering = ["batch", "id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "claimant"], name="applies_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="applies_for_money"),
        ]


class Opinion(models.Model):
    """What a level thought, with the facts as they were: signed, and never changed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(SupportCase, models.PROTECT, related_name="opinions")
    level = models.CharField(_("层级"), max_length=10, choices=list(LEVEL_LABELS.items()))
    verdict = models.CharField(_("意见"), max_length=10, choices=VERDICTS)
    text = models.TextField(_("理由"))
    by = person(db_index=False)
    post = models.CharField(max_length=120)  # as text, because postings change
    at = models.DateTimeField(_("时间"))
    facts = models.JSONField()
    digest = models.CharField(max_length=64)  # of the facts, SHA-256

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        ordering = ["at", "id"]


class Supporting(models.Model):
    """A body chosen to stand behind, why, and the referral it got."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(SupportCase, models.PROTECT, related_name="supporters")
    supporter = models.CharField(_("支持主体"), max_length=20)  # of the table
    body = models.ForeignKey("grid.Body", models.PROTECT, related_name="+", db_index=False)
    why = models.CharField(_("为什么选它"), max_length=300)
    chosen_by = person(db_index=False)
    chosen_at = models.DateTimeField()
    referral = models.ForeignKey("arrears.Referral", models.PROTECT, null=True, related_name="supports")

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        ordering = ["chosen_at", "id"]
        constraints = [models.UniqueConstraint(fields=["case", "body"], name="supporter_once")]


class Search(models.Model):
    """查找被告: what is known of a respondent nobody can name, and by when somebody is to have found out. The account is
    sealed."""

    SEAL = "arrears.Search.account"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    claim = models.ForeignKey("arrears.Claim", models.PROTECT, related_name="searches")
    respondent = models.ForeignKey("arrears.Respondent", models.PROTECT, related_name="searches", db_index=False)
    state = models.CharField(_("状态"), max_length=10, choices=SEARCH_STATES, default=SEARCHING)
    nickname = models.CharField(_("绰号、称呼"), max_length=120, blank=True)
    phone = models.CharField(_("电话"), max_length=32, blank=True)
    plate = models.CharField(_("车牌"), max_length=20, blank=True)
    account_sealed = models.TextField(blank=True)
    account_masked = models.CharField(_("收付款账号"), max_length=40, blank=True)
    site = models.CharField(_("在哪个工地、住在哪里"), max_length=200, blank=True)
    photo = models.ForeignKey("arrears.Evidence", models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("照片"))
    known_by = models.CharField(_("谁认识他"), max_length=200, blank=True)
    started_by = person(db_index=False)
    started_at = models.DateTimeField()
    due_on = models.DateField(_("期限"), null=True)
    ended_by = person(db_index=False)
    ended_at = models.DateTimeField(null=True)
    result = models.CharField(_("结果"), max_length=300, blank=True)

    objects = OfClaimQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["respondent"], condition=Q(state=SEARCHING), name="one_search_each")]
        indexes = [models.Index(fields=["due_on", "id"], condition=Q(state=SEARCHING), name="search_open_due")]

    def put_account(self, number: str) -> None:
        self.account_sealed = seal(number, self.SEAL) if number else ""
        self.account_masked = mask_account(number) if number else ""

    def account(self) -> str:
        """The number itself, for a query that was allowed. Call only from the verb that logs it."""
        return open_sealed(self.account_sealed, self.SEAL) if self.account_sealed else ""

    @property
    def is_open(self) -> bool:
        return self.state == SEARCHING


class SearchWay(models.Model):
    """One way that was tried. A query of accounts, houses and vehicles waits for the city first (条例第四十条)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    search = models.ForeignKey(Search, models.PROTECT, related_name="ways")
    way = models.CharField(_("办法"), max_length=20)  # of the table
    state = models.CharField(_("状态"), max_length=10, choices=WAY_STATES, default=ASKED)
    reason = models.CharField(_("查什么、为什么"), max_length=300)
    level = models.CharField(max_length=10, blank=True)  # while an approval is waited for
    begun_by = person(db_index=False)
    begun_at = models.DateTimeField()
    decided_by = person(db_index=False)
    decided_at = models.DateTimeField(null=True)
    decision = models.CharField(_("批准意见"), max_length=300, blank=True)
    tried_on = models.DateField(_("查的日期"), null=True)
    result = models.CharField(_("查到什么"), max_length=500, blank=True)

    objects = OfSearchQuerySet.as_manager()

    class Meta:
        ordering = ["begun_at", "id"]
