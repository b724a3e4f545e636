"""Whom of a party the house writes to about hearings."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from arrears.identity import mask_phone
from grid.ids import uuid7

SELF, AGENT = "self", "agent"
CAPACITIES = [(SELF, _("当事人")), (AGENT, _("代理人"))]


class PartyContact(models.Model):
    """The party itself, where it is not to be reached at the telephone the case has, or who stands in for it. A worker's own number and
    what may be said to it stand in the case (arrears.contacts); here is only who stands in for them."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    mediation = models.ForeignKey("mediation.Mediation", models.CASCADE, related_name="party_contacts")
    party_id = models.UUIDField()  # of the claimant or respondent
    capacity = models.CharField(max_length=5, choices=CAPACITIES)
    name = models.CharField(_("通知谁"), max_length=60, blank=True)
    phone = models.CharField(_("手机号"), max_length=32, blank=True)
    email = models.EmailField(_("电子邮箱"), max_length=120, blank=True)
    language = models.CharField(_("用哪种语言通知"), max_length=10, choices=settings.LANGUAGES, default="zh-hans")
    may_write = models.BooleanField(_("可以发短信、邮件"), default=True)
    stopped_at = models.DateTimeField(null=True)  # they said themselves, through their link, that nothing is to be sent
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-capacity", "id"]  # the party first
        constraints = [models.UniqueConstraint(fields=["mediation", "party_id", "capacity"], name="one_contact_per_party_and_capacity")]

    @property
    def phone_masked(self) -> str:
        return mask_phone(self.phone)
