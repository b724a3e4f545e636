"""A line of a bank's file as a value. Django-free."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Transfer:
    """One line. `account` and `id_tail` are the last four: the rest is nobody's business, and is not kept."""

    place: int  # among all lines of the file
    sheet: str
    number: int  # of the line, as the spreadsheet counts
    name: str
    account: str = ""
    id_tail: str = ""
    amount: Decimal | None = None
    day: date | None = None
    note: str = ""
    key: str = ""
    fault: str = ""
    is_total: bool = False
