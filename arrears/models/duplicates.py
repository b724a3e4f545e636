"""What somebody decided of two claims that look alike."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grid.ids import uuid7


class Apart(models.Model):
    """不是重复: two claims that were looked at and are two matters; they are not offered to each other again. Never changed.
    Only arrears.duplicates.judging writes a row. `first` is the one with the smaller id."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    first = models.ForeignKey("arrears.Claim", models.PROTECT, related_name="+", db_index=False)
    second = models.ForeignKey("arrears.Claim", models.PROTECT, related_name="+")
    reason = models.CharField(_("理由"), max_length=300)
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    judged_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="one_judgement_per_pair"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="apart_in_order"),
        ]
