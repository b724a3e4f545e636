"""What an officer may choose from where that depends on the claim: to which party a paper goes."""

from typing import Any

from arrears.papers.record import Record
from arrears.papers.tellers.people import ROLE_NAMES, name_of


def choices_for(name: str, record: Record) -> tuple[tuple[Any, str], ...]:
    """Of a question whose choices the claim gives; () for every other. Who must pay first stands first."""
    if name != "party":
        return ()
    return tuple((str(row.pk), f"{name_of(row)}（{ROLE_NAMES[row.role]}）") for row in record.respondents)
