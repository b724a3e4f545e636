"""A channel that is down is left alone, what waits for it goes another way and says so, and one message tries whether it
is back."""

from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from grid import circuits, outbox
from grid.models import ChannelState, Notice, Person
from grid.models.notices import FAILED, QUEUED, REROUTED, SENT
from grid.notices import tell
from tests.base import NOW, CastTestCase
from tests.gateways import CLOSE, HANG, SmsGateway
from tests.smtp import MailServer

MINUTE = timedelta(minutes=1)
CLOCK = {
    "number": "宿欠〔2026〕321322-00001", "due": "2026-03-09", "rule": "受理决定", "rule_en": "Acceptance decision",
    "article": "第十八条", "article_en": "art. 18", "rung_msgid": "时限届满",
}  # fmt: skip


class CircuitCase(CastTestCase):
    def setUp(self) -> None:
        self.mail = self.enterContext(MailServer())
        self.sms = self.enterContext(SmsGateway())
        self.enterContext(override_settings(**self.mail.settings, **self.sms.settings))
        Person.objects.filter(pk__in=[self.chief.pk, self.county.pk]).update(phone="13800000001")
        for person in (self.chief, self.county):
            person.refresh_from_db()

    def tell(self, person: Person, key: str, channels: tuple[str, ...] = ("sms",), now: datetime = NOW, **what: Any) -> Notice:
        tell([person], "clock_late", key=key, now=now, facts=CLOCK, region_code="321322101", channels=channels, **what)
        return Notice.objects.filter(key=key, recipient=person).exclude(channel="in_app").first()

    def send_all(self, now: datetime) -> int:
        sent = 0
        while outbox.send_one(now):
            sent += 1
        return sent

    def break_sms(self, now: datetime = NOW, person: Person | None = None) -> None:
        """Five messages in a row fail, each of another person's or thing's."""
        self.sms.answers = [500]
        for number in range(5):
            self.tell(person or self.chief, f"b{number}", now=now)
        for _ in range(5):
            self.assertTrue(outbox.send_one(now))

    def state(self) -> ChannelState | None:
        return ChannelState.objects.filter(channel="sms").first()

    def rows(self, channel: str) -> dict[str, Notice]:
        return {row.key: row for row in Notice.objects.filter(channel=channel, kind="clock_late")}


