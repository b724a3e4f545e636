from .agreements import Agreement, Instalment
from .hearings import Attendance, Hearing, Room
from .mediations import Mediation

__all__ = ["Agreement", "Attendance", "Hearing", "Instalment", "Mediation", "Room"]
