"""The title an agreement has become, or a court gave since: what can be enforced."""

from arrears.models import Claim
from arrears.proceedings.paper_answers import Title, title_of
from mediation.models import Agreement

OF_AGREEMENT = ("confirmation", "arb_review")  # what these give is the agreement itself, with its instalments


def title_since(claim: Claim, agreement: Agreement) -> Title | None:
    """`claim.proceedings` with their steps are read with it, or here."""
    rows = [row for row in claim.proceedings.all() if row.state in row.table.steps]
    for row in rows:
        row.claim = claim
    found = title_of(rows, None)
    return found if found and found.gave.on >= agreement.effective_on else None
