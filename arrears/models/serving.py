"""送达: a paper that is to reach somebody, what was tried, and by what it is proved."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from arrears.models.suspensions import OfClaimQuerySet
from arrears.serving.hands import services_of
from arrears.serving.table import FILES, METHODS, NEEDS, REASONS, SERVED, Method, Served
from grid.ids import uuid7
from grid.roles import LEVEL_LABELS

WAITING, REACHED, DROPPED = "waiting", "served", "dropped"
SENT, FAILED, OVERTAKEN = "sent", "failed", "overtaken"
STATES = [(WAITING, _("待送达")), (REACHED, _("已送达")), (DROPPED, _("不再送达"))]
ATTEMPTS = [(SENT, _("已发出，等结果")), (REACHED, _("已送达")), (FAILED, _("没有送到")), (OVERTAKEN, _("已另行送达"))]


class ServiceQuerySet(OfClaimQuerySet):
    def in_hand(self, person: Any, today: date) -> Iterable[Any]:
        return services_of(person, today)

    def for_list(self) -> "ServiceQuerySet":
        return self.select_related("claim__region", "respondent", "claimant", "server")


class Service(models.Model):
    """One paper for one receiver. It has a day and a ladder of its own (arrears.called), also after the claim has ended: what
    was decided must be served. Only arrears.serving changes a row."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    claim = models.ForeignKey("arrears.Claim", models.PROTECT, related_name="services")
    paper = models.ForeignKey("arrears.Paper", models.PROTECT, null=True, related_name="services")  # if it was issued here
    what = models.CharField(_("送达什么"), max_length=12)  # arrears.serving.table.SERVED
    title = models.CharField(_("文书名称和文号"), max_length=120)
    made_on = models.DateField(_("文书日期"))
    respondent = models.ForeignKey("arrears.Respondent", models.PROTECT, null=True, related_name="services", verbose_name=_("被申请方"))
    claimant = models.ForeignKey("arrears.Claimant", models.PROTECT, null=True, related_name="services", verbose_name=_("劳动者"))
    server = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="services", verbose_name=_("送达人"))

    e_address = models.CharField(_("电子送达地址"), max_length=120, blank=True)  # "": no consent
    consent = models.ForeignKey("arrears.Evidence", models.PROTECT, null=True, related_name="+", db_index=False)
    is_fled = models.BooleanField(_("下落不明"), default=False)
    is_held = models.BooleanField(_("军人或者被监禁"), default=False)

    state = models.CharField(_("状态"), max_length=8, choices=STATES, default=WAITING)
    method = models.CharField(_("送达方式"), max_length=12, blank=True)  # by which it was served
    deemed_on = models.DateField(_("送达日期"), null=True)
    note = models.CharField(_("说明"), max_length=300, blank=True)  # why it is no longer to be served

    level = models.CharField(_("负责层级"), max_length=10, choices=list(LEVEL_LABELS.items()))
    serve_by = models.DateField(_("最迟送达日期"))
    received_on = models.DateField()  # from when the day below counts: the paper's day, or that of the last attempt
    due_on = models.DateField(_("下一步的日期"))
    rung = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    objects = ServiceQuerySet.as_manager()

    class Meta:
        ordering = ["made_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(state=WAITING) ^ Q(next_at=None), name="waiting_service_is_called"),
            models.CheckConstraint(condition=Q(respondent=None) ^ Q(claimant=None), name="service_has_one_receiver"),
            models.CheckConstraint(condition=~Q(state=REACHED) | Q(deemed_on__isnull=False), name="served_has_its_day"),
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(state=WAITING), name="service_next"),  # the sweep
            models.Index(fields=["due_on", "id"], condition=Q(state=WAITING), name="service_waiting"),  # the list
        ]

    @property
    def is_waiting(self) -> bool:
        return self.state == WAITING

    @property
    def document(self) -> Served:
        return SERVED[self.what]

    @property
    def way(self) -> Method | None:
        return METHODS.get(self.method)

    @property
    def receiver(self) -> str:
        return str(self.respondent or self.claimant)

    @property
    def region_id(self) -> str:
        return self.claim.region_id

    def is_late(self, today: date) -> bool:
        return self.is_waiting and self.due_on < today


class Attempt(models.Model):
    """One way that was tried, with what proves it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    service = models.ForeignKey(Service, models.PROTECT, related_name="attempts")
    method = models.CharField(_("送达方式"), max_length=12)
    state = models.CharField(max_length=9, choices=ATTEMPTS)
    on = models.DateField(_("日期"))  # it was tried, sent or announced
    at = models.TimeField(_("时间"), null=True)
    place = models.CharField(_("地点"), max_length=200, blank=True)
    received_by = models.CharField(_("谁签收的"), max_length=60, blank=True)
    witness = models.CharField(_("见证人"), max_length=60, blank=True)
    tracking = models.CharField(_("邮寄单号"), max_length=40, blank=True)
    unit = models.CharField(_("受托或者转交的单位"), max_length=120, blank=True)
    system_at = models.DateTimeField(_("系统显示的送达时间"), null=True)
    published_in = models.CharField(_("在哪里公告"), max_length=120, blank=True)
    note = models.CharField(_("原因和经过"), max_length=500, blank=True)
    reason = models.CharField(_("没有送到的原因"), max_length=10, choices=REASONS, blank=True)
    check_on = models.DateField(null=True)  # of what was sent: when its result is asked for, or takes effect
    deemed_on = models.DateField(_("送达日期"), null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["recorded_at", "id"]
        constraints = [models.UniqueConstraint(fields=["service", "method"], condition=Q(state=SENT), name="one_of_a_way_under_way")]

    @property
    def way(self) -> Method:
        return METHODS[self.method]


class Proof(models.Model):
    """A file that proves an attempt: evidence of the claim, of which an attempt says what it shows."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="proofs")
    kind = models.CharField(max_length=12, choices=[(name, NEEDS[name]) for name in FILES])
    evidence = models.ForeignKey("arrears.Evidence", models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["attempt", "kind", "evidence"], name="a_proof_once")]
