"""An agreement is watched until its last instalment is paid: a clock for the next one, and on the first day after a missed one its
mediator, whoever has the claim in hand, and the workers are told. The last instalment is the claim's own day (AGREED-PAY)."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_noop

from arrears import casework
from arrears.history import hold, record
from arrears.ladders import CALL_TIME
from arrears.models import Claim, Clock, Event
from arrears.notice_kinds import facts_of
from arrears.one_by_one import one_by_one
from arrears.timing import clocks
from arrears.worker.notices import tell_workers
from grid.days import SHANGHAI, day_of
from grid.notices import tell
from mediation.models import Instalment, Mediation
from mediation.outstanding import UNPAID, agreement_in_force, standing_of, standing_with, unpaid_parts
from mediation.pursuing.verbs import settle

RULE = "INSTALMENT-PAY"
MISSED = gettext_noop("分期逾期未付")
MOVES_IT = ("settle", "record_payment", "breach", "paid", "confirm_paid", "reopen")
ENDS = ("close", "conclude", "withdraw", "transfer", "merge")
AT_ONCE = 500


def follow(claim: Claim, event: Event) -> None:
    """Called with each event of a claim, inside its transaction."""
    if event.kind in MOVES_IT:
        run(claim, event.at)
    elif event.kind in ENDS and (agreement := agreement_in_force(claim)):
        settle(agreement, event.at)  # nobody takes to the court what has ended


def run(claim: Claim, now: datetime) -> None:
    """The clock stands on the first instalment that is not paid, if it is not the last."""
    agreement = agreement_in_force(claim)
    if agreement is None:
        return
    about = agreement.mediation_id
    running = Clock.objects.running().filter(claim=claim, rule_id=RULE, about_id=about).first()
    found = standing_with(agreement, claim, day_of(now))
    if not found.late or claim.stage not in UNPAID:
        settle(agreement, now)  # what was to be filed was paid meanwhile
    part = found.next_part if claim.stage == "settled" else None
    if part is None or part.number == len(found.parts):
        if running:
            clocks.stop(claim, [RULE], now=now, was_met=claim.stage == "settled" or not found.left, about_id=about)
    elif running is None or running.due_on != part.due_on:
        if running and running.due_on < part.due_on:
            clocks.stop(claim, [RULE], now=now, about_id=about)
        begins = found.parts[part.number - 2].due_on if part.number > 1 else agreement.effective_on
        clocks.start(claim, RULE, min(begins, part.due_on), now=now, due_on=part.due_on, about_id=about)
    else:
        return
    clocks.refresh_due(claim)
    first = Clock.objects.running().filter(claim=claim, about_id=about).order_by("due_on").first()
    Mediation.objects.filter(pk=about).update(due_on=first.due_on if first else None)


def tell_missed(now: datetime) -> int:
    """Instalments whose day is over and that are not paid, each once, from the hour on at which clocks call. How many."""
    if now.astimezone(SHANGHAI).time() < CALL_TIME:
        return 0
    missed = unpaid_parts().filter(due_on__lt=day_of(now), missed_at=None)
    rows = missed.select_related("agreement__mediation__claim", "agreement__mediation__mediator")
    return one_by_one(rows.order_by("due_on", "id")[:AT_ONCE], lambda row: tell_one(row, now))


def tell_one(row: Instalment, now: datetime) -> bool:
    with transaction.atomic():
        mediation = row.agreement.mediation
        claim = hold(mediation.claim)
        found = standing_of(row.agreement, claim, day_of(now))
        part = found.parts[row.number - 1]
        if not part.is_overdue or claim.stage != "settled":
            return False  # it came at this moment
        if not Instalment.objects.filter(pk=row.pk, missed_at=None).update(missed_at=now):
            return False
        said: dict[str, Any] = {"part": row.number, "due": row.due_on, "left": f"{part.left:,.2f}", "due_now": f"{found.due_now:,.2f}"}
        event = record(claim, "mediation", None, now=now, move="missed", move_msgid=MISSED, mediation=str(mediation.pk), **said)
        people = casework.told_of(claim, ("handler", "level"), day_of(now))
        tell(
            [*people, *filter(None, [mediation.mediator])], "instalment_missed", key=f"instalment:{row.pk}", now=now,
            facts={**facts_of(claim), **said, "due": row.due_on.isoformat()}, path=reverse("agreement_pursue", args=[mediation.pk]), subject_id=claim.pk,
            region_code=claim.region_id,
        )  # fmt: skip
        tell_workers(claim, event)
    return True
