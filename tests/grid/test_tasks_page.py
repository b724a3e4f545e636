"""待办: one's own, and those nobody sees to."""

from datetime import date, timedelta
from unittest.mock import patch

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from grid import roles, tasklist
from grid.models import AccessLog, Notice, Posting, Task
from grid.notices import words
from grid.tasklist import KINDS, TaskKind
from tests.base import NOW, TODAY, CastTestCase, make_person

KIND = TaskKind("test_call", "请给%(who)s打电话", "号码改了。")
LATE = date(2026, 2, 20)


@patch.dict(KINDS, {KIND.name: KIND})
class TasksTest(CastTestCase):
    def setUp(self) -> None:
        self.client.force_login(self.chief)
        clock = patch("django.utils.timezone.now", return_value=NOW)
        clock.start()
        self.addCleanup(clock.stop)

    def task(self, key: str, owner=None, due_on: date | None = None, region: str = "321322101", path: str = "") -> Task:
        return tasklist.add(
            owner or self.chief, KIND.name, key=key, now=NOW, facts={"who": key}, path=path, region_code=region, due_on=due_on
        )

    def done(self, task: Task, **said: str):
        return self.client.post(reverse("task_done", args=[task.pk]), said)

    def hand(self, task: Task, owner):
        return self.client.post(reverse("task_hand", args=[task.pk]), {"owner": str(owner.pk)})

    def test_a_task_whose_kind_is_no_more_is_shown_under_a_plain_name(self) -> None:
        Task.objects.filter(pk=self.task("甲").pk).update(kind="no_such_kind")
        for address in (reverse("task_list"), reverse("desk")):
            with self.assertLogs("grid.tasklist", "WARNING"):
                self.assertContains(self.client.get(address), "一件待办")

    def test_ones_own_stand_with_words_day_and_way_on_page_and_desk(self) -> None:
        self.task("甲", path="/settings/"), self.task("乙", due_on=LATE), self.task("丙", owner=self.county)
        for address in (reverse("task_list"), reverse("desk")):
            page = self.client.get(address)
            self.assertContains(page, '<a class="row-link" href="/settings/">请给甲打电话</a>')
            self.assertContains(page, "已逾期")
            self.assertNotContains(page, "请给丙打电话")
            self.assertLess(page.content.index("请给乙".encode()), page.content.index("请给甲".encode()))

    def test_done_with_a_note_leads_back_and_is_remembered(self) -> None:
        task = self.task("甲")
        self.assertRedirects(self.done(task, note="已打", next=reverse("desk")), reverse("desk"))
        task.refresh_from_db()
        self.assertEqual((task.done_at, task.done_by, task.note), (NOW, self.chief, "已打"))
        self.assertContains(self.client.get(reverse("task_list")), "最近办完的")
        self.assertContains(self.done(task), "这件待办已经办完", status_code=409)

    def test_a_note_too_long_is_kept_and_said(self) -> None:
        answer = self.done(self.task("甲"), note="长" * 301)
        self.assertContains(answer, "还有内容需要改正")
        self.assertContains(answer, "长" * 301)

    def test_nobody_ends_anybody_elses(self) -> None:
        task = self.task("甲", owner=self.county)
        for person in (self.chief, self.city, self.administrator):
            self.client.force_login(person)
            self.assertEqual(self.done(task).status_code, 404)
        task.refresh_from_db()
        self.assertIsNone(task.done_at)

    def test_leads_and_administrators_see_what_is_overdue_in_their_region_only(self) -> None:
        self.task("甲", owner=self.grid_worker, due_on=LATE), self.task("乙", owner=self.grid_worker)
        self.task("丙", owner=self.county_b, due_on=LATE, region="321323")
        for person, seen in ((self.chief, {"甲"}), (self.county, {"甲"}), (self.county_b, set()), (self.city, {"甲", "丙"}),
                             (self.administrator, {"甲", "丙"}), (self.chief_a2, set()), (self.grid_worker, set()), (self.auditor, set())):  # fmt: skip
            self.client.force_login(person)
            shown = {row.task.key for row in self.client.get(reverse("task_list")).context["others"]}
            self.assertEqual(shown, seen, person)

    def test_what_lies_with_somebody_who_has_left_is_shown_before_it_is_late(self) -> None:
        task = self.task("甲", owner=self.grid_worker)
        Posting.objects.filter(person=self.grid_worker).update(ends_on=LATE)
        page = self.client.get(reverse("task_list"))
        self.assertContains(page, "已不在任")
        self.assertContains(self.client.get(reverse("desk")), "辖区内还有 1 件没有人办")
        other = make_person("xinren", "新人", roles.GRID_WORKER, "321322101")
        self.assertRedirects(self.hand(task, other), reverse("task_list"))
        task.refresh_from_db()
        self.assertEqual(task.owner, other)
        self.assertTrue(Notice.objects.filter(recipient=other, kind="task_handed").exists())
        self.assertEqual(self.client.get(reverse("task_list")).context["others"], [])

    def test_it_goes_only_to_somebody_who_works_there(self) -> None:
        task = self.task("甲", owner=self.grid_worker, due_on=LATE)
        for person in (self.county_b, self.auditor, self.partner, self.outsider, self.chief_a2):
            self.assertContains(self.hand(task, person), "还有内容需要改正")
        task.refresh_from_db()
        self.assertEqual(task.owner, self.grid_worker)

    def test_nobody_hands_on_what_is_not_theirs_to_see(self) -> None:
        task = self.task("甲", owner=self.grid_worker, due_on=LATE)
        for person in (self.county_b, self.chief_a2, self.auditor, self.partner, self.outsider):
            self.client.force_login(person)
            self.assertEqual(self.hand(task, self.county).status_code, 404)

    def test_owners_hand_on_their_own_and_get_it_back_and_each_is_told_each_time(self) -> None:
        task = self.task("甲", owner=self.grid_worker)
        self.client.force_login(self.grid_worker)
        self.assertContains(self.client.get(reverse("task_list")), reverse("task_hand", args=[task.pk]))
        self.assertNotContains(self.client.get(reverse("task_hand", args=[task.pk])), "王格办理")
        self.assertContains(self.hand(task, self.grid_worker), "还有内容需要改正")
        self.assertRedirects(self.hand(task, self.chief), reverse("task_list"))
        self.client.force_login(self.chief)
        for later, (giver, taker) in enumerate([(self.chief, self.grid_worker), (self.grid_worker, self.chief)], 1):
            self.client.force_login(giver)
            with patch("django.utils.timezone.now", return_value=NOW + timedelta(minutes=later)):
                self.assertEqual(self.hand(task, taker).status_code, 302)
        told = Notice.objects.filter(kind="task_handed", channel="in_app").order_by("created_at", "id")
        self.assertEqual(list(told.values_list("recipient__username", flat=True)), ["zhangzhen", "wangge", "zhangzhen"])
        log = AccessLog.objects.filter(act="hand_task").order_by("at").first()
        self.assertEqual((log.person, log.region_code, log.reason), (self.grid_worker, "321322101", "王格 → 章镇：请给甲打电话"))

    def test_what_is_handed_on_is_named_in_the_readers_language_whoever_hands_it(self) -> None:
        tasklist.add(self.chief, "delivery_failed", key="k", now=NOW, facts={"person": "甲", "channel_msgid": "短信", "error": "x"}, region_code="321322101")
        self.client.cookies["django_language"] = "en"
        self.assertEqual(self.hand(Task.objects.get(), self.grid_worker).status_code, 302)
        row = Notice.objects.get(kind="task_handed", channel="in_app")
        with override("zh-hans"):
            self.assertEqual(words(row)[0], "待办：发给甲的短信没有送达")
        with override("en"):
            self.assertEqual(words(row)[0], "Task: Text message to 甲 was not delivered")

    def test_an_empty_list_says_what_will_come(self) -> None:
        self.assertContains(self.client.get(reverse("task_list")), "没有待办")
        self.client.logout()
        self.assertEqual(self.client.get(reverse("task_list")).status_code, 302)

    def test_the_page_costs_the_same_for_three_and_for_thirty(self) -> None:
        counts = []
        for numbers in (range(3), range(3, 30)):
            for number in numbers:
                self.task(f"丁-{number}"), self.task(f"戊-{number}", owner=self.grid_worker, due_on=LATE)
            with CaptureQueriesContext(connection) as queries:
                self.client.get(reverse("task_list"))
            counts.append(len(queries))
        self.assertEqual(*counts)
        self.assertGreater(TODAY, LATE)
