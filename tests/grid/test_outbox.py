"""The outbox against a real mail server: success, every way to fail, and a worker that dies in between."""

from datetime import datetime, timedelta
from threading import Barrier, Thread
from typing import Any
from unittest.mock import patch

from django.db import connection
from django.test import TransactionTestCase, override_settings

from arrears import casework
from grid import channels, outbox, tasklist, tasks
from grid.addressees import Contact
from grid.channels import Channel
from grid.models import ChannelState, Leave, Notice, Person, Robot, Task
from grid.models.notices import DROPPED, FAILED, QUEUED, SENDING, SENT
from grid.notices import tell
from grid.robots import add as add_robot
from tests.base import NOW, Cast, CastTestCase
from tests.gateways import SmsGateway
from tests.smtp import MailServer

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
FACTS = {
    "number": "宿欠〔2026〕321322-00001", "due": "2026-03-09", "rule": "受理决定", "rule_en": "Acceptance decision",
    "article": "若干规定 第十八条", "article_en": "Provisions, art. 18", "rung_msgid": "时限届满",
}  # fmt: skip


class Outbox(CastTestCase):
    def tell(self, person: Person, **changes: Any) -> Notice:
        what = {"key": "clock:2026-03-09:due", "now": NOW, "facts": FACTS, "path": "/claims/1/", "region_code": "321322101"}
        tell([person], "clock_near", **{**what, **changes})
        return Notice.objects.filter(recipient=person, channel="email").latest("created_at", "id")

    def send(self, notice: Notice, now: datetime = NOW, **server: Any) -> MailServer:
        with MailServer(**server) as mail, override_settings(**mail.settings):
            self.assertTrue(outbox.send_one(now))
        notice.refresh_from_db()
        return mail

    def test_a_notice_goes_out_once_with_its_key_and_leads_to_the_case(self) -> None:
        notice = self.tell(self.chief)
        with override_settings(SITE_URL="https://xinan.example"):
            [mail] = self.send(notice).messages
        self.assertEqual((notice.state, notice.sent_at, notice.attempts), (SENT, NOW, 1))
        self.assertEqual(mail["To"], "zhangzhen@example.test")
        self.assertEqual(mail["Subject"].strip(), "宿欠〔2026〕321322-00001：时限届满")
        self.assertEqual(mail["X-Xinan-Key"], "clock:2026-03-09:due")
        self.assertRegex(mail["Message-ID"], r"^<[0-9a-f]{32}@xinan\.example>$")
        body = mail.get_content()
        self.assertIn("案件 宿欠〔2026〕321322-00001 的“受理决定”应于 2026-03-09 前完成（若干规定 第十八条）。", body)
        self.assertIn("https://xinan.example/claims/1/", body)
        self.assertFalse(outbox.send_one(NOW + 24 * HOUR))

    def test_the_reader_chooses_the_language(self) -> None:
        Person.objects.filter(pk=self.chief.pk).update(language="en")
        [mail] = self.send(self.tell(self.chief)).messages
        self.assertIn("Acceptance decision", mail.get_content())
        self.assertNotIn("受理决定", mail.get_content())

    def test_the_longest_waiting_goes_first_and_nothing_goes_early(self) -> None:
        late = self.tell(self.chief, now=NOW)
        early = self.tell(self.county, now=NOW - HOUR)
        self.assertFalse(outbox.send_one(NOW - 2 * HOUR))
        self.send(early)
        self.assertEqual(early.state, SENT)
        self.send(late)
        self.assertEqual(late.state, SENT)

    def test_who_has_lost_the_region_or_left_is_not_told(self) -> None:
        moved = self.tell(self.chief)
        self.chief.postings.update(region="321322102")
        self.assertEqual(self.send(moved).messages, [])
        self.assertEqual(moved.state, DROPPED)
        gone = self.tell(self.county)
        Person.objects.filter(pk=self.county.pk).update(is_active=False)
        self.send(gone)
        self.assertEqual(gone.state, DROPPED)

    def test_who_stands_in_is_told_as_long_as_they_do(self) -> None:
        """代理人: of another township, but in the posts of whoever is away."""
        Leave.objects.create(person=self.chief, starts_on=NOW.date(), ends_on=NOW.date(), deputy=self.chief_a2)
        told = self.tell(self.chief_a2)
        self.assertEqual(len(self.send(told).messages), 1)
        late = self.tell(self.chief_a2, key="clock:2026-03-09:late1")
        self.assertEqual(self.send(late, NOW + 24 * HOUR).messages, [])
        self.assertEqual(late.state, DROPPED)

    def test_a_body_is_told_through_its_own_people_only(self) -> None:
        kept = self.tell(self.partner, region_code="", body_id=self.procuratorate.pk)
        self.send(kept)
        self.assertEqual(kept.state, SENT)
        lost = self.tell(self.chief, region_code="", body_id=self.procuratorate.pk)
        self.send(lost)
        self.assertEqual(lost.state, DROPPED)

    def test_passing_trouble_is_tried_again_on_a_fixed_ladder_and_then_given_up(self) -> None:
        notice, now = self.tell(self.chief), NOW
        for wait in (1 * MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 12 * HOUR):
            self.send(notice, now, answers={"RCPT": b"451 come back later"})
            self.assertEqual((notice.state, notice.next_try_at), (QUEUED, now + wait))
            self.assertFalse(outbox.send_one(now + wait - MINUTE / 2))
            now += wait
        self.send(notice, now, answers={"RCPT": b"451 come back later"})
        self.assertEqual((notice.state, notice.attempts, notice.error), (FAILED, 6, "451 come back later"))
        self.assertFalse(outbox.send_one(now + 24 * HOUR))

    def test_a_later_try_that_succeeds_forgets_the_error(self) -> None:
        notice = self.tell(self.chief)
        self.send(notice, answers={"DATA": b"452 disk full"})
        self.assertEqual((notice.state, notice.error), (QUEUED, "452 disk full"))
        self.send(notice, NOW + MINUTE)
        self.assertEqual((notice.state, notice.error, notice.attempts), (SENT, "", 2))

    def test_a_refusal_for_good_is_not_retried_and_becomes_work(self) -> None:
        notice = self.tell(self.chief)
        self.send(notice, answers={"RCPT": b"550 5.1.1 no such user"})
        self.assertEqual((notice.state, notice.attempts), (FAILED, 1))
        work = Task.objects.get()
        self.assertEqual((work.owner, work.path, work.due_on), (self.county, "/claims/1/", NOW.date() + timedelta(days=1)))
        self.assertEqual(work.facts["error"], "550 5.1.1 no such user")
        told = Notice.objects.filter(kind="task_added").values_list("recipient", "channel")
        self.assertEqual(list(told), [(self.county.pk, "in_app")])

    def test_one_dead_address_is_one_piece_of_work_until_it_is_done(self) -> None:
        gone = {"RCPT": b"550 5.1.1 no such user"}
        for number in range(3):
            self.send(self.tell(self.chief, key=f"k{number}"), answers=gone)
        work = Task.objects.get()
        self.assertEqual(Notice.objects.filter(kind="task_added").count(), 1)
        self.send(self.tell(self.chief_a2, key="k", region_code="321322102"), answers=gone)
        self.assertEqual(Task.objects.filter(owner=self.county).count(), 2)  # another person's
        tasklist.done(work, self.county, NOW)
        self.send(self.tell(self.chief, key="k4"), answers=gone)
        self.assertEqual(Task.objects.filter(done_at=None).count(), 2)

    def test_of_a_worker_each_case_is_a_piece_of_work(self) -> None:
        """They have no inbox: whoever reaches them must know of what."""
        with SmsGateway([{"code": "bad_number", "message": "no"}]) as gateway, override_settings(**gateway.settings):
            for _case in range(2):
                claim = self.make_claim()
                casework.advance(claim, "accept", None, now=NOW)
            while outbox.send_one(NOW):
                pass
        self.assertEqual(Task.objects.filter(kind="delivery_failed").count(), 2)

    def test_the_person_who_cannot_be_reached_is_not_asked_to_see_to_it(self) -> None:
        self.send(self.tell(self.county), answers={"DATA": b"554 not here"})
        work = Task.objects.get()
        self.assertEqual((work.owner, work.path), (self.administrator, ""))

    def test_no_address_any_more_is_a_failure_for_good(self) -> None:
        notice = self.tell(self.chief)
        Person.objects.filter(pk=self.chief.pk).update(email="")
        self.send(notice)
        self.assertEqual((notice.state, notice.error), (FAILED, "此人没有登记电子邮箱。"))

    def test_what_is_no_address_is_a_failure_for_good_and_carries_no_header_along(self) -> None:
        for number, wrong in enumerate(("x@y\nBcc: z@w", "a@b@c", "a,b@c.d", f"a@{'b' * 70}.cn")):
            notice = self.tell(self.chief, key=f"k{number}")
            Person.objects.filter(pk=self.chief.pk).update(email=wrong)
            self.assertEqual(self.send(notice).messages, [])
            self.assertEqual((notice.state, notice.attempts), (FAILED, 1), wrong)

    def test_a_server_that_closes_is_the_channels_trouble_at_whatever_word(self) -> None:
        for number, verb in enumerate(("RCPT", "DATA")):
            notice = self.tell(self.chief, key=f"k{number}")
            self.send(notice, answers={verb: b"421 4.3.2 shutting down"})
            self.assertEqual((notice.state, ChannelState.objects.get(channel="email").failures), (QUEUED, number + 1))

    def test_a_server_that_says_nothing_or_is_not_there_is_passing_trouble(self) -> None:
        notice = self.tell(self.chief)
        self.send(notice, hangs=True)
        self.assertEqual(notice.state, QUEUED)
        self.assertIn("timed out", notice.error)
        with MailServer() as gone:
            pass
        with override_settings(**gone.settings):
            outbox.send_one(NOW + MINUTE)
        notice.refresh_from_db()
        self.assertEqual((notice.state, notice.attempts), (QUEUED, 2))
        self.assertIn("refused", notice.error)

    def test_our_own_sign_in_being_refused_is_not_the_recipients_fault(self) -> None:
        notice = self.tell(self.chief)
        self.send(notice, answers={"MAIL": b"530 5.7.0 sign in first"})
        self.assertEqual(notice.state, QUEUED)

    def test_a_notice_nobody_can_word_does_not_stop_the_others(self) -> None:
        broken = self.tell(self.chief)
        Notice.objects.filter(pk=broken.pk).update(kind="no_such_kind", next_try_at=NOW - HOUR)
        whole = self.tell(self.county)
        with self.assertLogs("grid.outbox", "ERROR"):
            self.send(broken)
        self.assertEqual((broken.state, broken.error), (QUEUED, "KeyError: 'no_such_kind'"))
        self.send(whole)
        self.assertEqual(whole.state, SENT)

    def test_nor_does_one_for_a_channel_that_does_not_exist(self) -> None:
        broken = self.tell(self.chief)
        Notice.objects.filter(pk=broken.pk).update(channel="pigeon", next_try_at=NOW - HOUR)
        whole = self.tell(self.county)
        with self.assertLogs("grid.outbox", "ERROR"):
            self.send(broken)
        self.send(whole)
        self.assertEqual((broken.state, whole.state), (QUEUED, SENT))

    def test_killed_before_it_was_sent_it_goes_out_once(self) -> None:
        notice = self.tell(self.chief)
        with patch.object(outbox, "message_of", side_effect=SystemExit), self.assertRaises(SystemExit):
            outbox.send_one(NOW)
        with self.assertLogs("grid.outbox", "WARNING"):
            outbox.release_stuck(NOW + 16 * MINUTE)
        mail = self.send(notice, NOW + 16 * MINUTE)
        self.assertEqual((notice.state, len(mail.messages)), (SENT, 1))

    def test_killed_while_it_gives_up_there_is_neither_failure_nor_task(self) -> None:
        notice = self.tell(self.chief)
        with patch.object(outbox.tasklist, "add", side_effect=SystemExit), self.assertRaises(SystemExit):
            self.send(notice, answers={"RCPT": b"550 no"})
        notice.refresh_from_db()
        self.assertEqual(notice.state, SENDING)
        with self.assertLogs("grid.outbox", "WARNING"):
            outbox.release_stuck(NOW + 16 * MINUTE)
        self.send(notice, NOW + 16 * MINUTE, answers={"RCPT": b"550 no"})
        self.assertEqual((notice.state, Task.objects.count()), (FAILED, 1))

    def test_a_dead_workers_claim_is_released_and_the_repeat_carries_the_same_name(self) -> None:
        notice = self.tell(self.chief)
        with MailServer() as mail, override_settings(**mail.settings):
            with patch.object(outbox, "settle", side_effect=SystemExit), self.assertRaises(SystemExit):
                outbox.send_one(NOW)
            self.assertEqual(outbox.release_stuck(NOW + 15 * MINUTE), 0)
            self.assertFalse(outbox.send_one(NOW + 15 * MINUTE))
            with self.assertLogs("grid.outbox", "WARNING"):
                self.assertEqual(outbox.release_stuck(NOW + 16 * MINUTE), 1)
            self.assertTrue(outbox.send_one(NOW + 16 * MINUTE))
        first, second = mail.messages
        self.assertEqual(first["Message-ID"], second["Message-ID"])
        notice.refresh_from_db()
        self.assertEqual((notice.state, notice.attempts), (SENT, 2))

    def test_a_notice_that_kills_every_worker_is_given_up(self) -> None:
        notice = self.tell(self.chief)
        Notice.objects.filter(pk=notice.pk).update(state=SENDING, claimed_at=NOW - HOUR, attempts=6)
        outbox.release_stuck(NOW)
        notice.refresh_from_db()
        self.assertEqual(notice.state, FAILED)

    def test_what_nobody_can_read_any_more_is_given_up_and_holds_up_nobody(self) -> None:
        """A robot whose address was sealed with a key that is gone, a kind of addressee that was taken out."""
        robot = add_robot(
            self.administrator, NOW, name="县办群", channel="wecom", region=self.regions["321322"],
            url="https://qyapi.weixin.qq.com/x?key=1",
        )  # fmt: skip
        whole = self.tell(self.chief)
        tell([self.city], "clock_near", key="k", now=NOW, facts=FACTS, region_code="321322101")
        broken = Notice.objects.get(key="k", channel="wecom")
        Notice.objects.exclude(pk__in=[whole.pk, broken.pk]).delete()
        Robot.objects.filter(pk=robot.pk).update(url_sealed="gone:AAAA")
        for stranger in ({}, {"addressee_kind": "nobody"}):
            with self.subTest(stranger):
                stuck = {"state": SENDING, "claimed_at": NOW - HOUR, "attempts": 6}
                Notice.objects.filter(pk=broken.pk).update(**stuck, **stranger)
                self.assertEqual(outbox.release_stuck(NOW), 1)
                broken.refresh_from_db()
                self.assertEqual(broken.state, FAILED)
                Notice.objects.filter(pk=broken.pk).update(state=QUEUED, next_try_at=NOW - HOUR, attempts=5, claimed_at=None)
                for _tries in range(2):
                    outbox.send_one(NOW + 13 * HOUR)
                broken.refresh_from_db()
                self.assertEqual(broken.state, FAILED)
                self.assertEqual(Task.objects.latest("created_at").facts["person"], "—" if stranger else "县办群")
                Task.objects.all().delete()

    def test_a_slow_worker_does_not_settle_what_was_taken_from_it(self) -> None:
        notice = self.tell(self.chief)
        slow = outbox.claim_next(NOW)
        outbox.release_stuck(NOW + HOUR)
        outbox.claim_next(NOW + HOUR)
        self.assertFalse(outbox.settle(slow, state=SENT))
        notice.refresh_from_db()
        self.assertEqual(notice.state, SENDING)

    def test_two_notices_of_one_thing_have_names_of_their_own_for_two_people(self) -> None:
        one, two = (channels.Message("key", Contact.of(person), "", "") for person in (self.chief, self.county))
        self.assertNotEqual(one.digest, two.digest)

    def test_in_the_system_the_row_is_the_message(self) -> None:
        notice = self.tell(self.chief)
        Notice.objects.filter(pk=notice.pk).delete()
        Notice.objects.update(state=QUEUED, next_try_at=NOW)
        self.assertTrue(outbox.send_one(NOW))
        self.assertEqual(Notice.objects.get().state, SENT)

    def test_the_task_sends_what_is_due_and_stops_at_its_limit(self) -> None:
        for person in (self.chief, self.county, self.city):
            self.tell(person)
        with MailServer() as mail, override_settings(**mail.settings):
            self.assertEqual(tasks.deliver(limit=2), 2)
            self.assertEqual(tasks.deliver(), 1)
            self.assertEqual(tasks.deliver(), 0)
        self.assertEqual(len(mail.messages), 3)


class Claiming(Cast, TransactionTestCase):
    def test_the_claim_is_committed_before_the_channel_is_asked(self) -> None:
        self.make_cast()
        tell([self.chief], "clock_near", key="k", now=NOW, facts=FACTS, region_code="321322101")
        seen = []

        def look(message: channels.Message) -> None:
            self.assertFalse(connection.in_atomic_block)
            seen.append(Notice.objects.get(channel="email").state)

        with patch.dict(channels.CHANNELS, email=Channel("", look)):
            outbox.send_one(NOW)
        self.assertEqual(seen, [SENDING])

    def test_two_workers_at_once_never_take_the_same_notice(self) -> None:
        self.make_cast()
        tell([self.chief, self.county, self.city], "clock_near", key="k", now=NOW, facts=FACTS, region_code="321322101")
        taken: list[Notice | None] = []
        start = Barrier(4)

        def take() -> None:
            start.wait()
            taken.append(outbox.claim_next(NOW))
            connection.close()

        workers = [Thread(target=take) for _ in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        rows = [notice.pk for notice in taken if notice]
        self.assertEqual((len(rows), len(set(rows))), (3, 3))
