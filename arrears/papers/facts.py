"""What a paper can say of a claim: everything once, under Chinese names (arrears.papers.fields is the catalogue).

Whole ID numbers come from outside (`numbers`, arrears.papers.numbers): without them, as in a preview, they are masked.
Rooms above add what they know: `add_facts("调解协议", function, fields)` from the app's `ready`, the function is called with
the Scene and gives what stands under that name.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from arrears.models import Claim, Claimant
from arrears.papers.fields import Field, add_fields
from arrears.papers.forms import Form
from arrears.situation.facts import Facts
from arrears.situation.of_claim import facts_of

Teller = Callable[["Scene"], Any]
TELLERS: dict[str, Teller] = {}


def add_facts(name: str, teller: Teller, fields: Iterable[Field]) -> None:
    """What stands under `name` in every paper's facts. A name is given once."""
    assert name not in TELLERS, f"the facts {name} are told already"
    add_fields(fields)
    TELLERS[name] = teller


@dataclass(frozen=True)
class Scene:
    """For whom and when a paper is made. `about_id`: the row it is about, for the rooms that know it."""

    form: Form
    claim: Claim
    today: date
    answers: Mapping[str, Any] = field(default_factory=dict)
    worker: Claimant | None = None
    numbers: Mapping[UUID, str] | None = None
    about_id: UUID | None = None

    @cached_property
    def situation(self) -> Facts:
        return facts_of(self.claim, self.today)


def facts_for(
    form: Form, claim: Claim, *, today: date, answers: Mapping[str, Any], worker: Claimant | None = None,
    numbers: Mapping[UUID, str] | None = None, about_id: UUID | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Everything the paper may name. `numbers`: whole ID numbers by claimant (arrears.papers.numbers.open_numbers)."""
    scene = Scene(form, claim, today, answers, worker, numbers, about_id)
    return {name: tell(scene) for name, tell in TELLERS.items()}


add_facts("今天", lambda scene: scene.today, [Field("今天", "制作文书的日期", "The day the paper is made", "2026年3月1日", "date")])
