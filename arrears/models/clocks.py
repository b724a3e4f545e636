"""时限: running legal clocks, the watch on their next rung, and official calendars."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from arrears.deadlines import RULES, Rule
from grid.ids import uuid7
from grid.scope import ScopedQuerySet


class ClockQuerySet(ScopedQuerySet):
    scope_path = "claim__"

    def running(self) -> "ClockQuerySet":
        return self.filter(ended_on=None)


class Clock(models.Model):
    """A deadline of a claim under one rule (arrears.deadlines.RULES), or of one of its referrals or
    mediations (`about_id`). The date is stored; near and overdue are derived when reading."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    claim = models.ForeignKey("arrears.Claim", models.CASCADE, related_name="clocks")
    about_id = models.UUIDField(null=True, blank=True)
    rule_id = models.CharField(max_length=24)
    started_on = models.DateField(_("起算日"))
    natural_on = models.DateField(_("顺延前届满日"))
    due_on = models.DateField(_("届满日"))
    is_provisional = models.BooleanField(_("暂定"), default=False)
    ended_on = models.DateField(_("终止日"), null=True, blank=True)
    was_met = models.BooleanField(null=True)  # True: done in it; False: ended without being met
    extended_by = models.PositiveSmallIntegerField(default=0)  # granted extensions together, in the rule's unit

    objects = ClockQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "rule_id", "about_id"], condition=Q(ended_on=None), nulls_distinct=False,
                name="one_running_clock_per_rule",
            )
        ]
        indexes = [
            # a calendar that arrives recomputes these
            models.Index(fields=["due_on"], condition=Q(ended_on=None, is_provisional=True), name="clock_provisional")
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.due_on}"

    @property
    def rule(self) -> Rule:
        return RULES[self.rule_id]


class Watch(models.Model):
    """The next rung of a running clock's ladder, on a narrow row of its own because it changes often.
    The row exists exactly while a rung is still to come."""

    clock = models.OneToOneField(Clock, models.CASCADE, primary_key=True, related_name="watch")
    ladder = models.ForeignKey(  # None: the code's own
        "arrears.Ladder", models.PROTECT, null=True, related_name="+", db_index=False
    )
    rung = models.PositiveSmallIntegerField()  # index in that ladder
    next_at = models.DateTimeField()
    cause = models.CharField(max_length=8, default="time", choices=[("time", _("时间到")), ("unacked", _("逾期未签收"))])

    faulty_since = models.DateTimeField(null=True)  # when it fell due, while it is tried again and again in vain

    class Meta:
        indexes = [
            models.Index(fields=["next_at", "clock"], name="watch_next"),  # the sweep
            models.Index(fields=["faulty_since"], condition=Q(faulty_since__isnull=False), name="watch_faulty"),  # /healthz
        ]


class CalendarYear(models.Model):
    """An official working-day calendar an administrator loaded; it goes before the published package."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    days = models.JSONField()  # {"2027-01-01": ["off", "元旦"], …}
    source = models.CharField(_("文件名称和文号"), max_length=200)
    loaded_by = models.ForeignKey("grid.Person", models.PROTECT, null=True, related_name="+")
    loaded_at = models.DateTimeField()
    counted_at = models.DateTimeField(null=True)  # None: what it changes is still being counted (arrears.year_loading)
    counts = models.JSONField(default=dict)  # how far that has come; then what came out
