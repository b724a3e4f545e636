"""仲裁110: somebody stands at a site with both sides and begins. One step from a claim that has no mediation yet to an open room."""

from datetime import datetime

from django.db import transaction

from arrears.history import hold
from arrears.models import Claim
from grid.days import day_of
from grid.models import Person
from mediation import hearings
from mediation.models import Hearing, Mediation
from mediation.placing import last_hearing


def start(claim: Claim, person: Person, *, now: datetime, place: str, length: str, request: str = "") -> Hearing:
    """The mediation that is open goes on here; without one an oral application is taken first. All of it or nothing. Raises Refused: as
    hearings.apply and hearings.advance. Pressed twice it is the room that is open already: nobody who was checked in has to come again."""
    with transaction.atomic():
        claim = hold(claim)
        mediation = claim.mediations.open().select_related("claim", "mediator").first()
        if mediation is not None and (running := running_of(mediation, person, now)):
            return running
        if mediation is None:
            mediation = hearings.apply(
                claim, person, now=now, applied_on=day_of(now), request=request.strip() or claim.request or claim.story, is_oral=True, mediator=person
            )
        hearings.advance(mediation, "on_site", person, now=now, place=place, length=length)
    hearing = last_hearing(mediation)
    assert hearing is not None
    return hearing


def running_of(mediation: Mediation, person: Person, now: datetime) -> Hearing | None:
    """The hearing this person holds on the spot at this moment."""
    hearing = last_hearing(mediation)
    is_running = hearing is not None and hearing.is_live and hearing.is_on_site and hearing.starts_at <= now < hearing.ends_at
    return hearing if is_running and hearing and hearing.mediator_id == person.pk else None
