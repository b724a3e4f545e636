"""What workers were asked and what they said, as far as somebody has to do something about it: questions, objections and
ratings. The words stand in the claim's events; here stands by when, by whom, and what came of it."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from arrears.models.claims import region_code
from grid.ids import uuid7
from grid.roles import LEVEL_LABELS
from grid.scope import ScopedQuerySet

OPEN, ANSWERED, DROPPED = "open", "answered", "dropped"
WAITING, UPHELD, REOPENED = "waiting", "upheld", "reopened"
OBJECTION_STATES = [
    (WAITING, _("待答复")),
    (UPHELD, _("维持办理结果")),
    (REOPENED, _("重新办理")),
]
LOW = 2  # stars; so few are looked at by somebody else than the handler


class OfClaimQuerySet(ScopedQuerySet):
    scope_path = "claim__"


class Question(models.Model):
    """提问: what an official asked the workers of a claim. Only arrears.worker.questions changes a row."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    claim = models.ForeignKey("arrears.Claim", models.CASCADE, related_name="questions")
    event = models.OneToOneField("arrears.Event", models.PROTECT, related_name="question")
    answer_by = models.DateField(_("请在哪天前回答"))
    reminded_at = models.DateTimeField(null=True)  # of that day, once
    state = models.CharField(max_length=10, default=OPEN)
    ended_at = models.DateTimeField(null=True)

    objects = OfClaimQuerySet.as_manager()

    class Meta:
        ordering = ["event__at", "id"]
        indexes = [models.Index(fields=["answer_by"], condition=Q(state=OPEN, reminded_at=None), name="question_to_remind")]

    @property
    def text(self) -> str:
        return self.event.facts["question"]

    @property
    def is_open(self) -> bool:
        return self.state == OPEN


class Objection(models.Model):
    """异议: the worker does not agree with how the claim ended. It has a day and a ladder of its own (as a report has) and
    climbs until somebody who did not decide the claim answers. Only arrears.objections changes a row."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    claim = models.ForeignKey("arrears.Claim", models.CASCADE, related_name="objections")
    event = models.OneToOneField("arrears.Event", models.PROTECT, related_name="objection")
    level = models.CharField(_("负责层级"), max_length=10, choices=list(LEVEL_LABELS.items()))
    received_on = models.DateField(_("收到日期"))
    due_on = models.DateField(_("答复期限"))
    rung = models.PositiveSmallIntegerField(default=0)  # the next of its ladder
    next_at = models.DateTimeField(null=True)  # when that calls; None: answered
    state = models.CharField(_("状态"), max_length=10, choices=OBJECTION_STATES, default=WAITING)
    reply = models.TextField(_("答复"), blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(_("答复时间"), null=True)

    objects = OfClaimQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["claim"], condition=Q(state=WAITING), name="one_objection_waits"),
            models.CheckConstraint(condition=Q(state=WAITING) ^ Q(next_at=None), name="waiting_objection_is_called"),
        ]
        indexes = [models.Index(fields=["next_at"], condition=Q(state=WAITING), name="objection_next")]  # the sweep

    @property
    def text(self) -> str:
        return self.event.facts["text"]

    @property
    def is_waiting(self) -> bool:
        return self.state == WAITING

    @property
    def region_id(self) -> str:
        return self.claim.region_id

    def is_late(self, today: date) -> bool:
        return self.is_waiting and self.due_on < today


class Rating(models.Model):
    """评价: one worker's stars for one end of a claim. The level codes stand here so that a month of a county is counted from
    one index. Only arrears.ratings changes a row."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    claim = models.ForeignKey("arrears.Claim", models.CASCADE, related_name="ratings")
    event = models.OneToOneField("arrears.Event", models.PROTECT, related_name="rating")
    stars = models.PositiveSmallIntegerField(_("打了几分"))
    city_code = region_code(4)
    county_code = region_code(6)
    township_code = region_code(9)
    village_code = region_code(12)
    rated_on = models.DateField(_("评价日期"))
    handler = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")  # when it was rated
    looked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    looked_at = models.DateTimeField(null=True)
    finding = models.TextField(_("回看情况"), blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-rated_on", "-id"]
        constraints = [models.CheckConstraint(condition=Q(stars__range=(1, 5)), name="one_to_five_stars")]
        indexes = [
            models.Index(fields=["city_code", "rated_on"], name="rating_city"),
            models.Index(fields=["county_code", "rated_on"], name="rating_county"),
            models.Index(fields=["county_code"], condition=Q(stars__lte=LOW, looked_at=None), name="rating_to_look_at"),
        ]

    @property
    def is_low(self) -> bool:
        return self.stars <= LOW

    @property
    def text(self) -> str:
        return self.event.facts.get("text", "")
