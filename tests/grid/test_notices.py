"""Writing notices: who gets which rows, once, and in which words."""

from datetime import time
from typing import Any

from django.test import SimpleTestCase, override_settings
from django.utils import translation

from grid.addressees import Addressee
from grid.models import Notice, Person, Preference, Robot
from grid.models.notices import DROPPED, HELD, QUEUED, SENT
from grid.notices import KINDS, Kind, add_kinds, robot_rows, rows_for, rows_to, tell, words
from grid.notices import Ways as Told
from grid.outbox import send_one
from grid.vault import seal
from tests.base import NOW, CastTestCase
from tests.gateways import WeCom

FACTS = {
    "number": "宿欠〔2026〕321322-00001", "due": "2026-03-09", "rule": "受理决定", "rule_en": "Acceptance decision",
    "article": "第十八条", "article_en": "art. 18", "rung_msgid": "时限届满",
}  # fmt: skip


class Telling(CastTestCase):
    def tell(self, *people: Person, kind: str = "clock_near", key: str = "k") -> None:
        tell(people, kind, key=key, now=NOW, facts=FACTS, region_code="321322101")

    def test_everybody_gets_a_row_in_the_system_at_once_and_one_that_waits_to_be_mailed(self) -> None:
        self.tell(self.chief)
        rows = {row.channel: (row.state, row.sent_at, row.next_try_at) for row in Notice.objects.all()}
        self.assertEqual(rows, {"in_app": (SENT, NOW, None), "email": (QUEUED, None, NOW)})

    def test_no_mail_without_an_address_or_for_a_kind_that_is_not_mailed(self) -> None:
        self.chief.email = ""
        self.tell(self.chief)
        self.tell(self.county, kind="delivery_failed")
        self.assertEqual(set(Notice.objects.values_list("channel", flat=True)), {"in_app"})

    def test_the_same_thing_is_told_once_however_often_and_to_somebody_new_as_well(self) -> None:
        for people in ([self.chief], [self.chief, self.chief], [self.chief, self.county]):
            self.tell(*people)
        self.assertEqual(Notice.objects.count(), 4)
        self.tell(self.chief, key="another")
        self.assertEqual(Notice.objects.count(), 6)

    def test_the_inbox_holds_what_is_in_the_system_for_this_person(self) -> None:
        self.tell(self.chief, self.county)
        [row] = Notice.objects.inbox_of(self.chief).unread()
        self.assertEqual((row.recipient, row.channel), (self.chief, "in_app"))


@override_settings(SMS_URL="https://sms.example/send", SMS_KEY="k", SMS_SECRET="s")
class Ways(CastTestCase):
    """Which rows somebody gets outside the system."""

    def setUp(self) -> None:
        Person.objects.filter(pk=self.chief.pk).update(phone="13800000001")
        self.chief.refresh_from_db()

    def outside(self, kind: str = "claim_moved", person: Person | None = None, **what: Any) -> dict[str, str]:
        rows = rows_for([person or self.chief], kind, key="k", now=NOW, facts={}, **what)
        self.assertEqual(rows[0].channel, "in_app")
        return {row.channel: row.state for row in rows[1:]}

    def prefer(self, **chosen: Any) -> None:
        Preference.objects.update_or_create(person=self.chief, defaults=chosen)

    def test_mail_unless_something_else_is_chosen(self) -> None:
        self.assertEqual(self.outside(), {"email": QUEUED})
        self.prefer(channels={"moves": ["sms"], "hearings": []})
        self.assertEqual(self.outside(), {"sms": QUEUED})
        self.assertEqual(self.outside("hearing_scheduled"), {})
        self.assertEqual(self.outside("nudged"), {"email": QUEUED})  # a topic nothing was said of

    def test_who_has_no_mail_gets_text_messages(self) -> None:
        self.chief.email = ""
        self.assertEqual(self.outside(), {"sms": QUEUED})

    def test_text_messages_go_to_mobile_numbers_only(self) -> None:
        self.prefer(channels={"moves": ["sms"]})
        for phone in ("0527-83550012", "12333", "8001", ""):
            self.chief.phone = phone
            self.assertEqual((self.outside(), self.outside("clock_late")), ({}, {"email": QUEUED}), phone)
            self.assertEqual(self.outside("clock_late", channels=["sms"]), {"email": QUEUED})
        for phone in ("13800000001", "138 0000 0001", "+86-138-0000-0001"):
            self.chief.phone = phone
            self.assertEqual(self.outside(), {"sms": QUEUED}, phone)

    def test_a_channel_that_is_not_set_up_gets_no_rows(self) -> None:
        self.prefer(channels={"moves": ["sms"]})
        with override_settings(SMS_KEY=""):
            self.assertEqual(self.outside(), {})
            self.assertEqual(self.outside(channels=("sms",)), {"email": QUEUED})
            self.assertEqual(rows_to([Addressee("claimant", self.chief.pk)], "nudged", key="k", now=NOW, facts={}), [])

    def test_a_rung_names_its_channels_whatever_was_chosen(self) -> None:
        self.prefer(channels={"moves": []})
        self.assertEqual(self.outside(channels=("sms",)), {"sms": QUEUED})
        self.assertEqual(self.outside(channels=("sms", "email")), {"email": QUEUED, "sms": QUEUED})

    def test_statutory_notices_cannot_be_turned_off_and_do_not_wait(self) -> None:
        self.prefer(channels={"deadlines": []}, digest="daily", quiet_from=time(0), quiet_to=time(23))
        self.assertEqual(self.outside("clock_late"), {"email": QUEUED})
        self.assertEqual(self.outside("payment_near"), {})
        self.prefer(channels={"deadlines": ["sms"]})
        self.assertEqual(self.outside("clock_late"), {"email": QUEUED, "sms": QUEUED})

    def test_who_wants_a_digest_has_them_held(self) -> None:
        self.prefer(digest="daily")
        self.assertEqual(self.outside(), {"email": HELD})

    def test_read_once_it_costs_nothing_more_for_many(self) -> None:
        self.prefer(channels={"moves": ["sms"]})
        ways = Told.read()
        with self.assertNumQueries(0):
            for _number in range(30):
                self.assertEqual(self.outside(ways=ways), {"sms": QUEUED})

    def test_somebody_outside_the_house(self) -> None:
        worker = Addressee("claimant", self.chief.pk)
        [row] = rows_to([worker, worker], "nudged", key="k", now=NOW, facts={}, region_code="321322101")
        row.save()
        self.assertEqual((row.recipient_id, row.addressee_kind, row.channel, row.state), (None, "claimant", "sms", QUEUED))
        again = rows_to([worker], "nudged", key="k", now=NOW, facts={})
        Notice.objects.bulk_create(again, ignore_conflicts=True)
        self.assertEqual(Notice.objects.count(), 1)


