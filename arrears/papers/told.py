"""What is known already of what a paper asks, so that nobody types it twice: rooms that know the answers add a function."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from arrears.models import Claim

# From the claim, the ids of the papers and what they are about (a proceeding, a support case) to answers by the names of the questions.
Finder = Callable[[Claim, Iterable[str], UUID | None], dict[str, Any]]
TOLD: list[Finder] = []


def add_told(find: Finder) -> None:
    TOLD.append(find)


def told_already(claim: Claim, form_ids: Iterable[str], about_id: UUID | None = None) -> dict[str, Any]:
    wanted = list(form_ids)
    return {name: value for find in TOLD for name, value in find(claim, wanted, about_id).items()}
