"""A move of any lifecycle as a button of a page."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from arrears.moves import Move


@dataclass(frozen=True)
class Act:
    move: Move
    url: str
    icon: str

    @property
    def label(self) -> str:
        return gettext(self.move.label)

    @property
    def opens_here(self) -> bool:
        """Its form unfolds on the page itself; moves with a form of their own lead there."""
        return not self.move.is_own_page


class ActsOfPage:
    """What the person can do on a page that has `acts`: the main next step first, the others by how grave they are."""

    acts: Sequence[Act]

    @property
    def first_act(self) -> Act | None:
        """The first move forward the person can make."""
        return next((act for act in self.acts if act.move.tone == "primary"), None)

    @property
    def other_acts(self) -> list[Act]:
        return [act for act in self.acts if act != self.first_act]

    @property
    def usual_acts(self) -> list[Act]:
        return [act for act in self.other_acts if act.move.tone != "danger"]

    @property
    def grave_acts(self) -> list[Act]:
        return [act for act in self.acts if act.move.tone == "danger"]
