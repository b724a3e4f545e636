"""What the page of an order shows, gathered in a fixed number of queries. Templates neither query nor decide."""

from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _

from arrears.acts import Act, ActsOfPage
from arrears.answerable import Left, Places
from arrears.calendars import calendar_now
from arrears.claim_rows import Mark, OfClaim
from arrears.deadlines import RULES
from arrears.liability.said import payers_of
from arrears.models import Clock, Event, Order
from arrears.models.orders import OrderQuerySet
from arrears.situation.of_claim import facts_of
from arrears.supervision.permits import order_moves_for
from arrears.supervision.rows import state_mark, title_of, way_of
from arrears.supervision.words import addressed, issuers
from arrears.telling import Told, tell
from arrears.timing.clock_page import ClockPage
from grid.duty import Roster
from grid.models import Person

MOVE_ICONS = {"receive": "inbox", "reply": "message", "accept": "done", "send_back": "undo", "withdraw": "close"}
# What is owed next, in words that follow who owes it.
OWED = {
    "issued": _("签收并回复"), "received": _("回复办理情况"), "sent_back": _("重新办理并回复"), "replied": _("审核回复"),
}  # fmt: skip


class OrderPage(OfClaim, ActsOfPage):
    """`order` was fetched with `rows()`; everything else is read when the template first asks for it."""

    def __init__(self, order: Order, person: Person, today: date) -> None:
        self.order, self.claim, self.person, self.today = order, order.claim, person, today
        self.calendar = calendar_now()

    @staticmethod
    def rows() -> OrderQuerySet:
        return Order.objects.select_related("claim__region", "claim__handler", "issued_by", "received_by", "replied_by")

    @property
    def title(self) -> str:
        return title_of(self.order)

    @property
    def way(self) -> str:
        return way_of(self.order)

    @property
    def state(self) -> Mark:
        return state_mark(self.order)

    @cached_property
    def payers(self) -> list[dict[str, Any]]:
        return payers_of(facts_of(self.claim, self.today))

    # From whom to whom, and whose turn it is

    @cached_property
    def places(self) -> Places:
        return Places(self.claim.region_id)

    @cached_property
    def roster(self) -> Roster:
        return Roster.around(self.claim.region_id, self.today)

    @property
    def sender(self) -> str:
        return self.places.post(self.order.from_level)

    @property
    def addressee(self) -> str:
        return self.places.post(self.order.level)

    @property
    def is_reviewed(self) -> bool:
        return self.order.state == "replied"

    @cached_property
    def people(self) -> list[Person]:
        """Whose turn it is, as things stand today."""
        found = (issuers if self.is_reviewed else addressed)(self.order, self.roster)
        return list({person.pk: person for person in found}.values())

    @property
    def post(self) -> str:
        return self.sender if self.is_reviewed else self.addressee

    @property
    def owed(self) -> str:
        return gettext(OWED[self.order.state]) if self.order.is_open else ""

    @cached_property
    def clock(self) -> Clock | None:
        """The reply's; none while it waits for review."""
        return ClockPage.rows().running().filter(claim=self.claim, about_id=self.order.pk).first()

    @cached_property
    def clock_page(self) -> ClockPage | None:
        """What happens next if nobody answers."""
        return ClockPage(self.clock, self.person, self.today) if self.clock else None

    @cached_property
    def left(self) -> Left | None:
        return self.clock_page and self.clock_page.left

    @property
    def replied_late(self) -> bool:
        return bool(self.order.replied_at) and not self.clock and self.was_late

    @cached_property
    def was_late(self) -> bool:
        return Clock.objects.filter(claim=self.claim, about_id=self.order.pk, was_met=False).exclude(ended_on=None).exists()

    @property
    def source(self) -> str:
        """The limit whose ladder issued it."""
        rule = RULES.get(self.order.rule_id)
        if rule is None:
            return ""
        language = get_language() or ""
        return " · ".join(filter(None, (rule.text("name", language), rule.citation(language))))

    # What can be done, what was done

    @cached_property
    def acts(self) -> list[Act]:
        moves = order_moves_for(self.order, self.person, self.today)
        return [
            Act(move, reverse("order_move", args=[self.order.pk, move.name]), MOVE_ICONS.get(move.name, "check"))
            for move in moves
        ]

    @cached_property
    def events(self) -> list[Told]:
        found = Event.objects.filter(claim=self.claim, kind="order", facts__order=str(self.order.pk))
        return [tell(event) for event in found.select_related("actor")]

    # The paper

    @property
    def replies(self) -> list[tuple[datetime, str, str]]:
        """Each reply with its day and who gave it, the first one first."""
        return [
            (told.event.at, told.event.actor.full_name if told.event.actor else "", told.event.facts["reply"])
            for told in reversed(self.events)
            if told.event.facts.get("reply")
        ]
