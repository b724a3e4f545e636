"""Lines of a wage sheet whose worker stands in a claim already: warned of before the sheet is registered, line by line.
Which lines those are the database tells by the blind index of the ID number; lines without one are opened, as far as UNNUMBERED
of them, and compared by telephone, name and period. What speaks for it is weighed (reasons)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext

from arrears.drafts import Typed
from arrears.duplicates.finding import found, matter_of, phones, with_facts, worker_of
from arrears.duplicates.reasons import LABELS, Worker, between, score
from arrears.duplicates.repeating import others_in_sight
from arrears.duplicates.sounds import sound_of
from arrears.duplicates.typed import matter_of as matter_of_draft
from arrears.models import Claim, Claimant, SheetLine, WageSheet
from arrears.sheets.kept import unpack_row
from arrears.sheets.rows import TAKEN, Row
from grid.models import Person
from grid.vault import blind_index

SHOWN = 3  # claims named at a line
UNNUMBERED = 1000  # lines without an ID number that are opened to be compared
CANDIDATES = 1000  # workers of other claims they are compared with, of each telephone and sound their share


@dataclass(frozen=True)
class Twin:
    claim: Claim
    reasons: tuple[str, ...]

    @property
    def marks(self) -> str:
        return gettext("、").join(gettext(LABELS[reason]) for reason in self.reasons)


class Known:
    """Of one sheet, for its owner: only claims in their sight."""

    def __init__(self, sheet: WageSheet, typed: Mapping[str, Typed], person: Person, today: date) -> None:
        self.sheet, self.typed, self.person, self.today = sheet, typed, person, today

    @property
    def lines(self) -> QuerySet[SheetLine]:
        same = others_in_sight(self.person, self.today).filter(id_index=OuterRef("id_index"))
        by_number = ~Q(id_index="") & Exists(same)
        return self.sheet.lines.filter(verdict=TAKEN).filter(by_number | Q(pk__in=self.unnumbered) if self.unnumbered else by_number)

    @cached_property
    def unnumbered(self) -> list[UUID]:
        """The lines without an ID number that are likely of a worker of another claim, wherever in the sheet they stand."""
        lines = list(self.sheet.lines.filter(verdict=TAKEN, id_index="")[:UNNUMBERED])
        workers = {line.pk: worker_of_row(unpack_row(line.packed())) for line in lines}
        if not workers:
            return []
        others = found(workers.values(), others_in_sight(self.person, self.today), CANDIDATES)
        claims = with_facts(Claim.objects.all()).in_bulk({other.claim_id for other in others})
        matter, theirs = matter_of_draft(self.typed), defaultdict(list)
        for other in others:
            their = worker_of(other)
            for sign in signs_of(their):
                theirs[sign].append((their, matter_of(claims[other.claim_id])))
        return [
            pk for pk, worker in workers.items()
            if any(between([worker], matter, *other) for sign in signs_of(worker) for other in theirs.get(sign, ()))
        ]

    @cached_property
    def count(self) -> int:
        return self.lines.count()

    def twins(self, rows: Iterable[Row]) -> dict[str, list[Twin]]:
        """By the line's key, the likeliest first. A fixed number of queries."""
        workers = {row.key: worker_of_row(row) for row in rows if row.verdict == TAKEN}
        asked = [worker if not worker.id_index else Worker("", worker.phones, worker.id_index) for worker in workers.values()]
        others = found(asked, others_in_sight(self.person, self.today))
        if not others:
            return {}
        claims = with_facts(Claim.objects.for_list()).in_bulk({other.claim_id for other in others})
        matter, twins = matter_of_draft(self.typed), defaultdict(list)
        for other in others:
            claim, their = claims[other.claim_id], worker_of(other)
            theirs = matter_of(claim)
            for key, worker in workers.items():
                is_asked = worker.id_index == their.id_index != "" or worker.phones & their.phones or not worker.id_index
                if is_asked and (reasons := between([worker], matter, their, theirs)):
                    twins[key].append(Twin(claim, tuple(reasons)))
        return {key: sorted(some, key=lambda twin: -score(twin.reasons))[:SHOWN] for key, some in twins.items()}


def signs_of(worker: Worker) -> set[str]:
    """One of them two workers who may be the same have in common."""
    return {*worker.phones, sound_of(worker.name)} - {""}


def worker_of_row(row: Row) -> Worker:
    number, wage = row.values.get("id_number") or "", row.wage
    days = ((wage.period_from, wage.period_to),) if wage else ()
    return Worker(row.name, phones((row.values.get("phone") or "",)), blind_index(number, Claimant.SEAL) if number else "", days)
