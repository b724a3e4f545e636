"""督办 on the page of a claim: what superiors and the worker asked for, and what the reader may ask for."""

from datetime import date
from functools import cached_property

from arrears.models import Claim, Nudge
from arrears.supervision.nudges import Nudged, may_nudge, nudged_of
from arrears.supervision.permits import may_issue
from arrears.supervision.rows import OrderRow, rows_of
from arrears.workdays import Calendar
from grid.models import Person


class Oversight:
    """`is_quiet`: known that nobody asked for anything yet."""

    def __init__(self, claim: Claim, person: Person, today: date, calendar: Calendar, *, is_quiet: bool = False) -> None:
        self.claim, self.person, self.today, self.calendar, self.is_quiet = claim, person, today, calendar, is_quiet

    @cached_property
    def orders(self) -> list[OrderRow]:
        """Newest first."""
        if self.is_quiet:
            return []
        return rows_of(self.claim.orders.select_related("claim", "issued_by"), self.today, self.calendar)

    @cached_property
    def nudged(self) -> Nudged | None:
        return None if self.is_quiet else nudged_of([self.claim]).get(self.claim.pk)

    @cached_property
    def last_nudge(self) -> Nudge | None:
        return self.claim.nudges.select_related("by").first() if self.nudged else None

    @property
    def may_order(self) -> bool:
        return bool(may_issue(self.claim, self.person, None, self.today))

    @property
    def may_nudge(self) -> bool:
        return bool(may_nudge(self.claim, self.person, self.today))

    @property
    def is_shown(self) -> bool:
        return bool(self.orders or self.nudged or self.may_order or self.may_nudge)
