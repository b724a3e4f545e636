"""The inbox: newest first by day, read by opening, nobody else's."""

from datetime import datetime, timedelta
from unittest.mock import patch

from django.urls import reverse

from grid.days import SHANGHAI
from grid.models import Notice
from grid.notices import KINDS, Kind, tell
from tests.base import NOW, CastTestCase

KIND = Kind("test_late", "%(number)s 已逾期", "案件 %(number)s 的期限已过。", "late")


@patch.dict(KINDS, {KIND.name: KIND})
class InboxTest(CastTestCase):
    def setUp(self) -> None:
        self.client.force_login(self.chief)
        clock = patch("django.utils.timezone.now", return_value=NOW)
        clock.start()
        self.addCleanup(clock.stop)

    def tell(self, number: str, days_ago: int = 0, person=None, path: str = "/settings/") -> Notice:
        tell(
            [person or self.chief], KIND.name, key=f"test:{number}", now=NOW - timedelta(days=days_ago),
            facts={"number": number}, path=path,
        )  # fmt: skip
        return Notice.objects.get(key=f"test:{number}", channel="in_app")

    def test_notices_stand_by_day_with_their_words_and_their_urgency(self) -> None:
        self.tell("甲-1"), self.tell("甲-2", days_ago=1), self.tell("甲-3", days_ago=4)
        response = self.client.get(reverse("inbox"))
        self.assertContains(response, "甲-1 已逾期")
        self.assertContains(response, "案件 甲-3 的期限已过。")
        self.assertContains(response, "is-unread tone-bad", count=3)
        self.assertEqual([day.days_ago for day in response.context["days"]], [0, 1, 4])

    def test_one_whose_kind_is_no_more_is_shown_under_a_plain_name(self) -> None:
        """And so is one that lacks what the words of its kind have come to name."""
        Notice.objects.filter(pk=self.tell("甲-1").pk).update(kind="no_such_kind")
        Notice.objects.filter(pk=self.tell("甲-2").pk).update(facts={}, ack_by=NOW)
        with self.assertLogs("grid.wordings", "WARNING"):
            response = self.client.get(reverse("inbox"))
        self.assertContains(response, "甲-1：一条通知")
        self.assertContains(response, "这条通知原来的文字已经无法显示", count=2)

    def test_an_empty_inbox_says_what_will_come(self) -> None:
        self.assertContains(self.client.get(reverse("inbox")), "还没有通知")
        self.assertContains(self.client.get(reverse("inbox"), {"show": "unread"}), "没有未读通知")

    def test_opening_marks_it_read_and_leads_on(self) -> None:
        notice = self.tell("甲-1")
        self.assertRedirects(self.client.post(reverse("notice_open", args=[notice.pk])), "/settings/")
        notice.refresh_from_db()
        self.assertEqual(notice.read_at, NOW)
        self.assertNotContains(self.client.get(reverse("inbox")), "is-unread")

    def test_a_path_out_of_the_house_is_not_followed(self) -> None:
        for number, path in enumerate(("https://evil.example/", "//evil.example/", "javascript:alert(1)", "")):
            with self.subTest(path):
                notice = self.tell(f"乙-{number}", path=path)
                self.assertRedirects(self.client.post(reverse("notice_open", args=[notice.pk])), reverse("inbox"))

    def test_nobody_sees_or_opens_anybody_elses(self) -> None:
        notice = self.tell("甲-1", person=self.county)
        self.assertNotContains(self.client.get(reverse("inbox")), "甲-1")
        self.assertEqual(self.client.post(reverse("notice_open", args=[notice.pk])).status_code, 404)
        mail = Notice.objects.get(key=notice.key, channel="email")
        self.client.force_login(self.county)
        self.assertEqual(self.client.post(reverse("notice_open", args=[mail.pk])).status_code, 404)

    def test_opening_and_reading_are_posts(self) -> None:
        notice = self.tell("甲-1")
        self.assertEqual(self.client.get(reverse("notice_open", args=[notice.pk])).status_code, 405)
        self.assertEqual(self.client.get(reverse("inbox_read")).status_code, 405)
        self.assertEqual(self.client.post(reverse("inbox")).status_code, 405)

    def test_marking_all_read_leaves_what_came_after_the_page(self) -> None:
        _old, new = self.tell("甲-1", days_ago=1), self.tell("甲-2")
        until = (NOW - timedelta(hours=1)).isoformat()
        self.assertRedirects(self.client.post(reverse("inbox_read"), {"until": until}), reverse("inbox"))
        self.assertEqual(set(Notice.objects.inbox_of(self.chief).unread()), {new})
        self.client.post(reverse("inbox_read"), {"until": "nonsense"})
        self.assertFalse(Notice.objects.inbox_of(self.chief).unread().exists())

    def test_only_the_unread_are_shown_when_asked(self) -> None:
        read, _unread = self.tell("甲-1"), self.tell("甲-2")
        Notice.objects.filter(pk=read.pk).update(read_at=NOW)
        response = self.client.get(reverse("inbox"), {"show": "unread"})
        self.assertContains(response, "甲-2 已逾期")
        self.assertNotContains(response, "甲-1 已逾期")

    def test_long_inboxes_are_turned_page_by_page(self) -> None:
        for number in range(30):
            self.tell(f"丙-{number:02d}", days_ago=number)
        first = self.client.get(reverse("inbox"))
        second = self.client.get(reverse("inbox") + first.context["older"])
        shown = [row.notice.key for page in (first, second) for day in page.context["days"] for row in day.rows]
        self.assertEqual(shown, [f"test:丙-{number:02d}" for number in range(30)])
        self.assertFalse(second.context["older"])
        self.assertEqual(self.client.get(reverse("inbox"), {"after": "garbage"}).status_code, 200)

    def test_the_page_costs_the_same_for_three_and_for_thirty(self) -> None:
        for number in range(3):
            self.tell(f"丁-{number:02d}")
        self.client.get(reverse("inbox"))
        with self.assertNumQueries(6):
            self.client.get(reverse("inbox"))
        for number in range(3, 30):
            self.tell(f"丁-{number:02d}")
        with self.assertNumQueries(6):
            self.client.get(reverse("inbox"))

    def test_the_badge_answers_only_when_it_has_changed(self) -> None:
        self.tell("甲-1")
        url = reverse("inbox_unread")
        changed = self.client.get(url, {"known": "0"})
        self.assertContains(changed, "您有 1 条未读通知")
        self.assertContains(changed, 'id="unread-sidebar"')
        self.assertEqual(self.client.get(url, {"known": "1"}).status_code, 204)
        self.assertNotContains(self.client.get(url, {"known": "5"}), "您有")
        self.client.logout()
        self.assertEqual(self.client.get(url, {"known": "1"}).status_code, 286)


