"""调解会: a room, a mediator and parties at a time. Two live hearings that share one of them cannot both be
in the database: the exclusion constraints refuse it, on create and on postpone alike."""

from datetime import date, datetime, time

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

from arrears.models import Claim
from arrears.moves import State
from grid.days import SHANGHAI
from grid.ids import uuid7
from grid.scope import Scope, ScopedQuerySet
from mediation.lifecycle import HEARING_STATES, LIVE
from mediation.slots.kinds import EQUIPMENT, MEDIA, ONLINE, PLACE, SITE

LIVE_HEARING = Q(state=LIVE)


class RoomQuerySet(models.QuerySet):
    def in_use(self) -> "RoomQuerySet":
        """Active ones, township before county before city."""
        return self.filter(is_active=True).exclude(medium=SITE).select_related("region").order_by(Length("region_id").desc(), "region", "name")

    def for_claim(self, claim: Claim) -> "RoomQuerySet":
        """Rooms of the claim's county and its townships, and of the city itself."""
        return self.in_use().filter(Q(region__code__startswith=claim.county_code) | Q(region=claim.city_code))

    def within(self, scope: Scope) -> "RoomQuerySet":
        """Rooms inside the regions somebody works for, and those of the levels above that they share."""
        wanted = Q(pk__in=[])
        for code in scope.regions:
            wanted |= Q(region__code__startswith=code) | Q(region__in=[code[:4], code[:6]])
        return self.in_use().filter(wanted)


class Room(models.Model):
    """调解室: a room in a house, or a meeting that people join from where they are. Either holds one hearing at a time.
    The place of a hearing on the spot (SITE) is written down as one too, but nobody books it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(_("名称"), max_length=60)
    region = models.ForeignKey("grid.Region", models.PROTECT, related_name="rooms", verbose_name=_("所在地区"))
    capacity = models.PositiveSmallIntegerField(_("可容纳人数"), default=10)
    address = models.CharField(_("地址"), max_length=200, blank=True)
    is_active = models.BooleanField(_("在用"), default=True)
    medium = models.CharField(_("方式"), max_length=6, choices=MEDIA, default=PLACE)
    link = models.URLField(_("会议链接"), max_length=300, blank=True)  # of a meeting
    is_step_free = models.BooleanField(_("无台阶，轮椅可到"), default=False)
    equipment = ArrayField(models.CharField(max_length=12, choices=EQUIPMENT), default=list, blank=True, verbose_name=_("设备"))
    version = models.PositiveIntegerField(default=1)  # a page that shows another one is stale

    objects = RoomQuerySet.as_manager()

    class Meta:
        ordering = ["region", "name"]
        constraints = [models.UniqueConstraint(fields=["region", "name"], name="one_room_per_region_and_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_online(self) -> bool:
        return self.medium == ONLINE

    @property
    def way(self) -> str:
        """How one gets there."""
        return self.link if self.is_online else self.address


class Blackout(models.Model):
    """停用时段: the room is not to be had, for a reason that is no hearing."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    room = models.ForeignKey(Room, models.CASCADE, related_name="blackouts", verbose_name=_("调解室"))
    span = DateTimeRangeField(_("时间"))  # [start, end)
    reason = models.CharField(_("原因"), max_length=200)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        ordering = ["span", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(span__isempty=False, span__lower_inf=False, span__upper_inf=False), name="blackout_has_time"
            ),
            # the same sheet twice, or two that overlap, is one thing said twice
            ExclusionConstraint(
                name="blackout_once", expressions=[("room", RangeOperators.EQUAL), ("span", RangeOperators.OVERLAPS)]
            ),
        ]

    @property
    def starts_at(self) -> datetime:
        return self.span.lower.astimezone(SHANGHAI)

    @property
    def ends_at(self) -> datetime:
        return self.span.upper.astimezone(SHANGHAI)


class HearingQuerySet(ScopedQuerySet):
    scope_path = "mediation__claim__"
    person_path = "mediation__mediator"

    def on(self, day: date) -> "HearingQuerySet":
        return self.filter(span__overlap=(datetime.combine(day, time.min, SHANGHAI), datetime.combine(day, time.max, SHANGHAI)))

    def live(self) -> "HearingQuerySet":
        return self.filter(LIVE_HEARING)

    def for_list(self) -> "HearingQuerySet":
        return (
            self.select_related("room", "room__region", "mediator", "mediation", "mediation__claim", "mediation__claim__region")
            .defer("minutes", "mediation__request", "mediation__result", "mediation__claim__story",
                   "mediation__claim__request", "mediation__claim__search_text", "mediation__claim__search_grams")
            .order_by("span", "room__name", "id")
        )  # fmt: skip


