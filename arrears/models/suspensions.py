"""中止和延长: what moves a clock's date, as intervals from which its time is always computed anew."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grid.ids import uuid7
from grid.scope import ScopedQuerySet


class OfClaimQuerySet(ScopedQuerySet):
    scope_path = "claim__"


class Suspension(models.Model):
    """中止: the claim rests for a ground of arrears.timing.suspending.GROUNDS until `planned_end`, when it wakes by itself.
    `ended_on` is the first day that counts again; None while it rests."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    claim = models.ForeignKey("arrears.Claim", models.PROTECT, related_name="suspensions")
    ground = models.CharField(_("中止事由"), max_length=16)
    note = models.TextField(_("说明"), blank=True)
    starts_on = models.DateField(_("中止之日"))
    planned_end = models.DateField(_("预计恢复之日"))
    ended_on = models.DateField(_("恢复之日"), null=True, blank=True)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")  # None: by itself

    objects = OfClaimQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["claim"], condition=Q(ended_on=None), name="one_open_suspension"),
            models.CheckConstraint(condition=Q(planned_end__gt=F("starts_on")), name="suspension_planned_after_start"),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("starts_on")), name="suspension_ended_after_start"
            ),
        ]
        indexes = [models.Index(fields=["planned_end"], condition=Q(ended_on=None), name="suspension_to_wake")]


class Pause(models.Model):
    """The days one clock did not count because of a suspension: `starts_on` up to, not including, `ends_on` (the
    planned day while the suspension lasts, then the real one). `ladder` and `rung`: where its watch stood, to go on
    from there; no rung: its ladder was climbed."""

    clock = models.ForeignKey("arrears.Clock", models.CASCADE, related_name="pauses")
    suspension = models.ForeignKey(Suspension, models.CASCADE, related_name="pauses")
    starts_on = models.DateField()
    ends_on = models.DateField()
    ladder = models.ForeignKey("arrears.Ladder", models.PROTECT, null=True, related_name="+", db_index=False)
    rung = models.PositiveSmallIntegerField(null=True)

    class Meta:
        ordering = ["starts_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["clock", "suspension"], name="one_pause_per_clock"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="pause_ends_after_start"),
        ]


class Extension(models.Model):
    """延长: asked for by whoever works on the claim, granted or refused by whom the rule names."""

    STATES = [("asked", _("待批准")), ("granted", _("已批准")), ("refused", _("未批准")), ("lapsed", _("已失效"))]

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    claim = models.ForeignKey("arrears.Claim", models.PROTECT, related_name="extensions")
    clock = models.ForeignKey("arrears.Clock", models.PROTECT, related_name="extensions")
    length = models.PositiveSmallIntegerField(_("延长多久"))  # in the unit of the clock's rule
    reason = models.TextField(_("理由"))
    state = models.CharField(_("状态"), max_length=8, choices=STATES, default="asked")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_note = models.CharField(_("批注"), max_length=300, blank=True)
    remind_at = models.DateTimeField(null=True)  # whoever decides is told again then (arrears.timing.extension_reminders)
    reminded = models.PositiveSmallIntegerField(default=0)  # how often

    objects = OfClaimQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["clock"], condition=Q(state="asked"), name="one_asked_extension_per_clock"),
            models.CheckConstraint(condition=Q(length__gte=1), name="extension_has_length"),
        ]
        indexes = [models.Index(fields=["remind_at"], condition=Q(state="asked"), name="extension_to_remind")]
