"""Digests somebody asked for, and floods nobody asked for: everything is in one message, nothing in two."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from threading import Barrier, Thread
from typing import Any
from unittest.mock import patch

from django.db import connection
from django.test import TransactionTestCase, override_settings

from grid import digests, outbox
from grid.addressees import Addressee
from grid.days import SHANGHAI
from grid.models import Notice, Person, Preference, Robot
from grid.models.notices import BUNDLED, DROPPED, HELD, QUEUED, SENT
from grid.notices import rows_to, tell
from grid.robots import add
from tests.base import NOW, Cast, CastTestCase
from tests.gateways import SmsGateway, WeCom
from tests.smtp import MailServer

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
MOVED = {"number": "宿欠〔2026〕321322-00001", "respondent": "宏远劳务", "move_msgid": "决定受理"}
CLOCK = {
    "number": "宿欠〔2026〕321322-00001", "due": "2026-03-09", "rule": "受理决定", "rule_en": "Acceptance decision",
    "article": "第十八条", "article_en": "art. 18", "rung_msgid": "时限届满",
}  # fmt: skip


def moved(person: Person, key: str, now: datetime = NOW, **what: Any) -> None:
    tell([person], "claim_moved", **{"key": key, "now": now, "facts": MOVED, "path": f"/claims/{key}/", "region_code": "321322101", **what})


def late(person: Person, key: str, now: datetime = NOW, **what: Any) -> None:
    tell([person], "clock_late", **{"key": key, "now": now, "facts": CLOCK, "path": f"/claims/{key}/", "region_code": "321322101", **what})


def send_all(now: datetime) -> int:
    sent = 0
    while outbox.send_one(now):
        sent += 1
    return sent


class DigestCase(CastTestCase):
    def setUp(self) -> None:
        self.mail = self.enterContext(MailServer())
        self.enterContext(override_settings(**self.mail.settings, SITE_URL="https://xinan.example"))

    def prefer(self, person: Person, **chosen: Any) -> None:
        Preference.objects.update_or_create(person=person, defaults=chosen)

    def mails(self, **wanted: Any) -> list[Notice]:
        return list(Notice.objects.filter(channel="email", **wanted).order_by("created_at", "pk"))


class Digests(DigestCase):
    def test_a_daily_digest_goes_out_in_the_morning_with_everything_that_waited(self) -> None:
        self.prefer(self.chief, digest="daily")
        for key in "ab":
            moved(self.chief, key)
        self.assertEqual({row.state for row in self.mails()}, {HELD})
        self.assertEqual((digests.send_due(NOW), send_all(NOW)), (0, 0))
        morning = datetime(2026, 3, 3, 8, 30, tzinfo=SHANGHAI)
        self.assertEqual(digests.send_due(morning - MINUTE), 0)
        moved(self.chief, "c", morning + MINUTE)  # waits for the next one
        self.assertEqual(digests.send_due(morning + 2 * MINUTE), 1)
        self.assertEqual(send_all(morning + 2 * MINUTE), 1)
        [mail] = self.mail.messages
        self.assertEqual(mail["Subject"].strip(), "您有 2 条通知")
        for part in ("宿欠〔2026〕321322-00001：决定受理", "https://xinan.example/claims/a/", "https://xinan.example/claims/b/"):
            self.assertIn(part, mail.get_content())
        self.assertNotIn("/claims/c/", mail.get_content())
        self.assertEqual(len(self.mails(state=BUNDLED, bundle__kind="digest", sent_at=morning + 2 * MINUTE)), 2)
        self.assertEqual([row.key for row in self.mails(state=HELD)], ["c"])

    def test_what_is_in_the_system_is_there_at_once(self) -> None:
        self.prefer(self.chief, digest="weekly")
        moved(self.chief, "a")
        self.assertEqual(Notice.objects.inbox_of(self.chief).count(), 1)

    def test_a_weekly_one_goes_out_on_monday(self) -> None:
        self.prefer(self.chief, digest="weekly")
        moved(self.chief, "a")  # Monday, after the hour
        self.assertEqual(digests.send_due(NOW + 6 * DAY), 0)
        self.assertEqual(digests.send_due(NOW + 7 * DAY), 1)

    def test_when_so_many_wait(self) -> None:
        self.prefer(self.chief, digest="threshold", threshold=3)
        for key in "ab":
            moved(self.chief, key)
        self.assertEqual(digests.send_due(NOW), 0)
        moved(self.chief, "c")
        self.assertEqual(digests.send_due(NOW), 1)
        self.assertEqual(digests.send_due(NOW), 0)

    def test_nothing_waits_longer_than_a_week_for_others_to_come(self) -> None:
        self.prefer(self.chief, digest="threshold", threshold=30)
        moved(self.chief, "a")
        self.assertEqual(digests.send_due(NOW + 7 * DAY - MINUTE), 0)
        self.assertEqual(digests.send_due(NOW + 7 * DAY), 1)

    def test_who_no_longer_wants_digests_gets_what_was_held_at_once(self) -> None:
        self.prefer(self.chief, digest="weekly")
        moved(self.chief, "a")
        self.prefer(self.chief, digest="none")
        self.assertEqual(digests.send_due(NOW), 1)

    def test_statutory_notices_wait_for_no_digest(self) -> None:
        self.prefer(self.chief, digest="weekly", quiet_from=time(0), quiet_to=time(23), channels={"deadlines": []})
        late(self.chief, "a")
        self.assertEqual([row.state for row in self.mails()], [QUEUED])
        self.assertEqual(send_all(NOW), 1)

    def test_what_the_reader_may_no_longer_see_is_left_out(self) -> None:
        self.prefer(self.chief, digest="daily")
        moved(self.chief, "a")
        moved(self.chief, "b", region_code="321323101")
        digests.send_due(NOW + DAY)
        send_all(NOW + DAY)
        [mail] = self.mail.messages
        self.assertNotIn("/claims/b/", mail.get_content())
        self.assertEqual([row.key for row in self.mails(state=DROPPED)], ["b"])

    def test_a_digest_of_nothing_is_not_sent(self) -> None:
        self.prefer(self.chief, digest="daily")
        moved(self.chief, "b", region_code="321323101")
        digests.send_due(NOW + DAY)
        send_all(NOW + DAY)
        self.assertEqual(self.mail.messages, [])
        self.assertEqual({row.state for row in self.mails()}, {DROPPED})

    def test_one_that_cannot_be_worded_keeps_no_other_from_being_read(self) -> None:
        self.prefer(self.chief, digest="daily")
        for key in "ab":
            moved(self.chief, key)
        Notice.objects.filter(key="a").update(kind="no_such_kind")
        digests.send_due(NOW + DAY)
        with self.assertLogs("grid.digests", "ERROR"):
            send_all(NOW + DAY)
        [mail] = self.mail.messages
        self.assertIn("/claims/b/", mail.get_content())

    def test_in_the_readers_language(self) -> None:
        Person.objects.filter(pk=self.chief.pk).update(language="en")
        self.prefer(self.chief, digest="daily")
        moved(self.chief, "a", facts={**MOVED, "by": "Zhang"})
        digests.send_due(NOW + DAY)
        send_all(NOW + DAY)
        self.assertEqual(len(self.mail.messages), 1)

    def test_each_person_and_channel_has_one_of_its_own(self) -> None:
        with SmsGateway() as gateway, override_settings(**gateway.settings):
            Person.objects.filter(pk=self.chief.pk).update(phone="13800000001")
            self.chief.refresh_from_db()
            for person in (self.chief, self.county):
                self.prefer(person, digest="daily", channels={"moves": ["email", "sms"]})
                for key in "ab":
                    moved(person, key)
            self.assertEqual(digests.send_due(NOW + DAY), 3)
            send_all(NOW + DAY)
        self.assertEqual(len(self.mail.messages), 2)
        [sms] = gateway.messages
        self.assertEqual(sms["text"], "您有2条通知，其中逾期0条，请登录系统查看。")

    def test_a_failed_digest_is_the_work_of_whoever_leads_the_place(self) -> None:
        self.prefer(self.chief, digest="daily")
        moved(self.chief, "a")
        digests.send_due(NOW + DAY)
        self.mail.answers["RCPT"] = b"550 no such user"
        send_all(NOW + DAY)
        self.assertEqual([(task.owner, task.kind) for task in self.county.tasks.all()], [(self.county, "delivery_failed")])


class Quiet(DigestCase):
    def test_a_message_waits_for_the_end_of_the_quiet_hours(self) -> None:
        self.prefer(self.chief, quiet_from=time(22), quiet_to=time(7))
        night = datetime(2026, 3, 2, 23, 30, tzinfo=SHANGHAI)
        moved(self.chief, "a", night)
        morning = datetime(2026, 3, 3, 7, 0, tzinfo=SHANGHAI)
        self.assertEqual([row.next_try_at for row in self.mails()], [morning])
        self.assertEqual(send_all(morning - MINUTE), 0)
        self.assertEqual(send_all(morning), 1)

    def test_quiet_hours_that_began_while_it_waited_count_too_and_cost_no_try(self) -> None:
        moved(self.chief, "a", datetime(2026, 3, 2, 21, 59, tzinfo=SHANGHAI))
        self.prefer(self.chief, quiet_from=time(22), quiet_to=time(7))
        send_all(datetime(2026, 3, 2, 22, 5, tzinfo=SHANGHAI))
        [row] = self.mails()
        self.assertEqual((row.state, row.attempts), (QUEUED, 0))
        self.assertEqual(row.next_try_at, datetime(2026, 3, 3, 7, 0, tzinfo=SHANGHAI))
        self.assertEqual(self.mail.messages, [])


    def test_a_flood_of_nothing_that_must_be_said_at_once_waits_for_the_morning(self) -> None:
        evening, night = datetime(2026, 3, 2, 21, 59, tzinfo=SHANGHAI), datetime(2026, 3, 2, 22, 30, tzinfo=SHANGHAI)
        morning = datetime(2026, 3, 3, 7, 0, tzinfo=SHANGHAI)
        for number in range(9):
            moved(self.chief, f"m{number}", evening)
        self.prefer(self.chief, quiet_from=time(22), quiet_to=time(7))
        send_all(night)
        send_all(night + MINUTE)
        self.assertEqual(self.mail.messages, [])
        send_all(morning)
        self.assertEqual(len(self.mail.messages), 1)
        for number in range(9):
            moved(self.county, f"m{number}", evening)
        late(self.county, "l0", evening)
        self.prefer(self.county, quiet_from=time(22), quiet_to=time(7))
        send_all(night)
        send_all(night + MINUTE)
        self.assertEqual(len(self.mail.messages), 2)


class Floods(DigestCase):
    def test_a_missed_night_is_one_message_that_lists_everything_late_first(self) -> None:
        for number in range(7):
            moved(self.chief, f"m{number}")
        for number in range(5):
            late(self.chief, f"l{number}")
        self.assertEqual(send_all(NOW), 1)  # one step, and then it gathers for a minute
        self.assertEqual(self.mail.messages, [])
        self.assertEqual(send_all(NOW + MINUTE), 1)
        [mail] = self.mail.messages
        self.assertEqual(mail["Subject"].strip(), "您有 12 条通知")
        body = mail.get_content()
        for key in [*(f"m{n}" for n in range(7)), *(f"l{n}" for n in range(5))]:
            self.assertIn(f"/claims/{key}/", body)
        self.assertLess(body.index("/claims/l4/"), body.index("/claims/m0/"))
        self.assertEqual(len(self.mails(state=BUNDLED, sent_at=NOW + MINUTE)), 12)
        self.assertEqual(send_all(NOW + DAY), 0)

    def test_as_many_as_are_no_flood_go_out_one_by_one(self) -> None:
        for number in range(8):
            late(self.chief, f"l{number}")
        self.assertEqual(send_all(NOW), 8)
        self.assertEqual({mail["X-Xinan-Key"] for mail in self.mail.messages}, {f"l{n}" for n in range(8)})

    def test_what_comes_while_the_message_gathers_joins_it(self) -> None:
        for number in range(9):
            late(self.chief, f"l{number}")
        send_all(NOW)
        late(self.chief, "one more", NOW + MINUTE / 2)
        send_all(NOW + MINUTE / 2)
        self.assertEqual(self.mail.messages, [])
        send_all(NOW + MINUTE)
        [mail] = self.mail.messages
        self.assertEqual(mail["Subject"].strip(), "您有 10 条通知")

    def test_a_night_that_is_caught_up_in_many_sweeps_is_no_flood_of_single_messages(self) -> None:
        """Five for one person in each minute's sweep, for an hour: two of them alone are fewer than a flood."""
        for minute in range(60):
            for number in range(5):
                late(self.chief, f"l{minute}-{number}", NOW + minute * MINUTE)
            send_all(NOW + minute * MINUTE)
        send_all(NOW + 75 * MINUTE)
        said = [mail.get_content() for mail in self.mail.messages]
        for minute in range(60):
            for number in range(5):
                self.assertEqual(sum(f"/claims/l{minute}-{number}/" in body for body in said), 1)
        self.assertLessEqual(len(said), 5 + 1 + 60 / 10 + 1)

    def test_a_flood_that_is_over_holds_up_nothing(self) -> None:
        for number in range(9):
            late(self.chief, f"l{number}")
        send_all(NOW)
        send_all(NOW + MINUTE)
        late(self.chief, "after it", NOW + 2 * MINUTE)
        self.assertEqual(send_all(NOW + 2 * MINUTE), 1)  # into one that comes ten minutes after the other
        self.assertEqual(send_all(NOW + 10 * MINUTE), 0)
        self.assertEqual(send_all(NOW + 11 * MINUTE), 1)
        late(self.chief, "much later", NOW + 30 * MINUTE)
        self.assertEqual(send_all(NOW + 30 * MINUTE), 1)
        self.assertEqual(self.mail.messages[-1]["X-Xinan-Key"], "much later")

    def test_everybody_has_a_flood_of_their_own(self) -> None:
        for number in range(9):
            late(self.chief, f"l{number}")
            late(self.county, f"l{number}")
        late(self.city, "l0")
        send_all(NOW)
        self.assertEqual([mail["X-Xinan-Key"] for mail in self.mail.messages], ["l0"])
        send_all(NOW + MINUTE)
        self.assertEqual(len(self.mail.messages), 3)

    def test_a_chat_group_is_spared_a_flood_too(self) -> None:
        with WeCom() as wecom, override_settings(CHANNEL_HOSTS=[wecom.origin]):
            add(self.administrator, NOW, name="县办群", channel="wecom", region=self.regions["321322"], url=wecom.url)
            for number in range(20):
                late(self.chief, f"l{number}")
            send_all(NOW)
            send_all(NOW + MINUTE)
        [told] = wecom.messages
        self.assertIn("您有 20 条通知", told["text"]["content"])
        self.assertEqual(Robot.objects.count(), 1)

    def test_a_flood_that_cannot_be_sent_is_tried_again_whole(self) -> None:
        for number in range(9):
            late(self.chief, f"l{number}")
        send_all(NOW)
        self.mail.answers["RCPT"] = b"451 later"
        send_all(NOW + MINUTE)
        self.mail.answers.clear()
        send_all(NOW + 2 * MINUTE)
        self.assertEqual([mail["Subject"].strip() for mail in self.mail.messages], ["您有 9 条通知"])

    def test_what_comes_while_a_failed_flood_waits_for_its_next_try_does_not_wait_with_it(self) -> None:
        for number in range(9):
            late(self.chief, f"l{number}")
        send_all(NOW)
        Notice.objects.filter(kind="flood").update(attempts=4, next_try_at=NOW + DAY / 2)  # tried again at night
        late(self.chief, "new", NOW + MINUTE)
        self.assertEqual(send_all(NOW + MINUTE), 1)
        self.assertEqual([mail["X-Xinan-Key"] for mail in self.mail.messages], ["new"])

    def test_a_worker_gets_each_message(self) -> None:
        """Several steps of one case at once (a missed night): a count would tell nothing to whom no inbox belongs."""
        with SmsGateway() as gateway, override_settings(**gateway.settings):
            claim = self.make_claim()
            worker = Addressee("claimant", claim.claimants.get().pk)
            Notice.objects.all().delete()
            for number in range(12):
                what = {"key": f"w{number}", "now": NOW, "facts": {"query": "Q1", "url": "https://xinan.example/track/"}}
                Notice.objects.bulk_create(rows_to([worker], "worker_registered", **what))
            self.assertEqual(send_all(NOW), 12)
            self.assertEqual(len(gateway.messages), 12)
        self.assertFalse(Notice.objects.filter(kind="flood").exists())

    def test_what_it_costs_does_not_grow_with_the_flood(self) -> None:
        def queries(person: Person, count: int) -> int:
            for number in range(count):
                late(person, f"l{number}")
            with Statements() as seen:
                send_all(NOW)
                send_all(NOW + MINUTE)
            return len(seen)

        queries(self.city, 10)  # what a process reads once
        self.assertEqual(queries(self.chief, 10), queries(self.county, 60))


