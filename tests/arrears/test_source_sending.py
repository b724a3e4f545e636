"""Pushing to an office what became of its orders, over real sockets: signed, in order, each once, none lost, and never into our
own network."""

import json
import socket
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

from django.db import connection, transaction
from django.test import TransactionTestCase
from django.urls import reverse

from arrears import casework
from arrears.models import Report, Returned, Source
from arrears.reports import deciding
from arrears.sources import keeping, sending, taking, web
from arrears.sources.orders import Told, WorkOrder
from arrears.sources.places import Places
from arrears.tasks import return_changes
from config.celery import app
from config.queues import TASKS
from grid import roles
from grid.channels.message import SendError
from grid.models import Posting, Task
from grid.outbox import RETRY_AFTER
from tests.arrears.orders import SAID, OrdersTestCase
from tests.base import NOW, Cast
from tests.gateways import CLOSE, DRIP, FINE, HANG, OrdersOffice

MINUTE = timedelta(minutes=1)


def hook(office: OrdersOffice) -> dict[str, str]:
    return {"return_way": "webhook", "url": office.url, "secret": office.secret}


class SendingTestCase(OrdersTestCase):
    def open(self, *answers: Any, **named: Any) -> OrdersOffice:
        office = OrdersOffice(list(answers), **named)
        self.enterContext(office)
        self.enterContext(self.settings(**office.settings))
        return office

    def send_all(self, now: Any = NOW) -> int:
        done = 0
        while sending.send_one(now):
            done += 1
        return done


class DeliveredTest(SendingTestCase):
    def test_each_change_of_report_and_claim_goes_out_signed_and_in_order(self) -> None:
        office = self.open()
        source = self.make_source(**hook(office), wording={"accepted": "04"})
        report = self.take(source).report
        claim = self.accept(report)
        casework.advance(claim, "accept", None, now=NOW)
        self.assertEqual(self.send_all(), 3)
        self.assertEqual([one["state"] for one in office.messages], ["received", "registered", "accepted"])
        last = office.messages[-1]
        self.assertEqual(
            (last["external_number"], last["claim_number"], last["your_state"], last["state_text"], last["contact"], last["at"]),
            ("GD001", claim.number, "04", "已受理", "open", "2026-03-02T10:00:00+08:00"),
        )
        self.assertEqual(set(Returned.objects.values_list("standing", flat=True)), {"sent"})
        self.assertEqual(self.send_all(), 0)

    def test_nothing_of_a_person_goes_out_but_the_offices_own_number(self) -> None:
        office = self.open()
        report = self.take(self.make_source(**hook(office)), contact_rule="none").report
        claim = self.accept(report)
        for move, answers in (("accept", {}), ("handle", {}), ("settle", {"agreed_amount": 8000, "pay_by": NOW.date(), "terms": "每月付给李建国一半"})):
            casework.advance(claim, move, None, now=NOW, **answers)
        self.send_all()
        text = json.dumps(office.messages, ensure_ascii=False)
        for personal in ("李建国", "13800000001", "孙老板", "没有给钱", "王格", "8000"):
            self.assertNotIn(personal, text)
        self.assertEqual({one["contact"] for one in office.messages}, {"none"})

    def test_the_task_stands_in_the_queue_of_the_courier_and_sends(self) -> None:
        office = self.open()
        self.take(self.make_source(**hook(office)))
        self.assertEqual(TASKS["arrears.tasks.return_changes"], "deliver")
        self.assertIn("return_changes", app.conf.beat_schedule)
        self.assertEqual(return_changes(), 1)
        self.assertEqual(len(office.messages), 1)

    def test_a_test_message_says_that_it_is_one(self) -> None:
        office = self.open()
        source = self.make_source(**hook(office))
        self.sign_in(self.administrator)
        self.assertContains(self.client.post(reverse("source_try", args=[source.pk]), follow=True), "收下了测试消息")
        self.assertEqual((office.messages[0]["state"], office.messages[0]["external_number"]), ("test", ""))
        self.assertFalse(Returned.objects.exists())


