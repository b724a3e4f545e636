"""What becomes of papers that are owed when claims are merged or split. Called inside the transaction, the claims held.

A promise that is open, or was broken, goes where its worker goes, with its clock: what the ladder has asked for it goes on
asking, and what was broken is not forgotten. Of the whole claim it is in both parts of a split one.
"""

from collections.abc import Collection
from datetime import datetime

from arrears.groups.copies import anew
from arrears.models import Claim, Claimant, Clock, Evidence, Owed
from arrears.owed.table import BROKEN, OPEN, PROMISE, RULE_OF
from arrears.timing import clocks

GOES_ON = (OPEN, BROKEN)


def give_to_the_only_worker(claim: Claim) -> None:
    """What a claim of one promised is that worker's own, before another claim comes to it or it goes to another."""
    worker = claim.claimants.filter(same_as=None).first() if claim.worker_count == 1 else None
    if worker:
        claim.owed_papers.filter(side=PROMISE, claimant=None, state__in=GOES_ON).update(claimant=worker)


def carry_owed(merged: Claim, target: Claim) -> int:
    """How many go over, the workers having gone already. One the target has open in the same words stays behind and ends
    with the merged claim."""
    known = {words_of(row, row.claimant) for row in target.owed_papers.filter(state=OPEN).select_related("claimant")}
    moved = []
    for row in merged.owed_papers.filter(state__in=GOES_ON).select_related("claimant"):
        worker = row.claimant.goes_on_as if row.claimant else None
        if row.is_open and words_of(row, worker) in known:
            continue
        known |= {words_of(row, worker)} if row.is_open else set()
        Owed.objects.filter(pk=row.pk).update(claim=target, claimant=worker, signed=the_same(row.signed_id, target))
        moved.append(row.pk)
    Clock.objects.filter(claim=merged, about_id__in=moved).update(claim=target)
    return len(moved)


def words_of(row: Owed, worker: Claimant | None) -> tuple[str, str, str, str]:
    return row.side, row.paper, row.employer, str(worker.pk) if worker else ""


def the_same(evidence_id: object, claim: Claim) -> Evidence | None:
    """The copy of that file in the other claim."""
    known = Evidence.objects.filter(pk=evidence_id).values_list("sha256", flat=True).first() if evidence_id else None
    return Evidence.objects.filter(claim=claim, sha256=known).first() if known else None


def split_owed(claim: Claim, new: Claim, chosen: Collection[Claimant], now: datetime) -> None:
    """What the chosen workers promised for themselves goes with them; what is owed for the whole claim is owed in both."""
    own = claim.owed_papers.filter(claimant__in=chosen, state__in=GOES_ON)
    for row in own:
        Owed.objects.filter(pk=row.pk).update(claim=new, signed=the_same(row.signed_id, new))
        Clock.objects.filter(claim=claim, about_id=row.pk).update(claim=new)
    for row in claim.owed_papers.filter(claimant=None, state__in=GOES_ON):
        other = anew(row, claim=new, signed=the_same(row.signed_id, new))
        other.save(force_insert=True)
        clock = Clock.objects.running().filter(claim=claim, about_id=row.pk).first()
        if clock:
            clocks.start(new, RULE_OF[row.side], clock.started_on, now=now, due_on=clock.due_on, about_id=other.pk, quietly=True)
