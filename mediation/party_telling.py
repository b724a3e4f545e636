"""Setting whom of a party the house writes to, and telling them at once of a hearing that is arranged already."""

from datetime import datetime
from typing import Any

from django.db import transaction

from grid.models import Person
from mediation import party_contacts, party_notices
from mediation.models import Mediation, PartyContact
from mediation.parties import Party
from mediation.placing import last_hearing


def set_contact(mediation: Mediation, party: Party, capacity: str, person: Person, *, now: datetime, version: int, **facts: Any) -> PartyContact:
    """Raises Refused as party_contacts.set_contact."""
    with transaction.atomic():
        contact, event = party_contacts.set_contact(mediation, party, capacity, person, now=now, version=version, **facts)
        hearing = last_hearing(mediation)
        if hearing is not None and hearing.is_live and hearing.starts_at > now:
            party_notices.tell(mediation, hearing, event, party_notices.PLACED, person, now, only=contact)
    return contact
