"""What a draft says so far, right or wrong, as something that can be compared: fields are read as they stand, and what is
no name, number or day yet says nothing."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from arrears.drafts import ROAD, Typed
from arrears.duplicates.finding import MOST_WORKERS, Subject, phones
from arrears.duplicates.reasons import Days, Firm, Matter, Worker
from arrears.identity import Invalid, check_credit_code, check_id
from arrears.models import Claimant, Employer
from grid.vault import blind_index

ROW = re.compile(r"(who|whom|money)-(\d{1,3})-([a-z_]+)", re.ASCII)
SHORTEST_NAME = 2


def subject_of_draft(typed: Mapping[str, Typed], today: date) -> Subject:
    """`typed`: fields by step, as a draft keeps them."""
    if ROAD in typed:  # a wage sheet: its workers are compared line by line (arrears.duplicates.sheets)
        return Subject()
    days = days_of(typed.get("money", {}))
    people = [row for row in rows_of(typed.get("who", {}), "who") if any(row.values())]
    workers = tuple(worker_of(row, days.get(place, ()), today) for place, row in enumerate(people[:MOST_WORKERS]))
    return Subject(tuple(one for one in workers if one.name or one.id_index), matter_of(typed))


def rows_of(typed: Typed, step: str) -> list[dict[str, str]]:
    """The rows of a step's table, in their order."""
    rows: dict[int, dict[str, str]] = {}
    for name, values in typed.items():
        if (found := ROW.fullmatch(name)) and found[1] == step:
            rows.setdefault(int(found[2]), {})[found[3]] = (values or [""])[0].strip()
    return [rows[place] for place in sorted(rows)]


def worker_of(row: Mapping[str, str], days: tuple[Days, ...], today: date) -> Worker:
    name = row.get("name", "")
    return Worker(
        name if len(name) >= SHORTEST_NAME else "", phones((row.get("phone", ""), row.get("safe_phone", ""))),
        index_of(row.get("id_number", ""), today), days,
    )  # fmt: skip


def index_of(typed: str, today: date) -> str:
    try:
        return blind_index(check_id(typed, today), Claimant.SEAL) if typed else ""
    except Invalid:
        return ""


def days_of(typed: Typed) -> dict[int, tuple[Days, ...]]:
    """By the worker's place among those typed."""
    found: dict[int, tuple[Days, ...]] = {}
    for row in rows_of(typed, "money"):
        place = row.get("worker", "")
        days = (day(row.get("period_from", "")), day(row.get("period_to", "")))
        if place.isdecimal() and any(days):
            found[int(place)] = (*found.get(int(place), ()), days)
    return found


def day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        return None


def matter_of(typed: Mapping[str, Typed]) -> Matter:
    firms = [firm_of(row) for row in rows_of(typed.get("whom", {}), "whom")]
    named = [firm for firm in firms if firm.name]
    site = (typed.get("where", {}).get("site_name") or [""])[0].strip()
    return Matter(tuple(known(named)), None, site)


def firm_of(row: Mapping[str, str]) -> Firm:
    code = row.get("credit_code", "")
    try:
        code = check_credit_code(code) if code else ""
    except Invalid:
        code = ""
    return Firm(row.get("legal_name") or row.get("aliases", ""), None, code)


def known(firms: list[Firm]) -> list[Firm]:
    """With the credit code of a firm the grid knows by that name: one query, none without a name."""
    names = [firm.name for firm in firms if not firm.code]
    codes: dict[str, Any] = dict(Employer.objects.filter(name__in=names).values_list("name", "pk")) if names else {}
    return [Firm(firm.name, codes.get(firm.name), firm.code) for firm in firms]


def with_step(typed: Mapping[str, Typed], step: str, posted: Typed) -> dict[str, Typed]:
    """What the draft keeps, with what stands in the fields of one step now."""
    return {**typed, step: posted}


def draft_of(pk: UUID | str, person: Any) -> Mapping[str, Typed]:
    draft = person.drafts.filter(pk=pk).first()
    return draft.typed() if draft else {}
