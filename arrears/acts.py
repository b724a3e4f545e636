"""A move of any lifecycle as a button of a page."""

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
