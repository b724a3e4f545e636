"""How a worker may be reached, changed after the claim was logged. What is safe to know stands in the history: whose
rule became which, never a number."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from arrears.history import record
from arrears.models import Claimant
from arrears.permits import claim_posts
from grid.days import day_of
from grid.models import Person
from grid.refused import Refused


def change(claimant: Claimant, person: Person, *, now: datetime, contact_rule: str, phone: str, safe_phone: str) -> None:
    """Raises Refused: not_your_role. What waits to be sent follows the new rule: grid.addressees is asked on sending."""
    if not claim_posts(claimant.claim, person, day_of(now)):
        raise Refused("not_your_role", _("您的岗位不能进行这项操作。"))
    new = {"contact_rule": contact_rule, "phone": phone, "safe_phone": safe_phone}
    changed = [name for name, value in new.items() if getattr(claimant, name) != value]
    if not changed:
        return
    with transaction.atomic():
        Claimant.objects.filter(pk=claimant.pk).update(**new)
        for name, value in new.items():
            setattr(claimant, name, value)
        record(
            claimant.claim, "contact_changed", person, now=now, worker=claimant.name, contact_rule=contact_rule,
            changed=changed,
        )  # fmt: skip