class Circuits(CircuitCase):
    def test_five_failures_in_a_row_open_it_and_four_do_not(self) -> None:
        self.sms.answers = [HANG, CLOSE, 502, {"code": "no_balance", "message": "0"}, {"code": "OK"}]
        for number in range(5):
            self.tell(self.chief, f"k{number}")
        for _ in range(4):
            outbox.send_one(NOW)
        self.assertEqual((self.state().failures, self.state().opened_at), (4, None))
        outbox.send_one(NOW)
        self.assertIsNone(self.state())
        self.break_sms(NOW + MINUTE / 2, self.county)
        opened = NOW + MINUTE / 2
        self.assertEqual((self.state().opened_at, self.state().retry_at), (opened, opened + MINUTE))

    def test_a_recipients_own_trouble_does_not_count(self) -> None:
        self.sms.answers = [{"code": "bad_number"}]
        for number in range(8):
            self.tell(self.chief, f"k{number}")
        self.send_all(NOW)
        self.assertIsNone(self.state())
        self.assertEqual({row.state for row in self.rows("sms").values()}, {FAILED})

    def test_what_waits_goes_by_the_next_channel_and_says_so(self) -> None:
        self.break_sms()
        self.tell(self.county, "new")
        circuits.clear_way(NOW + MINUTE / 2)
        self.assertEqual(self.rows("sms")["new"].state, REROUTED)
        stand_in = self.rows("email")["new"]
        self.assertEqual((stand_in.instead_of, stand_in.recipient, stand_in.state), ("sms", self.county, QUEUED))
        self.mail.messages.clear()
        self.send_all(NOW + MINUTE / 2)
        [mail] = [mail for mail in self.mail.messages if mail["X-Xinan-Key"] == "new"]
        self.assertIn("短信通道故障，改由电子邮件发送", mail.get_content())

    def test_nobody_gets_it_twice_because_of_that(self) -> None:
        self.break_sms()
        self.tell(self.county, "both", channels=("sms", "email"))
        circuits.clear_way(NOW + MINUTE / 2)
        self.send_all(NOW + MINUTE / 2)
        self.assertEqual(self.rows("sms")["both"].state, REROUTED)
        self.assertEqual((self.rows("email")["both"].state, self.rows("email")["both"].instead_of), (SENT, ""))
        self.assertEqual([mail["X-Xinan-Key"] for mail in self.mail.messages if mail["X-Xinan-Key"] == "both"], ["both"])

    def test_without_another_channel_it_waits_for_the_next_try(self) -> None:
        Person.objects.filter(pk=self.county.pk).update(email="")
        self.county.refresh_from_db()
        self.break_sms()
        self.tell(self.county, "waits")
        circuits.clear_way(NOW + MINUTE / 2)
        row = self.rows("sms")["waits"]
        self.assertEqual((row.state, row.next_try_at, row.attempts), (QUEUED, self.state().retry_at, 0))

    def test_what_stands_in_for_a_dead_channel_is_not_sent_on_in_a_circle(self) -> None:
        self.break_sms()
        self.tell(self.county, "k")
        circuits.clear_way(NOW)
        ChannelState.objects.all().delete()
        ChannelState.objects.create(channel="email", failures=5, opened_at=NOW, retry_at=NOW + MINUTE)
        circuits.clear_way(NOW)
        row = self.rows("email")["k"]
        self.assertEqual((row.state, row.next_try_at), (QUEUED, NOW + MINUTE))
        self.assertEqual(self.rows("sms")["k"].state, REROUTED)

    def test_nothing_is_asked_of_it_until_one_message_tries_and_closes_it(self) -> None:
        Person.objects.update(email="")
        for person in (self.chief, self.county):
            person.refresh_from_db()
        self.break_sms()
        asked = self.sms.asked
        self.assertEqual(self.send_all(NOW + MINUTE / 2), 0)
        self.assertEqual(self.sms.asked, asked)
        self.sms.answers = []
        self.assertEqual(self.send_all(NOW + MINUTE), 5)
        self.assertIsNone(self.state())
        self.assertEqual({row.state for row in self.rows("sms").values()}, {SENT})

    def test_the_tries_are_one_message_each_and_further_and_further_apart(self) -> None:
        Person.objects.update(email="")
        for person in (self.chief, self.county):
            person.refresh_from_db()
        self.break_sms()
        tries, now = [], NOW
        for _ in range(5):
            asked, now = self.sms.asked, self.state().retry_at
            self.send_all(now)
            self.assertEqual(self.sms.asked, asked + 1)
            tries.append(self.state().retry_at - now)
        self.assertEqual(tries, [5 * MINUTE, 15 * MINUTE, 60 * MINUTE, 60 * MINUTE, 60 * MINUTE])
        self.assertEqual({row.state for row in self.rows("sms").values()}, {QUEUED})
        self.assertLessEqual(max(row.attempts for row in self.rows("sms").values()), 1)

    def test_whoever_asks_for_quiet_is_left_in_quiet(self) -> None:
        self.sms.answers = [(429, {}, {"Retry-After": "1800"})]
        first = self.tell(self.chief, "k")
        outbox.send_one(NOW)
        first.refresh_from_db()
        self.assertEqual(first.next_try_at, NOW + 30 * MINUTE)
        for number in range(4):
            self.tell(self.chief, f"b{number}")
            outbox.send_one(NOW)
        self.assertEqual(self.state().retry_at, NOW + 30 * MINUTE)

    def test_not_always_the_same_message_tries(self) -> None:
        Person.objects.update(email="")
        for person in (self.chief, self.county):
            person.refresh_from_db()
        self.break_sms()
        Notice.objects.filter(channel="sms").update(next_try_at=NOW)
        taken = []
        for _ in range(3):
            now = self.state().retry_at
            taken.append(outbox.claim_next(now).key)
            Notice.objects.filter(key=taken[-1], channel="sms").update(state=QUEUED, next_try_at=now + 3 * MINUTE)
            ChannelState.objects.update(retry_at=now + MINUTE)
        self.assertEqual(len(set(taken)), 3)

    def test_only_one_worker_gets_the_try(self) -> None:
        self.break_sms()
        retry_at = self.state().retry_at
        self.assertEqual([circuits.take_probe("sms", retry_at) for _ in range(2)], [True, False])
        self.assertTrue(circuits.take_probe("sms", retry_at + circuits.PROBE_TAKES))  # its worker died

    def test_the_other_channels_go_on(self) -> None:
        self.break_sms()
        self.tell(self.county, "mail", channels=("email",))
        self.send_all(NOW)
        self.assertEqual(self.rows("email")["mail"].state, SENT)

    def test_administrators_are_told_once_of_each_by_other_ways(self) -> None:
        self.break_sms()
        for _ in range(3):
            circuits.failed("sms", "again", NOW + MINUTE, is_probe=True)
        told = Notice.objects.filter(kind="channel_down").values_list("recipient", "channel")
        self.assertEqual(set(told), {(self.administrator.pk, "in_app"), (self.administrator.pk, "email")})
        self.assertEqual(len(told), 2)
        self.sms.answers = []
        circuits.worked("sms", NOW + 2 * MINUTE)
        circuits.worked("sms", NOW + 2 * MINUTE)
        self.assertEqual(Notice.objects.filter(kind="channel_up").count(), 2)

    def test_mail_can_be_down_too(self) -> None:
        self.mail.answers["MAIL"] = b"530 sign in first"
        for number in range(5):
            self.tell(self.chief, f"m{number}", channels=("email",))
        for _ in range(5):
            outbox.send_one(NOW)
        told = Notice.objects.filter(kind="channel_down").values_list("channel", flat=True)
        self.assertEqual(list(told), ["in_app"])  # the administrator has no phone, and mail about dead mail is none
        circuits.clear_way(NOW + MINUTE / 2)
        self.tell(self.county, "by sms", channels=("email",))
        circuits.clear_way(NOW + MINUTE / 2)
        self.send_all(NOW + MINUTE / 2)
        self.assertIn("by sms", self.rows("sms"))
        self.assertTrue(self.sms.messages[-1]["text"].startswith("（电子邮件通道故障，改由短信发送。）案件"))
        self.assertEqual(self.rows("sms")["by sms"].state, SENT)

    def test_a_flood_goes_the_other_way_whole(self) -> None:
        self.break_sms()
        Notice.objects.filter(recipient=self.chief).exclude(channel="in_app").delete()
        ChannelState.objects.all().delete()
        for number in range(9):
            self.tell(self.chief, f"f{number}", path=f"/claims/{number}/")
        self.send_all(NOW)  # gathers
        ChannelState.objects.create(channel="sms", failures=5, opened_at=NOW, retry_at=NOW + 60 * MINUTE)
        circuits.clear_way(NOW + MINUTE)
        self.mail.messages.clear()
        self.send_all(NOW + MINUTE)
        [mail] = [mail for mail in self.mail.messages if "flood" in mail["X-Xinan-Key"]]
        body = mail.get_content()
        self.assertIn("短信通道故障", body)
        self.assertTrue(all(f"/claims/{number}/" in body for number in range(9)))
        self.assertEqual({row.sent_at for row in self.rows("sms").values()}, {NOW + MINUTE})

    def test_what_a_rerouted_flood_holds_is_not_said_again_where_it_was_said(self) -> None:
        """Everything by mail and by SMS, and then mail dies: the SMS has said all of it but one."""
        for number in range(9):
            self.tell(self.chief, f"f{number}", channels=("email", "sms"), path=f"/claims/{number}/")
        self.tell(self.chief, "only by mail", channels=("email",))
        self.send_all(NOW)  # both gather
        ChannelState.objects.create(channel="email", failures=5, opened_at=NOW, retry_at=NOW + 60 * MINUTE)
        circuits.clear_way(NOW + MINUTE)
        self.send_all(NOW + MINUTE)
        self.assertEqual([one["text"] for one in self.sms.messages], [
            "您有9条通知，其中逾期9条，请登录系统查看。",
            "（电子邮件通道故障，改由短信发送。）您有1条通知，其中逾期1条，请登录系统查看。",
        ])  # fmt: skip
        self.assertEqual({row.key for row in self.rows("email").values() if row.state == REROUTED}, {f"f{n}" for n in range(9)})

    def test_a_rerouted_flood_with_nothing_new_is_not_sent_at_all(self) -> None:
        for number in range(9):
            self.tell(self.chief, f"f{number}", channels=("email", "sms"))
        self.send_all(NOW)
        ChannelState.objects.create(channel="email", failures=5, opened_at=NOW, retry_at=NOW + 60 * MINUTE)
        circuits.clear_way(NOW + MINUTE)
        self.send_all(NOW + MINUTE)
        self.assertEqual(len(self.sms.messages), 1)
        self.assertFalse(Notice.objects.filter(kind="flood", state=FAILED).exists())

    def test_a_rerouted_flood_swallows_nothing_it_does_not_say(self) -> None:
        for number in range(9):
            self.tell(self.chief, f"f{number}", channels=("email",))
        self.send_all(NOW)
        own = self.tell(self.chief, "by sms", channels=("sms",), now=NOW + MINUTE / 2)
        ChannelState.objects.create(channel="email", failures=5, opened_at=NOW, retry_at=NOW + 60 * MINUTE)
        circuits.clear_way(NOW + MINUTE)
        self.send_all(NOW + MINUTE)
        own.refresh_from_db()
        self.assertEqual(own.state, SENT)
        self.assertEqual(len(self.sms.messages), 2)

    def test_killed_while_it_clears_the_way_nothing_has_moved(self) -> None:
        self.break_sms()
        self.tell(self.county, "k")
        with patch.object(circuits, "stand_in", side_effect=SystemExit), self.assertRaises(SystemExit):
            circuits.clear_way(NOW)
        self.assertEqual(self.rows("sms")["k"].state, QUEUED)
        circuits.clear_way(NOW)
        self.assertEqual((self.rows("sms")["k"].state, self.rows("email")["k"].state), (REROUTED, QUEUED))

    def test_what_clearing_costs_does_not_grow_with_what_waits(self) -> None:
        ChannelState.objects.create(channel="sms", failures=5, opened_at=NOW, retry_at=NOW + MINUTE)
        for number in range(3):
            self.tell(self.county, f"few{number}")
        with CaptureQueriesContext(connection) as few:
            circuits.clear_way(NOW)
        for number in range(30):
            self.tell(self.county, f"many{number}")
        with self.assertNumQueries(len(few)):
            circuits.clear_way(NOW)

    def test_one_bad_message_among_good_ones_opens_nothing_and_runs_out_of_tries(self) -> None:
        bad, now = self.tell(self.chief, "bad"), NOW
        for number in range(6):
            self.sms.answers = [CLOSE, {"code": "OK"}]
            bad.refresh_from_db()
            now = bad.next_try_at
            self.assertTrue(outbox.send_one(now))
            self.tell(self.county, f"good{number}", now=now)
            self.assertTrue(outbox.send_one(now))
        bad.refresh_from_db()
        self.assertEqual(bad.state, FAILED)
        self.assertIsNone(self.state())
