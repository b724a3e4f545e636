from .agreements import Agreement, Instalment, Share, Signature
from .dates_links import DatesLink
from .drafts import AgreementDraft
from .feeds import CalendarLink
from .hearings import Attendance, Blackout, Hearing, Room
from .mediations import Mediation
from .scheduling import HearingRule, MediatorTerms, PartyDay, PartyTerms, Recusal

__all__ = [
    "Agreement", "AgreementDraft", "Attendance", "Blackout", "CalendarLink", "DatesLink", "Hearing", "HearingRule", "Instalment", "Mediation", "MediatorTerms", "PartyDay",
    "PartyTerms", "Recusal", "Room", "Share", "Signature",
]  # fmt: skip
