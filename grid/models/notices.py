"""The outbox: one row is one message to one person over one channel (提醒/通知)."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grid.ids import uuid7

QUEUED, SENDING, SENT, FAILED, DROPPED = "queued", "sending", "sent", "failed", "dropped"
HELD, BUNDLED, REROUTED = "held", "bundled", "rerouted"
STATES = [
    (QUEUED, _("待发送")),
    (SENDING, _("发送中")),
    (SENT, _("已送达")),
    (FAILED, _("发送失败")),
    (DROPPED, _("未发送：已无权限")),
    (HELD, _("待汇总")),  # waits for the reader's digest
    (BUNDLED, _("已并入汇总")),  # went out inside another row, `bundle`
    (REROUTED, _("已改走其他渠道")),  # its channel is down; the same thing waits in the next one
]
ALIVE = (QUEUED, SENDING, SENT, HELD, BUNDLED)  # a row that has been or will be heard of
PERSON = "person"
TO_ACKNOWLEDGE = Q(ack_by__isnull=False, acknowledged_at=None)


class NoticeQuerySet(models.QuerySet):
    def inbox_of(self, person) -> "NoticeQuerySet":
        """What the person sees in the system itself, whatever happened to the mail; `awake` leaves out what is put off."""
        return self.filter(recipient=person, channel="in_app", state=SENT)

    def unread(self) -> "NoticeQuerySet":
        return self.filter(read_at=None)

    def to_acknowledge(self) -> "NoticeQuerySet":
        return self.filter(TO_ACKNOWLEDGE)

    def answered(self) -> "NoticeQuerySet":
        """Those nobody has to acknowledge, or has."""
        return self.exclude(TO_ACKNOWLEDGE)

    def awake(self, now: datetime) -> "NoticeQuerySet":
        """Not put off, or no longer."""
        return self.filter(Q(snoozed_until=None) | Q(snoozed_until__lte=now))

    def snoozed(self, now: datetime) -> "NoticeQuerySet":
        return self.filter(snoozed_until__gt=now)

    def calling(self) -> "NoticeQuerySet":
        """What the badge counts: nobody has looked at it, or answered for it."""
        return self.filter(Q(read_at=None) | TO_ACKNOWLEDGE)


class Notice(models.Model):
    """`key` says what happened (clock, rung …); with recipient and channel it is unique, so a sweep run
    twice, in parallel or after a crash writes nothing twice. The key goes out with the message, so that a
    repeat after a crash between sending and settling is visible to the receiver: at least once, never lost."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.CharField(max_length=160)
    # A person of the house; or, for `addressee_kind` other than PERSON, somebody grid.addressees finds by id.
    recipient = models.ForeignKey("grid.Person", models.PROTECT, null=True, related_name="notices")
    addressee_kind = models.CharField(max_length=12, default=PERSON)
    addressee_id = models.UUIDField(null=True)  # None for a person
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
    wording = models.ForeignKey(  # None: the code's own words
        "grid.Wording", models.PROTECT, null=True, related_name="+", db_index=False
    )
    bundle = models.ForeignKey("self", models.PROTECT, null=True, related_name="bundled", db_index=False)
    instead_of = models.CharField(max_length=16, blank=True)  # the dead channel this row stands in for
    # 签收: by when an alert is to be acknowledged (None: need not be), when it was, and what was answered.
    ack_by = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    reply = models.CharField(max_length=500, blank=True)
    # 暂缓: out of sight until then, for a reason.
    snoozed_until = models.DateTimeField(null=True)
    snooze_reason = models.CharField(max_length=200, blank=True)
    snoozes = models.PositiveSmallIntegerField(default=0)

    is_probe = False  # of the one in hand: it tries whether its dead channel works again (grid.outbox)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "recipient", "addressee_id", "channel"], nulls_distinct=False, name="notice_once"
            ),
            models.CheckConstraint(
                condition=Q(addressee_kind=PERSON, recipient__isnull=False, addressee_id=None)
                | (~Q(addressee_kind=PERSON) & Q(recipient=None, addressee_id__isnull=False)),
                name="notice_to_person_or_addressee",
            ),
        ]
        indexes = [
            # the delivery step: the oldest due row
            models.Index(fields=["next_try_at", "id"], condition=Q(state=QUEUED), name="notice_due"),
            # the reaper: claims left by a dead worker
            models.Index(fields=["claimed_at"], condition=Q(state=SENDING), name="notice_stuck"),
            # what a digest holds
            models.Index(fields=["bundle"], condition=Q(bundle__isnull=False), name="notice_bundled"),
            # who has something waiting for a digest
            models.Index(fields=["recipient", "channel"], condition=Q(state=HELD), name="notice_held"),
            # the flood: what else is due for the same addressee
            models.Index(
                fields=["recipient", "addressee_id", "channel"], condition=Q(state=QUEUED), name="notice_alike"
            ),
            # and what has just gone out there
            models.Index(
                fields=["recipient", "addressee_id", "channel", "-sent_at"], condition=Q(state=SENT) & ~Q(channel="in_app"),
                name="notice_sent_lately",
            ),
            # what somebody is still to acknowledge
            models.Index(
                fields=["recipient", "ack_by"],
                condition=Q(channel="in_app", ack_by__isnull=False, acknowledged_at=None),
                name="notice_unanswered",
            ),
            # the same about one case, to release it when that is settled
            models.Index(
                fields=["subject_id"],
                condition=Q(channel="in_app", ack_by__isnull=False, acknowledged_at=None),
                name="notice_asked_about",
            ),
            # what an administrator looks through: what failed, and everything about one case
            models.Index(fields=["-created_at", "-id"], condition=Q(state=FAILED), name="notice_failed"),
            models.Index(fields=["subject_id"], condition=~Q(channel="in_app") & Q(subject_id__isnull=False), name="notice_about"),
            # the inbox page and its badge
            models.Index(
                fields=["recipient", "-created_at", "-id"],
                condition=Q(channel="in_app", state=SENT),
                name="notice_inbox",
            ),
        ]
