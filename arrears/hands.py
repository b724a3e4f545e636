"""The clocks of a supervision order: whom they call first (who signed for it), and where its reply day is shown."""

from collections.abc import Collection
from typing import Any

from arrears.clocks import add_shown
from arrears.escalation.seats import add_hands
from arrears.models import Order


def receivers_of(ids: Collection[Any]) -> dict[Any, Any]:
    return dict(Order.objects.filter(pk__in=ids).exclude(received_by=None).values_list("pk", "received_by_id"))


add_hands("order", receivers_of)
add_shown(Order, "reply_by")
