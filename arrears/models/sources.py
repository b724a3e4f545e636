"""来源单位: offices whose work orders come in by file or API (12345, 12333, the national clue platform), and what goes back."""

import json
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from arrears.models.claims import CHANNELS
from arrears.sources.states import STATES
from grid.ids import uuid7
from grid.vault import open_sealed, seal

NONE, FILE, PULL, WEBHOOK = "none", "file", "pull", "webhook"
WAYS = [
    (NONE, _("不回传")),
    (FILE, _("导出文件交换")),
    (PULL, _("对方用接口来取")),
    (WEBHOOK, _("推送到对方接口")),
]
WORKING, CALENDAR = "working", "calendar"
UNITS = [(WORKING, _("个工作日")), (CALENDAR, _("日"))]
WAITS, SENDING, SENT, FAILED = "waits", "sending", "sent", "failed"
STANDINGS = [(WAITS, _("待回传")), (SENDING, _("正在回传")), (SENT, _("已回传")), (FAILED, _("回传失败"))]
CHANNELS_OF_SOURCES = [row for row in CHANNELS if row[0] not in ("ledger", "patrol")]
CODE = RegexValidator(r"\A[a-z][a-z0-9-]{1,23}\Z", _("代码用小写字母、数字和短横，以字母开头，例如 suqian-12345。"))


class Source(models.Model):
    """Only arrears.sources changes a row. `wording`: our state → what the office itself calls it."""

    SEAL_URL, SEAL_SECRET = "arrears.Source.url", "arrears.Source.secret"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(_("代码"), max_length=24, unique=True, validators=[CODE])
    name = models.CharField(_("来源名称"), max_length=60, unique=True)
    channel = models.CharField(_("来源"), max_length=10, choices=CHANNELS_OF_SOURCES, default="hotline")
    region = models.ForeignKey("grid.Region", models.PROTECT, related_name="+", verbose_name=_("所属地区"))
    # By when the office wants an answer, if an order does not say so itself: the office's own rule, not ours and not law.
    reply_days = models.PositiveSmallIntegerField(_("要求几天内答复"), null=True, validators=[MinValueValidator(1), MaxValueValidator(365)])
    reply_unit = models.CharField(_("天数怎么算"), max_length=8, choices=UNITS, default=WORKING)
    reply_basis = models.CharField(_("天数的依据"), max_length=200, blank=True)
    is_verified = models.BooleanField(_("已对照原文核实"), default=False)

    return_way = models.CharField(_("怎样回传"), max_length=8, choices=WAYS, default=NONE)
    url_sealed = models.TextField(blank=True)
    secret_sealed = models.TextField(blank=True)
    wording = models.JSONField(default=dict)
    # While what is sent fails for the other side's sake, nothing more is tried before `retry_at`.
    failures = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True)

    is_active = models.BooleanField(_("启用"), default=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["region", "name"]

    def __str__(self) -> str:
        return self.name

    def put_address(self, url: str, secret: str) -> None:
        self.url_sealed = seal(url, self.SEAL_URL) if url else ""
        self.secret_sealed = seal(secret, self.SEAL_SECRET) if secret else ""

    def url(self) -> str:
        """Raises CannotOpen."""
        return open_sealed(self.url_sealed, self.SEAL_URL) if self.url_sealed else ""

    def secret(self) -> str:
        """Raises CannotOpen."""
        return open_sealed(self.secret_sealed, self.SEAL_SECRET) if self.secret_sealed else ""


class SourceToken(models.Model):
    """By which the office uses the API. Shown once; what is kept is its digest and its end."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    source = models.ForeignKey(Source, models.PROTECT, related_name="tokens")
    digest = models.CharField(max_length=64, unique=True)
    end = models.CharField(max_length=4)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ends_at = models.DateTimeField(null=True)  # revoked, or replaced
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    used_at = models.DateTimeField(null=True)  # to the minute

    class Meta:
        ordering = ["-made_at", "-id"]


class SourceRecord(models.Model):
    """What was done to a source, by whom. No token, address or secret stands in it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    source = models.ForeignKey(Source, models.PROTECT, related_name="records")
    kind = models.CharField(max_length=16)  # arrears.sources.keeping.KINDS
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    facts = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at", "-id"]


class ReturnFile(models.Model):
    """Changes that were handed over as a file, together. The file is made again of its rows whenever it is asked for."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    source = models.ForeignKey(Source, models.PROTECT, related_name="files")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    count = models.PositiveIntegerField()

    class Meta:
        ordering = ["-made_at", "-id"]


class ReturnedQuerySet(models.QuerySet):
    def of(self, source: Source) -> "ReturnedQuerySet":
        return self.filter(source=source)


class Returned(models.Model):
    """One change of state, told to the source of the report. Written in the transaction of its event; `cause` is that event,
    so that each is told once. The row's id is the idempotency key, the webhook's and the feed's."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    source = models.ForeignKey(Source, models.PROTECT, related_name="returned")
    report = models.ForeignKey("arrears.Report", models.PROTECT, related_name="returned")
    claim = models.ForeignKey("arrears.Claim", models.PROTECT, null=True, related_name="+")
    cause = models.UUIDField()
    state = models.CharField(max_length=20, choices=STATES)
    at = models.DateTimeField()
    facts = models.JSONField(default=dict)
    way = models.CharField(max_length=8, choices=WAYS)
    standing = models.CharField(max_length=8, choices=STANDINGS, default=WAITS)
    position = models.BigIntegerField(null=True)  # in the feed; given when it is first read (arrears.sources.feed)
    file = models.ForeignKey(ReturnFile, models.PROTECT, null=True, related_name="rows")
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)  # webhook alone
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)

    objects = ReturnedQuerySet.as_manager()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["report", "cause"], name="told_once"),
            models.UniqueConstraint(fields=["source", "position"], name="one_place_in_feed"),
        ]
        indexes = [
            models.Index(fields=["next_try_at", "id"], condition=Q(standing=WAITS, way=WEBHOOK), name="returned_due"),
            models.Index(fields=["claimed_at"], condition=Q(standing=SENDING), name="returned_stuck"),
            models.Index(fields=["source", "standing"], condition=~Q(standing=SENT), name="returned_open"),
            models.Index(fields=["source", "-sent_at"], condition=Q(standing=SENT), name="returned_last"),
            models.Index(fields=["source", "id"], condition=Q(position=None), name="returned_unplaced"),
        ]


