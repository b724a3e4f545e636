"""What the parties think of a mediation after it ended, and what somebody else than its mediator found out about a low mark."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grid.ids import uuid7
from grid.roles import LEVEL_LABELS
from grid.scope import ScopedQuerySet

LOW = 2  # stars; so few are looked at
TRACK, LINK, PAPER, PHONE = "track", "link", "paper", "phone"
MARK_WAYS = [(TRACK, _("查询页面")), (LINK, _("评价链接")), (PAPER, _("书面")), (PHONE, _("电话"))]
THEMSELVES = (TRACK, LINK)


class MarkQuerySet(ScopedQuerySet):
    scope_path = "mediation__claim__"

    def low(self) -> "MarkQuerySet":
        """Also those that were low and were raised by whoever gave them."""
        return self.filter(lowest__lte=LOW)

    def to_look(self) -> "MarkQuerySet":
        return self.low().filter(looked_at=None)


class Mark(models.Model):
    """One for each party of a mediation. A low one has a day and a ladder of its own (arrears.called) until somebody who neither
    mediated nor stands below the mediator has looked. Only mediation.marks changes a row."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    mediation = models.ForeignKey("mediation.Mediation", models.PROTECT, related_name="marks")
    claimant = models.ForeignKey("arrears.Claimant", models.PROTECT, null=True, related_name="+")
    respondent = models.ForeignKey("arrears.Respondent", models.PROTECT, null=True, related_name="+")
    mediator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")  # when it ended
    stars = models.PositiveSmallIntegerField(_("打了几分"))
    lowest = models.PositiveSmallIntegerField()  # ever said: what was taken back under pressure is looked at all the same
    text = models.TextField(_("说了什么"), blank=True)
    way = models.CharField(_("怎样说的"), max_length=8, choices=MARK_WAYS)
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("记录人"))
    said_on = models.DateField(_("评价日期"))
    said_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True)
    changes = models.PositiveSmallIntegerField(default=0)

    level = models.CharField(_("负责层级"), max_length=10, choices=list(LEVEL_LABELS.items()), blank=True)
    received_on = models.DateField(null=True)
    due_on = models.DateField(_("回看期限"), null=True)
    rung = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    looker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="marks_to_look", verbose_name=_("由谁回看"))
    looked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    looked_at = models.DateTimeField(null=True)
    finding = models.TextField(_("查明的情况"), blank=True)
    done = models.TextField(_("怎样处理"), blank=True)

    objects = MarkQuerySet.as_manager()

    class Meta:
        ordering = ["-said_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["mediation", "claimant"], condition=Q(claimant__isnull=False), name="one_mark_per_worker"),
            models.UniqueConstraint(fields=["mediation", "respondent"], condition=Q(respondent__isnull=False), name="one_mark_per_respondent"),
            models.CheckConstraint(condition=Q(claimant=None) ^ Q(respondent=None), name="mark_of_one_party"),
            models.CheckConstraint(condition=Q(stars__range=(1, 5), lowest__range=(1, 5), lowest__lte=models.F("stars")), name="mark_one_to_five"),
            models.CheckConstraint(condition=Q(lowest__lte=LOW, looked_at=None) ^ Q(next_at=None), name="low_mark_is_called"),
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="mark_next"),  # the call
            models.Index(fields=["mediator", "said_on"], name="mark_mediator"),  # averages
        ]

    @property
    def is_low(self) -> bool:
        return self.lowest <= LOW

    @property
    def waits(self) -> bool:
        return self.is_low and self.looked_at is None

    @property
    def is_by_themselves(self) -> bool:
        return self.way in THEMSELVES

    @property
    def party(self) -> str:
        return str(self.respondent or self.claimant)

    @property
    def region_id(self) -> str:
        return self.mediation.claim.region_id

    @property
    def claim(self) -> object:
        return self.mediation.claim

    def is_late(self, today: date) -> bool:
        return self.waits and self.due_on is not None and self.due_on < today


class MarkLink(models.Model):
    """The page on which a respondent without an account gives a mark. The database knows only the digest of its address; a new one ends
    the old one."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    mediation = models.ForeignKey("mediation.Mediation", models.CASCADE, related_name="mark_links")
    respondent = models.ForeignKey("arrears.Respondent", models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")  # None: it went with a message
    made_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mediation", "respondent"], name="one_mark_link_per_respondent")]
