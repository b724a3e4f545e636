"""What is never changed: a row that was entered wrongly is withdrawn with a reason and stays in sight."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from grid.models import Person
from grid.refused import Refused


class Withdrawable(models.Model):
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_because = models.CharField(_("撤销理由"), max_length=300, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_because="") | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_because="")),
                name="%(class)s_withdrawn_with_reason",
            )
        ]

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    def take_back(self, person: Person | None, *, reason: str, now: datetime) -> None:
        """For the verb that may. Raises Refused: no_reason; stale: somebody was first."""
        if not reason.strip():
            raise Refused("no_reason", gettext("请写明撤销的理由。"))
        said = {"withdrawn_by": person, "withdrawn_at": now, "withdrawn_because": reason.strip()[:300]}
        if not type(self).objects.filter(pk=self.pk, withdrawn_at=None).update(**said):
            raise Refused("stale", gettext("这项登记刚刚已被撤销。"))
        for name, value in said.items():
            setattr(self, name, value)