class FailingTest(SendingTestCase):
    def stand(self) -> list[str]:
        return list(Returned.objects.order_by("id").values_list("standing", flat=True))

    def test_what_cannot_be_reached_waits_uncharged_tries_with_one_and_comes_back(self) -> None:
        for answer in (503, 500, 401, 404, 302, CLOSE, HANG, DRIP, 429):
            with self.subTest(answer):
                Returned.objects.all().delete()
                office = self.open(answer)
                source = self.make_source(f"office-{str(answer).replace(' ', '')}", **hook(office))
                for number in range(3):
                    self.take(source, f"N{number}")
                self.assertEqual(self.send_all(), 1)
                self.assertEqual(office.asked, 1)
                self.assertEqual(self.stand(), ["waits"] * 3)
                self.assertEqual(set(Returned.objects.values_list("attempts", flat=True)), {0})
                self.assertEqual(self.send_all(NOW + MINUTE / 2), 0)
                office.answers = [FINE]
                self.assertEqual(self.send_all(NOW + 2 * MINUTE), 3)
                self.assertEqual({one["external_number"] for one in office.messages}, {"N0", "N1", "N2"})
                source.refresh_from_db()
                self.assertEqual((source.failures, source.retry_at, source.last_error), (0, None, ""))

    def test_a_long_silence_is_a_named_persons_task_once_and_nothing_is_given_up(self) -> None:
        office = self.open(503)
        source = self.make_source(**hook(office))
        self.take(source)
        now = NOW
        for _turn in range(30):
            sending.send_one(now)
            now = max(now, Source.objects.get().retry_at)
        self.assertEqual(office.asked, 30)
        task = Task.objects.get()
        self.assertEqual((task.owner, task.kind, task.path), (self.administrator, "source_down", f"/sources/{source.pk}/"))
        self.assertEqual(self.stand(), ["waits"])
        office.answers = [FINE]
        self.assertEqual(self.send_all(now), 1)

    def test_retry_after_is_kept(self) -> None:
        office = self.open((429, {}, {"Retry-After": "1800"}))
        self.take(self.make_source(**hook(office)))
        self.send_all()
        self.assertEqual(Source.objects.get().retry_at, NOW + 30 * MINUTE)

    def test_what_is_refused_is_given_up_at_once_told_to_a_person_and_sent_again_by_hand(self) -> None:
        office = self.open(422, FINE)
        source = self.make_source(**hook(office))
        self.take(source, "BAD")
        self.take(source, "GOOD")
        self.assertEqual(self.send_all(), 2)
        self.assertEqual(self.stand(), ["failed", "sent"])
        task = Task.objects.get()
        self.assertEqual((task.owner, task.kind, task.facts["number"]), (self.administrator, "source_refused", "BAD"))
        self.sign_in(self.administrator)
        self.assertContains(self.client.get(reverse("source_detail", args=[source.pk])), "HTTP 422")
        self.assertContains(self.client.post(reverse("source_resend", args=[source.pk]), follow=True), "1 条变更马上重新回传")
        self.send_all(self.now)
        self.assertEqual([one["external_number"] for one in office.messages], ["GOOD", "BAD"])

    def test_the_named_person_is_another_administrator_when_whoever_set_it_up_has_gone(self) -> None:
        office = self.open(422)
        self.take(self.make_source(**hook(office)))
        Posting.objects.filter(person=self.administrator).update(ends_on=NOW.date() - timedelta(days=1))
        Posting.objects.create(person=self.outsider, role=roles.ADMINISTRATOR, region_id="3213", starts_on=NOW.date())
        self.send_all()
        self.assertEqual(Task.objects.get().owner, self.outsider)

    def test_a_fault_of_our_own_goes_down_the_ladder_and_then_to_a_person(self) -> None:
        office = self.open()
        self.take(self.make_source(**hook(office)))
        now, gaps = NOW, []
        with patch("arrears.sources.sending.post", side_effect=ValueError("a fault of ours")), self.assertLogs("arrears.sources.sending"):
            while self.stand() == ["waits"]:
                self.assertTrue(sending.send_one(now))
                row = Returned.objects.get()
                gaps.append(row.next_try_at - now)
                now = row.next_try_at
        self.assertEqual(gaps[:-1], list(RETRY_AFTER))
        self.assertEqual((self.stand(), Task.objects.get().kind), (["failed"], "source_refused"))

    def test_later_changes_of_an_order_do_not_overtake(self) -> None:
        office = self.open()
        source = self.make_source(**hook(office))
        claim = self.accept(self.take(source).report)
        casework.advance(claim, "accept", None, now=NOW)
        first = Returned.objects.order_by("id").first()
        Returned.objects.filter(pk=first.pk).update(next_try_at=NOW + MINUTE)
        self.take(source, "OTHER")
        self.assertEqual(self.send_all(), 1)
        self.assertEqual(office.messages[0]["external_number"], "OTHER")
        self.send_all(NOW + MINUTE)
        self.assertEqual([one["state"] for one in office.messages[1:]], ["received", "registered", "accepted"])

    def test_what_a_dead_worker_had_in_hand_goes_out_again_under_the_same_key(self) -> None:
        office = self.open()
        self.take(self.make_source(**hook(office)))
        row = sending.claim_next(NOW)
        sending.post(row.source, sending.body_of(row), str(row.pk))  # and here it dies
        self.assertEqual((self.send_all(), sending.release_stuck(NOW + 14 * MINUTE)), (0, 0))
        self.assertEqual(sending.release_stuck(NOW + 16 * MINUTE), 1)
        self.send_all(NOW + 16 * MINUTE)
        self.assertEqual((len(office.messages), office.repeats, self.stand()), (1, 1, ["sent"]))


