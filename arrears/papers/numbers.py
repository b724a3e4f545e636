"""Whole ID numbers for a paper that is really issued: opened once for all its workers, logged once, told in the claim's history.

Previews never come here; they carry the masks.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from arrears.history import record
from arrears.models import Claim, Claimant
from arrears.papers.forms import Form
from arrears.permits import claim_posts
from grid.access import log_access
from grid.days import day_of
from grid.models import Person
from grid.refused import Refused


def open_numbers(
    claim: Claim, forms: Collection[Form], person: Person, *, now: datetime, worker: Claimant | None = None, address: str | None = None,
) -> Mapping[UUID, str]:  # fmt: skip
    """By claimant; of one worker's paper only his. Empty where none of the papers needs them. Within the transaction of issuing.
    Raises Refused: not_your_role."""
    if not claim_posts(claim, person, day_of(now)):
        raise Refused("not_your_role", _("您的岗位不能进行这项操作。"))
    wanting = [form.name for form in forms if form.full_numbers]
    workers = list(claim.claimants.filter(same_as=None).exclude(id_sealed="")) if wanting else []
    if worker is not None:
        workers = [row for row in workers if row.pk == worker.pk]
    if not workers:
        return {}
    reason = "制作文书：" + "、".join(wanting)
    log_access(person, "reveal", "claim", claim.pk, now=now, region_code=claim.region_id, reason=reason[:200], address=address)
    record(claim, "id_numbers_used", person, now=now, forms="、".join(wanting), how_many=len(workers))
    return {row.pk: row.id_number() for row in workers}