class Robots(CastTestCase):
    """An office's chat group hears of a thing once, however many people are told of it."""

    def add(self, code: str, channel: str = "wecom", **fields: Any) -> Robot:
        return Robot.objects.create(
            name=code, channel=channel, region=self.regions[code], url_sealed=seal("https://x", Robot.SEAL), added_at=NOW, **fields
        )

    def test_the_groups_of_the_township_and_of_those_above_hear_of_what_is_urgent(self) -> None:
        near = [self.add("321322101"), self.add("321322", "dingtalk"), self.add("3213", "feishu")]
        self.add("321322102")
        self.add("321322", is_active=False)
        for person in (self.chief, self.county):
            tell([person], "clock_late", key="k", now=NOW, facts=FACTS, region_code="321322101")
        tell([self.chief], "claim_arrived", key="info", now=NOW, facts=FACTS, region_code="321322101")
        told = Notice.objects.filter(addressee_kind="robot").values_list("key", "addressee_id", "channel")
        self.assertEqual(set(told), {("k", robot.pk, robot.channel) for robot in near})
        self.assertEqual(len(told), 3)

    def test_one_question_for_any_number_of_rows(self) -> None:
        self.add("321322101")
        rows = rows_for([self.chief, self.county], "clock_late", key="k", now=NOW, facts=FACTS, region_code="321322101")
        with self.assertNumQueries(1):
            self.assertEqual(len(robot_rows(rows * 30)), 1)

    def test_a_robot_that_is_switched_off_is_not_told_any_more(self) -> None:
        with WeCom() as wecom, override_settings(CHANNEL_HOSTS=[wecom.origin]):
            robot = self.add("321322101")
            Robot.objects.filter(pk=robot.pk).update(url_sealed=seal(wecom.url, Robot.SEAL))
            for key in "ab":
                tell([self.chief], "clock_late", key=key, now=NOW, facts=FACTS, region_code="321322101")
            Notice.objects.filter(channel="email").delete()
            send_one(NOW)
            Robot.objects.update(is_active=False)
            send_one(NOW)
        self.assertEqual(len(wecom.messages), 1)
        self.assertEqual(set(Notice.objects.filter(channel="wecom").values_list("state", flat=True)), {SENT, DROPPED})


class Words(SimpleTestCase):
    def notice(self, **facts: str) -> Notice:
        return Notice(kind="clock_late", facts={**FACTS, **facts})

    def test_title_and_text_are_filled_from_the_facts(self) -> None:
        with translation.override("zh-hans"):
            title, text = words(self.notice())
        self.assertEqual(title, "宿欠〔2026〕321322-00001：时限届满")
        self.assertEqual(text, "案件 宿欠〔2026〕321322-00001 的“受理决定”应于 2026-03-09 前完成，现已逾期（第十八条）。")

    def test_english_takes_the_english_facts(self) -> None:
        with translation.override("en"):
            text = words(self.notice())[1]
        self.assertIn("Acceptance decision", text)
        self.assertIn("art. 18", text)
        self.assertNotIn("受理决定", text)

    def test_what_nobody_did_the_system_did(self) -> None:
        notice = self.notice(by="", respondent="宏远劳务", move_msgid="确认清偿")
        notice.kind = "claim_moved"
        for language, start in (("zh-hans", "本系统 对案件"), ("en", "The system did")):
            with translation.override(language):
                self.assertTrue(words(notice)[1].startswith(start))

    def test_a_kind_is_named_once(self) -> None:
        with self.assertRaises(AssertionError):
            add_kinds([Kind("clock_late", "x", "y")])
        add_kinds([KINDS["clock_late"]])  # the same again is no contradiction
