from .claims import CaseCounter, Claim, ClaimLine, Payment
from .clocks import CalendarYear, Clock, Watch
from .drafts import DraftReceipt, IntakeDraft
from .duplicates import Apart
from .evidence import Evidence, RedactedCopy
from .figures import PublishedFigure
from .groups import Authority, Representative
from .history import Event
from .incidents import Incident, IncidentReport
from .ladders import Alignment, Ladder, Season
from .links import ReplyLink
from .orders import Nudge, Order, OrderCounter
from .owed import Owed
from .papers import Packet, PacketPaper, Paper, PaperCounter, PaperTemplate
from .parties import Claimant, Employer, Respondent, Site
from .proceedings import Grant, Proceeding, Step
from .referrals import Referral, SharedPage, Supplement
from .reports import Report, ReportEvent, ReportFile
from .saying import Objection, Question, Rating
from .serving import Attempt, Proof, Service
from .sheets import SheetLine, WageSheet
from .situations import Interruption, LimitEntry, Situation
from .sources import OrderSheet, Returned, ReturnFile, Source, SourceRecord, SourceToken
from .support import Applicant, Opinion, Search, SearchWay, SupportCase, Supporting
from .suspensions import Extension, Pause, Suspension

__all__ = [
    "Alignment", "Apart", "Applicant", "Attempt", "Authority", "CalendarYear", "CaseCounter", "Claim", "ClaimLine", "Claimant", "Clock", "DraftReceipt",
    "Employer", "Event", "Evidence", "Extension", "Grant", "Incident", "IncidentReport", "IntakeDraft", "Interruption", "Ladder",
    "LimitEntry", "Nudge", "Objection", "Opinion", "Order", "OrderCounter", "OrderSheet", "Owed", "Packet",
    "PacketPaper", "Paper", "PaperCounter", "PaperTemplate", "Pause", "Payment", "Proceeding", "Proof", "PublishedFigure", "Question", "Rating",
    "RedactedCopy", "Referral", "ReplyLink", "Report", "ReportEvent", "ReportFile", "Representative", "Respondent", "ReturnFile", "Returned",
    "Search", "SearchWay", "Season", "Service", "SharedPage", "SheetLine", "Site", "Situation", "Source", "SourceRecord", "SourceToken", "Step", "Supplement",
    "SupportCase", "Supporting", "Suspension", "WageSheet",
    "Watch",
]  # fmt: skip
