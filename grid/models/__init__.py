from .access import AccessLog
from .channels import ChannelState, Preference, Robot, Wording
from .notices import Notice
from .people import Body, BodyContact, Duty, Leave, Person, Posting
from .regions import Region
from .tasks import Round, Task

__all__ = [
    "AccessLog", "Body", "BodyContact", "ChannelState", "Duty", "Leave", "Notice", "Person", "Posting", "Preference", "Region", "Robot",
    "Round", "Task", "Wording",
]  # fmt: skip
