"""不是重复: somebody looked at two claims that seem alike and says why they are two matters. They are not offered to each
other again; both histories say who decided it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from arrears.history import hold, record
from arrears.lifecycle import CLAIM
from arrears.models import Apart, Claim
from arrears.permits import find, may, require
from grid.days import day_of
from grid.models import Person
from grid.refused import Refused

MOVE = "tell_apart"
LONGEST = 300


def tell_apart(claim: Claim, other: Claim, person: Person, reason: str, *, now: datetime) -> Apart:
    """Judging a pair again changes nothing. Raises Refused: not_your_role, wrong_state, same_claim, no_reason."""
    require(may(find(CLAIM, MOVE), claim, person, day_of(now)))
    if claim.pk == other.pk:
        raise Refused("same_claim", _("请选择另一件案件来比对。"))
    if not reason.strip():
        raise Refused("no_reason", _("请写明为什么不是重复。"))
    first, second = sorted((claim, other), key=lambda one: one.pk)
    with transaction.atomic():
        hold(first, second)
        kept, is_new = Apart.objects.get_or_create(
            first=first, second=second, defaults={"reason": reason.strip()[:LONGEST], "judged_by": person, "judged_at": now}
        )
        if is_new:
            for one, another in ((claim, other), (other, claim)):
                one.refresh_from_db(fields=["stage", "level"])
                record(one, MOVE, person, now=now, other=another.number, reason=kept.reason)
    return kept