class Statements:
    """The statements that were run inside."""

    def __enter__(self) -> list[str]:
        self.seen: list[str] = []
        self.wrapper = connection.execute_wrapper(self.note)
        self.wrapper.__enter__()
        return self.seen

    def note(self, execute: Callable[..., Any], sql: str, *given: Any) -> Any:
        self.seen.append(sql)
        return execute(sql, *given)

    def __exit__(self, *trouble: Any) -> None:
        self.wrapper.__exit__(*trouble)


class TogetherAndKilled(Cast, TransactionTestCase):
    """Several workers with connections of their own; a worker that dies at any point."""

    def setUp(self) -> None:
        self.make_cast()
        self.mail = self.enterContext(MailServer())
        self.enterContext(override_settings(**{**self.mail.settings, "EMAIL_TIMEOUT": 5}))

    def work(self, workers: int, step: Callable[[], object]) -> None:
        start = Barrier(workers)
        troubles: list[BaseException] = []

        def run() -> None:
            try:
                start.wait()
                step()
            except BaseException as trouble:
                troubles.append(trouble)
            finally:
                connection.close()

        threads = [Thread(target=run) for _ in range(workers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(troubles, [])

    def heard(self) -> list[str]:
        return sorted(mail["X-Xinan-Key"] for mail in self.mail.messages)

    def test_two_and_four_workers_give_each_row_once(self) -> None:
        people = (self.chief, self.chief_a2, self.county, self.city, self.grid_worker)
        for workers in (2, 4):
            at = NOW + workers * 10 * MINUTE  # twelve for each at once would be a flood
            for number in range(6):
                for person in people:
                    tell([person], "clock_late", key=f"{workers}:{number}:{person.username}", now=at, facts=CLOCK)
            self.work(workers, lambda at=at: send_all(at))
            expected = sorted(f"{workers}:{number}:{person.username}" for number in range(6) for person in people)
            self.assertEqual(self.heard(), expected)
            self.assertFalse(Notice.objects.exclude(state=SENT).exists())
            self.mail.messages.clear()

    def test_a_flood_met_by_four_workers_is_one_message_and_nothing_is_outside_it_twice(self) -> None:
        keys = [f"l{number:03d}" for number in range(200)]
        for key in keys:
            late(self.chief, key)
        self.work(4, lambda: send_all(NOW))
        self.work(4, lambda: send_all(NOW + MINUTE))
        floods = [row for row in Notice.objects.filter(kind="flood", state=SENT)]
        alone = [mail["X-Xinan-Key"] for mail in self.mail.messages if not mail["X-Xinan-Key"].startswith("flood:")]
        inside = list(Notice.objects.filter(bundle__in=floods, sent_at__isnull=False).values_list("key", flat=True))
        self.assertEqual(len(floods), 1)
        self.assertEqual(sorted(alone + inside), keys)
        self.assertLessEqual(len(alone), 3)

    def test_four_workers_make_one_digest(self) -> None:
        Preference.objects.create(person=self.chief, digest="daily")
        for number in range(20):
            moved(self.chief, f"m{number:02d}")
        self.work(4, lambda: digests.send_due(NOW + DAY))
        self.work(4, lambda: send_all(NOW + DAY))
        self.assertEqual(len(self.mail.messages), 1)
        self.assertEqual(Notice.objects.filter(bundle__kind="digest").count(), 20)

    def test_killed_while_it_gathers_nothing_has_happened(self) -> None:
        for number in range(9):
            late(self.chief, f"l{number}")
        with patch.object(digests, "flood_of", side_effect=SystemExit), self.assertRaises(SystemExit):
            outbox.send_one(NOW)
        self.assertEqual(Notice.objects.filter(channel="email", state=QUEUED).count(), 9)
        self.assertFalse(Notice.objects.filter(kind="flood").exists())
        send_all(NOW)
        send_all(NOW + MINUTE)
        self.assertEqual(len(self.mail.messages), 1)

    def test_killed_while_it_makes_a_digest_nothing_has_happened(self) -> None:
        Preference.objects.create(person=self.chief, digest="daily")
        moved(self.chief, "a")
        with patch.object(Notice, "save", side_effect=SystemExit), self.assertRaises(SystemExit):
            digests.send_due(NOW + DAY)
        self.assertEqual(Notice.objects.filter(state=HELD).count(), 1)
        self.assertEqual(digests.send_due(NOW + DAY), 1)

    def test_killed_between_sending_a_bundle_and_settling_it_the_repeat_has_the_same_name(self) -> None:
        for number in range(9):
            late(self.chief, f"l{number}")
        send_all(NOW)
        with patch.object(outbox, "settle", side_effect=SystemExit), self.assertRaises(SystemExit):
            outbox.send_one(NOW + MINUTE)
        with self.assertLogs("grid.outbox", "WARNING"):
            outbox.release_stuck(NOW + 20 * MINUTE)
        send_all(NOW + 20 * MINUTE)
        first, second = self.mail.messages
        self.assertEqual(first["Message-ID"], second["Message-ID"])
        self.assertEqual(Notice.objects.filter(state=BUNDLED, sent_at=NOW + 20 * MINUTE).count(), 9)
