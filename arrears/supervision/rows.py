"""An order as a row of a list shows it: on the list of orders, the desk, the page of its claim."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from arrears.answerable import NEAR_DAYS
from arrears.claim_rows import DUE_LOOKS, Mark, workers_of
from arrears.deadlines import ANSWER, remaining
from arrears.models import Order
from arrears.supervision.filter import OWED_STATES
from arrears.workdays import Calendar
from grid.roles import LEVEL_LABELS


@dataclass(frozen=True)
class OrderRow:
    order: Order
    title: str  # whose claim it is about
    way: str  # from which level to which
    state: Mark
    due: Mark | None  # while a reply is owed


def rows_of(orders: Iterable[Order], today: date, calendar: Calendar) -> list[OrderRow]:
    return [row_of(order, today, calendar) for order in orders]


def row_of(order: Order, today: date, calendar: Calendar) -> OrderRow:
    return OrderRow(order, title_of(order), way_of(order), state_mark(order), due_mark(order, today, calendar))


def title_of(order: Order) -> str:
    return f"{workers_of(order.claim)} / {order.claim.respondent_name}"


def way_of(order: Order) -> str:
    levels = {"sender": gettext(LEVEL_LABELS[order.from_level]), "level": gettext(LEVEL_LABELS[order.level])}
    return gettext(_("%(sender)s督办%(level)s")) % levels


def state_mark(order: Order) -> Mark:
    return Mark(gettext(order.status.label), order.status.tone)


def due_mark(order: Order, today: date, calendar: Calendar) -> Mark | None:
    if order.state not in OWED_STATES:
        return None
    days = (order.reply_by - today).days
    standing = "overdue" if days < 0 else "near" if days <= NEAR_DAYS else "on_time"
    return Mark(remaining(order.reply_by, today, calendar, of=ANSWER).text(gettext), *DUE_LOOKS[standing])
