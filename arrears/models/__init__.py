from .claims import CaseCounter, Claim, ClaimLine, Payment
from .clocks import CalendarYear, Clock, Watch
from .drafts import IntakeDraft
from .evidence import Evidence, RedactedCopy
from .history import Event
from .ladders import Alignment, Ladder, Season
from .orders import Nudge, Order, OrderCounter
from .owed import Owed
from .parties import Claimant, Employer, Respondent, Site
from .referrals import Referral
from .reports import Report, ReportEvent, ReportFile, Source
from .sheets import WageSheet
from .situations import Interruption, Situation
from .suspensions import Extension, Pause, Suspension

__all__ = [
    "Alignment", "CalendarYear", "CaseCounter", "Claim", "ClaimLine", "Claimant", "Clock", "Employer", "Event",
    "Evidence", "Extension", "IntakeDraft", "Interruption", "Ladder", "Nudge", "Order", "OrderCounter", "Owed", "Pause", "Payment", "RedactedCopy", "Referral",
    "Report", "ReportEvent", "ReportFile", "Respondent", "Season", "Site", "Situation", "Source", "Suspension", "WageSheet", "Watch",
]  # fmt: skip
