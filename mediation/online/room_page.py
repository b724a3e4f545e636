"""What the page of the room shows before its script speaks."""

from functools import cached_property

from django.utils.translation import gettext

from arrears.models import Evidence
from mediation.models import OnlineSeat
from mediation.online import showing
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

    @cached_property
    def papers(self) -> list[Evidence]:
        """What whoever has the case in hand can show: evidence with a redacted copy."""
        return list(showing.evidence_for(self.seat)) if showing.may_choose(self.seat) else []

    @property
    def number(self) -> str:
        return self.hearing.mediation.claim.number
