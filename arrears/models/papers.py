"""文书 and 材料包: papers as they were issued, the packets made of them, and the Word templates they are filled from."""

import json
import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from arrears.models.withdrawable import Withdrawable
from arrears.serving.hands import services_of
from grid.ids import uuid7
from grid.scope import ScopedQuerySet
from grid.vault import open_sealed, seal

FACTS, ANSWERS = "arrears.Paper.facts", "arrears.Packet.answers"


class PaperCounter(models.Model):
    """The last number of a paper in a county in a year; incremented under a row lock."""

    county_code = models.CharField(max_length=6, db_collation="C")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["county_code", "year"], name="one_paper_counter_per_county_year")]


class PaperTemplate(models.Model):
    """A version of a form's Word template. Version 0 is the text that comes with the program and has no row. A published one
    never changes: what amends it is the next version."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    form = models.CharField(max_length=8)
    version = models.PositiveSmallIntegerField()
    docx = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    note = models.CharField(_("说明"), max_length=200)
    warnings = models.JSONField(default=list)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)  # of one that was in force: what came before it is again

    class Meta:
        ordering = ["form", "-version"]
        constraints = [models.UniqueConstraint(fields=["form", "version"], name="one_template_per_version")]

    @property
    def is_published(self) -> bool:
        return self.published_at is not None


class PaperQuerySet(ScopedQuerySet):
    scope_path = "claim__"

    def in_hand(self, person: Any, today: date) -> Iterable[Any]:
        """What is to be served by hands other than the claim's, and the receipts of it."""
        services = services_of(person, today)
        if not services:
            return ()
        rows = self.model.objects.order_by()
        served, receipts = rows.filter(services__in=services), rows.filter(claim__services__in=services, about_id__in=services)
        return list(served.union(receipts).values_list("pk", flat=True))

    def current(self) -> "PaperQuerySet":
        return self.filter(withdrawn_at=None, replaced_by=None)


class Paper(Withdrawable):
    """One paper as it was issued: the facts it says, the Word file and the PDF, none of which ever changes. A later version
    `replaces` it; both stay."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    claim = models.ForeignKey("arrears.Claim", models.PROTECT, related_name="papers")
    form = models.CharField(max_length=8)
    title = models.CharField(_("文书"), max_length=60)
    number = models.CharField(_("文号"), max_length=40, unique=True)
    version = models.PositiveSmallIntegerField(default=1)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    worker = models.ForeignKey("arrears.Claimant", models.PROTECT, null=True, related_name="+")  # a paper of one of many
    about_id = models.UUIDField(null=True)  # what it is about beside the claim: a proceeding, a support case
    template_version = models.PositiveSmallIntegerField(default=0)
    facts = models.TextField()  # sealed: what it says and what was answered when it was made
    facts_sha256 = models.CharField(max_length=64)
    gaps = models.JSONField(default=list)  # fields that were empty, by their names only
    docx_sha256 = models.CharField(max_length=64)
    docx_size = models.PositiveIntegerField()
    pdf_sha256 = models.CharField(max_length=64)
    pdf_size = models.PositiveIntegerField()
    pages = models.PositiveIntegerField()
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(_("制作时间"))

    objects = PaperQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_at", "-id"]
        indexes = [models.Index(fields=["claim", "-issued_at"], name="paper_of_claim")]
        constraints = Withdrawable.Meta.constraints

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def is_current(self) -> bool:
        return not self.is_withdrawn and not hasattr(self, "replaced_by")

    def put(self, told: dict[str, Any]) -> None:
        self.facts = seal(json.dumps(told, ensure_ascii=False), FACTS)

    def told(self) -> dict[str, Any]:
        """facts and answers, as they were."""
        return json.loads(open_sealed(self.facts, FACTS))

    def stored(self, kind: str) -> str:
        """Where the file lies: a name of our own."""
        return stored_as("papers", self.issued_at.strftime("%Y/%m"), self.pk, kind)


def stored_as(folder: str, month: str, pk: uuid.UUID, kind: str) -> str:
    return f"{folder}/{month}/{pk}.{kind}"


ASKED, MADE, FAILED = "asked", "made", "failed"
PACKET_STATES = ((ASKED, _("正在制作")), (MADE, _("已完成")), (FAILED, _("没有做成")))


class PacketQuerySet(ScopedQuerySet):
    scope_path = "claim__"
    body_path = "referral__body"

    def shared_with(self, bodies: Iterable[Any]) -> Q:
        """With the referral it goes with, once that was sent and until it is recalled."""
        return super().shared_with(bodies) & Q(referral__sent_at__isnull=False, state=MADE) & ~Q(referral__state="recalled")


class Packet(models.Model):
    """材料包: what is asked for, and once it is made one ZIP and one PDF. The row says what is asked; the task does it, whole or
    not at all, and turns `state` last."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    claim = models.ForeignKey("arrears.Claim", models.PROTECT, related_name="packets")
    kind = models.CharField(max_length=20)
    title = models.CharField(max_length=80)
    referral = models.ForeignKey("arrears.Referral", models.SET_NULL, null=True, related_name="packets")
    plan = models.JSONField()  # which forms and which of the evidence, one set or one for each worker, watermark
    answers = models.TextField()  # sealed: what was answered for the papers it makes
    numbers = models.JSONField(default=list)  # taken once: whoever goes on after an interruption goes on with them
    papers = models.ManyToManyField(Paper, through="PacketPaper", related_name="packets")
    evidence = models.ManyToManyField("arrears.Evidence", related_name="+")

    state = models.CharField(_("状态"), max_length=6, choices=PACKET_STATES, default=ASKED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    refused = models.TextField(blank=True)  # why it could not be made
    made_at = models.DateTimeField(null=True)
    gaps = models.JSONField(default=list)  # of the papers: form, title, field
    documents = models.PositiveIntegerField(default=0)
    pages = models.PositiveIntegerField(default=0)
    zip_sha256 = models.CharField(max_length=64, blank=True)
    zip_size = models.PositiveBigIntegerField(default=0)
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    pdf_size = models.PositiveBigIntegerField(default=0)

    objects = PacketQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-id"]
        indexes = [
            models.Index(fields=["claim", "-asked_at"], name="packet_of_claim"),
            models.Index(fields=["asked_at"], condition=Q(state=ASKED), name="packet_to_make"),  # the task's question
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_made(self) -> bool:
        return self.state == MADE

    @property
    def is_under_way(self) -> bool:
        return self.state == ASKED

    def put_answers(self, answers: dict[str, Any]) -> None:
        self.answers = seal(json.dumps(answers, ensure_ascii=False), ANSWERS)

    def said(self) -> dict[str, Any]:
        return json.loads(open_sealed(self.answers, ANSWERS)) if self.answers else {}

    def stored(self, kind: str) -> str:
        return stored_as("packets", self.asked_at.strftime("%Y/%m"), self.pk, kind)


class PacketPaper(models.Model):
    """A paper's place in a packet."""

    packet = models.ForeignKey(Packet, models.CASCADE)
    paper = models.ForeignKey(Paper, models.PROTECT)
    place = models.PositiveIntegerField()

    class Meta:
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["packet", "place"], name="one_paper_per_place")]
