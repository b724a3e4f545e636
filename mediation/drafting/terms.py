"""A draft as it was typed, and what can be read in it. Django-free.

The draft keeps what was typed, also what cannot be read: nothing is lost because a comma was wrong.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from arrears.invalid import Invalid
from arrears.money import parse_money


def _(text: str) -> str:
    """Marks a label for the catalogues; whoever shows it translates it."""
    return text


IN_PERSON, ON_GLASS, BY_AUTHORITY = "person", "glass", "authority"
CONSENTS = (
    (IN_PERSON, _("本人在纸质协议上签名")),
    (ON_GLASS, _("本人电子签名（手写屏）")),
    (BY_AUTHORITY, _("由代表人代签（本人特别授权）")),
)
LEGAL, PROXY, SELF = "legal", "proxy", "self"
SIGNER_POSTS = (
    (LEGAL, _("法定代表人或者负责人")),
    (PROXY, _("受托人，有授权委托书")),
    (SELF, _("个人，本人签名")),
)
LINES = ("total", "manner", "payee", "terms", "default_clause", "less_reason", "signer", "signer_post")
LONGEST = {"terms": 8000, "default_clause": 2000, "less_reason": 500, "payee": 500}
MOST_PARTS = 36


@dataclass(frozen=True)
class Part:
    """One line of the plan; None: it cannot be read, or was left empty."""

    due_on: date | None
    amount: Decimal | None


@dataclass(frozen=True)
class Share:
    worker: str
    amount: Decimal | None
    consent: str


@dataclass(frozen=True)
class Terms:
    total: Decimal | None
    is_total_typed: bool
    manner: str
    payee: str
    terms: str
    default_clause: str
    less_reason: str
    signer: str
    signer_post: str
    accelerates: bool
    clauses: tuple[str, ...]
    parts: tuple[Part, ...]
    shares: Mapping[str, Share]

    @property
    def plan(self) -> list[tuple[date, Decimal]]:
        """The lines that say both."""
        return [(part.due_on, part.amount) for part in self.parts if part.due_on and part.amount is not None]


def kept(said: Mapping[str, Any], workers: Collection[str]) -> dict[str, Any]:
    """What is stored of what was typed: known names, at their longest, and of the claim's own workers."""
    told: dict[str, Any] = {name: str(said.get(name) or "").strip()[: LONGEST.get(name, 120)] for name in LINES}
    told["accelerates"] = bool(said.get("accelerates"))
    told["clauses"] = [str(one)[:30] for one in said.get("clauses") or ()][:40]
    told["plan"] = [[str(day or "").strip()[:20], str(amount or "").strip()[:40]] for day, amount in (said.get("plan") or ())][:MOST_PARTS]
    while told["plan"] and told["plan"][-1] == ["", ""]:
        told["plan"].pop()
    typed = said.get("shares") or {}
    told["shares"] = {
        worker: [str(typed[worker][0] or "").strip()[:40], consent if (consent := str(typed[worker][1] or "")) in dict(CONSENTS) else ""]
        for worker in workers if worker in typed and any(typed[worker])
    }  # fmt: skip
    return told


def read(told: Mapping[str, Any]) -> Terms:
    return Terms(
        total=amount_of(told.get("total")), is_total_typed=bool(told.get("total")), accelerates=bool(told.get("accelerates")),
        clauses=tuple(told.get("clauses") or ()),
        parts=tuple(Part(day_of(day), amount_of(amount)) for day, amount in told.get("plan") or () if day or amount),
        shares={worker: Share(worker, amount_of(amount), consent) for worker, (amount, consent) in (told.get("shares") or {}).items()},
        **{name: str(told.get(name) or "") for name in LINES if name != "total"},
    )  # fmt: skip


def amount_of(typed: Any) -> Decimal | None:
    try:
        return parse_money(str(typed)) if typed not in (None, "") else None
    except Invalid:
        return None


def day_of(typed: Any) -> date | None:
    try:
        return date.fromisoformat(str(typed).strip().replace("/", "-"))
    except ValueError:
        return None
