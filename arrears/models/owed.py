"""应交材料: a paper that a worker promised to bring, or an employer was told to produce, by a day."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from arrears.lifecycle import EVIDENCE_KINDS
from arrears.models.suspensions import OfClaimQuerySet
from arrears.owed.table import OPEN, SIDES, STATES
from grid.ids import uuid7


class Owed(models.Model):
    """Only the verbs of arrears.owed change a row. `due_on` is the day promised or set; `first_due_on` what it was before the
    county gave more time. `claimant`: one worker's own promise; None: of the whole claim. `signed`: the promise with the
    worker's name under it, as a scan or as signed on the glass."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    claim = models.ForeignKey("arrears.Claim", models.PROTECT, related_name="owed_papers")
    side = models.CharField(max_length=8, choices=SIDES)
    claimant = models.ForeignKey("arrears.Claimant", models.PROTECT, null=True, blank=True, related_name="owed_papers", verbose_name=_("劳动者"))
    paper = models.CharField(_("材料"), max_length=12, choices=EVIDENCE_KINDS)
    employer = models.CharField(_("应当提供的单位"), max_length=120, blank=True)  # of a notice
    note = models.CharField(_("说明"), max_length=300, blank=True)
    due_on = models.DateField(_("最迟日期"))
    first_due_on = models.DateField(null=True)
    state = models.CharField(_("状态"), max_length=8, choices=STATES, default=OPEN)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    outcome = models.CharField(_("结果"), max_length=300, blank=True)
    signed = models.ForeignKey("arrears.Evidence", models.PROTECT, null=True, related_name="+", db_index=False)
    came_as = models.ForeignKey("arrears.Evidence", models.PROTECT, null=True, related_name="+", db_index=False)

    objects = OfClaimQuerySet.as_manager()

    class Meta:
        ordering = ["made_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "side", "paper", "employer", "claimant"], condition=Q(state=OPEN), nulls_distinct=False,
                name="one_open_owed_paper_each",
            ),
        ]
        indexes = [models.Index(fields=["due_on"], condition=Q(state=OPEN), name="owed_open_due")]

    @property
    def is_open(self) -> bool:
        return self.state == OPEN

    @property
    def is_promise(self) -> bool:
        return self.side == SIDES[0][0]

    def is_late(self, today: date) -> bool:
        return self.is_open and self.due_on < today