class Hearing(models.Model):
    """One sitting of a mediation. Postponing moves this row, so that its id stays for calendars that
    subscribed to it; what was before stands in the claim's events."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    mediation = models.ForeignKey("mediation.Mediation", models.PROTECT, related_name="hearings")
    number = models.PositiveSmallIntegerField(_("第几次"))
    room = models.ForeignKey(Room, models.PROTECT, related_name="hearings", verbose_name=_("调解室"))
    mediator = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="hearings", verbose_name=_("调解员")
    )
    span = DateTimeRangeField(_("时间"))  # [start, end)
    busy = DateTimeRangeField()  # the same and the buffer behind it: room and mediator are taken for it
    joint = models.UUIDField(default=uuid7)  # hearings held together (合并调解) share one
    is_on_site = models.BooleanField(_("现场调解"), default=False)  # begun where it happens: the site is its room, and never full
    placed_at = models.DateTimeField(null=True)  # it got the time and place it has
    version = models.PositiveIntegerField(default=0)  # counts its changes: a stale page, and SEQUENCE of its calendar entry
    state = models.CharField(_("状态"), max_length=10, choices=[(s.name, s.label) for s in HEARING_STATES.values()], default=LIVE)
    minutes = models.TextField(_("调解情况"), blank=True)

    objects = HearingQuerySet.as_manager()

    class Meta:
        ordering = ["mediation", "number"]
        constraints = [
            models.UniqueConstraint(fields=["mediation", "number"], name="one_hearing_per_mediation_and_number"),
            models.UniqueConstraint(fields=["mediation"], condition=LIVE_HEARING, name="one_live_hearing_per_mediation"),
            models.CheckConstraint(
                condition=Q(span__isempty=False, span__lower_inf=False, span__upper_inf=False), name="hearing_has_time"
            ),
            models.CheckConstraint(condition=Q(busy__contains=F("span")), name="hearing_busy_while_it_lasts"),
            ExclusionConstraint(
                name="hearing_room_free",
                expressions=[("room", RangeOperators.EQUAL), ("busy", RangeOperators.OVERLAPS), ("joint", RangeOperators.NOT_EQUAL)],
                condition=LIVE_HEARING & Q(is_on_site=False),
            ),
            ExclusionConstraint(
                name="hearing_mediator_free",
                expressions=[
                    ("mediator", RangeOperators.EQUAL), ("busy", RangeOperators.OVERLAPS), ("joint", RangeOperators.NOT_EQUAL)
                ],
                condition=LIVE_HEARING,
            ),
        ]
        indexes = [GistIndex(fields=["span"], name="hearing_span")]  # the day's page, whatever became of a hearing

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M} {self.room}"

    @property
    def starts_at(self) -> datetime:
        return self.span.lower.astimezone(SHANGHAI)

    @property
    def ends_at(self) -> datetime:
        return self.span.upper.astimezone(SHANGHAI)

    @property
    def status(self) -> State:
        return HEARING_STATES[self.state]

    @property
    def is_live(self) -> bool:
        return self.state == LIVE


class Attendance(models.Model):
    """A party called to a hearing. `party_key` is the same for one person or firm across claims; `span`, `joint` and
    `is_live` are copies of the hearing's, kept by the verbs, because a constraint sees one table only."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    hearing = models.ForeignKey(Hearing, models.CASCADE, related_name="attendances")
    party_kind = models.CharField(max_length=10, choices=[("worker", _("申请人")), ("respondent", _("被申请方"))])
    party_id = models.UUIDField()  # of the claimant or respondent
    party_key = models.CharField(max_length=80)
    name = models.CharField(_("当事人"), max_length=200)
    span = DateTimeRangeField()
    joint = models.UUIDField(default=uuid7)
    is_live = models.BooleanField(default=True)
    was_present = models.BooleanField(_("到场"), null=True)  # not said yet: None

    class Meta:
        ordering = ["-party_kind", "id"]  # the worker first
        constraints = [
            models.UniqueConstraint(fields=["hearing", "party_id"], name="called_once_per_hearing"),
            ExclusionConstraint(
                name="party_free",
                # two parties of one hearing may share a key: a firm in two roles, workers with one phone; and those of
                # hearings held together
                expressions=[
                    ("party_key", RangeOperators.EQUAL),
                    ("span", RangeOperators.OVERLAPS),
                    ("joint", RangeOperators.NOT_EQUAL),
                ],
                condition=Q(is_live=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name
