"""What the page of the room shows before its script speaks."""

from django.utils.translation import gettext

from mediation.models import OnlineSeat
from mediation.online.table import MEDIATOR


class RoomPage:
    def __init__(self, seat: OnlineSeat) -> None:
        self.seat = seat
        self.hearing = seat.room.hearing

    @property
    def is_host(self) -> bool:
        return self.seat.kind == MEDIATOR

    @property
    def role(self) -> str:
        return gettext(self.seat.label)

    @property
    def link(self) -> str:
        """The meeting elsewhere, if the room has one: the way out when this one does not work."""
        return self.hearing.room.link

    @property
    def number(self) -> str:
        return self.hearing.mediation.claim.number
