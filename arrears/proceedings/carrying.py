"""What becomes of proceedings when claims are merged or split. Called inside the transaction, the claims held.

Merged: they go over with their clocks, whatever their state, so that a title and its limits are not lost; they are of the workers
they were of. Split: a court goes on with everybody, so both claims have them, under the same docket number, each for its own
workers; money that came stays with the first. What is only of the chosen workers goes with them.
"""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from arrears.calendars import calendar_now
from arrears.groups.copies import anew
from arrears.ladders.store import book_now
from arrears.models import Claim, Claimant, Clock, Grant, Proceeding, Step
from arrears.owed.carrying import the_same
from arrears.proceedings.workers import go_on_as, named
from arrears.timing.watches import coming_watch


def carry_proceedings(merged: Claim, target: Claim) -> int:
    """How many go over."""
    rows = list(merged.proceedings.all())
    for step in Step.objects.filter(proceeding__in=rows).exclude(paper=None):
        step.paper = the_same(step.paper_id, target)
        step.save(update_fields=["paper"])
    go_on_as(rows)
    Proceeding.objects.filter(pk__in=[row.pk for row in rows]).update(claim=target)
    Clock.objects.filter(claim=merged, about_id__in=[row.pk for row in rows]).update(claim=target)
    return len(rows)


def split_proceedings(claim: Claim, new: Claim, chosen: Collection[Claimant], now: Any) -> None:
    """The chosen workers stand in the new claim by now."""
    calendar, book, ids = calendar_now(), book_now(), {worker.pk for worker in chosen}
    copies: dict[UUID, Proceeding] = {}
    for row in claim.proceedings.prefetch_related("steps__grants", "workers"):
        mine = named(row)
        if mine and mine <= ids:
            go_over(row, claim, new)
            continue
        if mine and not mine & ids:
            continue
        other = copies[row.pk] = anew(row, claim=new)
        other._prefetched_objects_cache = {}
        other.continues = copies.get(row.continues_id) if row.continues_id else None
        other.save(force_insert=True)
        other.workers.set(mine & ids)
        row.workers.remove(*(mine & ids))
        same = {}
        for clock in Clock.objects.filter(claim=claim, about_id=row.pk):
            own = anew(clock, claim=new, about_id=other.pk)
            own.save(force_insert=True)
            same[str(clock.pk)] = str(own.pk)
            watch = coming_watch(own, new, book, calendar, now) if own.ended_on is None else None
            if watch:
                watch.save(force_insert=True)
        for step in row.steps.all():
            own_ids = {name: [same[one] for one in getattr(step, name) if one in same] for name in ("started", "ended")}
            grants = [grant for grant in step.grants.all() if grant.claimant_id in ids]
            step._prefetched_objects_cache = {}
            own_step = anew(step, proceeding=other, paper=the_same(step.paper_id, new), payment=None, **own_ids)
            own_step.save(force_insert=True)
            Grant.objects.filter(pk__in=[grant.pk for grant in grants]).update(step=own_step)


def go_over(row: Proceeding, claim: Claim, new: Claim) -> None:
    for step in row.steps.all():
        Step.objects.filter(pk=step.pk).update(paper=the_same(step.paper_id, new), payment=None)
    Proceeding.objects.filter(pk=row.pk).update(claim=new)
    Clock.objects.filter(claim=claim, about_id=row.pk).update(claim=new)
