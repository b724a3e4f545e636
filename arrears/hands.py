"""The clocks of a supervision order: whom they call first (who signed for it, or took it over), and where its reply day is shown."""

from collections.abc import Collection
from typing import Any

from arrears.escalation.seats import add_hands
from arrears.models import Order
from arrears.support import clock as support_clock  # noqa: F401  the levels of its opinions
from arrears.support import following  # noqa: F401  what a body's answer asks of us
from arrears.timing.clocks import add_shown


def receivers_of(ids: Collection[Any]) -> dict[Any, Any]:
    orders = Order.objects.filter(pk__in=ids).exclude(received_by=None, followed_by=None)
    return {order.pk: order.in_hand_of_id for order in orders.only("received_by", "followed_by")}


add_hands("order", receivers_of)
add_shown(Order, "reply_by")
