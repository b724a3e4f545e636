"""Which facts of a claim follow from its proceedings, so that nobody ticks them a second time."""

from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

from arrears.models import Claim, Proceeding, Step
from arrears.proceedings.workers import named, present, share

# Facts that no longer hold once the proceeding stands at one of these.
UNDONE = {"preserved_in_suit": ("released", "enforced"), "title": ("annulled", "sued"), "ordered_unpaid": ("set_aside", "withdrawn")}
FROZEN = ("ruled_pre", "ruled_in", "kept")


def steps_of(proceeding: Proceeding) -> list[Step]:
    """Those that stand, oldest first. Whoever shows several prefetches `steps`."""
    return [step for step in proceeding.steps.all() if not step.is_withdrawn and step.name in proceeding.table.steps]


def shown_by(claim: Claim, today: date) -> Iterable[str]:
    for proceeding in claim.proceedings.all():
        yield from shown_of(proceeding, claim, today)


def shown_of(proceeding: Proceeding, claim: Claim, today: date) -> Iterable[str]:
    if proceeding.state not in proceeding.table.steps:
        return
    if proceeding.is_open:
        yield from proceeding.row.facts
    for step in steps_of(proceeding):
        if is_undone(step, proceeding):
            continue
        yield from step.row.shows
        if step.until and step.until < today and claim.unpaid > 0:
            yield from step.row.shows_late


def shown_elsewhere(claim: Claim, ids: Collection[UUID], today: date) -> set[str]:
    """What only the proceedings of other workers show."""
    ours: set[str] = set()
    theirs: set[str] = set()
    for proceeding in claim.proceedings.all():
        (ours if share(ids, named(proceeding)) else theirs).update(shown_of(proceeding, claim, today))
    return theirs - ours


def is_used(claim: Claim, names: Collection[str], today: date, *, bars: bool) -> bool:
    """Does every worker have a proceeding that shows one of these, or (`bars`) that has dismissed the claim for good?"""
    used: set[UUID] = set()
    for proceeding in claim.proceedings.all():
        if (bars and is_dismissed(proceeding)) or not set(names).isdisjoint(shown_of(proceeding, claim, today)):
            ids = named(proceeding)
            if not ids:
                return True
            used |= ids
    return bool(used) and used >= {worker.pk for worker in present(claim)}


def is_undone(step: Step, proceeding: Proceeding) -> bool:
    """What was preserved and released again is not preserved; a title that was taken to court, or annulled, is none; nor does an
    order count that was set aside."""
    return any(proceeding.state in UNDONE.get(fact, ()) for fact in (*step.row.shows, *step.row.shows_late))


def is_dismissed(proceeding: Proceeding) -> bool:
    """Has a court dismissed it for good? Then no limit runs for bringing it anew."""
    return proceeding.state in proceeding.table.steps and proceeding.row.bars


def has_preserved(claim: Claim) -> bool:
    """Is something of this claim frozen now? 解释（一）第四十九条 starts its three months only then."""
    return claim.proceedings.open().filter(kind="preservation", state__in=FROZEN).exists()


def beside(claim: Claim) -> set[str]:
    """KIND.STATE of what is open."""
    return {f"{row.kind}.{row.state}" for row in claim.proceedings.all() if row.is_open}

