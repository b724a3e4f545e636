"""What went out to whom and how it fared: an administrator's own regions, and never what it said."""

from datetime import timedelta
from unittest.mock import patch
from urllib.parse import urlencode

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from grid import roles
from grid.models import AccessLog, ChannelState, Notice, Posting
from grid.models.notices import FAILED, QUEUED, SENT
from grid.notices import KINDS, Kind, tell
from tests.base import NOW, CastTestCase, make_person

KIND = Kind("test_late", "%(number)s 已逾期", "期限已过，机密内容。", "late", topic="deadlines")
PAGE = "/deliveries/"


@patch.dict(KINDS, {KIND.name: KIND})
class DeliveriesTest(CastTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.here = make_person("xianguanli", "县管", roles.ADMINISTRATOR, "321322")
        cls.elsewhere = make_person("qitaguanli", "别管", roles.ADMINISTRATOR, "321323")

    def setUp(self) -> None:
        self.client.force_login(self.here)
        clock = patch("django.utils.timezone.now", return_value=NOW)
        clock.start()
        self.addCleanup(clock.stop)

    def mail(self, key: str, state: str = FAILED, person=None, **more) -> Notice:
        what = {"facts": {"number": key}, "region_code": "321322101", "now": NOW - timedelta(hours=1), **more}
        tell([person or self.chief], KIND.name, key=key, **what)
        Notice.objects.filter(key=key, channel="email").update(state=state, attempts=2, error="550 no such user")
        return Notice.objects.get(key=key, channel="email")

    def shown(self, **asked: str) -> set[str]:
        page = self.client.get(f"{PAGE}?{urlencode(asked)}" if asked else PAGE)
        return {row.notice.key for row in page.context["deliveries"]}

    def test_what_failed_stands_first_with_who_why_and_when_but_not_what(self) -> None:
        self.mail("甲-1"), self.mail("甲-2", SENT)
        page = self.client.get(PAGE)
        self.assertEqual([row.notice.key for row in page.context["deliveries"]], ["甲-1"])
        self.assertContains(page, "章镇")
        self.assertContains(page, "陇集镇 乡镇（街道）网格长")
        self.assertContains(page, "550 no such user")
        self.assertContains(page, "时限与提级")
        self.assertNotContains(page, "机密内容")
        self.assertNotContains(page, "已逾期")

    def test_what_failed_and_whose_kind_is_no_more_still_stands_there(self) -> None:
        Notice.objects.filter(pk=self.mail("甲-1").pk).update(kind="no_such_kind")
        page = self.client.get(PAGE)
        self.assertContains(page, "甲-1")
        self.assertContains(page, "不再使用的通知")

    def test_the_systems_own_inbox_is_no_delivery(self) -> None:
        self.mail("甲-1", SENT)
        self.assertEqual({row.channel for row in Notice.objects.all()}, {"in_app", "email"})
        page = self.client.get(PAGE + "?state=")
        self.assertEqual(len(page.context["deliveries"]), 1)

    def test_filters_by_state_channel_person_and_case_number(self) -> None:
        claim = self.make_claim()
        Notice.objects.all().delete()
        self.mail("甲-1"), self.mail("甲-2", SENT, subject_id=claim.pk), self.mail("甲-3", person=self.county)
        self.assertEqual(self.shown(state=""), {"甲-1", "甲-2", "甲-3"})
        self.assertEqual(self.shown(state="sent"), {"甲-2"})
        self.assertEqual(self.shown(state="", channel="sms"), set())
        self.assertEqual(self.shown(state="", person="冼"), {"甲-3"})
        self.assertEqual(self.shown(state="", number=claim.number), {"甲-2"})
        self.assertEqual(self.shown(state="", number="没有这个案号"), set())
        self.assertEqual(self.shown(state="nonsense"), set())

    def test_only_the_administrators_regions(self) -> None:
        self.mail("甲-1"), self.mail("乙-1", person=self.county_b, region_code="321323")
        self.mail("丙-1", region_code="", body_id=self.court.pk), self.mail("丁-1", region_code="")
        self.assertEqual(self.shown(), {"甲-1", "丙-1", "丁-1"})
        self.client.force_login(self.elsewhere)
        self.assertEqual(self.shown(), {"乙-1"})
        self.client.force_login(self.administrator)
        self.assertEqual(self.shown(), {"甲-1", "乙-1", "丙-1", "丁-1"})
        for person in (self.chief, self.city, self.auditor, self.outsider):
            self.client.force_login(person)
            self.assertEqual(self.client.get(PAGE).status_code, 404)

    def test_sending_again_starts_from_the_first_try_and_is_logged(self) -> None:
        notice = self.mail("甲-1")
        again = reverse("delivery_retry", args=[notice.pk])
        self.assertRedirects(self.client.post(again, {"next": PAGE + "?state="}), PAGE + "?state=")
        notice.refresh_from_db()
        self.assertEqual((notice.state, notice.attempts, notice.next_try_at, notice.error), (QUEUED, 0, NOW, ""))
        self.assertEqual(AccessLog.objects.get(act="send_again").subject_id, notice.pk)
        self.assertContains(self.client.post(again, follow=True), "只有发送失败的通知可以再发")
        self.assertEqual(self.client.get(again).status_code, 405)

    def test_nobody_sends_again_what_is_not_theirs(self) -> None:
        notice = self.mail("甲-1")
        for person in (self.elsewhere, self.chief, self.outsider):
            self.client.force_login(person)
            self.assertEqual(self.client.post(reverse("delivery_retry", args=[notice.pk])).status_code, 404)
        notice.refresh_from_db()
        self.assertEqual(notice.state, FAILED)

    def test_the_state_of_each_channel_stands_on_top(self) -> None:
        ChannelState.objects.create(
            channel="email", failures=7, opened_at=NOW - timedelta(hours=1), retry_at=NOW + timedelta(minutes=5), last_error="timed out"
        )
        self.mail("甲-1", QUEUED), self.mail("甲-2", QUEUED), self.mail("甲-3", SENT)
        page = self.client.get(PAGE)
        self.assertContains(page, "故障")
        self.assertContains(page, "还在等待的 2 条")
        self.assertContains(page, "10:05</time> 再试")
        self.assertContains(page, "timed out")
        self.assertEqual([one.label for one in page.context["circuits"]], ["电子邮件"])

    def test_workers_have_no_name_here_and_digests_say_how_much_they_hold(self) -> None:
        worker = self.mail("甲-1")
        Notice.objects.filter(pk=worker.pk).update(recipient=None, addressee_kind="claimant", addressee_id=worker.pk)
        bundle = self.mail("甲-2")
        for number in range(3):
            Notice.objects.filter(pk=self.mail(f"乙-{number}", SENT).pk).update(bundle=bundle, state="bundled")
        page = self.client.get(PAGE)
        self.assertContains(page, "劳动者")
        self.assertContains(page, "汇总 3 条")

    def test_long_lists_are_turned_and_cost_the_same(self) -> None:
        counts = []
        for numbers in (range(3), range(3, 30)):
            for number in numbers:
                self.mail(f"丙-{number:02d}", now=NOW - timedelta(minutes=number + 1), person=make_person(f"p{number}", f"人{number}", roles.MEDIATOR, "321322"))
            with CaptureQueriesContext(connection) as queries:
                page = self.client.get(PAGE)
            counts.append(len(queries))
        self.assertEqual(*counts)
        rest = self.client.get(PAGE + page.context["older"])
        self.assertEqual([row.notice.key for one in (page, rest) for row in one.context["deliveries"]], [f"丙-{n:02d}" for n in range(30)])

    def test_what_was_about_no_place_follows_its_reader(self) -> None:
        self.mail("甲-1", region_code="")
        Posting.objects.filter(person=self.chief).delete()
        self.assertEqual(self.shown(), set())
