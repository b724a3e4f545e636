"""待办: one open task for one thing, told to its owner; and who that is."""

from datetime import date, timedelta
from typing import Any

from grid.models import Leave, Notice, Person, Posting, Task
from grid.refused import Refused
from grid.tasklist import add, done, open_of, owner_for, words
from tests.base import NOW, TODAY, CastTestCase

FACTS = {"person": "章镇", "channel_msgid": "电子邮件", "error": "550 no such user"}


class Tasks(CastTestCase):
    def add(self, key: str = "k", owner: Person | None = None, **what: Any) -> Task:
        return add(owner or self.county, "delivery_failed", key=key, now=NOW, facts=FACTS, **what)

    def test_a_new_task_is_told_to_its_owner_inside_the_system(self) -> None:
        task = self.add(path="/claims/1/")
        notice = Notice.objects.get()
        self.assertEqual((notice.recipient, notice.channel, notice.path), (self.county, "in_app", "/claims/1/"))
        self.assertEqual(notice.facts["task"], words(task)[0])
        self.assertEqual(words(task)[0], "发给章镇的电子邮件没有送达")
        self.assertEqual(list(open_of(self.county)), [task])

    def test_the_same_thing_is_one_task_while_it_is_open(self) -> None:
        first, again = self.add(), self.add(owner=self.city)
        self.assertEqual((first, again.owner), (again, self.county))
        self.assertEqual(Notice.objects.count(), 1)
        done(first, self.county, NOW)
        self.assertNotEqual(self.add(), first)

    def test_due_on_the_next_day_that_is_no_weekend(self) -> None:
        self.assertEqual(self.add().due_on, TODAY + timedelta(days=1))
        friday = NOW + timedelta(days=4)
        self.assertEqual(add(self.county, "delivery_failed", key="f", now=friday, facts=FACTS).due_on, date(2026, 3, 9))
        self.assertEqual(self.add("said", due_on=date(2026, 4, 1)).due_on, date(2026, 4, 1))

    def test_only_its_owner_is_done_with_it_and_once(self) -> None:
        task = self.add()
        with self.assertRaises(Refused) as caught:
            done(task, self.city, NOW)
        self.assertEqual(caught.exception.code, "not_yours")
        done(task, self.county, NOW, " 已当面通知 ")
        task.refresh_from_db()
        self.assertEqual((task.done_by, task.done_at, task.note), (self.county, NOW, "已当面通知"))
        with self.assertRaises(Refused) as caught:
            done(task, self.county, NOW)
        self.assertEqual(caught.exception.code, "task_done")
        self.assertFalse(open_of(self.county).exists())

    def test_whose_work_it_is(self) -> None:
        self.assertEqual(owner_for("321322101", TODAY), self.county)
        self.assertEqual(owner_for("321322101", TODAY, besides=self.county), self.administrator)
        self.assertEqual(owner_for("", TODAY), self.administrator)
        Leave.objects.create(person=self.county, starts_on=TODAY, ends_on=TODAY)
        self.assertEqual(owner_for("321322101", TODAY), self.city)
        Posting.objects.exclude(person=self.administrator).delete()
        self.assertEqual(owner_for("321322101", TODAY), self.administrator)
        Posting.objects.all().delete()
        self.assertIsNone(owner_for("321322101", TODAY))
