from .agreements import Agreement, Instalment, Share, Signature
from .calling import HearingLink, HearingNotice, HearingReminder
from .contacts import PartyContact
from .copies import AgreementCopy
from .dates_links import DatesLink
from .drafts import AgreementDraft
from .feeds import CalendarLink
from .hearings import Attendance, Blackout, Hearing, Room
from .marks import Mark, MarkLink
from .mediations import Mediation
from .online import OnlineLink, OnlineRoom, OnlineSeat, OnlineStay
from .online_kept import OnlineConsent, OnlineNote, OnlineRecording, OnlineShown
from .room import EarlierSitting, HearingRecord, Minutes, MinutesSignature, Presence
from .scheduling import HearingRule, MediatorTerms, PartyDay, PartyTerms, Recusal

__all__ = [
    "Agreement", "AgreementCopy", "AgreementDraft", "Attendance", "Blackout", "CalendarLink", "DatesLink", "EarlierSitting", "Hearing", "HearingLink",
    "HearingNotice", "HearingRecord", "HearingReminder", "HearingRule", "Instalment", "Mark", "MarkLink", "Mediation", "MediatorTerms", "Minutes",
    "MinutesSignature", "OnlineConsent", "OnlineLink", "OnlineNote", "OnlineRecording", "OnlineRoom", "OnlineSeat", "OnlineShown", "OnlineStay",
    "PartyContact", "PartyDay", "PartyTerms", "Presence",
    "Recusal", "Room", "Share", "Signature",
]  # fmt: skip
