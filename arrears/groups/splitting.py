"""拆案: chosen workers of a claim go on in a claim of their own. It has its own number; everything that was counted from the
day the complaint came is still counted from that day.

The parties, the papers and what was said of the situation are in both. What was paid stays with the first claim: nobody
wrote down to whom it went.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from arrears.calendars import calendar_now
from arrears.casework import GUARDS, announce
from arrears.groups.carrying import carry_situation, copy_evidence, copy_respondents, refill
from arrears.groups.copies import anew
from arrears.groups.standing_for import end_of_workers
from arrears.history import hold, record
from arrears.identity import digits
from arrears.intake import next_number
from arrears.ladders.align import replan
from arrears.ladders.store import book_now
from arrears.lifecycle import CLAIM
from arrears.models import Claim, Claimant, ClaimLine, Clock, Interruption, LimitEntry, Pause, Payment, Report, Watch
from arrears.owed.carrying import split_owed
from arrears.permits import find, may, require
from arrears.proceedings.carrying import split_proceedings
from arrears.reports.record import record as record_of_report
from arrears.serving import carrying as services
from arrears.sources import promised
from arrears.sources.returning import with_merged
from arrears.timing import clocks
from arrears.timing.counting import PAUSES
from arrears.timing.kinds import fit
from arrears.timing.watches import coming_watch
from arrears.worker.notices import tell_workers
from grid.days import day_of
from grid.ids import public_number
from grid.models import Person
from grid.refused import Refused

MOVE = "split"


def split(claim: Claim, person: Person, claimants: Collection[UUID], reason: str, *, now: datetime) -> Claim:
    """The new claim. Raises Refused: as casework.advance, referral_open, mediation_open, nobody, not_of_claim,
    would_be_empty, no_reason."""
    move = find(CLAIM, MOVE)
    require(may(move, claim, person, day_of(now)))
    if not reason.strip():
        raise Refused("no_reason", _("请写明拆案的理由。"))
    with transaction.atomic():
        claim = hold(claim)
        require(may(move, claim, person, day_of(now)))
        for guard in move.guards:
            GUARDS[guard](claim, {})
        chosen = chosen_of(claim, claimants)
        was = {"claimed_was": claim.claimed}
        new = begin(claim, len(chosen), person, now)
        end_of_workers(chosen, now)
        go_over(claim, new, chosen, now)
        start_clocks(claim, new, now)
        split_owed(claim, new, chosen, now)
        split_proceedings(claim, new, now)
        services.follow(claim, new, chosen)
        claim.worker_count = max(claim.worker_count - len(chosen), claim.claimants.filter(same_as=None).count())
        unverified = forget_amounts(claim)
        refill(claim)
        refill(new)
        said: dict[str, Any] = {"workers": [worker.name for worker in chosen], "count": len(chosen), "reason": reason.strip()}
        record(
            claim, MOVE, person, now=now, split_off=new.number, claimed_now=claim.claimed, **was, **said,
            **({"unverified": unverified} if unverified else {}),
        )  # fmt: skip
        begun = record(new, "split_off", person, now=now, split_from=claim.number, **said)
        for one in (claim, new):
            fit(one, now)
        replan(claim, now)
        clocks.refresh_due(claim)
        clocks.refresh_due(new)
        announce(claim, move, person, now)
        tell_workers(new, begun)
    return new


def chosen_of(claim: Claim, claimants: Collection[UUID]) -> list[Claimant]:
    wanted, present = {str(one) for one in claimants}, list(claim.claimants.filter(same_as=None))
    chosen = [worker for worker in present if str(worker.pk) in wanted]
    if not wanted:
        raise Refused("nobody", _("请至少选一名要分出的劳动者。"))
    if len(chosen) != len(wanted):
        raise Refused("not_of_claim", _("所选劳动者有的已不在本案，请刷新后重新选择。"))
    if len(chosen) == len(present):
        raise Refused("would_be_empty", _("不能把全部劳动者都分出去，原案至少留一人；全部转到另一案的，请用“并案”。"))
    return chosen


def begin(claim: Claim, workers: int, person: Person, now: datetime) -> Claim:
    """The same claim once more, under its own numbers and without its sums."""
    new: Claim = anew(claim)
    new.number = next_number(claim.county_code, claim.received_on.year)
    new.public_number, new.source_key = public_number(), None
    new.split_from, new.registered_at, new.registered_by = claim, now, person
    new.worker_count, new.due_on, new.typed_total = workers, None, None
    new.verified = new.agreed = None
    new.claimed = new.paid = claim.paid * 0
    new.save(force_insert=True)
    return new


def go_over(claim: Claim, new: Claim, chosen: Collection[Claimant], now: datetime) -> None:
    ids = [worker.pk for worker in chosen]
    ClaimLine.objects.filter(claimant__in=ids).update(claim=new)
    Payment.objects.filter(claimant__in=ids).update(claim=new)  # what reached them alone
    new.paid = new.payments.aggregate(sum=Sum("amount"))["sum"] or new.paid
    Claim.objects.filter(pk=new.pk).update(paid=new.paid)
    Claimant.objects.filter(pk__in=ids).update(claim=new, registered_in=Coalesce("registered_in", claim.pk))
    copy_respondents(claim, new)
    copy_evidence(claim, new)
    carry_situation(claim, new)
    Interruption.objects.bulk_create(anew(row, claim=new) for row in claim.interruptions.filter(withdrawn_at=None))
    LimitEntry.objects.bulk_create(anew(row, claim=new) for row in claim.limit_entries.filter(withdrawn_at=None))
    follow_workers(claim, new, chosen, now)


def follow_workers(claim: Claim, new: Claim, chosen: Collection[Claimant], now: datetime) -> None:
    """A work order goes with the worker it came for: its source is told of the claim the worker is in."""
    phones = {digits(phone) for worker in chosen for phone in (worker.phone, worker.safe_phone) if phone}
    names = {worker.name for worker in chosen if not worker.phone}
    for report in Report.objects.filter(claim__in=with_merged(claim.pk), source__isnull=False).select_related("source"):
        if digits(report.phone) in phones if report.phone else report.name in names:
            report.claim = new
            report.save(update_fields=["claim"])
            promised.follow(report, claim, new)
            record_of_report(report, "split", None, now=now, claim=new.number)


def start_clocks(claim: Claim, new: Claim, now: datetime) -> None:
    """Every clock that runs, with its start, its extensions and its pauses. Rungs that fell before call nobody again."""
    calendar, book = calendar_now(), book_now()
    for clock in claim.clocks.running().filter(about_id=None).prefetch_related(PAUSES):
        pauses = list(clock.pauses.all())
        own: Clock = anew(clock, claim=new)
        own._prefetched_objects_cache = {}
        own.save(force_insert=True)
        Pause.objects.bulk_create(again(pause, own) for pause in pauses)
        if watch := coming_watch(own, new, book, calendar, now):
            Watch.objects.bulk_create([watch])


def again(pause: Pause, clock: Clock) -> Pause:
    return Pause(
        clock=clock, suspension=pause.suspension, starts_on=pause.starts_on, ends_on=pause.ends_on, ladder_id=pause.ladder_id,
        rung=pause.rung,
    )  # fmt: skip


def forget_amounts(claim: Claim) -> list[str]:
    """What was verified or agreed was so for everybody together."""
    known = [name for name in ("verified", "agreed") if getattr(claim, name) is not None]
    for name in known:
        setattr(claim, name, None)
    claim.typed_total = None
    claim.paid = claim.payments.aggregate(sum=Sum("amount"))["sum"] or claim.paid * 0
    return known
