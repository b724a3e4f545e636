from .access import AccessLog
from .notices import Notice
from .people import Body, Leave, Person, Posting
from .regions import Region

__all__ = ["AccessLog", "Body", "Leave", "Notice", "Person", "Posting", "Region"]