@patch.dict(KINDS, {KIND.name: KIND})
class AcknowledgeTest(CastTestCase):
    """签收 and 暂缓, from the inbox and from the page of the claim."""

    def setUp(self) -> None:
        self.client.force_login(self.chief)
        clock = patch("django.utils.timezone.now", return_value=NOW)
        clock.start()
        self.addCleanup(clock.stop)

    def alert(self, number: str, hours: int = 24, person=None, **more) -> Notice:
        tell(
            [person or self.chief], KIND.name, key=f"alert:{number}", now=NOW - timedelta(days=1), facts={"number": number},
            path="/settings/", ack_by=NOW + timedelta(hours=hours), **more,
        )  # fmt: skip
        return Notice.objects.get(key=f"alert:{number}", channel="in_app")

    def acknowledge(self, notice: Notice, **said: str):
        return self.client.post(reverse("notice_acknowledge", args=[notice.pk]), said)

    def snooze(self, notice: Notice, until: datetime, reason: str = "正在核对考勤"):
        said = {"until": f"{until.astimezone(SHANGHAI):%Y-%m-%dT%H:%M}", "reason": reason}
        return self.client.post(reverse("notice_snooze", args=[notice.pk]), said)

    def test_what_must_be_acknowledged_stands_first_soonest_on_top(self) -> None:
        tell([self.chief], KIND.name, key="plain", now=NOW, facts={"number": "甲-0"})
        self.alert("甲-1", hours=24), self.alert("甲-2", hours=-2)
        page = self.client.get(reverse("inbox"))
        self.assertEqual([row.title for row in page.context["first"]], ["甲-2 已逾期", "甲-1 已逾期"])
        self.assertEqual([row.title for row in page.context["rows"]], ["甲-0 已逾期"])
        self.assertContains(page, "应于")
        self.assertContains(page, "已超时", count=1)
        self.assertContains(page, ">签收</button>")

    def test_acknowledging_answers_for_it_and_leads_back(self) -> None:
        notice = self.alert("甲-1")
        self.assertRedirects(self.acknowledge(notice, reply="今天去工地", next="/settings/"), "/settings/")
        notice.refresh_from_db()
        self.assertEqual((notice.acknowledged_at, notice.reply, notice.read_at), (NOW, "今天去工地", NOW))
        page = self.client.get(reverse("inbox"))
        self.assertEqual(page.context["first"], [])
        self.assertContains(page, "今天去工地")
        self.assertContains(page, "2026-03-02 10:00</time> 已签收")

    def test_a_place_out_of_the_house_is_not_led_to(self) -> None:
        self.assertRedirects(self.acknowledge(self.alert("甲-1"), next="https://evil.example/"), reverse("inbox"))

    def test_acknowledging_twice_is_refused_with_what_was_typed(self) -> None:
        notice = self.alert("甲-1")
        self.acknowledge(notice)
        again = self.acknowledge(notice, reply="又一句")
        self.assertContains(again, "您已经签收过这条通知", status_code=409)
        self.assertContains(again, "又一句", status_code=409)

    def test_a_reply_that_is_too_long_is_kept_and_said(self) -> None:
        answer = self.acknowledge(self.alert("甲-1"), reply="长" * 501)
        self.assertContains(answer, "还有内容需要改正")
        self.assertContains(answer, "长" * 501)

    def test_putting_it_off_hides_it_until_then(self) -> None:
        notice = self.alert("甲-1", hours=48)
        self.assertRedirects(self.snooze(notice, NOW + timedelta(hours=20)), reverse("inbox"))
        self.assertEqual(self.client.get(reverse("inbox")).context["first"], [])
        self.assertContains(self.client.get(reverse("inbox"), {"show": "snoozed"}), "正在核对考勤")
        self.assertEqual(self.client.get(reverse("inbox_unread"), {"known": "0"}).status_code, 204)

    def test_without_a_reason_or_beyond_the_limit_it_is_not_put_off(self) -> None:
        notice = self.alert("甲-1", hours=24)
        self.assertContains(self.snooze(notice, NOW + timedelta(hours=2), reason=""), "还有内容需要改正")
        self.assertContains(self.snooze(notice, NOW + timedelta(days=2)), "不能暂缓到那以后", status_code=409)
        notice.refresh_from_db()
        self.assertIsNone(notice.snoozed_until)

    def test_what_is_late_already_cannot_be_put_off(self) -> None:
        late, early = self.alert("甲-1", hours=-2), self.alert("甲-2", hours=24)
        rows = {row.notice: row for row in self.client.get(reverse("inbox")).context["first"]}
        self.assertEqual((rows[late].may_snooze, rows[early].may_snooze), (False, True))
        self.assertContains(self.client.get(reverse("notice_snooze", args=[early.pk])), "最迟到 2026-03-03 10:00")

    def test_nobody_answers_anybody_elses(self) -> None:
        notice = self.alert("甲-1", person=self.county)
        for answer in (self.acknowledge(notice), self.snooze(notice, NOW + timedelta(hours=2))):
            self.assertEqual(answer.status_code, 404)
        self.client.post(reverse("inbox_acknowledge"), {"notice": [str(notice.pk)]})
        notice.refresh_from_db()
        self.assertIsNone(notice.acknowledged_at)

    def test_ticked_ones_are_acknowledged_together_each_for_itself(self) -> None:
        first, second, third = self.alert("甲-1"), self.alert("甲-2"), self.alert("甲-3")
        self.acknowledge(second)
        answer = self.client.post(reverse("inbox_acknowledge"), {"notice": [first.pk, second.pk, "nonsense"]}, follow=True)
        self.assertContains(answer, "已签收 1 条")
        self.assertContains(answer, "甲-2 已逾期：您已经签收过这条通知")
        self.assertEqual([row.notice for row in answer.context["rows"]], [third])
        self.assertContains(self.client.post(reverse("inbox_acknowledge"), follow=True), "请先勾选")

    def test_reading_all_acknowledges_nothing_and_the_badge_goes_on_counting(self) -> None:
        self.alert("甲-1")
        self.client.post(reverse("inbox_read"))
        self.assertEqual(len(self.client.get(reverse("inbox")).context["first"]), 1)
        self.assertContains(self.client.get(reverse("inbox_unread"), {"known": "0"}), "您有 1 条")

    def test_the_claims_page_shows_the_readers_own_and_takes_the_answer(self) -> None:
        claim = self.make_claim()
        page = reverse("claim_detail", args=[claim.pk])
        notice = self.alert("甲-1", subject_id=claim.pk)
        self.alert("乙-1", person=self.county, subject_id=claim.pk)
        self.assertContains(self.client.get(page), "甲-1 已逾期")
        self.assertNotContains(self.client.get(page), "乙-1 已逾期")
        self.assertRedirects(self.acknowledge(notice, next=page), page)
        self.assertNotContains(self.client.get(page), "甲-1 已逾期")

    def test_the_api_answers_the_same_and_for_the_caller_only(self) -> None:
        mine, other = self.alert("甲-1"), self.alert("乙-1", person=self.county)
        self.assertEqual([row["title"] for row in self.client.get("/api/v1/notices/?to_acknowledge=true").json()["results"]], ["甲-1 已逾期"])
        self.assertEqual(self.client.post(f"/api/v1/notices/{other.pk}/acknowledge/").status_code, 404)
        until = {"until": (NOW + timedelta(hours=2)).isoformat(), "reason": "核对考勤"}
        self.assertEqual(self.client.post(f"/api/v1/notices/{mine.pk}/snooze/", until).json()["snooze_reason"], "核对考勤")
        done = self.client.post(f"/api/v1/notices/{mine.pk}/acknowledge/", {"reply": "去"})
        self.assertEqual((done.status_code, done.json()["reply"]), (200, "去"))
        again = self.client.post(f"/api/v1/notices/{mine.pk}/acknowledge/")
        self.assertEqual((again.status_code, again.json()["code"]), (409, "already_acknowledged"))

    def test_tabs_count_and_turn(self) -> None:
        for number in range(30):
            self.alert(f"丙-{number:02d}", hours=number + 1)
        page = self.client.get(reverse("inbox"), {"show": "ack"})
        self.assertEqual({tab.show: tab.count for tab in page.context["tabs"]}, {"": 0, "unread": 30, "ack": 30, "snoozed": 0})
        rest = self.client.get(reverse("inbox") + page.context["older"])
        titles = [row.title for one in (page, rest) for row in one.context["rows"]]
        self.assertEqual(titles, [f"丙-{number:02d} 已逾期" for number in range(30)])
