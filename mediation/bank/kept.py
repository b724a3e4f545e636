"""A file that was read, until it is confirmed: sealed, for whoever brought it and for one agreement, for a day. Losing it loses
nothing that was recorded; the file is uploaded again."""

import json
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.cache import cache

from grid.ids import uuid7
from grid.models import Person
from grid.vault import open_sealed, seal
from mediation.bank.lines import Transfer
from mediation.bank.reading import Sheets
from mediation.models import Agreement

SEAL = "mediation.bank"
SECONDS = 24 * 3600


def keep(agreement: Agreement, person: Person, read: Sheets) -> UUID:
    token = uuid7()
    packed = {"transfers": [packed_line(transfer) for transfer in read.transfers], "unread": read.unread}
    cache.set(key_of(agreement, person, token), seal(json.dumps(packed, ensure_ascii=False), SEAL), SECONDS)
    return token


def find(agreement: Agreement, person: Person, token: UUID) -> Sheets | None:
    """Of nobody else's, and of no other agreement."""
    sealed = cache.get(key_of(agreement, person, token))
    if sealed is None:
        return None
    packed = json.loads(open_sealed(sealed, SEAL))
    return Sheets([line_of(line) for line in packed["transfers"]], packed["unread"])


def key_of(agreement: Agreement, person: Person, token: UUID) -> str:
    return f"bank:{agreement.pk}:{person.pk}:{token}"


def packed_line(transfer: Transfer) -> dict[str, Any]:
    amount, day = transfer.amount, transfer.day
    return {**asdict(transfer), "amount": None if amount is None else f"{amount:.2f}", "day": day and day.isoformat()}


def line_of(packed: dict[str, Any]) -> Transfer:
    amount, day = packed["amount"], packed["day"]
    return Transfer(**{**packed, "amount": None if amount is None else Decimal(amount), "day": date.fromisoformat(day) if day else None})
