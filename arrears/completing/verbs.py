"""The verb of 补充登记. Each thing said comes with what stood there when it was said, so that nobody overwrites what somebody
else has just written. The history says which field of whom; what was corrected stays readable there, a number never.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from arrears.completing.fields import AMOUNTS, CLAIM, FIELDS, LINE, RESPONDENT, WORKER, Field
from arrears.completing.slots import value_of
from arrears.groups.carrying import refill
from arrears.history import hold, record
from arrears.intake import RespondentFacts, employer_of, site_named
from arrears.lifecycle import CLAIM as LIFECYCLE
from arrears.limitation.running import run_limits
from arrears.models import Claim, Claimant, ClaimLine, Respondent
from arrears.money import LARGEST, line_due
from arrears.permits import find, may, require
from arrears.situation.of_claim import situation_of
from grid.days import day_of
from grid.models import Person
from grid.refused import Refused

MOVE = "complete"
MODELS = {WORKER: Claimant, RESPONDENT: Respondent, LINE: ClaimLine}
UNKNOWN = frozenset({None, ""})


@dataclass(frozen=True)
class Word:
    """`name` of the field, whose row it is (None: the claim's own), what is to stand there, and what was seen there."""

    name: str
    pk: UUID | None
    value: Any
    seen: Any = ""

    @property
    def field(self) -> Field:
        return FIELDS[self.name]


def complete(claim: Claim, person: Person, words: Iterable[Word], *, now: datetime) -> list[Word]:
    """What was new of it. Raises Refused: as casework.advance, not_of_claim, changed_meanwhile, emptied, nameless, in_future,
    address_shared, amount_decided, period_order, paid_over, too_much."""
    require(may(find(LIFECYCLE, MOVE), claim, person, day_of(now)))
    with transaction.atomic():
        held = hold(claim)
        require(may(find(LIFECYCLE, MOVE), held, person, day_of(now)))
        rows = rows_of(held, words := list(words))
        new = [word for word in words if value_of(rows[word.pk], word.field) != word.value and word.value != masked(rows, word)]
        for word in new:
            check(word, rows[word.pk], held, day_of(now))
        if not new:
            return []
        said = facts_of(new, rows)
        write(held, new, rows, person, now)
        record(held, MOVE, person, now=now, **said)
    claim.refresh_from_db()
    return new


def rows_of(claim: Claim, words: Sequence[Word]) -> dict[UUID | None, Any]:
    """The rows the words are about, held with their claim. Of another claim there is none."""
    rows: dict[UUID | None, Any] = {None: claim}
    for kind, model in MODELS.items():
        wanted = {word.pk for word in words if word.field.of == kind}
        rows |= model.objects.filter(claim=claim).in_bulk(wanted) if wanted else {}
    if any(word.pk not in rows or (word.pk is None) != (word.field.of == CLAIM) for word in words):
        raise Refused("not_of_claim", _("要补充的人或单位已不在本案，请刷新后重新填写。"))
    return rows


def masked(rows: dict[UUID | None, Any], word: Word) -> Any:
    """The same ID number again is nothing new."""
    if word.name != "worker_id_number" or not word.value or not rows[word.pk].id_sealed:
        return None
    probe = Claimant()
    probe.put_id_number(word.value)
    return word.value if probe.id_index == rows[word.pk].id_index else None


def check(word: Word, row: Any, claim: Claim, today: date) -> None:
    stands = value_of(row, word.field)
    if stands != word.seen and not (stands in UNKNOWN and word.seen in UNKNOWN):
        raise Refused("changed_meanwhile", _("“%(field)s”刚刚被他人改过，请刷新后核对。") % {"field": _(word.field.label)})
    if word.value in UNKNOWN:
        raise Refused("emptied", _("“%(field)s”只能补充或更正，不能清空。") % {"field": _(word.field.label)})
    if isinstance(word.value, date) and word.value > today:
        raise Refused("in_future", _("“%(field)s”不能晚于今天。") % {"field": _(word.field.label)})
    if word.name == "site_address" and stands not in UNKNOWN:
        raise Refused("address_shared", _("这个工地的地址已经登记，它的所有案件共用，不能在一个案件里改。"))
    if word.name in AMOUNTS and (claim.verified is not None or claim.agreed is not None):
        raise Refused("amount_decided", _("金额已经核定或约定，工资明细不能再改；确需更正的，请重新核定。"))


def facts_of(new: Sequence[Word], rows: dict[UUID | None, Any]) -> dict[str, Any]:
    """For the history: which fields were empty and which were wrong, of whom, and what stood there."""
    filled = [word for word in new if word.seen in (None, "", word.field.empty)]
    corrected = [word for word in new if word not in filled]
    whose = dict.fromkeys(name_of(rows[word.pk]) for word in new if word.pk)
    stood = [{"field": word.name, "old": str(value_of(rows[word.pk], word.field))} for word in corrected if not word.field.is_secret]
    said: dict[str, Any] = {
        "filled": list(dict.fromkeys(word.name for word in filled)), "corrected": list(dict.fromkeys(word.name for word in corrected)),
        "whose": list(whose), "stood": stood,
    }  # fmt: skip
    return {name: value for name, value in said.items() if value} | ({} if filled else {"cause": "corrected"})


def name_of(row: Any) -> str:
    return row.claimant.name if isinstance(row, ClaimLine) else str(row)


def write(claim: Claim, new: Sequence[Word], rows: dict[UUID | None, Any], person: Person, now: datetime) -> None:
    for pk in dict.fromkeys(word.pk for word in new if word.pk):
        WRITERS[next(word.field.of for word in new if word.pk == pk)](rows[pk], {word.field.column: word.value for word in new if word.pk == pk}, claim)
    write_claim(claim, {word.name: word.value for word in new if word.pk is None}, person, now)
    refill(claim)


def write_worker(worker: Claimant, said: dict[str, Any], claim: Claim) -> None:
    for name, value in said.items():
        if name == "id_number":
            worker.put_id_number(value)
        else:
            setattr(worker, name, value)
    worker.save(update_fields=["name", "phone", "id_sealed", "id_index", "id_masked"])


def write_respondent(row: Respondent, said: dict[str, Any], claim: Claim) -> None:
    """One that is named now becomes, or meets, a known employer."""
    for name, value in said.items():
        setattr(row, name, value)
    if {"legal_name", "credit_code", "role"} & said.keys():
        row.employer = employer_of(RespondentFacts(row.legal_name, row.aliases, row.role, row.credit_code), claim.region)
    row.save(update_fields=[*said, "employer"])


def write_line(line: ClaimLine, said: dict[str, Any], claim: Claim) -> None:
    for name, value in said.items():
        setattr(line, name, value)
    if line.unit == "lump":
        line.quantity = Decimal(1)
    due = line_due(line.rate, line.quantity)
    if line.period_from and line.period_to and line.period_to < line.period_from:
        raise Refused("period_order", _("%(name)s的欠薪期间：结束日期早于开始日期。") % {"name": line.claimant.name})
    if line.paid > due:
        raise Refused("paid_over", _("%(name)s的已付金额多于应付金额，请核对。") % {"name": line.claimant.name})
    if due > LARGEST:
        raise Refused("too_much", _("金额太大，请核对单位是否为元。"))
    line.save(update_fields=[*said, "quantity"])


WRITERS = {WORKER: write_worker, RESPONDENT: write_respondent, LINE: write_line}


def write_claim(claim: Claim, said: dict[str, Any], person: Person, now: datetime) -> None:
    site = {name: said.pop(name) for name in ("site_name", "site_address") if name in said}
    if name := site.get("site_name") or (claim.site.name if claim.site else ""):
        claim.site = site_named(name, site.get("site_address", ""), claim.region)
    elif site:
        raise Refused("nameless", _("请先写工程项目的名称，再写它的地址。"))
    for column, value in said.items():
        setattr(claim, column, value)
    claim.save(update_fields=[*said, "site"])
    if "last_working_day" in said:
        run_limits(claim, situation_of(claim).said, person, now)
