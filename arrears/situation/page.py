"""What the pages about a claim's situation share."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from arrears.models import Claim

# The pages beside each other: name, address, label.
PAGES = (
    ("liability", "claim_liability", _("谁来付")),
    ("doors", "claim_doors", _("走哪条路")),
    ("limits", "claim_limits", _("时效")),
    ("sums", "claim_sums", _("算一算")),
    ("papers", "claim_papers", _("材料")),
    ("proceedings", "claim_proceedings", _("程序")),
    ("facts", "claim_state_facts", _("情形")),
)


@dataclass(frozen=True)
class Tabs:
    claim: Claim
    now: str
    may_state: bool = True  # the form of the facts is for who may fill it in

    @property
    def rows(self) -> list[tuple[str, str, bool]]:
        return [(gettext(label), reverse(url, args=[self.claim.pk]), name == self.now) for name, url, label in PAGES if self.may_state or name != "facts"]
