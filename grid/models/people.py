"""People, the bodies they work for and the postings they hold."""

from datetime import date

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grid.ids import uuid7
from grid.roles import BODY_KINDS, PARTNER, ROLES
from grid.scope import Scope


class People(BaseUserManager):
    def create_user(self, username: str, password: str | None = None, **fields) -> "Person":
        person = self.model(username=username, **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser):
    """Somebody who can sign in. What they may see and do comes from their postings, never from here."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    username = models.CharField(_("用户名"), max_length=64, unique=True)
    full_name = models.CharField(_("姓名"), max_length=64)
    phone = models.CharField(_("电话"), max_length=32, blank=True)
    email = models.EmailField(_("电子邮箱"), blank=True)
    language = models.CharField(_("语言"), max_length=10, default="zh-hans")
    is_active = models.BooleanField(_("在用"), default=True)
    must_change_password = models.BooleanField(default=False)
    joined_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["full_name"]

    objects = People()

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name

    def scope(self, today: date) -> Scope:
        """The postings in force on `today`, read once per object: one request, one query."""
        cached = self.__dict__.get("_scope")
        if cached is None or cached.day != today:
            cached = self.__dict__["_scope"] = Scope.of(self, today)
        return cached

    def know_scope(self, scope: Scope) -> None:
        """Somebody who has read the postings of many people at once (grid.duty) spares this one its query."""
        self.__dict__["_scope"] = scope


class Body(models.Model):
    """协同单位: a court, procuratorate, union … that answers referrals."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(_("单位名称"), max_length=120, unique=True)
    kind = models.CharField(_("单位类型"), max_length=20, choices=list(BODY_KINDS.items()))
    region = models.ForeignKey("grid.Region", models.PROTECT, related_name="bodies", verbose_name=_("所在地区"))
    is_active = models.BooleanField(_("在用"), default=True)

    class Meta:
        ordering = ["region", "name"]

    def __str__(self) -> str:
        return self.name


class BodyContact(models.Model):
    """联系人: somebody at a body who has no account and answers by a link with a code, or on paper."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    body = models.ForeignKey(Body, models.PROTECT, related_name="contacts", verbose_name=_("协同单位"))
    name = models.CharField(_("姓名"), max_length=64)
    post = models.CharField(_("职务"), max_length=64)
    phone = models.CharField(_("电话"), max_length=32, blank=True)
    email = models.EmailField(_("电子邮箱"), blank=True)
    is_active = models.BooleanField(_("在用"), default=True)

    class Meta:
        ordering = ["body", "name"]
        constraints = [models.UniqueConstraint(fields=["body", "name"], condition=Q(is_active=True), name="one_contact_per_name")]

    def __str__(self) -> str:
        return f"{self.name}（{self.post}）"


class PostingQuerySet(models.QuerySet):
    def on(self, day: date) -> "PostingQuerySet":
        """In force on `day`; a posting's last day counts."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day, person__is_active=True)

    def present(self, day: date) -> "PostingQuerySet":
        """In force and not on leave."""
        away = Leave.objects.filter(starts_on__lte=day, ends_on__gte=day)
        return self.on(day).exclude(person_id__in=away.values("person_id"))


class Posting(models.Model):
    """A role somebody holds at a region (or at a body) for a time. 任职."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="postings")
    role = models.CharField(_("角色"), max_length=20, choices=[(r.name, r.label) for r in ROLES.values()])
    region = models.ForeignKey("grid.Region", models.PROTECT, null=True, blank=True, related_name="postings")
    body = models.ForeignKey(Body, models.PROTECT, null=True, blank=True, related_name="postings")
    is_deputy = models.BooleanField(_("B 角"), default=False)  # told and answerable when every A 角 is away
    starts_on = models.DateField(_("任职起"))
    ends_on = models.DateField(_("任职止"), null=True, blank=True)

    objects = PostingQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(role=PARTNER, body__isnull=False, region__isnull=True)
                | (~Q(role=PARTNER) & Q(body__isnull=True, region__isnull=False)),
                name="posting_at_region_or_body",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="posting_ends_after_start"
            ),
        ]
        # grid.duty asks "who holds this role here?"
        indexes = [models.Index(fields=["role", "region"], name="posting_role_region")]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_role_display()} · {self.region or self.body}"


class Leave(models.Model):
    """Days somebody is away; both ends count. Their deputy (B 角) answers meanwhile."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="leaves")
    starts_on = models.DateField(_("起"))
    ends_on = models.DateField(_("止"))
    deputy = models.ForeignKey(  # 委托代理: answers for the work in this person's hands meanwhile
        Person, models.PROTECT, null=True, blank=True, related_name="deputises", verbose_name=_("代理人")
    )

    class Meta:
        ordering = ["starts_on", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(deputy=F("person")), name="leave_deputy_is_another"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="leave_ends_after_start")
        ]


class Duty(models.Model):
    """值班: who answers for a region on a day when nobody who holds its post is there."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    region = models.ForeignKey("grid.Region", models.PROTECT, related_name="duties")
    day = models.DateField(_("日期"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="duties")

    class Meta:
        ordering = ["day", "id"]
        constraints = [models.UniqueConstraint(fields=["region", "day", "person"], name="one_duty_per_day")]
        indexes = [models.Index(fields=["day", "region"], name="duty_day")]
