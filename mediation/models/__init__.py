from .agreements import Agreement, Instalment
from .calling import HearingLink, HearingNotice, HearingReminder
from .dates_links import DatesLink
from .feeds import CalendarLink
from .hearings import Attendance, Blackout, Hearing, Room
from .mediations import Mediation
from .room import HearingRecord, Minutes, Presence, Signature
from .scheduling import HearingRule, MediatorTerms, PartyDay, PartyTerms, Recusal

__all__ = [
    "Agreement", "Attendance", "Blackout", "CalendarLink", "DatesLink", "Hearing", "HearingLink", "HearingNotice", "HearingRecord", "HearingReminder", "HearingRule", "Instalment", "Mediation",
    "MediatorTerms", "Minutes", "PartyDay", "PartyTerms", "Presence", "Recusal", "Room", "Signature",
]  # fmt: skip
