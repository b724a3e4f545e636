"""Supervision orders: who may ask whom for what, what becomes of an order, and what a rung issues."""

from datetime import date, timedelta
from itertools import product
from typing import Any
from unittest.mock import patch

from django.db import connection
from django.test import SimpleTestCase
from django.test.utils import CaptureQueriesContext

from arrears import casework
from arrears.lifecycle import ORDER
from arrears.models import Claim, Clock, Event, Order, Watch
from arrears.models.orders import OrderCounter
from arrears.supervision import orders
from arrears.supervision.orders import RungOrder, issue_by_rung
from arrears.supervision.permits import may_issue, order_moves_for, permit
from arrears.supervision.words import next_numbers
from grid.models import Leave, Notice, Person, Posting
from grid.refused import Refused
from grid.roles import ROLES
from grid.scope import Post
from tests.base import NOW, TODAY, CastTestCase

FRIDAY = date(2026, 3, 6)
NEXT_FRIDAY = date(2026, 3, 13)
REGION = "321322101"
LEVEL_REGION = {"township": REGION, "county": "321322", "city": "3213"}
# What each role does with an order of each way, by its state; written as an officer would say it.
ANSWERS = {"issued": "receive reply", "received": "reply", "sent_back": "reply"}
SUPERVISES = {"issued": "withdraw", "received": "withdraw", "replied": "accept send_back withdraw", "sent_back": "withdraw"}
MAY = {
    ("county", "township"): {"township_chief": ANSWERS, "county_officer": SUPERVISES, "city_supervisor": SUPERVISES},
    # the county stands between the two: it answers for a township nobody leads
    ("city", "township"): {"township_chief": ANSWERS, "county_officer": ANSWERS, "city_supervisor": SUPERVISES},
    ("city", "county"): {"county_officer": ANSWERS, "city_supervisor": SUPERVISES},
}


class OrderMatrix(SimpleTestCase):
    def test_every_role_in_every_state_on_every_way_may_make_exactly_these_moves(self) -> None:
        for (sender, level), role, state in product(MAY, ROLES, ORDER._states):
            order = Order(claim=Claim(region_id=REGION), from_level=sender, level=level, state=state)
            post = Post(ROLES[role], LEVEL_REGION[ROLES[role].level or "county"], "")
            found = {move.name for move in ORDER.moves if move.sources and permit(move, order, Person(), [post])}
            expected = set(MAY[sender, level].get(role, {}).get(state, "").split())
            assert found == expected, (sender, level, role, state, found ^ expected)

    def test_the_three_ends_are_final_and_nothing_else_is(self) -> None:
        assert [state.name for state in ORDER.states if state.is_final] == ["accepted", "withdrawn", "lapsed"]

    def test_a_reply_is_owed_with_a_clock_running_and_only_then(self) -> None:
        for move in ORDER.moves:
            was_owed, is_owed = any(source in ANSWERS for source in move.sources), move.target in ANSWERS
            assert bool(move.starts) == (is_owed and not was_owed), move.name
            assert bool(move.stops) == (was_owed and not is_owed), move.name


