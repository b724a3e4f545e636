"""What scheduling has to know beside rooms and hearings: hearing days, mediators' terms, recusals, and what suits parties."""

from datetime import date

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from grid.ids import uuid7
from mediation.slots.kinds import ALL_DAY, LANGUAGES, PARTS, WEEKDAYS
from mediation.slots.rules import HearingDays

MOST_NOTICE, MOST_BUFFER = 15, 120


class HearingRule(models.Model):
    """开庭日规则 of an office, from a day on. What was in force on a day that is over stays."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    region = models.ForeignKey("grid.Region", models.PROTECT, related_name="hearing_rules", verbose_name=_("地区"))
    since = models.DateField(_("自何日起"))
    weekdays = ArrayField(models.PositiveSmallIntegerField(choices=WEEKDAYS), verbose_name=_("开庭日"))
    opens = models.TimeField(_("最早开始"))
    closes = models.TimeField(_("最晚结束"))
    rest_from = models.TimeField(_("午休起"), null=True, blank=True)
    rest_to = models.TimeField(_("午休止"), null=True, blank=True)
    length = models.PositiveSmallIntegerField(_("一次时长（分钟）"))
    buffer = models.PositiveSmallIntegerField(_("两场之间至少相隔（分钟）"))
    notice = models.PositiveSmallIntegerField(_("至少提前几个工作日通知"))
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        ordering = ["region", "-since"]
        constraints = [
            models.UniqueConstraint(fields=["region", "since"], name="one_hearing_rule_per_region_and_day"),
            models.CheckConstraint(condition=Q(closes__gt=F("opens")), name="hearing_rule_opens_before_it_closes"),
            models.CheckConstraint(
                condition=Q(rest_from=None, rest_to=None) | Q(rest_to__gt=F("rest_from")), name="hearing_rule_rests_forward"
            ),
            models.CheckConstraint(condition=Q(notice__lte=MOST_NOTICE, buffer__lte=MOST_BUFFER), name="hearing_rule_in_bounds"),
        ]

    @property
    def weekday_labels(self) -> list[str]:
        """Untranslated."""
        return [dict(WEEKDAYS)[day] for day in sorted(self.weekdays)]

    @property
    def days(self) -> HearingDays:
        return HearingDays(
            frozenset(self.weekdays), self.opens, self.closes, self.rest_from, self.rest_to, self.length, self.buffer, self.notice,
            self.region_id, self.since,
        )  # fmt: skip


class MediatorTerms(models.Model):
    """What scheduling knows of a mediator. Where they work their postings say, when they are away their leave."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="mediator_terms")
    is_on_panel = models.BooleanField(_("在调解员名册，可以排期"), default=True)
    languages = ArrayField(models.CharField(max_length=4, choices=LANGUAGES), default=list, blank=True, verbose_name=_("普通话以外的语言"))
    daily = models.PositiveSmallIntegerField(_("一天最多几场"), default=4)
    version = models.PositiveIntegerField(default=1)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(daily__gte=1, daily__lte=20), name="mediator_daily_in_bounds")]

    @property
    def language_labels(self) -> list[str]:
        """Untranslated."""
        return [label for value, label in LANGUAGES if value in self.languages]


ASKED, GRANTED, DENIED = "asked", "granted", "denied"
RECUSAL_STATES = ((ASKED, gettext_noop("待决定")), (GRANTED, gettext_noop("已回避")), (DENIED, gettext_noop("不予回避")))
RECUSAL_ASKERS = (("mediator", gettext_noop("调解员自行回避")), ("worker", gettext_noop("申请人")), ("respondent", gettext_noop("被申请方")))
RECUSAL_GROUNDS = (
    ("relative", gettext_noop("是当事人或其代理人的近亲属")),
    ("interest", gettext_noop("与本案有利害关系")),
    ("dealings", gettext_noop("与当事人、代理人有其他关系，可能影响公正")),
    ("gifts", gettext_noop("私自会见当事人，或者接受请客送礼")),
    ("earlier", gettext_noop("曾在本案中担任其他职责")),
)


class Recusal(models.Model):
    """回避 of a mediator in one case, asked for by a party or said by themselves. While it is undecided they are not booked."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    mediation = models.ForeignKey("mediation.Mediation", models.CASCADE, related_name="recusals")
    mediator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="recusals", verbose_name=_("调解员"))
    asked_by = models.CharField(_("谁提出"), max_length=10, choices=RECUSAL_ASKERS)
    ground = models.CharField(_("事由"), max_length=10, choices=RECUSAL_GROUNDS)
    reason = models.TextField(_("说明"))
    state = models.CharField(_("状态"), max_length=7, choices=RECUSAL_STATES, default=ASKED)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    answer = models.TextField(_("决定理由"), blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-entered_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["mediation", "mediator"], condition=Q(state=ASKED), name="one_recusal_asked_per_mediator"),
        ]


class PartyTerms(models.Model):
    """What a party of a mediation needs: an interpreter, a way without steps, something else that is to be arranged."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    mediation = models.ForeignKey("mediation.Mediation", models.CASCADE, related_name="party_terms")
    party_id = models.UUIDField()  # of the claimant or respondent
    language = models.CharField(_("需要的语言"), max_length=4, choices=LANGUAGES, blank=True)
    has_interpreter = models.BooleanField(_("已另请翻译"), default=False)
    is_step_free = models.BooleanField(_("需要无台阶的场所"), default=False)
    needs = models.CharField(_("其他需要"), max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mediation", "party_id"], name="one_terms_per_party")]


class PartyDay(models.Model):
    """A day, or half of one, on which a party cannot come. Said to an officer, or by themselves through their link."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    mediation = models.ForeignKey("mediation.Mediation", models.CASCADE, related_name="party_days")
    party_id = models.UUIDField()
    day = models.DateField(_("日期"))
    part = models.CharField(_("时段"), max_length=3, choices=PARTS, default=ALL_DAY)
    said_at = models.DateTimeField()
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")  # None: the party itself

    class Meta:
        ordering = ["day", "part", "id"]
        constraints = [models.UniqueConstraint(fields=["mediation", "party_id", "day", "part"], name="one_party_day")]

    def is_past(self, today: date) -> bool:
        return self.day < today
