"""What of an online hearing is kept beside who was there: answers about recording, recordings, notes the mediator took; and the file
that is shown to everybody for as long as it is shown."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from arrears.models.evidence import KeptFile
from grid.ids import uuid7

ENDS = (
    ("host", _("调解员停止")),
    ("refused", _("有人不同意")),
    ("newcomer", _("有人入会，尚未表示同意")),
    ("closed", _("会场关闭")),
    ("silent", _("录制中断")),
)


class OnlineConsent(models.Model):
    """An answer to the question whether the hearing may be recorded. Never changed: who thinks otherwise answers again."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    seat = models.ForeignKey("mediation.OnlineSeat", models.CASCADE, related_name="consents")
    question = models.PositiveSmallIntegerField()  # the how manieth of its room
    agrees = models.BooleanField()
    said_at = models.DateTimeField()

    class Meta:
        ordering = ["said_at", "id"]


def recorded_as(recording: "OnlineRecording") -> str:
    return f"online/{recording.started_at:%Y/%m}/{recording.id}"


class OnlineRecording(models.Model):
    """录制: made by the mediator's browser while everybody agrees, sent piece by piece. Whole, it has a fingerprint and is never
    changed again."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    room = models.ForeignKey("mediation.OnlineRoom", models.PROTECT, related_name="recordings")
    question = models.PositiveSmallIntegerField()  # the one everybody had said yes to
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    heard_at = models.DateTimeField()  # of the last piece
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=8, choices=ENDS, blank=True)
    mime = models.CharField(max_length=40)
    pieces = models.PositiveIntegerField(default=0)
    size = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)  # "": ended, and not whole
    file = models.FileField(max_length=200)
    removed_at = models.DateTimeField(null=True)  # when its time was over; the row stays, with its fingerprint

    class Meta:
        ordering = ["started_at", "id"]
        constraints = [models.UniqueConstraint(fields=["room"], condition=Q(ended_at=None), name="one_online_recording_at_a_time")]


class OnlineNote(models.Model):
    """What somebody wrote in the room and the mediator took into the minutes. Nothing else that was written there is kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    room = models.ForeignKey("mediation.OnlineRoom", models.CASCADE, related_name="notes")
    seat = models.ForeignKey("mediation.OnlineSeat", models.PROTECT, related_name="notes")
    line = models.CharField(max_length=40)  # its number in the room
    text = models.CharField(max_length=500)
    said_at = models.DateTimeField()
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()

    class Meta:
        ordering = ["said_at", "id"]
        constraints = [models.UniqueConstraint(fields=["room", "line"], name="an_online_line_is_taken_once")]


def shown_as(shown: "OnlineShown") -> str:
    return f"online-shown/{shown.id}"


class OnlineShown(KeptFile):
    """What everybody in the room is shown. Row and file are gone when it is taken down; a piece of evidence stays where it is."""

    room = models.OneToOneField("mediation.OnlineRoom", models.CASCADE, related_name="shown")
    seat = models.ForeignKey("mediation.OnlineSeat", models.PROTECT, related_name="+")
    title = models.CharField(max_length=120)
    pages = models.PositiveSmallIntegerField(default=0)  # of a PDF
    page = models.PositiveSmallIntegerField(default=1)  # at which those look who follow
    lacks_faces = models.BooleanField(default=False)  # letters are missing in the pictures of its pages
    file = models.FileField(max_length=200)
