"""Lines of a wage sheet whose worker stands in a claim already: warned of before the sheet is registered, line by line.
Which lines those are the database tells by the blind index of the ID number; what speaks for it is weighed for the lines
that are shown (reasons), those without an ID number by telephone and name."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext

from arrears.drafts import Typed
from arrears.duplicates.finding import LOOKED_AT, found, matter_of, phones, with_facts, worker_of
from arrears.duplicates.reasons import LABELS, Worker, between, score
from arrears.duplicates.repeating import others_in_sight
from arrears.duplicates.typed import matter_of as matter_of_draft
from arrears.models import Claim, Claimant, SheetLine, WageSheet
from arrears.sheets.rows import TAKEN, Row
from grid.models import Person
from grid.vault import blind_index

SHOWN = 3  # claims named at a line


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
        return self.sheet.lines.filter(verdict=TAKEN).exclude(id_index="").filter(Exists(same))

    @cached_property
    def count(self) -> int:
        return self.lines.count()

    def twins(self, rows: Iterable[Row]) -> dict[str, list[Twin]]:
        """By the line's key, the likeliest first. A fixed number of queries."""
        workers = {row.key: worker_of_row(row) for row in rows if row.verdict == TAKEN}
        named = [worker for worker in workers.values() if worker.id_index or worker.phones]
        others = found([Worker("", worker.phones, worker.id_index) for worker in named], others_in_sight(self.person, self.today))
        if not others:
            return {}
        claims = with_facts(Claim.objects.for_list()).in_bulk({other.claim_id for other in others[:LOOKED_AT]})
        matter, twins = matter_of_draft(self.typed), defaultdict(list)
        for other in others[:LOOKED_AT]:
            claim, their = claims[other.claim_id], worker_of(other)
            theirs = matter_of(claim)
            for key, worker in workers.items():
                is_asked = worker.id_index == their.id_index != "" or worker.phones & their.phones
                if is_asked and (reasons := between([worker], matter, their, theirs)):
                    twins[key].append(Twin(claim, tuple(reasons)))
        return {key: sorted(some, key=lambda twin: -score(twin.reasons))[:SHOWN] for key, some in twins.items()}


def worker_of_row(row: Row) -> Worker:
    number, wage = row.values.get("id_number") or "", row.wage
    days = ((wage.period_from, wage.period_to),) if wage else ()
    return Worker(row.name, phones((row.values.get("phone") or "",)), blind_index(number, Claimant.SEAL) if number else "", days)
