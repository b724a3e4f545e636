"""Workers, employers and sites."""

from datetime import date

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from arrears.identity import is_mobile, mask_phone
from arrears.models.claims import Claim
from arrears.models.sealed import SealedIdNumber
from grid.ids import uuid7
from grid.models import Person
from grid.scope import ScopedQuerySet

# Roles in the contracting chain, from the money down to the worker (条例 §§29–36).
CHAIN_ROLES = [
    ("owner", _("建设单位")),
    ("general", _("施工总承包单位")),
    ("sub", _("分包单位")),
    ("labour", _("劳务公司")),
    ("foreman", _("包工头")),
    ("dispatch", _("劳务派遣单位")),
    ("employer", _("用人单位")),
    ("investor", _("出资人")),
]

CONTACT_RULES = [
    ("open", _("可以发短信告知进展")),
    ("discreet", _("短信只说“您咨询的事项有新进展”，不提欠薪和单位")),
    ("none", _("不要发短信，由网格员当面告知")),
]


class EmployerQuerySet(ScopedQuerySet):
    def visible_to(self, person: Person, today: date) -> "EmployerQuerySet":
        """Those named in a claim the person may see."""
        return self.filter(Exists(Claim.objects.visible_to(person, today).filter(respondents__employer=OuterRef("pk"))))


class SiteQuerySet(ScopedQuerySet):
    def visible_to(self, person: Person, today: date) -> "SiteQuerySet":
        """Those in the person's regions, and those of a claim the person may see: whoever works for a village sees
        the sites of its claims, not all of the township's."""
        if not person.is_authenticated or not person.is_active:
            return self.none()
        wanted = Q(Exists(Claim.objects.visible_to(person, today).filter(site=OuterRef("pk"))))
        for code in person.scope(today).regions:
            wanted |= Q(region__code__startswith=code)
        return self.filter(wanted)


class Employer(models.Model):
    """用人单位 known to the grid; claims against one employer meet here. Its name is indexed by bigrams (migration 0008)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(_("名称"), max_length=120)
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, null=True, blank=True, unique=True)
    region = models.ForeignKey("grid.Region", models.PROTECT, null=True, blank=True, related_name="+")

    objects = EmployerQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        indexes = [models.Index(fields=["name"], name="employer_name")]

    def __str__(self) -> str:
        return self.name


class Site(models.Model):
    """工程项目（工地）, registered to its township. Its name is indexed by bigrams (migration 0008)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(_("项目名称"), max_length=120)
    region = models.ForeignKey("grid.Region", models.PROTECT, related_name="sites")
    address = models.CharField(_("地址"), max_length=200, blank=True)

    objects = SiteQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["region", "name"], name="one_site_per_region_and_name")]

    def __str__(self) -> str:
        return self.name


class ClaimantQuerySet(ScopedQuerySet):
    scope_path = "claim__"


class Claimant(SealedIdNumber, models.Model):
    """劳动者: one worker of one claim. The ID number is sealed; equal numbers meet through `id_index`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    claim = models.ForeignKey("arrears.Claim", models.CASCADE, related_name="claimants")
    name = models.CharField(_("姓名"), max_length=60)
    phone = models.CharField(_("电话"), max_length=32, blank=True)
    # How the system may reach the worker without the employer learning of it (arrears.worker.notices).
    contact_rule = models.CharField(_("联系方式要求"), max_length=10, choices=CONTACT_RULES, default="open")
    safe_phone = models.CharField(_("安全联系电话"), max_length=32, blank=True)
    id_sealed = models.TextField(blank=True)
    id_index = models.CharField(max_length=64, blank=True)
    id_masked = models.CharField(_("身份证号"), max_length=18, blank=True)  # lists never open the seal
    slip = models.CharField(max_length=64, blank=True)  # of number and code on the worker's slip (arrears.worker.slips)
    # Where the worker complained, if the claim was merged or split since: its query number stays theirs.
    registered_in = models.ForeignKey(
        "arrears.Claim", models.PROTECT, null=True, blank=True, related_name="registered", db_index=False
    )
    # The same worker stood in the claim this one was merged into: the row that goes on.
    same_as = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+", db_index=False)

    objects = ClaimantQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        # The same worker again (arrears.duplicates).
        indexes = [
            models.Index(fields=["id_index"], condition=~Q(id_index=""), name="claimant_id_index"),
            models.Index(fields=["phone"], condition=~Q(phone=""), name="claimant_phone"),
            models.Index(fields=["safe_phone"], condition=~Q(safe_phone=""), name="claimant_safe_phone"),
            models.Index(fields=["registered_in"], condition=Q(registered_in__isnull=False), name="claimant_registered_in"),
        ]

    def __str__(self) -> str:
        return self.name

    SEAL = "arrears.Claimant.id_number"

    @property
    def goes_on_as(self) -> "Claimant":
        """The row itself, or the one of the same worker in the claim it was merged into, however often."""
        worker = self
        while worker.same_as_id:
            worker = worker.same_as
        return worker

    @property
    def query_number(self) -> str:
        """What the worker was given to follow the case with; it stays, whatever the case is merged into."""
        return (self.registered_in or self.claim).public_number

    @property
    def phone_masked(self) -> str:
        return mask_phone(self.phone)

    @property
    def safe_phone_masked(self) -> str:
        return mask_phone(self.safe_phone)

    @property
    def reached_at(self) -> str:
        """The number to call or write to: the safe one, if the worker gave one."""
        return self.safe_phone or self.phone

    @property
    def sms_number(self) -> str:
        """Where a text message can go; "" if nowhere, or if none may be sent."""
        return self.reached_at if self.contact_rule != "none" and is_mobile(self.reached_at) else ""

    @property
    def is_out_of_reach(self) -> bool:
        """Wants messages, but they cannot be sent: no number, or none of a mobile phone."""
        return self.contact_rule != "none" and not self.sms_number


class Respondent(SealedIdNumber, models.Model):
    """被申请方 with its role in the chain. The legal name may be unknown; aliases are what workers call it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    claim = models.ForeignKey("arrears.Claim", models.CASCADE, related_name="respondents")
    employer = models.ForeignKey(Employer, models.PROTECT, null=True, blank=True, related_name="respondents")
    role = models.CharField(_("在用工链条中的角色"), max_length=10, choices=CHAIN_ROLES, default="employer")
    legal_name = models.CharField(_("名称（不详可留空）"), max_length=120, blank=True)
    aliases = models.CharField(_("别名、绰号、车牌等线索"), max_length=200, blank=True)
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    contact = models.CharField(_("联系人"), max_length=60, blank=True)
    phone = models.CharField(_("电话"), max_length=32, blank=True)
    address = models.CharField(_("地址"), max_length=200, blank=True)
    # Of a person: sealed, and shown masked.
    id_sealed = models.TextField(blank=True)
    id_index = models.CharField(max_length=64, blank=True)
    id_masked = models.CharField(_("身份证号"), max_length=18, blank=True)

    SEAL = "arrears.Respondent.id_number"

    @property
    def is_identified(self) -> bool:
        """Can he be told apart from others of the name?"""
        return bool(self.credit_code or self.id_index)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(legal_name="") | ~Q(aliases=""), name="respondent_is_named_somehow")
        ]

    def __str__(self) -> str:
        return self.legal_name or self.aliases
