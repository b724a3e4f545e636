"""线索: what somebody reports from outside before it is a claim, and what became of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from arrears.evidence_types import KINDS
from arrears.identity import is_mobile, mask_phone
from arrears.models.claims import CHANNELS, money, region_code
from arrears.models.evidence import KeptFile
from arrears.models.parties import CONTACT_RULES
from grid.ids import public_number, uuid7
from grid.roles import LEVEL_LABELS, TOWNSHIP
from grid.scope import ScopedQuerySet

WORK_KINDS = [
    ("construction", _("建筑工地（盖楼、修路、装修等）")),
    ("other", _("其他工作（工厂、商店、饭店等）")),
]
WAITING, ACCEPTED, JOINED, DECLINED = "waiting", "accepted", "joined", "declined"
# Whose telephone it is: then the worker is told by it as is safe, with care, or not at all.
OWN, OTHERS, NONE = "own", "others", "none"
REACHES = [
    (OWN, _("我自己的手机")),
    (OTHERS, _("家人、工友的手机")),
    (NONE, _("没有手机")),
]
STATES = [
    (WAITING, _("待处理")),
    (ACCEPTED, _("已登记为案件")),
    (JOINED, _("并入在办案件")),
    (DECLINED, _("不登记")),
]


class ReportQuerySet(ScopedQuerySet):
    def waiting(self) -> "ReportQuerySet":
        return self.filter(state=WAITING)

    def for_list(self) -> "ReportQuerySet":
        return self.select_related("region", "site", "source", "claim")


class Report(models.Model):
    """What came in by the public page or from another office. It waits in the inbox of its township, with a day by which
    somebody answers, until it is a claim (which takes its public number), belongs to one, or is declined with a reason.
    Only arrears.reports changes a row."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    public_number = models.CharField(_("查询号"), max_length=16, unique=True, default=public_number)
    once = models.CharField(max_length=64, null=True, unique=True)  # of the form it was sent with: sent twice, it is one
    source = models.ForeignKey("arrears.Source", models.PROTECT, null=True, related_name="reports", verbose_name=_("来源单位"))
    external_number = models.CharField(_("来源编号"), max_length=60, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)  # of what the source said last
    as_told = models.JSONField(default=dict)  # that itself; the columns below change only when somebody takes it over
    told_at = models.DateTimeField(null=True)  # when the source changed it, by its own clock
    channel = models.CharField(_("来源"), max_length=10, choices=CHANNELS, default="online")

    region = models.ForeignKey("grid.Region", models.PROTECT, related_name="reports", verbose_name=_("所属地区"))
    city_code = region_code(4)
    county_code = region_code(6)
    township_code = region_code(9)
    village_code = region_code(12)

    kind = models.CharField(_("哪种工作"), max_length=12, choices=WORK_KINDS)
    name = models.CharField(_("姓名"), max_length=60, blank=True)
    phone = models.CharField(_("电话"), max_length=32, blank=True)
    contact_rule = models.CharField(_("联系方式要求"), max_length=10, choices=CONTACT_RULES, default="open")
    reach = models.CharField(_("怎样联系"), max_length=10, choices=REACHES, default=OWN)
    reach_note = models.CharField(_("谁的手机，或者在哪里找得到"), max_length=120, blank=True)
    slip = models.CharField(max_length=64, blank=True)  # of number and code on the slip (arrears.worker.slips)
    employer = models.CharField(_("谁欠钱"), max_length=120, blank=True)
    site = models.ForeignKey("arrears.Site", models.PROTECT, null=True, related_name="reports", verbose_name=_("工地"))
    place = models.CharField(_("在哪里干活"), max_length=120, blank=True)
    amount = money(verbose_name=_("大约欠多少（元）"), null=True)
    people = models.PositiveIntegerField(_("几个人"), null=True)
    story = models.TextField(_("事情经过"), blank=True)

    received_at = models.DateTimeField(_("收到时间"))
    received_on = models.DateField(_("收到日期"))
    due_on = models.DateField(_("答复期限"))
    answer_by = models.DateField(_("来源要求的期限"), null=True)
    level = models.CharField(_("负责层级"), max_length=10, choices=list(LEVEL_LABELS.items()), default=TOWNSHIP)
    rung = models.PositiveSmallIntegerField(default=0)  # the next of its ladder
    next_at = models.DateTimeField(null=True)  # when that calls; None: decided

    state = models.CharField(_("状态"), max_length=10, choices=STATES, default=WAITING)
    claim = models.ForeignKey("arrears.Claim", models.PROTECT, null=True, related_name="reports", verbose_name=_("案件"))
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("处理时间"), null=True)
    reason = models.TextField(_("理由"), blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["source", "external_number"], name="one_report_per_external_number"),
            models.CheckConstraint(condition=Q(state=WAITING) ^ Q(next_at=None), name="waiting_report_is_called"),
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(state=WAITING), name="report_next"),  # the sweep
            models.Index(fields=["township_code", "due_on"], condition=Q(state=WAITING), name="report_waiting"),  # the inbox
            models.Index(fields=["source", "-received_at"], condition=Q(source__isnull=False), name="report_of_source"),
            models.Index(fields=["external_number"], condition=Q(source__isnull=False), name="report_by_external"),  # the search
        ]

    def __str__(self) -> str:
        return self.public_number

    @property
    def is_waiting(self) -> bool:
        return self.state == WAITING

    @property
    def where(self) -> str:
        return self.site.name if self.site else self.place

    @property
    def title(self) -> str:
        return self.employer or self.where or self.public_number

    @property
    def phone_masked(self) -> str:
        return mask_phone(self.phone)

    @property
    def sms_number(self) -> str:
        return self.phone if self.contact_rule != "none" and is_mobile(self.phone) else ""


class ReportFile(KeptFile):
    """A file sent with a report, scanned like evidence; it becomes evidence with the claim."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="files")
    title = models.CharField(max_length=120)
    original_name = models.CharField(max_length=200)
    file = models.FileField(max_length=200)
    external_number = models.CharField(_("来源的文件编号"), max_length=60, blank=True)  # of what another office sent

    class Meta:
        ordering = ["added_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["report", "sha256"], name="same_file_once_per_report"),
            models.UniqueConstraint(fields=["report", "external_number"], condition=~Q(external_number=""), name="one_file_per_external_number"),
        ]
        indexes = [models.Index(fields=["added_at"], condition=Q(scan="waiting"), name="report_file_to_scan")]

    @property
    def kind(self) -> str:
        """Among the kinds of evidence, as far as the bytes tell."""
        return {"image": "photo", "audio": "voice"}.get(KINDS[self.extension].family, "other")


class ReportEvent(models.Model):
    """What happened to a report, in order; the channel back to its source tells each once, by this row's id."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    report = models.ForeignKey(Report, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=12)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    facts = models.JSONField(default=dict)

    class Meta:
        ordering = ["at", "id"]
