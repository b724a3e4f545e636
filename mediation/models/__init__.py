from .agreements import Agreement, Instalment
from .dates_links import DatesLink
from .feeds import CalendarLink
from .hearings import Attendance, Blackout, Hearing, Room
from .mediations import Mediation
from .online import OnlineLink, OnlineRoom, OnlineSeat, OnlineStay
from .scheduling import HearingRule, MediatorTerms, PartyDay, PartyTerms, Recusal

__all__ = [
    "Agreement", "Attendance", "Blackout", "CalendarLink", "DatesLink", "Hearing", "HearingRule", "Instalment", "Mediation", "MediatorTerms", "OnlineLink",
    "OnlineRoom", "OnlineSeat", "OnlineStay", "PartyDay", "PartyTerms", "Recusal", "Room",
]  # fmt: skip
