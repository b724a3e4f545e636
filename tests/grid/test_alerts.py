"""签收, 答复, 暂缓: by whom, how often, until when; and that it stands in the history of the claim."""

from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

from django.db.utils import DatabaseError

from arrears.models import Event
from arrears.telling import tell as told
from grid import alerts
from grid.alerts import acknowledge, reply, snooze, unanswered
from grid.days import SHANGHAI
from grid.models import Notice, Person
from grid.notices import tell
from grid.refused import Refused
from tests.base import NOW, CastTestCase

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CLOCK = {
    "number": "宿欠〔2026〕321322-00001", "due": "2026-03-09", "rule": "受理决定", "rule_en": "Acceptance decision",
    "article": "第十八条", "article_en": "art. 18", "rung_msgid": "时限届满",
}  # fmt: skip


class AlertCase(CastTestCase):
    def setUp(self) -> None:
        self.claim = self.make_claim()
        Notice.objects.all().delete()

    def alert(self, kind: str = "clock_near", person: Person | None = None, **what: Any) -> Notice:
        given = {"key": "c:due", "now": NOW, "facts": CLOCK, "subject_id": self.claim.pk, "region_code": "321322101", "ack_by": NOW + 2 * DAY}
        tell([person or self.chief], kind, **{**given, **what})
        return Notice.objects.get(recipient=person or self.chief, key=what.get("key", "c:due"), channel="in_app")

    def refusal(self, verb: Any, *given: Any) -> str:
        with self.assertRaises(Refused) as caught:
            verb(*given)
        self.assertTrue(caught.exception.message)
        return caught.exception.code


class Acknowledging(AlertCase):
    def test_who_has_moved_on_answers_for_nothing_here_and_is_asked_no_more(self) -> None:
        notice = self.alert()
        self.chief.postings.update(region="321322102")
        chief = Person.objects.get(pk=self.chief.pk)
        self.assertEqual(self.refusal(acknowledge, notice, chief, NOW), "not_your_role")
        notice.refresh_from_db()
        self.assertEqual((notice.acknowledged_at, notice.ack_by is None), (None, False))  # nobody has: the next rung comes early
        self.assertFalse(unanswered(chief).exists())
        self.assertFalse(Event.objects.filter(kind="alert_acknowledged").exists())

    def test_it_counts_for_every_channel_and_is_read(self) -> None:
        notice = self.alert()
        acknowledge(notice, self.chief, NOW, " 今天就办 ")
        rows = Notice.objects.filter(key="c:due").values_list("channel", "acknowledged_at", "reply", "read_at")
        self.assertEqual(set(rows), {("in_app", NOW, "今天就办", NOW), ("email", NOW, "今天就办", NOW)})
        self.assertFalse(unanswered(self.chief).exists())

    def test_only_once_and_only_by_whoever_was_told(self) -> None:
        notice = self.alert()
        self.assertEqual(self.refusal(acknowledge, notice, self.county, NOW), "not_yours")
        acknowledge(notice, self.chief, NOW)
        self.assertEqual(self.refusal(acknowledge, notice, self.chief, NOW + HOUR), "already_acknowledged")
        self.assertEqual(Event.objects.filter(kind="alert_acknowledged").count(), 1)

    def test_it_is_replied_to_later_and_again_and_every_reply_stands_in_the_history(self) -> None:
        notice = self.alert()
        self.assertEqual(self.refusal(reply, notice, self.chief, NOW, "办"), "not_acknowledged")
        acknowledge(notice, self.chief, NOW)
        self.assertEqual(self.refusal(reply, notice, self.county, NOW, "办"), "not_yours")
        self.assertEqual(self.refusal(reply, notice, self.chief, NOW, " "), "no_reply")
        self.assertFalse(Event.objects.filter(kind="alert_replied").exists())
        for later, text in ((1, "已约谈项目经理"), (2, "已付清一半")):
            reply(notice, self.chief, NOW + later * HOUR, text)
        notice.refresh_from_db()
        self.assertEqual((notice.reply, notice.acknowledged_at), ("已付清一半", NOW))
        said = [told(event).quotes for event in Event.objects.filter(kind="alert_replied").order_by("at")]
        self.assertEqual(said, [["已约谈项目经理"], ["已付清一半"]])

    def test_the_inbox_offers_the_reply_after_it_was_acknowledged(self) -> None:
        notice = self.alert()
        self.client.force_login(self.chief)
        address = f"/inbox/{notice.pk}/reply/"
        self.assertNotContains(self.client.get("/inbox/"), address)
        self.assertContains(self.client.post(address, {"reply": "办"}), "请先签收", status_code=409)
        acknowledge(notice, self.chief, NOW)
        self.assertContains(self.client.get("/inbox/"), address)
        self.assertContains(self.client.post(address, {"reply": ""}), "请填写。")
        self.assertRedirects(self.client.post(address, {"reply": "办了"}), "/inbox/")
        self.assertContains(self.client.get("/inbox/"), "再次回复")
        self.client.force_login(self.county)
        self.assertEqual(self.client.post(address, {"reply": "办"}).status_code, 404)

    def test_what_somebody_else_was_told_of_the_same_thing_stays_open(self) -> None:
        mine, theirs = self.alert(), self.alert(person=self.county)
        acknowledge(mine, self.chief, NOW)
        self.assertEqual(list(unanswered(self.county)), [theirs])

    def test_what_need_not_be_acknowledged(self) -> None:
        self.assertEqual(self.refusal(acknowledge, self.alert(ack_by=None), self.chief, NOW), "no_ack_needed")

    def test_the_claims_history_says_so(self) -> None:
        acknowledge(self.alert(), self.chief, NOW, "今天就办")
        event = Event.objects.get(kind="alert_acknowledged")
        self.assertEqual((event.claim, event.actor, event.facts["notice"]), (self.claim, self.chief, "c:due"))
        said = told(event)
        self.assertEqual((said.title, said.quotes), ("签收提醒（应于 2026-03-09 前完成）", ["今天就办"]))

    def test_if_the_history_cannot_be_written_nothing_is(self) -> None:
        notice = self.alert()

        def broken(*_given: Any, **_said: Any) -> None:
            raise DatabaseError

        with patch.dict(alerts.ACKNOWLEDGED, clock_near=broken), self.assertRaises(DatabaseError):
            acknowledge(notice, self.chief, NOW)
        self.assertTrue(unanswered(self.chief).exists())

    def test_what_waits_longest_for_an_answer_comes_first(self) -> None:
        self.alert(key="later", ack_by=NOW + 2 * DAY)
        self.alert(key="sooner", ack_by=NOW + DAY)
        self.alert(key="none", ack_by=None)
        self.assertEqual([row.key for row in unanswered(self.chief)], ["sooner", "later"])