class OrderSheet(models.Model):
    """A file of work orders between its upload and its import: sealed, one for each person and source, gone afterwards."""

    TABLES, ANSWERS = "arrears.OrderSheet.tables", "arrears.OrderSheet.answers"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    source = models.ForeignKey(Source, models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    tables = models.TextField()
    answers = models.TextField()
    uploaded_at = models.DateTimeField()
    # Importing many takes a while, so it is asked for here and done by a task (arrears.sources.importing).
    asked_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    refused = models.TextField(blank=True)  # why it was not imported
    result = models.JSONField(null=True)  # how many were new, known, updated; the cells are gone then

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "person"], name="one_order_sheet_each")]
        # The task's question.
        indexes = [models.Index(fields=["asked_at"], condition=Q(asked_at__isnull=False), name="order_sheet_asked")]

    @property
    def is_done(self) -> bool:
        return self.result is not None

    @property
    def is_under_way(self) -> bool:
        return self.asked_at is not None and not self.refused and not self.is_done

    def put_tables(self, packed: list[dict[str, Any]]) -> None:
        self.tables = seal(json.dumps(packed, ensure_ascii=False, separators=(",", ":")), self.TABLES)

    def packed_tables(self) -> list[dict[str, Any]]:
        return json.loads(open_sealed(self.tables, self.TABLES))

    def put_answers(self, said: dict[str, Any]) -> None:
        self.answers = seal(json.dumps(said, ensure_ascii=False), self.ANSWERS)

    def packed_answers(self) -> dict[str, Any]:
        return json.loads(open_sealed(self.answers, self.ANSWERS))