class OrderTestCase(CastTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.claim = cls.make_claim(person=cls.grid_worker)

    def issue(self, person: Person | None = None, **changes: Any) -> Order:
        said = {"demand": "三日内约谈用人单位。", "reply_by": FRIDAY, "now": NOW, **changes}
        return orders.issue(changes.pop("claim", self.claim), person or self.county, **{k: v for k, v in said.items() if k != "claim"})

    def refused(self, code: str, act: Any, *args: Any, **said: Any) -> str:
        with self.assertRaises(Refused) as caught:
            act(*args, **said)
        self.assertEqual(caught.exception.code, code)
        return caught.exception.message

    def told(self, kind: str) -> set[str]:
        rows = Notice.objects.filter(kind=kind, channel="in_app")
        return set(rows.values_list("recipient__username", flat=True))

    def clock(self, order: Order) -> Clock | None:
        return Clock.objects.running().filter(about_id=order.pk).first()


class Issuing(OrderTestCase):
    def test_a_county_officer_orders_the_township_in_charge(self) -> None:
        order = self.issue()
        self.assertEqual(
            (order.number, order.from_level, order.level, order.state, order.issued_by),
            ("宿督〔2026〕00001", "county", "township", "issued", self.county),
        )
        clock = self.clock(order)
        self.assertEqual((clock.rule_id, clock.started_on, clock.due_on), ("ORDER-REPLY", TODAY, FRIDAY))
        self.assertTrue(Watch.objects.filter(clock=clock).exists())
        self.assertEqual(self.told("order_issued"), {"zhangzhen", "wangge"})
        event = Event.objects.get(kind="order")
        self.assertEqual(
            (event.actor, event.facts["move"], event.facts["order_number"], event.facts["reply_by"]),
            (self.county, "issue", order.number, "2026-03-06"),
        )

    def test_the_city_orders_county_or_township(self) -> None:
        for level in ("county", "township"):
            self.assertEqual((self.issue(self.city, level=level).from_level, Order.objects.first().level), ("city", level))

    def test_an_order_goes_downward_only(self) -> None:
        self.refused("not_above", self.issue, self.county, level="county")
        self.refused("not_above", self.issue, self.city, level="city")

    def test_who_may_order_at_all(self) -> None:
        for name, person in self.everybody().items():
            with self.subTest(name):
                self.assertEqual(bool(may_issue(self.claim, person, None, TODAY)), name in ("county", "city"))
        self.refused("not_your_role", self.issue, self.chief)
        self.refused("not_your_role", self.issue, self.county_b)

    def test_a_demand_and_a_day_to_come_are_needed(self) -> None:
        self.refused("no_demand", self.issue, demand="  ")
        self.refused("reply_too_soon", self.issue, reply_by=TODAY)
        self.assertEqual(self.issue(reply_by=TODAY + timedelta(days=1)).reply_by, date(2026, 3, 3))

    def test_a_reply_in_more_than_a_year_is_a_slip_of_the_pen(self) -> None:
        for day in (TODAY + timedelta(days=367), date(2206, 3, 6), date(9999, 12, 31)):
            self.refused("reply_too_late", self.issue, reply_by=day)
        order = self.issue(reply_by=TODAY + timedelta(days=366))
        orders.advance(order, "reply", self.chief, now=NOW, reply="已约谈。")
        self.refused("reply_too_late", orders.advance, order, "send_back", self.county, now=NOW, verdict="x", reply_by=date(2206, 3, 6))

    def test_a_post_nobody_holds_cannot_be_ordered_but_one_on_leave_can(self) -> None:
        self.chief.leaves.create(starts_on=TODAY, ends_on=TODAY)
        self.issue()
        Posting.objects.filter(person=self.chief).delete()
        self.refused("vacant", self.issue)
        self.assertEqual(self.issue(self.city).level, "township")  # the county between answers

    def test_a_claim_that_ended_or_rests_is_not_ordered(self) -> None:
        Claim.objects.filter(pk=self.claim.pk).update(suspended_until=FRIDAY)
        self.claim.refresh_from_db()
        self.assertIn("2026-03-06", self.refused("claim_suspended", self.issue))
        Claim.objects.filter(pk=self.claim.pk).update(suspended_until=None)
        self.claim.refresh_from_db()
        casework.advance(self.claim, "withdraw", self.chief, now=NOW, reason="已解决", confirmed=True)
        self.refused("claim_closed", self.issue)

    def test_an_order_issued_while_somebody_ends_the_claim_is_refused(self) -> None:
        stale = Claim.objects.get(pk=self.claim.pk)
        casework.advance(self.claim, "withdraw", self.chief, now=NOW, reason="已解决", confirmed=True)
        self.refused("claim_closed", self.issue, claim=stale)
        self.assertFalse(Order.objects.exists())

    def test_numbers_count_by_city_and_year(self) -> None:
        self.assertEqual(next_numbers("3213", 2026, 2), ["宿督〔2026〕00001", "宿督〔2026〕00002"])
        self.assertEqual(next_numbers("3213", 2026, 1), ["宿督〔2026〕00003"])
        self.assertEqual(next_numbers("3213", 2027, 1), ["宿督〔2027〕00001"])
        self.assertEqual(OrderCounter.objects.count(), 2)


class Answering(OrderTestCase):
    def setUp(self) -> None:
        self.order = self.issue()

    def advance(self, move: str, person: Person | None, **said: Any) -> Order:
        return orders.advance(self.order, move, person, now=said.pop("now", NOW + timedelta(hours=1)), **said)

    def test_it_is_signed_for_answered_and_accepted(self) -> None:
        self.advance("receive", self.chief)
        self.assertEqual((self.order.state, self.order.received_by), ("received", self.chief))
        self.assertTrue(self.clock(self.order))
        self.advance("reply", self.chief, reply="已约谈，约定周五付款。")
        self.assertEqual((self.order.state, self.order.replied_by, self.order.reply), ("replied", self.chief, "已约谈，约定周五付款。"))
        self.assertTrue(Clock.objects.get(about_id=self.order.pk).was_met)
        self.advance("accept", self.county)
        self.assertEqual((self.order.state, self.order.closed_at), ("accepted", NOW + timedelta(hours=1)))
        moves = [event.facts["move"] for event in Event.objects.filter(kind="order").order_by("at", "id")]
        self.assertEqual(moves, ["issue", "receive", "reply", "accept"])

    def test_who_replies_without_signing_signs_with_it(self) -> None:
        self.advance("reply", self.chief, reply="已办。")
        self.assertEqual((self.order.received_by, self.order.received_at), (self.chief, NOW + timedelta(hours=1)))

    def test_the_issuer_hears_of_it_and_the_addressed_of_the_verdict(self) -> None:
        self.advance("reply", self.chief, reply="已办。")
        self.assertEqual(self.told("order_moved"), {"xianan"})
        self.advance("send_back", self.county, verdict="请附付款凭证。", reply_by=NEXT_FRIDAY)
        self.assertEqual(self.told("order_sent_back"), {"zhangzhen"})

    def test_an_issuer_who_has_left_leaves_it_to_the_level(self) -> None:
        Posting.objects.filter(person=self.county).update(ends_on=TODAY - timedelta(days=1))
        Posting.objects.create(person=self.outsider, role="county_officer", region_id="321322", starts_on=TODAY)
        self.advance("receive", self.chief)
        self.assertEqual(self.told("order_moved"), {"wairen"})

    def test_a_reply_that_is_sent_back_is_owed_anew_by_a_new_day(self) -> None:
        self.advance("reply", self.chief, reply="正在办。")
        self.advance("send_back", self.county, verdict="没有结果。", reply_by=NEXT_FRIDAY)
        self.assertEqual((self.order.state, self.order.times_sent_back, self.order.reply_by), ("sent_back", 1, NEXT_FRIDAY))
        self.assertEqual((self.clock(self.order).due_on, Clock.objects.filter(about_id=self.order.pk).count()), (NEXT_FRIDAY, 2))
        self.advance("reply", self.chief, reply="已付清。")
        self.advance("accept", self.county)

    def test_the_new_day_lies_ahead(self) -> None:
        self.advance("reply", self.chief, reply="正在办。")
        self.refused("reply_too_soon", self.advance, "send_back", self.county, verdict="不行。", reply_by=TODAY)
        self.order.refresh_from_db()
        self.assertEqual(self.order.state, "replied")

    def test_a_late_reply_does_not_meet_the_clock(self) -> None:
        self.advance("reply", self.chief, reply="已办。", now=NOW + timedelta(days=7))
        self.assertFalse(Clock.objects.get(about_id=self.order.pk).was_met)

    def test_each_side_keeps_to_its_part(self) -> None:
        self.refused("not_your_role", self.advance, "reply", self.grid_worker, reply="x")
        self.refused("not_addressed", self.advance, "reply", self.county, reply="x")
        self.refused("not_your_role", self.advance, "receive", self.chief_a2)
        self.advance("reply", self.chief, reply="已办。")
        self.refused("not_your_role", self.advance, "accept", self.chief)
        self.refused("wrong_state", self.advance, "reply", self.chief, reply="再办。")
        self.refused("unknown_move", self.advance, "dance", self.chief)

    def test_nobody_accepts_their_own_reply(self) -> None:
        """The county's officer stands in for the chief, and supervises."""
        Leave.objects.create(person=self.chief, deputy=self.county, starts_on=TODAY, ends_on=FRIDAY)
        county = Person.objects.get(pk=self.county.pk)
        self.advance("reply", county, reply="已办。")
        self.assertNotIn("accept", [move.name for move in order_moves_for(self.order, county, TODAY)])
        self.refused("own_reply", self.advance, "accept", county)
        self.advance("accept", self.city)

    def test_a_county_cannot_review_what_the_city_ordered(self) -> None:
        order = self.issue(self.city)
        orders.advance(order, "reply", self.chief, now=NOW, reply="已办。")
        self.refused("not_the_issuer", orders.advance, order, "accept", self.county, now=NOW)

    def test_two_at_once_do_not_both_succeed(self) -> None:
        other = Order.objects.select_related("claim").get(pk=self.order.pk)
        self.advance("receive", self.chief)
        self.refused("stale", orders.advance, other, "receive", self.chief, now=NOW)

    def test_withdrawing_ends_the_clock_unmet(self) -> None:
        self.advance("withdraw", self.county, reason="已另行处理。")
        self.assertEqual((self.order.state, self.order.verdict), ("withdrawn", "已另行处理。"))
        self.assertFalse(Clock.objects.get(about_id=self.order.pk).was_met)

    def test_the_end_of_the_claim_ends_its_orders_and_says_so(self) -> None:
        casework.advance(self.claim, "withdraw", self.chief, now=NOW, reason="已解决", confirmed=True)
        self.order.refresh_from_db()
        self.assertEqual((self.order.state, self.clock(self.order)), ("lapsed", None))
        self.assertEqual(self.told("order_lapsed"), {"xianan"})
        self.assertTrue(Event.objects.filter(kind="order", facts__move="lapse", actor=None).exists())
        self.refused("not_your_role", orders.advance, self.order, "lapse", self.county, now=NOW)

    def test_an_ended_order_is_left_alone_by_the_end_of_the_claim(self) -> None:
        self.advance("withdraw", self.county, reason="已另行处理。")
        casework.advance(self.claim, "withdraw", self.chief, now=NOW, reason="已解决", confirmed=True)
        self.order.refresh_from_db()
        self.assertEqual(self.order.state, "withdrawn")

    def test_while_the_claim_rests_the_order_stays_owed_and_its_clock_rests_too(self) -> None:
        casework.advance(self.claim, "accept", self.chief, now=NOW, conditions=True)
        casework.advance(
            self.claim, "suspend", self.county, now=NOW, ground="other_case", planned_end=NEXT_FRIDAY, reason="等另案结果。"
        )
        self.order.refresh_from_db()
        self.assertEqual(self.order.state, "issued")
        self.assertGreater(self.order.reply_by, FRIDAY)
        self.assertEqual(self.clock(self.order).due_on, self.order.reply_by)
        self.assertFalse(Watch.objects.filter(clock=self.clock(self.order)).exists())
        self.order.claim.refresh_from_db()
        self.advance("reply", self.chief, reply="已移送公安。")  # what is done is welcome meanwhile
        self.refused("claim_suspended", self.advance, "send_back", self.county, verdict="再查。", reply_by=NEXT_FRIDAY)


class ByRung(OrderTestCase):
    def rung(self, claim: Claim | None = None, **changes: Any) -> RungOrder:
        claim = claim or self.claim
        clock = claim.clocks.get(rule_id="JC-ACCEPT")
        return RungOrder(
            **{"clock": clock, "claim": claim, "rung_name": "late1", "due_on": clock.due_on, "level": "township",
               "from_level": "county", "reply_by": FRIDAY, **changes}
        )  # fmt: skip

    def test_a_rung_issues_its_order_once(self) -> None:
        first, second = issue_by_rung([self.rung()], NOW), issue_by_rung([self.rung()], NOW)
        self.assertEqual((len(first), len(second), Order.objects.count()), (1, 0, 1))
        order = Order.objects.get()
        self.assertEqual((order.number, order.issued_by, order.reply_by), ("宿督〔2026〕00001", None, FRIDAY))
        self.assertIn("受理", order.demand)
        clock = self.clock(order)
        self.assertEqual((clock.rule_id, clock.due_on, Watch.objects.filter(clock=clock).count()), ("ORDER-REPLY", FRIDAY, 1))
        self.assertEqual(Event.objects.filter(claim=self.claim, kind="order").count(), 1)
        self.assertEqual(self.told("order_issued"), {"zhangzhen", "wangge"})

    def test_twice_in_one_batch_is_once(self) -> None:
        self.assertEqual(len(issue_by_rung([self.rung(), self.rung()], NOW)), 1)

    def test_another_rung_or_another_due_day_is_another_order(self) -> None:
        issue_by_rung([self.rung(), self.rung(rung_name="late3"), self.rung(due_on=NEXT_FRIDAY)], NOW)
        numbers = Order.objects.order_by("number").values_list("number", flat=True)
        self.assertEqual(list(numbers), ["宿督〔2026〕00001", "宿督〔2026〕00002", "宿督〔2026〕00003"])

    def test_what_another_sweep_wrote_meanwhile_is_left_alone(self) -> None:
        rung = self.rung()
        with patch("arrears.supervision.orders.fresh", side_effect=lambda rows: [(row, self.claim) for row in rows]):
            issue_by_rung([rung], NOW)
            self.assertEqual(issue_by_rung([rung], NOW), [])
        self.assertEqual((Order.objects.count(), Clock.objects.filter(rule_id="ORDER-REPLY").count()), (1, 1))
        self.assertEqual(Event.objects.filter(kind="order").count(), 1)

    def test_claims_that_ended_or_rest_get_none(self) -> None:
        resting, ended = self.make_claim(), self.make_claim()
        rungs = [self.rung(), self.rung(resting), self.rung(ended)]
        Claim.objects.filter(pk=resting.pk).update(suspended_until=FRIDAY)
        casework.advance(ended, "withdraw", self.chief, now=NOW, reason="已解决", confirmed=True)
        self.assertEqual([order.claim for order in issue_by_rung(rungs, NOW)], [self.claim])

    def test_nobody_orders_upward(self) -> None:
        self.assertEqual(issue_by_rung([self.rung(level="city", from_level="city")], NOW), [])

    def test_the_level_above_may_review_what_a_rung_ordered(self) -> None:
        order = issue_by_rung([self.rung()], NOW)[0]
        orders.advance(order, "reply", self.chief, now=NOW, reply="已办。")
        self.assertEqual(self.told("order_moved"), {"xianan"})
        orders.advance(order, "accept", self.county, now=NOW)
        self.assertEqual(order.state, "accepted")

    def test_thirty_cost_as_many_queries_as_three(self) -> None:
        def cost(count: int) -> int:
            rungs = [self.rung(self.make_claim(person=self.grid_worker)) for _number in range(count)]
            with CaptureQueriesContext(connection) as found:
                self.assertEqual(len(issue_by_rung(rungs, NOW)), count)
            return len(found)

        self.assertEqual(cost(3), cost(30))
