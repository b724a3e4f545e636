"""The fields of one claim with what stands in each. Of a claim of hundreds so many workers at a time, those of whom
something is missing first; a fixed number of queries."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Case, F, Q, Value, When
from django.utils.translation import gettext

from arrears.completing.fields import ALL, CLAIM, FIELDS, LINE, RESPONDENT, WORKER, Field, named
from arrears.models import Claim, Claimant, ClaimLine, Respondent

WORKERS_AT_ONCE, LINES_AT_ONCE = 30, 60


@dataclass(frozen=True)
class Slot:
    """One field of one row. `value`: what stands there, of an ID number only its masked form."""

    field: Field
    pk: UUID | None
    whose: str
    value: Any

    @property
    def key(self) -> str:
        """Its name in the form, and where a link leads to."""
        return f"{self.field.of}-{self.pk}-{self.field.column}" if self.pk else self.field.name

    @property
    def is_blank(self) -> bool:
        return self.value in (None, "", self.field.empty)


@dataclass(frozen=True)
class Missing:
    """A wanted field that is empty, of one or of several."""

    name: str
    slots: Sequence[Slot]

    @property
    def label(self) -> str:
        return gettext(named(self.name))

    @property
    def whose(self) -> str:
        return gettext("、").join(dict.fromkeys(slot.whose for slot in self.slots if slot.whose))

    @property
    def anchor(self) -> str:
        return f"#id_{self.slots[0].key}"


class Record:
    """`claim` with its respondents and its site; of many workers `worker` alone, if one is meant."""

    def __init__(self, claim: Claim, worker: UUID | None = None) -> None:
        self.claim, self.worker = claim, worker

    @cached_property
    def workers(self) -> list[Claimant]:
        is_whole = Case(When(Q(phone="") | Q(id_index=""), then=Value(0)), default=Value(1))
        rows = self.claim.claimants.filter(same_as=None)
        rows = rows.filter(pk=self.worker) if self.worker else rows
        return list(rows.annotate(whole=is_whole).order_by("whole", "id")[:WORKERS_AT_ONCE])

    @cached_property
    def respondents(self) -> list[Respondent]:
        return list(self.claim.respondents.all())

    @cached_property
    def lines(self) -> list[ClaimLine]:
        rows = self.claim.lines.filter(claimant=self.worker) if self.worker else self.claim.lines
        found = rows.select_related("claimant").order_by(F("period_from").asc(nulls_first=True), F("period_to").asc(nulls_first=True), "id")
        return list(found[:LINES_AT_ONCE])

    @cached_property
    def slots(self) -> list[Slot]:
        return list(self.find())

    def find(self) -> Iterator[Slot]:
        of = {WORKER: self.workers, RESPONDENT: [] if self.worker else self.respondents, LINE: self.lines}
        for kind, rows in of.items():
            for row in rows:
                whose = row.claimant.name if isinstance(row, ClaimLine) else str(row)
                yield from (Slot(field, row.pk, whose, value_of(row, field)) for field in ALL if field.of == kind)
        own = [] if self.worker else [field for field in ALL if field.of == CLAIM and not self.is_shared(field)]
        yield from (Slot(field, None, "", value_of(self.claim, field)) for field in own)

    def is_shared(self, field: Field) -> bool:
        """The address of a site that is known belongs to all its claims."""
        return field.name == "site_address" and bool(value_of(self.claim, field))

    @cached_property
    def blank(self) -> set[str]:
        """Names of fields that are empty for somebody."""
        return {slot.field.name for slot in self.slots if slot.is_blank}

    @cached_property
    def missing(self) -> list[Missing]:
        """What is wanted and empty, a period once."""
        return self.missing_of(field.name for field in ALL if field.is_wanted)

    def missing_of(self, names: Collection[str] | Iterator[str]) -> list[Missing]:
        found = [Missing(name, [slot for slot in self.slots if slot.field.name == name and slot.is_blank]) for name in names]
        once = {named(one.name): one for one in reversed(found) if one.slots}  # the first of those that are called alike
        return [one for one in found if one.slots and once[named(one.name)] is one]


def value_of(row: Any, field: Field) -> Any:
    if field.name == "worker_id_number":
        return row.id_masked
    if field.name == "site_name":
        return row.site.name if row.site else ""
    if field.name == "site_address":
        return row.site.address if row.site else ""
    return getattr(row, field.column)


assert all(name in FIELDS for name in ("worker_id_number", "site_name", "site_address")), "value_of names a field that is gone"
