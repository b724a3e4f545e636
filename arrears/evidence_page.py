"""What the list of papers and the page of one of them show: which is in force, what came before it, who sees what."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils.translation import gettext

from arrears.claim_rows import Mark
from arrears.lifecycle import CLAIM
from arrears.models import Evidence, RedactedCopy
from arrears.models.evidence import KeptFile
from arrears.permits import find, may
from arrears.redaction import may_be_drawn_on
from grid.models import Person


@dataclass(frozen=True)
class Paper:
    """A paper in its newest version, with the earlier ones, newest first."""

    current: Evidence
    earlier: Sequence[Evidence]
    scan: Mark | None

    @property
    def is_redacted(self) -> bool:
        return bool(self.current.redacted.all())


def papers_of(rows: Iterable[Evidence]) -> list[Paper]:
    """All rows of a claim as papers, in the order in which the newest versions came."""
    by_id = {row.pk: row for row in rows}
    replaced = {row.replaces_id for row in by_id.values()}
    return [Paper(row, before(row, by_id), scan_mark(row)) for row in by_id.values() if row.pk not in replaced]


def before(row: Evidence, by_id: dict) -> list[Evidence]:
    found = []
    while (row := by_id.get(row.replaces_id)) is not None:
        found.append(row)
    return found


def scan_mark(file: KeptFile) -> Mark | None:
    """Only what somebody must know: that it waits for the scanner, or what that found."""
    if file.is_quarantined:
        return Mark(gettext(file.get_scan_display()), "bad", "warning")
    if file.waits_for_scan:
        return Mark(gettext(file.get_scan_display()), "warn", "clock")
    return Mark(gettext(file.get_scan_display()), "warn", "question") if file.scan == "unscannable" else None


class EvidencePage:
    def __init__(self, evidence: Evidence, person: Person, today: date) -> None:
        self.evidence, self.person, self.today = evidence, person, today

    @cached_property
    def paper(self) -> Paper:
        """The whole line of versions this one belongs to."""
        rows = self.evidence.claim.evidence.select_related("added_by").prefetch_related("redacted")
        return next(
            paper for paper in papers_of(rows) if self.evidence.pk in {paper.current.pk, *(row.pk for row in paper.earlier)}
        )

    @property
    def versions(self) -> list[Evidence]:
        return [self.paper.current, *self.paper.earlier]

    @cached_property
    def copies(self) -> list[tuple[RedactedCopy, Mark | None]]:
        """Newest first."""
        found = self.evidence.redacted.select_related("added_by").order_by("-added_at", "-id")
        return [(copy, scan_mark(copy)) for copy in found]

    @property
    def scan(self) -> Mark | None:
        return scan_mark(self.evidence)

    @cached_property
    def may_add(self) -> bool:
        return bool(may(find(CLAIM, "add_evidence"), self.evidence.claim, self.person, self.today))

    @property
    def may_replace(self) -> bool:
        return self.may_add and self.evidence.pk == self.paper.current.pk

    @property
    def may_draw(self) -> bool:
        return may_be_drawn_on(self.evidence) and not self.evidence.is_quarantined
