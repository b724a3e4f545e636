"""Every verb takes the claim first, whatever else it changes: two that took things crosswise would kill each other.

While somebody holds the claim each verb is begun; it has to wait, and must hold nothing somebody else may need.
"""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from threading import Thread
from time import monotonic, sleep
from typing import Any

from django.db import connection, transaction
from django.db.models import Model
from django.test import TransactionTestCase

from arrears import casework, handover, referrals
from arrears.models import Claim, Event, Order, Referral
from arrears.supervision import orders
from grid import roles
from grid.alerts import acknowledge, snooze
from grid.models import Notice
from grid.notices import tell
from grid.refused import Refused
from mediation import hearings
from mediation.models import Mediation
from mediation.sittings import BOOKINGS, take_turns
from tests.base import NOW, TODAY, make_person
from tests.mediation.base import TOMORROW, MediationCast, at

DAY = timedelta(days=1)
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


class ClaimFirst(MediationCast, TransactionTestCase):
    def setUp(self) -> None:
        self.make_cast()
        self.claim = self.make_handled_claim(person=self.chief)
        self.problems: list[str] = []

    def begun(self, act: Callable[[], object]) -> Thread:
        def go() -> None:
            try:
                act()
            except Refused as refused:
                self.problems.append(refused.code)
            finally:
                connection.close()

        thread = Thread(target=go)
        thread.start()
        return thread

    def wait_for_one_that_waits(self) -> None:
        end = monotonic() + 10
        while monotonic() < end:
            with connection.cursor() as cursor:
                cursor.execute(WAITING)
                if cursor.fetchone()[0]:
                    return
            sleep(0.02)
        self.fail("nobody waits for the claim")

    def while_held(self, act: Callable[[], object], row: Model | None = None, then: Callable[[], object] | None = None) -> None:
        """`row` is free while the act waits for the claim; `then` is done to the claim meanwhile."""
        with ExitStack() as at_the_end, transaction.atomic():
            Claim.objects.select_for_update(no_key=True).get(pk=self.claim.pk)
            at_the_end.callback(self.begun(act).join)
            self.wait_for_one_that_waits()
            if row:
                type(row).objects.select_for_update(nowait=True).get(pk=row.pk)
            if then:
                then()

    def order(self) -> Order:
        return orders.issue(self.claim, self.city, now=NOW, demand="请加快办理。", reply_by=TODAY + 5 * DAY, level="county")

    def referral(self) -> Referral:
        return referrals.refer(self.claim, self.county, now=NOW, kind="support", body=self.procuratorate, summary="请支持起诉。")

    def alert(self) -> Notice:
        given: dict[str, Any] = {"now": NOW, "facts": {}, "subject_id": self.claim.pk, "region_code": "321322101"}
        tell([self.chief], "nudged", key="a", ack_by=NOW + 5 * DAY, **given)
        return Notice.objects.get(key="a", channel="in_app")

    def test_an_order_is_answered(self) -> None:
        order = self.order()
        self.while_held(lambda: orders.advance(order, "reply", self.county, now=NOW, reply="已办"), order)
        self.assertEqual(self.problems, [])

    def test_a_referral_is_received(self) -> None:
        referral = self.referral()
        self.while_held(lambda: referrals.advance(referral, "receive", self.partner, now=NOW), referral)
        self.assertEqual(self.problems, [])

    def test_a_mediation_goes_on(self) -> None:
        mediation = self.make_mediation("applied", self.claim)
        self.while_held(lambda: self.make_move(mediation, "accept"), mediation)
        self.assertEqual((Mediation.objects.get().state, self.problems), ("accepted", []))

    def test_joining_waits_for_the_earlier_day_and_holds_no_later_one(self) -> None:
        """Whoever moves a hearing from the later day to the earlier one would wait for it for ever."""
        mine, later = self.make_mediation("scheduled", self.claim), TOMORROW + DAY
        other = self.make_mediation("scheduled", self.make_other_claim(), starts_at=at("09:00", later), ends_at=at("10:00", later))
        with ExitStack() as at_the_end, transaction.atomic():
            take_turns(TOMORROW)
            at_the_end.callback(self.begun(lambda: self.make_move(mine, "join", hearing=other.hearings.get())).join)
            self.wait_for_one_that_waits()
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [BOOKINGS, later.toordinal()])
                self.assertTrue(cursor.fetchone()[0])
        self.assertEqual((mine.hearings.get().starts_at, self.problems), (at("09:00", later), []))

    def test_an_alert_is_acknowledged_or_put_off(self) -> None:
        notice = self.alert()
        self.while_held(lambda: snooze(notice, self.chief, NOW, NOW + DAY, "等材料"), notice)
        self.while_held(lambda: acknowledge(notice, self.chief, NOW), notice)
        self.assertEqual(self.problems, [])
        with self.assertRaises(Refused):
            acknowledge(notice, self.chief, NOW)
        self.assertEqual(Event.objects.filter(kind="alert_acknowledged").count(), 1)

    def test_work_is_handed_over(self) -> None:
        order = self.order()
        orders.advance(order, "receive", self.county, now=NOW)
        second = make_person("xianer", "冼二", roles.COUNTY_OFFICER, "321322")
        self.while_held(lambda: handover.hand_over(self.county, [second], self.city, now=NOW, reason="调离岗位"), order)
        order.refresh_from_db()
        self.assertEqual((order.followed_by, self.problems), (second, []))

    # And having waited it sees what was done meanwhile.

    def close(self) -> None:
        casework.advance(self.claim, "conclude", None, now=NOW, result="unfounded", reason="经查不存在欠薪")

    def test_nothing_is_referred_once_the_case_is_over(self) -> None:
        self.while_held(self.referral, then=self.close)
        self.assertEqual((self.problems, Referral.objects.count()), (["wrong_state"], 0))

    def test_nothing_is_mediated_once_the_case_is_over(self) -> None:
        claim = Claim.objects.get(pk=self.claim.pk)
        act = lambda: hearings.apply(claim, self.county, now=NOW, applied_on=TODAY, request="请求支付拖欠工资")  # noqa: E731
        self.while_held(act, then=self.close)
        self.assertEqual((self.problems, Mediation.objects.count()), (["wrong_state"], 0))

    def test_the_case_does_not_end_once_something_was_referred(self) -> None:
        claim = Claim.objects.get(pk=self.claim.pk)
        answers = {"result": "unfounded", "reason": "经查不存在欠薪"}
        self.while_held(lambda: casework.advance(claim, "conclude", self.county, now=NOW, **answers), then=self.referral)
        self.assertEqual((self.problems, Claim.objects.get().stage), (["referral_open"], "handling"))

    def test_an_order_is_not_sent_back_on_a_claim_that_rests(self) -> None:
        order = self.order()
        orders.advance(order, "reply", self.county, now=NOW, reply="已办")
        act = lambda: orders.advance(order, "send_back", self.city, now=NOW, verdict="请补充", reply_by=TODAY + 9 * DAY)  # noqa: E731
        rest = {"ground": "appraisal", "planned_end": TODAY + 20 * DAY, "reason": "已委托鉴定机构"}
        self.while_held(act, then=lambda: casework.advance(Claim.objects.get(), "suspend", self.county, now=NOW, **rest))
        self.assertEqual((self.problems, Order.objects.get().state), (["claim_suspended"], "replied"))
