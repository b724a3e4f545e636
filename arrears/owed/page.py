"""What the page 材料 of a claim shows: what is owed by whom, what each open road still lacks and where it is filled in, what follows from silence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _

from arrears.claim_rows import Mark
from arrears.completing.slots import Record
from arrears.lifecycle import CLAIM
from arrears.models import Claim, Owed
from arrears.owed.needs import BRING, Need, needs_of
from arrears.owed.table import (
    BLOCKS,
    BROKEN,
    NOTICE,
    PRESUMPTIONS,
    PRODUCED,
    PROMISE,
    REFUSED,
    STATES,
    TONES,
    Presumption,
)
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
    acts: Sequence[tuple[str, str]] = ()  # what can be done about it: label and address

    @property
    def name(self) -> str:
        return self.need.text("name", get_language() or "")

    @property
    def bring(self) -> str:
        return gettext(BRING[self.need.bring])


@dataclass(frozen=True)
class RoadRow:
    id: str
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
        return list(self.claim.owed_papers.select_related("made_by", "settled_by", "came_as", "claimant", "signed"))

    @property
    def owed(self) -> list[OwedRow]:
        """Open ones first, each with what can be done."""
        rows = sorted(self.rows, key=lambda row: not row.is_open)
        return [OwedRow(row, mark_of(row, self.today), presumptions_of(row, self.today), self.acts_of(row)) for row in rows]

    def acts_of(self, row: Owed) -> list[str]:
        row.claim = self.claim
        may_settle = row.state in (BROKEN, REFUSED) or row.is_open
        acts = {
            "sign": row.is_promise and row.is_open and row.signed_id is None and self.may_add,
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
        met = {need: need.is_met(papers, said, self.record.blank) for need in needs_of(door.road.id)}
        rows = [NeedRow(need, is_met, self.asked(need), () if is_met or self.asked(need) else self.acts_for(need)) for need, is_met in met.items()]
        return RoadRow(door.road.id, door.road.text("name", get_language() or ""), rows)

    @cached_property
    def record(self) -> Record:
        return Record(self.claim)

    def acts_for(self, need: Need) -> list[tuple[str, str]]:
        """One tap to where it is filled in, added, promised or asked for."""
        found: list[tuple[str, str]] = []
        if self.may_add and (blank := self.record.missing_of(need.fields)):
            found.append((_("去补充"), reverse("claim_complete", args=[self.claim.pk]) + blank[0].anchor))
        if self.may_add and need.facts:
            found.append((_("去登记情形"), reverse("claim_state_facts", args=[self.claim.pk])))
        if self.may_add and need.kinds:
            found.append((_("添加"), f"{reverse('evidence_add', args=[self.claim.pk])}?{urlencode({'kind': need.kinds[0]})}"))
        if self.may_add and need.bring == "worker" and (papers := [kind for kind in need.kinds if kind in self.promisable]):
            found.append((_("承诺补交"), f"?{urlencode({PROMISE: papers[0]})}#{PROMISE}"))
        if self.may_notify and need.bring == "employer" and (papers := [kind for kind in need.kinds if kind in PRODUCED]):
            found.append((_("要求单位提供"), f"?{urlencode({NOTICE: papers[0]})}#{NOTICE}"))
        return [(gettext(label), address) for label, address in found]

    @cached_property
    def promisable(self) -> list[str]:
        return promisable(self.claim)

    def asked(self, need: Need) -> Owed | None:
        return next((row for row in self.rows if row.is_open and row.paper in need.kinds), None)


def promisable(claim: Claim) -> list[str]:
    """Papers that are neither there nor owed, and were not promised in vain."""
    there = {paper.kind for paper in claim.evidence.all()}
    owed = {row.paper for row in claim.owed_papers.all() if row.side == PROMISE and row.state in ("open", BROKEN) and not row.claimant_id}
    if claim.worker_count > 1:
        return list(BLOCKS)  # of several, whose it is decides
    return [paper for paper in BLOCKS if paper not in there | owed]
