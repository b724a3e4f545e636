"""What happens in a hearing: who came, what was read to them, what was written down, who signed it.

Minutes that were closed and signatures are never changed, in the database too (migration 0006): a correction is the next version."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grid.ids import uuid7
from mediation.room import quorum
from mediation.room.pages import whole
from mediation.room.people import ROLES
from mediation.room.quorum import ABSENT, AGENT, AWAY, CAME, LATE, LEGAL, SELF, SPECIAL, UNCALLED

PERSON = settings.AUTH_USER_MODEL
STATES = ((CAME, _("到场")), (LATE, _("迟到")), (ABSENT, _("没有到场")), (UNCALLED, _("没有通知到，没有来")))
BY = ((SELF, _("本人")), (LEGAL, _("法定代表人或者负责人")), (AGENT, _("委托代理人")))
AUTHORITIES = (
    (SPECIAL, _("特别授权（可以代为达成协议）")), ("ordinary", _("一般授权（不能代为达成协议）")), ("none", _("没有授权文书")),
)  # fmt: skip
PAPERS = (
    ("id_card", _("居民身份证")), ("temporary_id", _("临时身份证")), ("passport", _("护照")), ("licence", _("营业执照和身份证明")),
    ("lawyer", _("律师执业证")), ("known", _("没有带证件，由在场的人证明")),
)  # fmt: skip
CAPACITIES = (
    ("mediator", _("调解员")), ("worker", _("申请人")), ("respondent", _("被申请方")), *((name, _(role.label)) for name, role in ROLES.items()),
)  # fmt: skip
OTHERS = tuple(ROLES)
CALLS = tuple((value, _(label)) for value, label in quorum.CALLS)


class HearingRecord(models.Model):
    """One per hearing, from the moment its room is opened. `version` counts the saved texts of the minutes while they are written."""

    hearing = models.OneToOneField("mediation.Hearing", models.CASCADE, primary_key=True, related_name="record")
    opened_at = models.DateTimeField(_("打开时间"))
    opened_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    rights_version = models.CharField(_("告知文本版本"), max_length=40, blank=True)
    rights_text = models.TextField(_("告知的内容"), blank=True)  # word for word as it was read
    rights_at = models.DateTimeField(_("宣读时间"), null=True)
    rights_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    notes = models.JSONField(default=dict)  # section to text (mediation.room.notes)
    version = models.PositiveIntegerField(default=0)
    notes_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    notes_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(rights_at=None) ^ ~Q(rights_text=""), name="rights_read_are_kept")]


class Presence(models.Model):
    """到场登记: a party that was called, or another person in the room; the mediator has no party and signs in too."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    hearing = models.ForeignKey("mediation.Hearing", models.CASCADE, related_name="presences")
    attendance = models.OneToOneField("mediation.Attendance", models.CASCADE, null=True, related_name="presence")
    capacity = models.CharField(_("身份"), max_length=12, choices=CAPACITIES)
    name = models.CharField(_("姓名或者名称"), max_length=200)
    state = models.CharField(_("是否到场"), max_length=8, choices=STATES)
    at = models.DateTimeField(_("签到时间"), null=True)
    by = models.CharField(_("谁来的"), max_length=6, choices=BY, default=SELF)
    stands_in = models.CharField(_("来人姓名"), max_length=60, blank=True)
    authority = models.CharField(_("授权"), max_length=8, choices=AUTHORITIES, blank=True)
    paper = models.CharField(_("核对的证件"), max_length=12, choices=PAPERS, blank=True)
    last_four = models.CharField(_("证件号末四位"), max_length=4, blank=True)
    checked_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(_("核对时间"), null=True)
    # of somebody who is no party (mediation.room.people)
    beside = models.ForeignKey("mediation.Attendance", models.PROTECT, null=True, related_name="companions")
    credential = models.CharField(_("身份的说明和证明"), max_length=200, blank=True)
    promised_at = models.DateTimeField(_("承诺的时间"), null=True)
    why = models.CharField(_("没有到场的原因"), max_length=200, blank=True)
    called_by = models.CharField(_("怎样通知的"), max_length=10, choices=CALLS, blank=True)
    called_proof = models.CharField(_("通知的证明"), max_length=200, blank=True)
    entered_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        ordering = ["entered_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["hearing"], condition=Q(capacity="mediator"), name="mediator_signs_in_once"),
            models.UniqueConstraint(fields=["hearing", "capacity", "name"], condition=Q(attendance=None), name="a_person_once_in_a_room"),
            models.CheckConstraint(condition=Q(state__in=AWAY) ^ Q(at__isnull=False), name="who_came_has_a_time"),
            models.CheckConstraint(condition=~Q(state=ABSENT) | ~Q(called_proof=""), name="who_did_not_come_was_called"),
            models.CheckConstraint(condition=~Q(state=UNCALLED) | ~Q(why=""), name="who_was_not_called_has_a_why"),
            models.CheckConstraint(condition=~Q(by=AGENT) | ~Q(stands_in="", authority=""), name="an_agent_has_a_name"),
        ]

    @property
    def is_here(self) -> bool:
        return self.state not in AWAY

    @property
    def signs_as(self) -> str:
        """Whose hand it is: the agent's own name, and for whom."""
        return self.stands_in or self.name


