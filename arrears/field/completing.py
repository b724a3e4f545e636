"""What a phone wrote after its draft was registered already: what the claim does not know yet is filled in, what it knows
otherwise stays as it is and is corrected by a person on the page of the claim."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.utils.translation import gettext as _

from arrears.completing.slots import Record, Slot
from arrears.completing.verbs import Word, complete
from arrears.field.shape import differing, laid_over, taken_out
from arrears.models import DraftReceipt
from grid.models import Person
from grid.refused import Refused

# The phone's fields that can be filled later, as the record calls them.
FILLS = {
    "phone": "worker_phone", "id_number": "worker_id_number", "firm": "respondent_legal_name", "called": "respondent_aliases",
    "site": "site_name", "last_day": "last_working_day", "story": "story",
}  # fmt: skip


class Reader(Protocol):
    """What reads one field of the record as its form does. Raises Wrong."""

    def __call__(self, slots: Mapping[str, Slot], said: Mapping[str, str]) -> list[Word]: ...


@dataclass(frozen=True)
class Filled:
    """Names of the phone's fields: those the claim has now, those it still knows otherwise."""

    filled: list[str]
    left: list[str]


def fill(receipt: DraftReceipt, fields: Mapping[str, str], person: Person, read: Reader, *, now: datetime) -> Filled:
    """Raises Refused as `complete`, and words_gone; and Wrong. The receipt then holds what was filled in, so that the same draft sent again
    differs no more."""
    if receipt.is_forgotten:
        raise Refused("words_gone", _("登记时的原文已按保存期限清除，请直接到案件页面补充和更正。"))
    known = taken_out(receipt.typed())
    differ = differing(fields, known)
    empty = empty_slots(receipt)
    said = {name: fields[name] for name in differ if name in empty and fields.get(name)}
    if said:
        complete(receipt.claim, person, read(empty, said), now=now)
        receipt.put(laid_over({**known, **said}, receipt.typed()))
        receipt.save(update_fields=["sealed"])
    return Filled(list(said), [name for name in differ if name not in said])


def empty_slots(receipt: DraftReceipt) -> dict[str, Slot]:
    """By the phone's names: of the worker and the respondent who were registered first."""
    first: dict[str, Slot] = {}
    for slot in sorted(Record(receipt.claim).slots, key=lambda slot: str(slot.pk)):
        first.setdefault(slot.field.name, slot)
    return {name: first[of] for name, of in FILLS.items() if of in first and first[of].is_blank}
