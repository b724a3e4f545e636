"""Who must pay, as documents of the house write it: in the house's language, fixed when the document is made."""

from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import override

from arrears.liability import liable
from arrears.liability.page import Box
from arrears.models import Claim
from arrears.routes import doors
from arrears.situation.facts import Facts
from arrears.situation.of_claim import facts_of


def payers_of(facts: Facts) -> list[dict[str, Any]]:
    """Whom to turn to, in order, with duty, cap and each ground."""
    with override(settings.LANGUAGE_CODE):
        return [payer(Box(party.role, party.names, party)) for party in liable(facts).parties]


def payer(box: Box) -> dict[str, Any]:
    assert box.liable is not None
    amount = box.liable.amount
    return {
        "role": box.role, "role_label": box.label, "names": list(box.names), "duty": box.duty,
        "is_capped": box.liable.is_capped, "amount": str(amount) if amount is not None else None,
        "grounds": [{"text": ground.text, "citation": ground.citation, "verified": ground.rule.verified} for ground in box.grounds],
    }  # fmt: skip


def said_of(claim: Claim, today: date) -> dict[str, Any]:
    """For a referral's snapshot: who must pay and which roads were open on the day."""
    facts = facts_of(claim, today)
    return {"liable": payers_of(facts), "roads": [door.road.name for door in doors(facts).open]}
