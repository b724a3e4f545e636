"""Whole ID numbers for a paper that is really issued: opened once for all its workers, logged once, told in the claim's history.

Previews never come here; they carry the masks.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from arrears.history import record
from arrears.models import Claim, Claimant
from arrears.papers.about import workers_of
from arrears.papers.forms import Form
from arrears.permits import claim_posts
from grid.access import log_access
from grid.days import day_of
from grid.models import Person
from grid.refused import Refused


def open_numbers(
    claim: Claim, forms: Collection[Form], person: Person, *, now: datetime, worker: Claimant | None = None, about_id: UUID | None = None,
    address: str | None = None,
) -> Mapping[UUID, str]:  # fmt: skip
    """By claimant; of one worker's paper only his, of a proceeding's (`about_id`) those of its workers. Empty where none of the papers needs them. Within the transaction of issuing.
    Raises Refused: not_your_role."""
    if not any(form.full_numbers for form in forms):
        return {}
    if not claim_posts(claim, person, day_of(now)):
        raise Refused("not_your_role", _("您的岗位不能进行这项操作。"))
    numbers = read_numbers(claim, forms, worker=worker, about_id=about_id)
    log_numbers(claim, forms, numbers, person, now=now, address=address)
    return numbers


def read_numbers(claim: Claim, forms: Collection[Form], *, worker: Claimant | None = None, about_id: UUID | None = None) -> dict[UUID, str]:
    """Without a trace: whoever keeps what is made of them calls log_numbers in the transaction in which it is kept."""
    if not any(form.full_numbers for form in forms):
        return {}
    workers = claim.claimants.filter(same_as=None).exclude(id_sealed="")
    ids = workers_of(about_id)
    workers = workers.filter(pk__in=ids) if ids else workers
    return {row.pk: row.id_number() for row in (workers.filter(pk=worker.pk) if worker else workers)}


def log_numbers(
    claim: Claim, forms: Collection[Form], numbers: Mapping[UUID, str], person: Person, *, now: datetime, address: str | None = None
) -> None:  # fmt: skip
    if not numbers:
        return
    wanting = "、".join(form.name for form in forms if form.full_numbers)
    log_access(person, "reveal", "claim", claim.pk, now=now, region_code=claim.region_id, reason=f"制作文书：{wanting}"[:200], address=address)
    record(claim, "id_numbers_used", person, now=now, forms=wanting, how_many=len(numbers))
