"""The outbox: one row is one message to one person over one channel (提醒/通知)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grid.ids import uuid7

QUEUED, SENDING, SENT, FAILED, DROPPED = "queued", "sending", "sent", "failed", "dropped"
STATES = [
    (QUEUED, _("待发送")),
    (SENDING, _("发送中")),
    (SENT, _("已送达")),
    (FAILED, _("发送失败")),
    (DROPPED, _("未发送：已无权限")),
]


class NoticeQuerySet(models.QuerySet):
    def inbox_of(self, person) -> "NoticeQuerySet":
        """What the person sees in the system itself, whatever happened to the mail."""
        return self.filter(recipient=person, channel="in_app", state=SENT)

    def unread(self) -> "NoticeQuerySet":
        return self.filter(read_at=None)


class Notice(models.Model):
    """`key` says what happened (clock, rung …); with recipient and channel it is unique, so a sweep run
    twice, in parallel or after a crash writes nothing twice. The key goes out with the message, so that a
    repeat after a crash between sending and settling is visible to the receiver: at least once, never lost."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.CharField(max_length=160)
    recipient = models.ForeignKey("grid.Person", models.PROTECT, related_name="notices")
    channel = models.CharField(max_length=16)  # grid.channels.CHANNELS
    kind = models.CharField(max_length=40)  # grid.notices.KINDS: words and urgency
    facts = models.JSONField(default=dict)  # what the words of the kind need; no personal data
    path = models.CharField(max_length=200, blank=True)  # where it leads in the system
    subject_id = models.UUIDField(null=True)  # the claim
    # For the access check at the moment of sending: the region it is about, or the body it was handed to.
    region_code = models.CharField(max_length=12, db_collation="C", default="")
    body = models.ForeignKey("grid.Body", models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=STATES, default=QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    next_try_at = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["key", "recipient", "channel"], name="notice_once")]
        indexes = [
            # the delivery step: the oldest due row
            models.Index(fields=["next_try_at", "id"], condition=Q(state=QUEUED), name="notice_due"),
            # the reaper: claims left by a dead worker
            models.Index(fields=["claimed_at"], condition=Q(state=SENDING), name="notice_stuck"),
            # the inbox page and its badge
            models.Index(
                fields=["recipient", "-created_at", "-id"],
                condition=Q(channel="in_app", state=SENT),
                name="notice_inbox",
            ),
        ]