class EarlierSitting(models.Model):
    """People were checked in, then the hearing got another time or place: what was said at the door and read out then. Never changed, in the
    database too: whoever waited in vain can prove that they were there."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    hearing = models.ForeignKey("mediation.Hearing", models.CASCADE, related_name="earlier_sittings")
    starts_at = models.DateTimeField(_("原定的时间"))
    ends_at = models.DateTimeField()
    place = models.CharField(_("地点"), max_length=300)
    mediator = models.CharField(_("调解员"), max_length=120)
    people = models.JSONField()  # of each presence its words (mediation.room.earlier)
    rights_version = models.CharField(max_length=40, blank=True)
    rights_text = models.TextField(blank=True)
    rights_at = models.DateTimeField(null=True)
    rights_by = models.CharField(max_length=120, blank=True)
    moved_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    moved_at = models.DateTimeField(_("改动的时间"))

    class Meta:
        ordering = ["moved_at", "id"]


class Minutes(models.Model):
    """笔录: as it was closed. The next version says why."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    hearing = models.ForeignKey("mediation.Hearing", models.PROTECT, related_name="minutes_versions")
    number = models.PositiveSmallIntegerField(_("版本"))
    notes = models.JSONField()
    pages = models.JSONField()  # of each page its text and fingerprint (mediation.room.pages)
    sha256 = models.CharField(_("指纹"), max_length=64)
    reason = models.CharField(_("更正理由"), max_length=300, blank=True)
    frozen_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    frozen_at = models.DateTimeField()

    class Meta:
        ordering = ["hearing", "number"]
        constraints = [
            models.UniqueConstraint(fields=["hearing", "number"], name="a_version_of_minutes_once"),
            models.CheckConstraint(condition=Q(number=1) | ~Q(reason=""), name="a_correction_has_a_reason"),
        ]

    @property
    def fingerprints(self) -> list[str]:
        return [page["sha256"] for page in self.pages]

    @property
    def is_whole(self) -> bool:
        return self.sha256 == whole(self.fingerprints)

    @property
    def short(self) -> str:
        return self.sha256[:12]


class MinutesSignature(models.Model):
    """On the glass, under one version of the minutes: it names the fingerprint of each page and of the whole. Or that somebody would not
    sign, why, and who saw it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="signatures")
    presence = models.ForeignKey(Presence, models.PROTECT, related_name="signatures")
    name = models.CharField(_("签名人"), max_length=200)
    capacity = models.CharField(_("身份"), max_length=12, choices=CAPACITIES)
    sha256 = models.CharField(_("所签笔录的指纹"), max_length=64)
    pages: Any = ArrayField(models.CharField(max_length=64))
    evidence = models.ForeignKey("arrears.Evidence", models.PROTECT, null=True, related_name="+")
    refused_because = models.CharField(_("拒签的原因"), max_length=300, blank=True)
    witness = models.CharField(_("见证人"), max_length=60, blank=True)
    signed_at = models.DateTimeField(_("签名时间"))
    taken_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["signed_at", "id"]
        constraints = [
            # somebody who would not sign may think better of it
            models.UniqueConstraint(fields=["minutes", "presence"], condition=Q(refused_because=""), name="signed_once"),
            models.CheckConstraint(condition=Q(evidence=None) ^ Q(refused_because=""), name="signed_or_refused"),
            models.CheckConstraint(condition=Q(refused_because="") | ~Q(witness=""), name="a_refusal_was_seen"),
        ]

    @property
    def is_refusal(self) -> bool:
        return bool(self.refused_because)
