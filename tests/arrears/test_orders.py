"""Supervision orders: who may ask whom for what, and what becomes of it."""

from datetime import date, timedelta

from arrears import casework, orders
from arrears.models import Clock, Event, Order, Watch
from arrears.orders import RungOrder
from grid.models import Notice
from tests.base import NOW, CastTestCase

FRIDAY = date(2026, 3, 6)


class RungOrderTests(CastTestCase):
    def rung(self, claim, **changes) -> RungOrder:
        clock = claim.clocks.get(rule_id="JC-ACCEPT")
        return RungOrder(
            **{"clock": clock, "claim": claim, "rung_name": "late1", "due_on": clock.due_on, "level": "township",
               "from_level": "county", "reply_by": FRIDAY, **changes}
        )  # fmt: skip

    def test_a_rung_issues_its_order_once(self) -> None:
        claim = self.make_claim(person=self.grid_worker)
        first = orders.issue_by_rung([self.rung(claim)], NOW)
        second = orders.issue_by_rung([self.rung(claim)], NOW)
        assert (len(first), len(second), Order.objects.count()) == (1, 0, 1)
        order = Order.objects.get()
        assert (order.number, order.issued_by, order.reply_by) == ("宿督〔2026〕00001", None, FRIDAY)
        clock = Clock.objects.get(about_id=order.pk)
        assert (clock.rule_id, clock.due_on, Watch.objects.filter(clock=clock).count()) == ("ORDER-REPLY", FRIDAY, 1)
        assert Event.objects.filter(claim=claim, kind="order").count() == 1
        told = Notice.objects.filter(kind="order_issued", channel="in_app").values_list("recipient__username", flat=True)
        assert set(told) == {"zhangzhen", "wangge"}
