"""What a paper can say of a claim: everything once, under Chinese names (arrears.papers.fields is the catalogue).

    record = Record(claim, today, numbers)         read once for a packet (arrears.papers.record)
    facts_for(form, claim, today=…, answers=…, record=record)

Whole ID numbers come from outside (`numbers`, arrears.papers.numbers): without them, as in a preview, they are masked.
A room adds what it knows: `add_facts("协议", function, fields)` in its module `paper_facts`, which is read at the start; the function
is called with the Scene and gives what stands under that name. What is not known is "", None or an empty list: the paper prints 不详.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from arrears.models import Claim, Claimant
from arrears.papers.fields import Field, add_fields
from arrears.papers.forms import Form
from arrears.papers.record import Record

Teller = Callable[["Scene"], Any]
TELLERS: dict[str, Teller] = {}


def add_facts(name: str, teller: Teller, fields: Iterable[Field]) -> None:
    """What stands under `name` in every paper's facts. A name is given once."""
    assert name not in TELLERS, f"the facts {name} are told already"
    add_fields(fields)
    TELLERS[name] = teller


@dataclass(frozen=True)
class Scene:
    """For whom and when a paper is made. `worker`: one of several, whose paper it is. `about_id`: the row it is about, for the
    room that knows it."""

    form: Form
    record: Record
    answers: Mapping[str, Any] = field(default_factory=dict)
    worker: Claimant | None = None
    about_id: UUID | None = None

    @property
    def claim(self) -> Claim:
        return self.record.claim

    @property
    def today(self) -> date:
        return self.record.today


def facts_for(
    form: Form, claim: Claim, *, today: date, answers: Mapping[str, Any], worker: Claimant | None = None,
    numbers: Mapping[UUID, str] | None = None, about_id: UUID | None = None, record: Record | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Everything the paper may name. `numbers`: whole ID numbers by claimant; `record`: what was read for the packet already."""
    scene = Scene(form, record or Record(claim, today, numbers, by_agreement=form.by_agreement), answers, worker, about_id)
    return {name: tell(scene) for name, tell in TELLERS.items()}
