"""Who is called to a hearing, and how one person or firm is recognised across claims."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from arrears.models import Claim, Claimant, Respondent
from arrears.models.parties import CHAIN_ROLES

WORKER, RESPONDENT = "worker", "respondent"
ROLE_LABELS = dict(CHAIN_ROLES)


@dataclass(frozen=True)
class Party:
    kind: str
    pk: UUID
    key: str  # the same for the same person or firm in another claim
    name: str
    role: str = ""  # in the contracting chain; untranslated label


MOST_CALLED = 50  # workers in one room; of more of them those come whom they chose (劳动争议调解仲裁法 第七条)


def parties_of(claim: Claim) -> list[Party]:
    """Who can be called to a hearing: the workers, of very many those who represent them; then the respondents."""
    workers = [Party(WORKER, row.pk, key_of_worker(row), row.name) for row in workers_of(claim)]
    others = [
        Party(RESPONDENT, row.pk, key_of_respondent(row), str(row), ROLE_LABELS[row.role])
        for row in claim.respondents.all()
    ]
    return workers + others


def workers_of(claim: Claim) -> list[Claimant]:
    """Without representatives the first of them: whoever calls the hearing sees whom it does not reach."""
    first = list(claim.claimants.all()[: MOST_CALLED + 1])
    if len(first) <= MOST_CALLED:
        return first
    standing = claim.representatives.filter(ended_at=None).select_related("claimant")
    return [row.claimant for row in standing] or first[:MOST_CALLED]


def chosen(parties: Iterable[Party], ids: Collection[Any]) -> list[Party]:
    """Those whose id (UUID or its text) is among `ids`."""
    wanted = {str(one) for one in ids}
    return [party for party in parties if str(party.pk) in wanted]


def key_of_worker(worker: Claimant) -> str:
    """The ID number's blind index is certain, the phone nearly; without both nobody else is the same."""
    if worker.id_index:
        return f"id:{worker.id_index}"
    return phone_key(worker.phone) or f"claimant:{worker.pk}"


FIRM_KEYS = ("employer:", "code:")  # of those the register of employers knows


def key_of_respondent(respondent: Respondent) -> str:
    """A known firm by its row, an unknown one by its credit code, a foreman without either by phone."""
    if respondent.employer_id:
        return f"employer:{respondent.employer_id}"
    if respondent.credit_code:
        return f"code:{respondent.credit_code.upper()}"
    return phone_key(respondent.phone) or f"respondent:{respondent.pk}"


def phone_key(phone: str) -> str:
    digits = re.sub(r"\D", "", phone)
    return f"phone:{digits[-11:]}" if len(digits) >= 7 else ""
