"""办理记录: what happened to a claim. Append-only: the database refuses to change or delete a row, and chains the
events of a claim, so that one that was changed or taken away behind its back is found (arrears/chain.py)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from grid.ids import uuid7
from grid.scope import ScopedQuerySet


class EventQuerySet(ScopedQuerySet):
    scope_path = "claim__"


class Event(models.Model):
    """One act. `kind` is the move's name (or a word of arrears.history.KINDS) and picks the words;
    `facts` holds what was said. Stage, level and actor's post are kept as they were.
    `seq` (1 …) and `digest` (over the digest before it and its own content) are the database's (migration 0006)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    claim = models.ForeignKey("arrears.Claim", models.PROTECT, related_name="events", db_index=False)
    kind = models.CharField(max_length=40)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")  # None: the system
    actor_post = models.CharField(_("身份"), max_length=120, blank=True)
    at = models.DateTimeField(_("记录时间"))
    happened_on = models.DateField(_("发生日期"))
    stage = models.CharField(max_length=12)  # after the act
    level = models.CharField(max_length=10)
    facts = models.JSONField(default=dict)
    seq = models.PositiveIntegerField(db_default=0, editable=False)
    digest = models.BinaryField(max_length=32, db_default=b"")

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [models.UniqueConstraint(fields=["claim", "seq"], name="event_chain")]
        indexes = [
            models.Index(fields=["claim", "-at", "-id"], name="event_of_claim"),
            # the claims whose dates a calendar moved
            models.Index(fields=["claim"], condition=models.Q(kind="clock_moved"), name="event_clock_moved"),
        ]
