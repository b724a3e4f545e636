"""What a body is shown of a case: the facts frozen in a referral when it was sent (arrears.referrals.snapshot),
read back into what pages show."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.dateparse import parse_date

from arrears.models.claims import CONTRACTS, UNITS
from arrears.models.parties import CHAIN_ROLES
from arrears.models.referrals import PEOPLE_AT_ONCE


@dataclass(frozen=True)
class Party:
    role: str
    name: str
    aliases: str
    credit_code: str
    contact: str
    phone: str
    address: str


@dataclass(frozen=True)
class Line:
    worker: str
    since: date | None
    until: date | None
    unit: str
    rate: Decimal
    quantity: Decimal
    due: Decimal
    paid: Decimal
    unpaid: Decimal


class Shared:
    """Dates, amounts and labels as the pages' tags want them. `people`: the page of workers that is looked at, where it
    is not the first."""

    def __init__(self, facts: Mapping[str, Any], people: Mapping[str, Any] | None = None) -> None:
        self.facts = facts
        self.people = facts if people is None else people

    @property
    def claimants(self) -> list[Mapping[str, Any]]:
        return self.people.get("claimants", [])

    def __bool__(self) -> bool:
        return bool(self.facts)

    def __getattr__(self, name: str) -> Any:
        """The plain ones: number, region, site, work, story, request, worker_count."""
        return self.facts.get(name)

    @property
    def received_on(self) -> date | None:
        return day(self.facts.get("received_on"))

    @property
    def last_working_day(self) -> date | None:
        return day(self.facts.get("last_working_day"))

    @property
    def contract(self) -> str:
        return str(dict(CONTRACTS).get(self.facts.get("contract"), ""))

    @property
    def claimed(self) -> Decimal | None:
        return amount(self.facts.get("claimed"))

    @property
    def verified(self) -> Decimal | None:
        return amount(self.facts.get("verified"))

    @property
    def paid(self) -> Decimal | None:
        return amount(self.facts.get("paid"))

    @cached_property
    def parties(self) -> list[Party]:
        roles = dict(CHAIN_ROLES)
        return [
            Party(
                str(roles.get(row["role"], row["role"])), named(row), row["aliases"] if row["legal_name"] else "",
                row["credit_code"], row["contact"], row["phone"], row["address"],
            )
            for row in self.facts["respondents"]
        ]  # fmt: skip

    @property
    def liable(self) -> list[Mapping[str, Any]]:
        """Referrals that were sent before this was frozen with them have none."""
        return self.facts.get("liable", [])

    @cached_property
    def lines(self) -> list[Line]:
        units = dict(UNITS)
        return [
            Line(
                row["claimant"], day(row["from"]), day(row["to"]), "" if row["unit"] == "lump" else str(units[row["unit"]]),
                *(Decimal(row[name]) for name in ("rate", "quantity", "due", "paid", "unpaid")),
            )
            for row in self.people.get("lines", [])
        ]  # fmt: skip


def day(written: str | None) -> date | None:
    return parse_date(written) if written else None


def amount(written: str | None) -> Decimal | None:
    return Decimal(written) if written is not None else None


def named(respondent: Mapping[str, Any]) -> str:
    return respondent["legal_name"] or respondent["aliases"]


def last_page(facts: Mapping[str, Any]) -> int:
    """How many pages of workers there are. Referrals that were sent before they were paged have them all on one."""
    return max(1, -(-facts.get("claimant_count", 0) // PEOPLE_AT_ONCE))
