"""推举的代表人, and who gave each of them authority for what."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from arrears.groups.law import SCOPES
from grid.ids import uuid7


class Representative(models.Model):
    """A worker of the claim whom the others chose. Never changed but ended. Only arrears.groups.representing writes a row."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    claim = models.ForeignKey("arrears.Claim", models.PROTECT, related_name="representatives")
    claimant = models.ForeignKey("arrears.Claimant", models.PROTECT, related_name="representing", db_index=False)
    chosen_on = models.DateField(_("推举日期"))
    chosen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    chosen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["claimant"], condition=Q(ended_at=None), name="represents_once")
        ]

    def __str__(self) -> str:
        return self.claimant.name


class Authority(models.Model):
    """授权: what one worker lets one representative do. The signed paper is evidence of the claim."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    representative = models.ForeignKey(Representative, models.PROTECT, related_name="authorities")
    claimant = models.ForeignKey("arrears.Claimant", models.PROTECT, related_name="authorities")
    scope = models.CharField(_("授权范围"), max_length=8, choices=SCOPES)
    given_on = models.DateField(_("授权日期"))
    until = models.DateField(_("授权期限至"), null=True, blank=True)  # the last day it holds; null: until it is ended
    paper = models.ForeignKey("arrears.Evidence", models.PROTECT, null=True, related_name="+", db_index=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["representative", "claimant"], condition=Q(ended_at=None), name="authority_once"),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("given_on")), name="authority_ends_after_it_began"),
        ]

    @staticmethod
    def holds_on(day: date, path: str = "") -> Q:
        """Given by the day, not ended, not run out. `path`: to the authority, for queries of other rows."""
        began, ended, until = f"{path}given_on__lte", f"{path}ended_at", f"{path}until"
        return Q(**{began: day, ended: None}) & (Q(**{until: None}) | Q(**{f"{until}__gte": day}))
