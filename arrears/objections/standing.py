"""What verbs of the claim have to know of an objection. Imports no verb of the claim."""

from datetime import datetime

from arrears.models import Claim, Objection
from arrears.models.saying import REOPENED, WAITING
from grid import tasklist
from grid.models import Person


def answered(objection: Objection, state: str, person: Person | None, now: datetime, reply: str = "") -> bool:
    """The conditional update: whoever comes second finds that there is an answer."""
    waiting = Objection.objects.filter(pk=objection.pk, state=WAITING)
    changes = {"state": state, "answered_by": person, "answered_at": now, "reply": reply, "next_at": None}
    if not waiting.update(**changes):
        return False
    for name, value in changes.items():
        setattr(objection, name, value)
    tasklist.settle(key_of(objection), now)
    return True


def claim_reopened(claim: Claim, now: datetime) -> None:
    """Somebody opened the claim again, which is what was asked for."""
    for objection in Objection.objects.filter(claim=claim, state=WAITING):
        answered(objection, REOPENED, None, now)


def key_of(objection: Objection) -> str:
    return f"object:{objection.pk}"


def waiting_of(claim: Claim) -> Objection | None:
    return Objection.objects.filter(claim=claim, state=WAITING).select_related("event").first()
