"""The inbox: newest first by day, read by opening, nobody else's."""

from datetime import timedelta
from unittest.mock import patch

from django.urls import reverse

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
        with self.assertNumQueries(5):
            self.client.get(reverse("inbox"))
        for number in range(3, 30):
            self.tell(f"丁-{number:02d}")
        with self.assertNumQueries(5):
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
