"""What becomes, when a claim is merged into another, of the clocks that never begin anew: whoever waited longest keeps
the day from which they are counted. Called by arrears.casework inside the transaction, both claims held.
"""

from collections.abc import Iterable
from datetime import datetime

from arrears.history import record
from arrears.limitation.limits import INSPECTION
from arrears.models import Claim, Clock, Pause
from arrears.timing import clocks
from arrears.timing.counting import PAUSES
from grid.models import Person


def hand_on(merged: Claim, target: Claim, rule_ids: Iterable[str], person: Person | None, now: datetime) -> None:
    """The target's clocks of these rules run from the merged claim's start, if that is earlier or the target has none."""
    running = Clock.objects.running().filter(about_id=None)
    undecided = (INSPECTION,) if target.stage == "registered" else ()  # an accepted complaint has met it
    for rule_id in (*rule_ids, *undecided):
        older = running.filter(claim=merged, rule_id=rule_id).prefetch_related(PAUSES).first()
        own = running.filter(claim=target, rule_id=rule_id).select_related("watch").first()
        if older and own is None:
            clocks.start(target, rule_id, older.started_on, now=now, quietly=True)
        elif older and own and older.started_on < own.started_on:
            count_from(older, own, merged, target, person, now)
    clocks.refresh_due(target)


def count_from(older: Clock, own: Clock, merged: Claim, target: Claim, person: Person | None, now: datetime) -> None:
    """What rested before the target came has not counted and does not now; since then the target's own pauses say."""
    began = own.started_on
    Pause.objects.bulk_create(
        Pause(clock=own, suspension=pause.suspension, starts_on=pause.starts_on, ends_on=min(pause.ends_on, began))
        for pause in older.pauses.all()
        if pause.starts_on < began
    )
    own.started_on = older.started_on
    moved = clocks.move(own, target, "started_on", now=now)
    if moved["new"] != moved["old"]:
        record(target, "clock_moved", person, now=now, cause="merge", merged=merged.number, **moved)
