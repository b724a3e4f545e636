"""What lists show and search of a claim, from its parties. The verbs call it whenever those change."""

from collections.abc import Iterable, Sequence
from typing import Any

from arrears.models import Claim
from arrears.search import grams, squeeze

SHOWN = ("worker_name", "respondent_name", "claimed", "search_text", "search_grams")

MOST_SEARCHED = 1000  # names of workers a claim is found by; the others by their ID number


def fill(claim: Claim, workers: Sequence[str], respondents: Sequence[Any], site_name: str) -> None:
    """`workers`: names in their order; `respondents` have role, legal_name and aliases. Not saved."""
    others = claim.worker_count - 1
    claim.worker_name = workers[0] if not others else f"{workers[0]} +{others}"
    lead = next((row for row in respondents if row.role == "employer"), respondents[0])
    claim.respondent_name = lead.legal_name or lead.aliases
    words: Iterable[str] = [
        claim.number, *workers[:MOST_SEARCHED], site_name, *(name for row in respondents for name in (row.legal_name, row.aliases))
    ]  # fmt: skip
    claim.search_text = "\n".join(squeeze(word) for word in words if word)
    claim.search_grams = grams(claim.search_text)
