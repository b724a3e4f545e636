"""补登劳动者: somebody who is being registered turns out to belong to a claim that is there already. The workers of the draft,
with their wages, go into that claim; the draft is gone. The same worker becomes no second one, and a wage that stands there
already counts once.
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from arrears.casework import announce
from arrears.groups.carrying import Known, apart_from, complete, is_same_respondent, refill
from arrears.history import hold, record
from arrears.intake import (
    ClaimantFacts,
    RespondentFacts,
    claimant_row,
    employer_of,
    line_rows,
    respondent_row,
    write_claimants,
)
from arrears.ladders.align import replan
from arrears.lifecycle import CLAIM
from arrears.limitation.running import run_limits
from arrears.models import Claim, ClaimLine, IntakeDraft, Respondent, Situation
from arrears.money import line_due
from arrears.permits import find, may, require
from arrears.timing import clocks
from arrears.timing.kinds import fit
from arrears.worker.notices import tell_workers
from grid.days import day_of
from grid.models import Person
from grid.refused import Refused

MOVE = "add_workers"


def join(
    claim: Claim, workers: Sequence[ClaimantFacts], person: Person, *, now: datetime, draft_id: UUID | None = None,
    respondents: Sequence[RespondentFacts] = (), last_working_day: date | None = None, story: str = "", notice: str = "",
) -> Claim:  # fmt: skip
    """Adds workers to a claim. With `draft_id` the draft's row is the lock: of two taps the second finds it gone and changes
    nothing. Raises Refused: as casework.advance, nobody, no_lines, in_future."""
    require(may(find(CLAIM, MOVE), claim, person, day_of(now)))
    check(workers, last_working_day, day_of(now))
    with transaction.atomic():
        if draft_id is not None:
            draft = IntakeDraft.objects.select_for_update().filter(pk=draft_id, person=person).first()
            if draft is None:
                return claim
            draft.delete()
        claim = hold(claim)
        require(may(find(CLAIM, MOVE), claim, person, day_of(now)))
        add(claim, workers, respondents, last_working_day, story, notice, person, now)
    return claim


def check(workers: Sequence[ClaimantFacts], last_working_day: date | None, today: date) -> None:
    if not workers:
        raise Refused("nobody", _("请至少登记一名劳动者。"))
    if any(not worker.lines for worker in workers):
        raise Refused("no_lines", _("请先填写每名劳动者的欠薪明细；只知道总数的，填总额。"))
    if last_working_day and last_working_day > today:
        raise Refused("in_future", _("最后工作日不能晚于今天。"))


def add(
    claim: Claim, workers: Sequence[ClaimantFacts], respondents: Sequence[RespondentFacts], last_working_day: date | None,
    story: str, notice: str, person: Person, now: datetime,
) -> None:  # fmt: skip
    was = {"workers_was": claim.worker_count, "claimed_was": claim.claimed}
    before = set(claim.claimants.values_list("pk", flat=True))
    same, doubled = write(claim, workers, respondents)
    claim.worker_count += len(workers) - len(same)
    unverified = [name for name in ("verified", "agreed") if getattr(claim, name) is not None]
    for name in unverified:
        setattr(claim, name, None)  # what was verified or agreed did not know of them
    refill(claim)
    keep_first_limit(claim, last_working_day, person, now)
    event = record(
        claim, MOVE, person, now=now, count=len(workers), workers_added=[worker.name for worker in workers], claimed_now=claim.claimed,
        workers_now=claim.worker_count, same=same or None, doubled=doubled or None, unverified=unverified or None, note=story,
        privacy_notice=notice, **was,
    )  # fmt: skip
    if claim.worker_count != was["workers_was"]:
        fit(claim, now)
        replan(claim, now)
    clocks.refresh_due(claim)
    announce(claim, find(CLAIM, MOVE), person, now)
    told = set(claim.claimants.values_list("pk", flat=True)) - before
    tell_workers(claim, event, only=told | known_again(claim, workers))


def write(claim: Claim, workers: Sequence[ClaimantFacts], respondents: Sequence[RespondentFacts]) -> tuple[list[str], Decimal]:
    """The names of those who stood there already, and what they had claimed before in every figure."""
    named = list(claim.respondents.all())
    rows = [respondent_row(claim, facts, employer_of(facts, claim.region)) for facts in respondents]
    is_one_debt = not rows or any(is_same_respondent(row, other) for row in rows for other in named)
    same, doubled = [], Decimal(0)
    for facts in workers:
        worker = claimant_row(claim, facts)
        one = Known(claim).find(worker)
        if one is None:
            write_claimants(claim, [facts])
            continue
        fresh, twice = apart_from(one, line_rows(one, facts), is_one_debt=is_one_debt)
        ClaimLine.objects.bulk_create(fresh)
        doubled += sum((line_due(line.rate, line.quantity) - line.paid for line in twice), Decimal(0))
        complete(one, worker)
        same.append(one.name)
    Respondent.objects.bulk_create(row for row in rows if not any(is_same_respondent(row, other) for other in named))
    return same, doubled


def known_again(claim: Claim, workers: Sequence[ClaimantFacts]) -> set[UUID]:
    """Those who stood there before and came once more."""
    return set(claim.claimants.filter(name__in=[worker.name for worker in workers]).values_list("pk", flat=True))


def keep_first_limit(claim: Claim, last_working_day: date | None, person: Person, now: datetime) -> None:
    """The limit is watched for whoever loses the right first."""
    if last_working_day is None or (claim.last_working_day and claim.last_working_day <= last_working_day):
        return
    claim.last_working_day = last_working_day
    claim.save(update_fields=["last_working_day"])
    said = Situation.objects.filter(claim=claim).values_list("said", flat=True).first()
    run_limits(claim, said or [], person, now)
