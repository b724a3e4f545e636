"""The link by which a party says on which days they cannot come."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q

from grid.ids import uuid7

MOST_TRIES = 10


class DatesLink(models.Model):
    """For one party of one mediation: an address and, told apart from it, a code of six digits. The database knows only their
    digests. A new one ends the old one; so does its day, and ten wrong codes."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    mediation = models.ForeignKey("mediation.Mediation", models.CASCADE, related_name="dates_links")
    party_id = models.UUIDField()
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64, unique=True)
    code = models.CharField(max_length=64)
    expires_on = models.DateField()
    tries = models.PositiveSmallIntegerField(default=0)  # wrong ones
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)  # its day passed without an answer, and somebody was asked to ask them

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mediation", "party_id"], name="one_dates_link_per_party")]
        indexes = [models.Index(fields=["expires_on"], condition=Q(answered_at=None, closed_at=None), name="dates_link_waits")]

    def is_open(self, today: date) -> bool:
        """Does it still lead somewhere, as far as it alone says?"""
        return self.expires_on >= today and self.tries < MOST_TRIES
