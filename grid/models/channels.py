"""What people may set about how they are told: wordings, preferences, robots; and how the channels are doing."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grid.ids import uuid7


class Wording(models.Model):
    """One version of the words of a kind of notice, in both languages. Published versions never change: a notice
    keeps the version it was written with. A kind without a row speaks with the words of grid.notices.KINDS."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=40)  # grid.notices.KINDS
    version = models.PositiveSmallIntegerField()
    title = models.CharField(_("标题"), max_length=120)
    text = models.TextField(_("正文"))
    short = models.CharField(_("短信"), max_length=200, blank=True)  # "" : the title
    title_en = models.CharField(_("英文标题"), max_length=200)
    text_en = models.TextField(_("英文正文"))
    short_en = models.CharField(_("英文短信"), max_length=300, blank=True)
    note = models.CharField(_("修改说明"), max_length=200)
    published_by = models.ForeignKey("grid.Person", models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField()

    class Meta:
        ordering = ["kind", "-version"]
        constraints = [models.UniqueConstraint(fields=["kind", "version"], name="wording_version_once")]


class Preference(models.Model):
    """How somebody wants to be told. Without a row: at once, in the system and by mail, no quiet hours.
    Statutory kinds of notice go out at once whatever stands here (grid.notices.Kind.is_statutory)."""

    DIGESTS = [
        ("none", _("逐条发送")),
        ("daily", _("每天汇总一次")),
        ("weekly", _("每周一汇总一次")),
        ("threshold", _("积满若干条时汇总")),
    ]

    person = models.OneToOneField("grid.Person", models.CASCADE, primary_key=True, related_name="preference")
    channels = models.JSONField(default=dict)  # topic → list of channels; a topic that is absent: the usual ones
    digest = models.CharField(_("汇总"), max_length=10, choices=DIGESTS, default="none")
    threshold = models.PositiveSmallIntegerField(_("积满条数"), default=5)
    quiet_from = models.TimeField(_("免打扰起"), null=True, blank=True)
    quiet_to = models.TimeField(_("免打扰止"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_to=None) | Q(quiet_from__isnull=False, quiet_to__isnull=False),
                name="quiet_hours_have_both_ends",
            )
        ]


class Robot(models.Model):
    """群机器人: posts into the chat group of an office. Its address and secret are sealed (grid.vault)."""

    CHANNELS = [("wecom", _("企业微信")), ("dingtalk", _("钉钉")), ("feishu", _("飞书"))]
    SEAL = "grid.Robot"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(_("名称"), max_length=60)
    channel = models.CharField(_("平台"), max_length=16, choices=CHANNELS)
    region = models.ForeignKey("grid.Region", models.PROTECT, related_name="robots", verbose_name=_("所属地区"))
    url_sealed = models.TextField()
    secret_sealed = models.TextField(blank=True)
    is_active = models.BooleanField(_("在用"), default=True)
    added_by = models.ForeignKey("grid.Person", models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["region", "name"]

    def __str__(self) -> str:
        return self.name


class ChannelState(models.Model):
    """The circuit of a channel. Without a row it is well. `failures`: in a row, of the channel itself, not of one
    recipient. Open from `opened_at`; at `retry_at` one message is tried."""

    channel = models.CharField(max_length=16, primary_key=True)
    failures = models.PositiveSmallIntegerField(default=0)
    opened_at = models.DateTimeField(null=True)
    retry_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True)
