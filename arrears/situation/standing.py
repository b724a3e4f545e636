"""A claim's situation in three lines, for its own page: who must pay, which door is best, how long the right lasts."""

from datetime import date
from functools import cached_property

from django.utils.translation import get_language

from arrears.liability import liable
from arrears.liability.page import Box
from arrears.limitation.page import LimitRow, LimitsPage
from arrears.models import Claim
from arrears.routes import doors
from arrears.situation.facts import Facts
from arrears.situation.of_claim import facts_of, is_asked
from grid.models import Person


class Standing:
    def __init__(self, claim: Claim, person: Person, today: date) -> None:
        self.claim, self.today = claim, today
        self.limits = LimitsPage(claim, person, today)

    @cached_property
    def facts(self) -> Facts:
        return facts_of(self.claim, self.today)

    @cached_property
    def parties(self) -> list[Box]:
        return [Box(party.role, party.names, party) for party in liable(self.facts).parties]

    @cached_property
    def doors(self) -> list[str]:
        return [door.road.text("name", get_language() or "") for door in doors(self.facts).open]

    @cached_property
    def rows(self) -> list[LimitRow]:
        """Limits that run."""
        return [row for row in self.limits.rows if row.clock]

    @property
    def is_asked(self) -> bool:
        return is_asked(self.claim)
