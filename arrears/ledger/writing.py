"""Writes the rows of a plan as cases with their own history, in one transaction: all of them or none.

Nobody is told anything. Closed cases get no clocks. A case that is still open gets the clocks of its stage from
the dates of the register; their watch waits for the first rung that is still to come, so that the days of the past
call nobody, and a case all of whose rungs have passed stands on the desk as overdue.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import islice

from django.db import connection, transaction

from arrears.history import event_row
from arrears.intake import (
    ClaimantFacts,
    ClaimFacts,
    LineFacts,
    RespondentFacts,
    claim_row,
    fill_shown,
    next_numbers,
    respondent_row,
)
from arrears.ledger.files import Sheet
from arrears.ledger.mapping import Mapping
from arrears.ledger.plan import IMPORTED, Entry, Plan, make_plan
from arrears.ledger.rows import Draft
from arrears.ledger.standing import source_key, standing
from arrears.models import Claim, Claimant, ClaimLine, Employer, Event, Payment, Respondent
from arrears.timing import clocks
from grid.days import day_of
from grid.models import Region

BATCH = 500
LOCK = 20140819  # one import at a time; any constant will do
# The clocks of a case that is still open, with the day each runs from.
CLOCKS = {
    "registered": (("JC-ACCEPT", "received_on"), ("CASE-WHOLE-60", "received_on")),
    "handling": (("JC-INVEST", "opened_on"), ("CASE-WHOLE-60", "received_on")),
}


@transaction.atomic
def bring_in(sheet: Sheet, mapping: Mapping, *, now: datetime, is_dry_run: bool) -> Plan:
    """Plans and, unless it is a dry run, writes. Raises BadFile. The lock makes a second import wait, and then
    find every row unchanged."""
    if not is_dry_run:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    plan = make_plan(sheet, mapping, standing(sheet, mapping), day_of(now))
    if not is_dry_run:
        write(plan.having(IMPORTED), mapping, now)
    return plan


def write(entries: list[Entry], mapping: Mapping, now: datetime) -> None:
    regions = Region.objects.in_bulk({entry.draft.region for entry in entries})
    employers = employers_named(entries, regions)
    numbers = case_numbers(entries)
    waiting = iter(entries)
    while batch := list(islice(waiting, BATCH)):
        cases = [case_of(entry, numbers[entry.line], mapping, regions, employers, now) for entry in batch]
        write_cases(cases)
        for case in cases:
            start_clocks(case, now)


def employers_named(entries: Iterable[Entry], regions: dict[str, Region]) -> dict[str, Employer]:
    """The employer of each name in the register: the known one (arrears.intake.employer_of), else a new one."""
    first = {entry.draft.employer: entry.draft.region for entry in reversed(list(entries)) if entry.draft.employer}
    known = {row.name: row for row in Employer.objects.filter(name__in=first).order_by("-id")}
    new = [Employer(name=name, region=regions[code]) for name, code in first.items() if name not in known]
    return known | {row.name: row for row in Employer.objects.bulk_create(new, BATCH)}


def case_numbers(entries: Iterable[Entry]) -> dict[int, str]:
    """By line. Numbers of a county and year follow the days of receipt; each counter is locked once."""
    series: dict[tuple[str, int], list[Entry]] = defaultdict(list)
    for entry in sorted(entries, key=lambda entry: (entry.draft.received_on, entry.line)):
        series[entry.draft.region[:6], entry.draft.received_on.year].append(entry)
    return {
        entry.line: number
        for (county, year), members in sorted(series.items())  # one order of locks for everybody
        for entry, number in zip(members, next_numbers(county, year, len(members)), strict=True)
    }


@dataclass
class Case:
    """Everything one row becomes, unsaved."""

    claim: Claim
    draft: Draft
    claimant: Claimant
    lines: list[ClaimLine]
    respondent: Respondent
    payments: list[Payment]
    events: list[Event]


def case_of(
    entry: Entry,
    number: str,
    mapping: Mapping,
    regions: dict[str, Region],
    employers: dict[str, Employer],
    now: datetime,
) -> Case:
    draft = entry.draft
    facts = facts_of(draft, mapping, regions)
    claim = claim_row(facts, number, None, now)
    fill_shown(claim, facts, draft.claimed or Decimal(0))
    close_or_open(claim, draft, mapping)
    claimant = Claimant(claim=claim, name=facts.claimants[0].name)
    return Case(
        claim=claim,
        draft=draft,
        claimant=claimant,
        lines=[
            ClaimLine(claim=claim, claimant=claimant, rate=line.rate, quantity=line.quantity, unit=line.unit)
            for line in facts.claimants[0].lines
        ],
        respondent=respondent_row(claim, facts.respondents[0], employers.get(draft.employer or "")),
        payments=list(payments_of(claim, draft, mapping, now)),
        events=list(events_of(claim, entry, mapping, now)),
    )


def facts_of(draft: Draft, mapping: Mapping, regions: dict[str, Region]) -> ClaimFacts:
    lines = [LineFacts(rate=draft.claimed)] if draft.claimed is not None else []
    return ClaimFacts(
        region=regions[draft.region],
        received_on=draft.received_on,
        claimants=[ClaimantFacts(draft.worker or mapping.worker, lines=lines)],
        respondents=[
            RespondentFacts(legal_name=draft.employer or "", aliases="" if draft.employer else mapping.employer)
        ],
        channel="ledger",
        site_name=draft.site or "",
        work=draft.work or "",
        worker_count=draft.worker_count,
        source_key=source_key(mapping, draft.key),
    )


def close_or_open(claim: Claim, draft: Draft, mapping: Mapping) -> None:
    claim.level = mapping.level
    claim.verified = draft.verified
    claim.paid = draft.paid
    claim.closed_on = draft.closed_on
    claim.stage = draft.outcome.stage if draft.outcome else "handling" if draft.opened_on else "registered"
    claim.result = draft.outcome.result if draft.outcome else ""


def payments_of(claim: Claim, draft: Draft, mapping: Mapping, now: datetime) -> Iterator[Payment]:
    """The register dates no payment and names no method: the day it was known by is that of the closing."""
    for column, amount in draft.payments:
        yield Payment(
            claim=claim,
            amount=amount,
            paid_on=last_day(draft),
            method="",
            note=f"{mapping.title}：{column}",
            recorded_at=now,
        )


def last_day(draft: Draft) -> object:
    return draft.closed_on or draft.opened_on or draft.received_on


def events_of(claim: Claim, entry: Entry, mapping: Mapping, now: datetime) -> Iterator[Event]:
    """The history in its own order. Each event keeps the stage the case had then."""
    draft = entry.draft
    told = [("ledger_received", draft.received_on, "registered", {"amount": draft.claimed})]
    if draft.opened_on:
        told.append(("ledger_opened", draft.opened_on, "handling", {}))
    if draft.verified is not None:
        told.append(("ledger_verified", last_day(draft), "handling", {"verified_amount": draft.verified}))
    if draft.outcome:
        said = {"result": claim.result, "outcome": draft.outcome.words, "paid": draft.paid or None}
        told.append(("ledger_closed", draft.closed_on, claim.stage, said))
    for kind, day, stage, said in told:
        event = event_row(claim, kind, None, now=now, happened_on=day, **said)
        event.stage = stage
        yield event
    yield event_row(
        claim, "imported", None, now=now, ledger=mapping.title, key=draft.key, line=draft.line, digest=entry.digest,
        flags=[flag for flag in mapping.flags if flag in draft.flags],
        region_was=draft.region_was if draft.region_was != draft.region else "",
    )  # fmt: skip


def write_cases(cases: list[Case]) -> None:
    Claim.objects.bulk_create([case.claim for case in cases])
    Claimant.objects.bulk_create([case.claimant for case in cases])
    ClaimLine.objects.bulk_create([line for case in cases for line in case.lines])
    Respondent.objects.bulk_create([case.respondent for case in cases])
    Payment.objects.bulk_create([payment for case in cases for payment in case.payments])
    Event.objects.bulk_create([event for case in cases for event in case.events])


def start_clocks(case: Case, now: datetime) -> None:
    if case.draft.outcome:
        return
    for rule, field in CLOCKS[case.claim.stage]:
        clocks.start(case.claim, rule, getattr(case.draft, field), now=now, quietly=True)
    clocks.refresh_due(case.claim)
