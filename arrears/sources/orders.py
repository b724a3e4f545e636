"""What a work order says, as its source told it; and whether that is what it told before. Django-free.

The words are kept as they came, beside what was made of them: the same words again are the same order, however the
region was found or the telephone written.
"""

import hashlib
import json
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from arrears.sheets.cells import SPELLING


def _(text: str) -> str:
    """Marks a label for the catalogues; whoever shows it translates it."""
    return text


EARLIEST = SPELLING.earliest  # as in files
FARTHEST = timedelta(days=730)  # a day to answer by that lies further off is a slip of the pen


@dataclass(frozen=True)
class Told:
    """The facts of an order that can change. The names of the fields are those of the API and of Report."""

    name: str = ""
    phone: str = ""
    contact_rule: str = "open"
    kind: str = "construction"
    employer: str = ""
    place: str = ""
    region_code: str = ""
    address: str = ""
    amount: Decimal | None = None
    people: int | None = None
    story: str = ""
    received_on: date | None = None
    answer_by: date | None = None

    def pack(self) -> dict[str, Any]:
        """For JSON; what was not said is left out."""
        said = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value if isinstance(value, int) else plain(value) for name, value in said.items() if value not in (None, "")}

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(json.dumps(self.pack(), ensure_ascii=False, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class WorkOrder:
    """`changed_at`: when the source wrote this version, by its own clock, so that one that comes late is known as such."""

    external_number: str
    told: Told
    changed_at: datetime | None = None


LABELS = {
    "name": _("姓名"), "phone": _("电话"), "contact_rule": _("联系方式要求"), "kind": _("哪种工作"), "employer": _("谁欠钱"),
    "place": _("在哪里干活"), "region_code": _("所属地区"), "address": _("地址"), "amount": _("大约欠多少（元）"), "people": _("几个人"),
    "story": _("事情经过"), "received_on": _("收到日期"), "answer_by": _("来源要求的期限"),
}  # fmt: skip
assert LABELS.keys() == {field.name for field in fields(Told)}
# What an official may take over into a report that waits; the days are ours to count, and where it belongs is routed.
TAKEN_OVER = ("name", "phone", "contact_rule", "kind", "employer", "place", "amount", "people", "story")


def plain(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return value.isoformat() if isinstance(value, date) else str(value)


def changes_between(was: dict[str, Any], now: dict[str, Any]) -> dict[str, list[Any]]:
    """By field, what it was and what it is; "" where nothing was said."""
    return {name: [was.get(name, ""), now.get(name, "")] for name in LABELS if was.get(name, "") != now.get(name, "")}