class InsideTest(SendingTestCase):
    """A name that leads into our own network is not spoken to, whatever it said before."""

    def test_no_request_leaves_for_an_address_inside(self) -> None:
        with OrdersOffice() as office:
            port = urlsplit(office.url).port
            source = self.make_source(return_way="webhook", url="https://hotline.example.com/x", secret="a-secret-of-16-and-more")
            self.take(source)
            for address in ("127.0.0.1", "10.0.0.1", "::1", "fd00::1", "169.254.169.254", "::ffff:127.0.0.1", "100.64.0.1", "0.0.0.0", "224.0.0.1", "64:ff9b::7f00:1"):
                with self.subTest(address):
                    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.215.14", 443)), (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]
                    with (
                        patch("socket.getaddrinfo", return_value=found), patch("grid.channels.line.connect") as opened,
                        self.assertRaisesMessage(SendError, "private network"),
                    ):  # fmt: skip
                        sending.post(source, b"{}", "k")
                    opened.assert_not_called()
            self.assertEqual(office.asked, 0)

    def test_the_address_that_was_looked_at_is_the_one_that_is_spoken_to(self) -> None:
        source = self.make_source(return_way="webhook", url="https://hotline.example.com/x", secret="a-secret-of-16-and-more")
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.215.14", 443))]
        with (
            patch("socket.getaddrinfo", return_value=found), patch("grid.channels.line.connect", side_effect=OSError("shut")) as opened,
            self.assertRaisesMessage(SendError, "shut"),
        ):  # fmt: skip
            sending.post(source, b"{}", "k")
        self.assertEqual(opened.call_args.args[0], ("93.184.215.14", 443))

    def test_an_address_that_may_be_used_no_more_is_not(self) -> None:
        office = self.open()
        self.take(self.make_source(**hook(office)))
        with self.settings(CHANNEL_HOSTS=[]):
            self.send_all()
        self.assertEqual((office.asked, Source.objects.get().failures), (0, 1))

    def test_where_we_are_sent_on_to_we_do_not_go(self) -> None:
        office = self.open(307)
        with self.assertRaises(SendError):
            web.post(office.url, b"{}", {})
        self.assertEqual(office.asked, 1)


class AtOnceTest(Cast, TransactionTestCase):
    def setUp(self) -> None:
        self.make_cast()

    def test_four_couriers_send_each_once_and_an_order_in_its_order(self) -> None:
        with OrdersOffice() as office, self.settings(**office.settings):
            source = keeping.add(self.administrator, now=NOW, code="hotline", name="热线", region=self.regions["3213"], **hook(office))
            for number in range(5):
                report = taking.take(source, WorkOrder(f"N{number}", Told(**SAID)), Places.of(source.region), now=NOW).report
                claim = deciding.accept(report, self.grid_worker, now=NOW)
                casework.advance(claim, "accept", None, now=NOW)
            barrier = Barrier(4)

            def courier() -> None:
                try:
                    barrier.wait(10)
                    for _turn in range(40):
                        sending.send_one(NOW)
                finally:
                    connection.close()

            threads = [Thread(target=courier) for _each in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(60)
            self.assertEqual((len(office.messages), office.repeats), (15, 0))
            for number in range(5):
                states = [one["state"] for one in office.messages if one["external_number"] == f"N{number}"]
                self.assertEqual(states, ["received", "registered", "accepted"])

    def test_no_transaction_is_open_while_we_talk_and_none_is_written_that_did_not_happen(self) -> None:
        seen = []
        with OrdersOffice() as office, self.settings(**office.settings):
            source = keeping.add(self.administrator, now=NOW, code="hotline", name="热线", region=self.regions["3213"], **hook(office))
            report = taking.take(source, WorkOrder("N", Told(**SAID)), Places.of(source.region), now=NOW).report
            real = web.post
            with patch("arrears.sources.web.post", side_effect=lambda *given: (seen.append(connection.in_atomic_block), real(*given))):
                sending.send_one(NOW)
            self.assertEqual(seen, [False])
            with self.assertRaises(ZeroDivisionError), transaction.atomic():
                deciding.decline(report, self.chief, now=NOW, reason="不属于欠薪。")
                raise ZeroDivisionError
            self.assertEqual(Returned.objects.count(), 1)
            self.assertTrue(Report.objects.get().is_waiting)
