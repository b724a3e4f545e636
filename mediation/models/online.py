"""The online room of a hearing: who may sit in it, who did, and the links that lead there. What the browsers say to each
other to connect stands in Valkey and is gone within a minute (mediation.online.signalling)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grid.ids import uuid7
from mediation.online.table import ADMITTED, INVITED, KINDS, MOST_TRIES, SEATS, STATES, WAITING


class OnlineRoom(models.Model):
    """Of one hearing. It is there as soon as somebody stands before its door, and open once the mediator has come in."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    hearing = models.OneToOneField("mediation.Hearing", models.CASCADE, related_name="online_room")
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    question = models.PositiveSmallIntegerField(default=0)  # how often everybody was asked whether it may be recorded

    @property
    def is_open(self) -> bool:
        return self.opened_at is not None and self.closed_at is None


class OnlineLink(models.Model):
    """For somebody without an account: an address and, told apart from it, a code. The database knows only their digests."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    hearing = models.ForeignKey("mediation.Hearing", models.CASCADE, related_name="online_links")
    kind = models.CharField(_("身份"), max_length=12, choices=INVITED)
    name = models.CharField(_("姓名或单位"), max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    code = models.CharField(max_length=64)
    tries = models.PositiveSmallIntegerField(default=0)  # wrong ones
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)  # taken back by hand; else it ends with the hearing

    class Meta:
        ordering = ["made_at", "id"]

    @property
    def is_dead(self) -> bool:
        return self.ended_at is not None or self.tries >= MOST_TRIES


class OnlineSeat(models.Model):
    """One person in one room, however often they come and go. `token` is what their browser shows at every turn: whoever
    enters again, with another device too, has a new one, and the old one ends."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    room = models.ForeignKey(OnlineRoom, models.CASCADE, related_name="seats")
    kind = models.CharField(_("身份"), max_length=12, choices=KINDS)
    name = models.CharField(_("姓名"), max_length=200)
    post = models.CharField(max_length=40, blank=True)  # by which they oversee; untranslated
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    party_id = models.UUIDField(null=True)  # of the claimant
    link = models.OneToOneField(OnlineLink, models.PROTECT, null=True, related_name="seat")
    token = models.CharField(max_length=64, unique=True)  # its digest
    state = models.CharField(max_length=8, choices=STATES, default=WAITING)
    came_at = models.DateTimeField()  # to the door, the first time
    decided_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField()  # to some seconds

    class Meta:
        ordering = ["came_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["room", "person"], name="one_online_seat_per_person"),
            models.UniqueConstraint(fields=["room", "party_id"], name="one_online_seat_per_party"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_silent(self) -> bool:
        return SEATS[self.kind].is_silent

    @property
    def is_in(self) -> bool:
        return self.state == ADMITTED

    @property
    def label(self) -> str:
        return SEATS[self.kind].label


class OnlineStay(models.Model):
    """In the room from when to when. One that nobody ended ended when they were last seen."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    seat = models.ForeignKey(OnlineSeat, models.CASCADE, related_name="stays")
    came_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["came_at", "id"]
        constraints = [models.UniqueConstraint(fields=["seat"], condition=Q(left_at=None), name="one_online_stay_at_a_time")]
