"""What becomes of proceedings when claims are merged or split. Called inside the transaction, the claims held.

Merged: they go over with their clocks, whatever their state, so that a title and its limits are not lost. Split: a court goes on
with everybody, so both claims have them, under the same docket number; money that came stays with the first.
"""

from typing import Any

from arrears.calendars import calendar_now
from arrears.groups.copies import anew
from arrears.ladders.store import book_now
from arrears.models import Claim, Clock, Proceeding, Step
from arrears.owed.carrying import the_same
from arrears.timing.watches import coming_watch


def carry_proceedings(merged: Claim, target: Claim) -> int:
    """How many go over."""
    rows = list(merged.proceedings.all())
    for step in Step.objects.filter(proceeding__in=rows).exclude(paper=None):
        step.paper = the_same(step.paper_id, target)
        step.save(update_fields=["paper"])
    Proceeding.objects.filter(pk__in=[row.pk for row in rows]).update(claim=target)
    Clock.objects.filter(claim=merged, about_id__in=[row.pk for row in rows]).update(claim=target)
    return len(rows)


def split_proceedings(claim: Claim, new: Claim, now: Any) -> None:
    calendar, book = calendar_now(), book_now()
    for row in claim.proceedings.prefetch_related("steps"):
        other = anew(row, claim=new)
        other._prefetched_objects_cache = {}
        other.save(force_insert=True)
        ids = {}
        for clock in Clock.objects.filter(claim=claim, about_id=row.pk):
            own = anew(clock, claim=new, about_id=other.pk)
            own.save(force_insert=True)
            ids[str(clock.pk)] = str(own.pk)
            watch = coming_watch(own, new, book, calendar, now) if own.ended_on is None else None
            if watch:
                watch.save(force_insert=True)
        for step in row.steps.all():
            own_ids = {name: [ids[one] for one in getattr(step, name) if one in ids] for name in ("started", "ended")}
            anew(step, proceeding=other, paper=the_same(step.paper_id, new), payment=None, **own_ids).save(force_insert=True)
