from .claims import CaseCounter, Claim, ClaimLine, Payment
from .clocks import CalendarYear, Clock, Watch
from .drafts import IntakeDraft
from .evidence import Evidence
from .history import Event
from .parties import Claimant, Employer, Respondent, Site
from .referrals import Referral

__all__ = [
    "CalendarYear", "CaseCounter", "Claim", "ClaimLine", "Claimant", "Clock", "Employer", "Event", "Evidence",
    "IntakeDraft", "Payment", "Referral", "Respondent", "Site", "Watch",
]  # fmt: skip
