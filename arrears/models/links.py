"""一次性链接: by which somebody at a body without accounts sees one referral and answers it."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grid.ids import uuid7

EMAIL, SMS, HAND, TOLD = "email", "sms", "hand", "told"
WAYS = [(EMAIL, _("发到对方邮箱")), (SMS, _("发到对方手机")), (HAND, _("由我转交"))]
CODE_WAYS = [(TOLD, _("我打电话告知或者写在纸上")), (SMS, _("用短信发给对方"))]


class ReplyLink(models.Model):
    """Token and code are worked out from the row's id and a key outside the database (arrears.partners.links); here stand only
    their fingerprints. Never changed but ended."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    referral = models.ForeignKey("arrears.Referral", models.CASCADE, related_name="links")
    name = models.CharField(_("姓名"), max_length=64)
    post = models.CharField(_("职务"), max_length=64)
    phone = models.CharField(_("电话"), max_length=32, blank=True)
    email = models.EmailField(_("电子邮箱"), blank=True)
    way = models.CharField(_("链接怎样送到"), max_length=5, choices=WAYS)
    code_way = models.CharField(_("验证码怎样告知"), max_length=5, choices=CODE_WAYS)
    token_hash = models.CharField(max_length=64, unique=True)
    code_hash = models.CharField(max_length=64)
    code_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", db_index=False)  # whose code still holds
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(_("有效期至"))
    wrong_tries = models.PositiveSmallIntegerField(default=0)
    opened_at = models.DateTimeField(_("首次打开"), null=True)
    used_at = models.DateTimeField(_("答复时间"), null=True)
    revoked_at = models.DateTimeField(_("作废时间"), null=True)

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["referral"], condition=Q(used_at=None, revoked_at=None), name="one_live_link_per_referral")
        ]

    def is_live(self, now: datetime) -> bool:
        return not self.revoked_at and not self.used_at and now < self.expires_at