class Snoozing(AlertCase):
    def test_who_has_moved_on_puts_nothing_off_here(self) -> None:
        notice = self.alert()
        self.chief.postings.update(region="321322102")
        chief = Person.objects.get(pk=self.chief.pk)
        self.assertEqual(self.refusal(snooze, notice, chief, NOW, NOW + HOUR, "出差"), "not_your_role")
        notice.refresh_from_db()
        self.assertEqual((notice.snoozed_until, notice.snoozes), (None, 0))
        self.assertFalse(Event.objects.filter(kind="alert_snoozed").exists())
        self.assertFalse(unanswered(chief).exists())

    def test_it_is_out_of_sight_until_then_and_unread_again(self) -> None:
        notice = self.alert(ack_by=None)
        Notice.objects.update(read_at=NOW)
        snooze(notice, self.chief, NOW, NOW + DAY, "等银行回单")
        inbox = Notice.objects.inbox_of(self.chief).unread()
        self.assertFalse(inbox.awake(NOW + DAY - HOUR).exists())
        self.assertTrue(inbox.awake(NOW + DAY).exists())
        event = Event.objects.get(kind="alert_snoozed")
        self.assertEqual((told(event).title, told(event).quotes), ("暂缓提醒至 2026-03-03 10:00", ["等银行回单"]))

    def test_limits(self) -> None:
        notice = self.alert(ack_by=None)
        for until, reason, code in (
            (NOW, "r", "not_ahead"),
            (NOW + 3 * DAY + HOUR, "r", "snooze_too_long"),
            (NOW + DAY, " ", "no_reason"),
        ):
            self.assertEqual(self.refusal(snooze, notice, self.chief, NOW, until, reason), code)
        self.assertEqual(self.refusal(snooze, notice, self.county, NOW, NOW + DAY, "r"), "not_yours")
        snooze(notice, self.chief, NOW, NOW + 3 * DAY, "r")

    def test_twice_and_no_more(self) -> None:
        notice = self.alert(ack_by=None)
        for _again in range(2):
            snooze(notice, self.chief, NOW, NOW + DAY, "r")
        self.assertEqual(self.refusal(snooze, notice, self.chief, NOW, NOW + DAY, "r"), "snoozed_too_often")
        self.assertEqual(Event.objects.filter(kind="alert_snoozed").count(), 2)

    def test_never_past_the_day_by_which_it_is_to_be_acknowledged(self) -> None:
        notice = self.alert(ack_by=NOW + DAY)
        self.assertEqual(self.refusal(snooze, notice, self.chief, NOW, NOW + DAY + HOUR, "r"), "snooze_too_long")
        snooze(notice, self.chief, NOW, NOW + DAY, "r")

    def test_what_is_late_by_law_only_once_until_the_next_working_morning(self) -> None:
        friday = datetime(2026, 3, 6, 16, 0, tzinfo=SHANGHAI)
        monday = datetime(2026, 3, 9, 9, 0, tzinfo=SHANGHAI)
        notice = self.alert("clock_late", now=friday, ack_by=None)
        self.assertEqual(self.refusal(snooze, notice, self.chief, friday, monday + HOUR, "r"), "snooze_too_long")
        snooze(notice, self.chief, friday, monday, "r")
        self.assertEqual(self.refusal(snooze, notice, self.chief, monday, monday + HOUR, "r"), "snoozed_too_often")

    def test_what_is_acknowledged_is_done_with(self) -> None:
        notice = self.alert()
        acknowledge(notice, self.chief, NOW)
        notice.refresh_from_db()
        self.assertEqual(self.refusal(snooze, notice, self.chief, NOW, NOW + HOUR, "r"), "already_acknowledged")

    def test_acknowledging_ends_a_snooze(self) -> None:
        notice = self.alert()
        snooze(notice, self.chief, NOW, NOW + DAY, "r")
        acknowledge(notice, self.chief, NOW + HOUR)
        self.assertTrue(Notice.objects.inbox_of(self.chief).awake(NOW + HOUR).exists())
