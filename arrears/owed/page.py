"""What the page 材料 of a claim shows: what is owed by whom, what each open road still lacks, what follows from silence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils.translation import get_language, gettext

from arrears.claim_rows import Mark
from arrears.lifecycle import CLAIM
from arrears.models import Claim, Owed
from arrears.owed.needs import BRING, Need, needs_of
from arrears.owed.table import BLOCKS, BROKEN, PRESUMPTIONS, PROMISE, REFUSED, STATES, TONES, Presumption
from arrears.owed.verbs import may_extend, may_notify
from arrears.permits import find, may
from arrears.routes import Door, doors
from arrears.situation.of_claim import facts_of
from grid.models import Person


@dataclass(frozen=True)
class OwedRow:
    """`acts`: the names of what the reader can do with it."""

    row: Owed
    mark: Mark
    presumptions: Sequence[Presumption]
    acts: Sequence[str]


@dataclass(frozen=True)
class NeedRow:
    need: Need
    is_met: bool
    asked: Owed | None  # somebody owes it already

    @property
    def name(self) -> str:
        return self.need.text("name", get_language() or "")

    @property
    def bring(self) -> str:
        return gettext(BRING[self.need.bring])


@dataclass(frozen=True)
class RoadRow:
    name: str
    rows: Sequence[NeedRow]

    @property
    def missing(self) -> int:
        return sum(not row.is_met for row in self.rows)


def mark_of(row: Owed, today: date) -> Mark:
    state = BROKEN if row.is_late(today) else row.state
    return Mark(gettext(dict(STATES)[state]), TONES[state], "late" if state in (BROKEN, REFUSED) else "")


def presumptions_of(row: Owed, today: date) -> list[Presumption]:
    """What follows from an employer's refusal, or silence."""
    silent = row.state in (BROKEN, REFUSED) or row.is_late(today)
    return list(PRESUMPTIONS.values()) if silent and not row.is_promise else []


class PapersPage:
    """`claim` was fetched with arrears.situation.of_claim.rows()."""

    def __init__(self, claim: Claim, person: Person, today: date) -> None:
        self.claim, self.person, self.today = claim, person, today

    @cached_property
    def rows(self) -> list[Owed]:
        return list(self.claim.owed_papers.select_related("made_by", "settled_by", "came_as"))

    @property
    def owed(self) -> list[OwedRow]:
        """Open ones first, each with what can be done."""
        rows = sorted(self.rows, key=lambda row: not row.is_open)
        return [OwedRow(row, mark_of(row, self.today), presumptions_of(row, self.today), self.acts_of(row)) for row in rows]

    def acts_of(self, row: Owed) -> list[str]:
        row.claim = self.claim
        may_settle = row.state in (BROKEN, REFUSED) or row.is_open
        acts = {
            "receive": may_settle and self.may_add,
            "refuse": row.is_open and not row.is_promise and self.may_notify,
            "extend": row.is_open and bool(may_extend(row, self.person, self.today)),
            "waive": row.state in (BROKEN, "open") and self.may_waive,
        }
        return [name for name, is_allowed in acts.items() if is_allowed]

    @cached_property
    def may_add(self) -> bool:
        return bool(may(find(CLAIM, "add_evidence"), self.claim, self.person, self.today))

    @cached_property
    def may_notify(self) -> bool:
        return bool(may_notify(self.claim, self.person, self.today))

    @cached_property
    def may_waive(self) -> bool:
        return bool(may(find(CLAIM, "assign"), self.claim, self.person, self.today))

    @cached_property
    def roads(self) -> list[RoadRow]:
        facts = facts_of(self.claim, self.today)
        papers = {paper.kind for paper in self.claim.evidence.all() if not paper.is_quarantined}
        found = doors(facts)
        return [self.road_row(door, papers, facts.said) for door in (*found.open, *found.beside) if needs_of(door.road.id)]

    def road_row(self, door: Door, papers: set[str], said: frozenset[str]) -> RoadRow:
        rows = [NeedRow(need, need.is_met(papers, said), self.asked(need)) for need in needs_of(door.road.id)]
        return RoadRow(door.road.text("name", get_language() or ""), rows)

    def asked(self, need: Need) -> Owed | None:
        return next((row for row in self.rows if row.is_open and row.paper in need.kinds), None)


def promisable(claim: Claim) -> list[str]:
    """Papers that are neither there nor owed, and were not promised in vain."""
    there = {paper.kind for paper in claim.evidence.all()}
    owed = {row.paper for row in claim.owed_papers.all() if row.side == PROMISE and row.state in ("open", BROKEN)}
    return [paper for paper in BLOCKS if paper not in there | owed]
