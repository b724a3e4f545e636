"""What is missing of a claim, for its own page: the fields of the record, and what each road lacks, one tap from both."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from arrears.completing.slots import Missing, Record
from arrears.models import Claim
from arrears.owed.needs import needs_of
from arrears.routes import Door
from arrears.situation.facts import Facts

ROADS_SHOWN = 3


@dataclass(frozen=True)
class RoadGap:
    """A road that is open, and how much it still lacks."""

    id: str
    name: str
    missing: int


class CompletingCard:
    """`claim` was fetched with its respondents, evidence and site."""

    def __init__(self, claim: Claim) -> None:
        self.claim = claim

    @cached_property
    def record(self) -> Record:
        return Record(self.claim)

    @property
    def missing(self) -> Sequence[Missing]:
        return self.record.missing

    def roads(self, found: Sequence[Door], facts: Facts, language: str) -> list[RoadGap]:
        papers = {paper.kind for paper in self.claim.evidence.all() if not paper.is_quarantined}
        gaps = (
            RoadGap(door.road.id, door.road.text("name", language), sum(not need.is_met(papers, facts.said, self.record.blank) for need in needs_of(door.road.id)))
            for door in found if needs_of(door.road.id)
        )  # fmt: skip
        return list(gaps)[:ROADS_SHOWN]
