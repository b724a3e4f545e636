"""调解: one attempt to settle a claim with the help of a mediator."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from arrears.moves import State
from grid.ids import uuid7
from grid.scope import ScopedQuerySet
from mediation.lifecycle import FAIL_GROUNDS, MEDIATION

OPEN_MEDIATION = Q(state__in=MEDIATION.open_states)


class MediationQuerySet(ScopedQuerySet):
    scope_path = "claim__"
    person_path = "mediator"

    def open(self) -> "MediationQuerySet":
        return self.filter(OPEN_MEDIATION)

    def for_list(self) -> "MediationQuerySet":
        """What a row of a list shows, in one query."""
        return self.select_related("claim", "claim__region", "mediator").defer(
            "request", "result", "claim__story", "claim__request", "claim__search_text", "claim__search_grams"
        )


class Mediation(models.Model):
    """Only mediation.hearings changes a row. `due_on` is that of its earliest running clock."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    claim = models.ForeignKey("arrears.Claim", models.PROTECT, related_name="mediations", verbose_name=_("案件"))
    state = models.CharField(_("状态"), max_length=10, choices=MEDIATION.choices, default=MEDIATION.initial)
    applied_on = models.DateField(_("收到申请日期"))  # the fifteen days run from here
    applied_at = models.DateTimeField(_("登记时间"))
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("登记人")
    )
    is_oral = models.BooleanField(_("口头申请"), default=False)
    request = models.TextField(_("调解请求和理由"))
    mediator = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="mediations",
        verbose_name=_("调解员"),
    )  # fmt: skip
    due_on = models.DateField(_("最近到期"), null=True, blank=True)
    ground = models.CharField(_("未成的原因"), max_length=14, choices=FAIL_GROUNDS, blank=True)
    result = models.TextField(_("结果说明"), blank=True)
    ended_on = models.DateField(_("结束日期"), null=True, blank=True)
    marks_asked_at = models.DateTimeField(null=True, blank=True)  # when both sides were asked how it was

    objects = MediationQuerySet.as_manager()

    class Meta:
        ordering = ["-applied_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["claim"], condition=OPEN_MEDIATION, name="one_open_mediation_per_claim")
        ]
        indexes = [
            models.Index(fields=["due_on", "id"], condition=OPEN_MEDIATION, name="mediation_open_due"),  # the list
            models.Index(fields=["mediator", "due_on"], condition=OPEN_MEDIATION, name="mediation_mine"),  # my desk
            models.Index(fields=["ended_on"], condition=Q(marks_asked_at=None, ended_on__isnull=False), name="mediation_to_ask_about"),
            models.Index(fields=["mediator", "ended_on"], condition=Q(ended_on__isnull=False), name="mediation_results"),
        ]

    def __str__(self) -> str:
        return str(self.claim)

    @property
    def status(self) -> State:
        return MEDIATION.state(self.state)

    @property
    def is_open(self) -> bool:
        return not self.status.is_final
