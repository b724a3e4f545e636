"""What a mediation shows of a claim's situation: that there is an agreement, whether it is kept, whether it can still be
confirmed by the court."""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext

from arrears.calendars import calendar_now
from arrears.deadlines import RULES, NoCalendar, due
from arrears.models import Claim
from arrears.situation.of_claim import add_knower
from arrears.support.standing import Mediated, add_mediations
from mediation.models import Agreement
from mediation.outstanding import UNPAID, standing_of


def agreement_of(claim: Claim, today: date) -> Iterator[str]:
    if not claim.mediations.all():  # fetched already, where a page shows them
        return
    newest = Agreement.objects.filter(mediation__claim=claim).order_by("-effective_on", "-id")
    agreement = newest.prefetch_related("instalments").first()
    if agreement is None:
        return
    yield "agreement"
    if may_be_confirmed(agreement, today):
        yield "agreement_fresh"
    if claim.stage in UNPAID and is_late(agreement, claim, today):
        yield "agreement_late"


def may_be_confirmed(agreement: Agreement, today: date) -> bool:
    """民事诉讼法 第二百零五条: within thirty days of its effect."""
    try:
        return due(RULES["MED-CONFIRM-30"], agreement.effective_on, calendar_now()).due_on >= today
    except NoCalendar:
        return False


def is_late(agreement: Agreement, claim: Claim, today: date) -> bool:
    return bool(standing_of(agreement, claim, today).late)


def last_ended(claim: Claim) -> Mediated | None:
    """The last mediation that came to an end, and what came of it: a condition of support to sue."""
    ended = [mediation for mediation in claim.mediations.all() if not mediation.is_open and mediation.ended_on]
    if not ended:
        return None
    last = max(ended, key=lambda mediation: mediation.ended_on)
    return Mediated(last.ended_on, gettext(last.status.label))


add_knower(agreement_of)
add_mediations(last_ended)
