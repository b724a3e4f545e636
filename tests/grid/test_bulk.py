"""Writing many rows in one statement: values of every type arrive as they were, conflicts are left alone."""

from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction

from grid.bulk import insert, update
from grid.models import Notice
from tests.base import NOW, CastTestCase


class Bulk(CastTestCase):
    def row(self, key: str, **fields: Any) -> Notice:
        return Notice(key=key, recipient=self.chief, channel="in_app", kind="x", created_at=NOW, **fields)

    def test_values_arrive_as_they_were(self) -> None:
        facts = {"text": "他说：“不付”\\ \n\t'\" {x} %s 𠮷", "nothing": None, "list": [1, 2.5, True]}
        row = self.row("k", facts=facts, body=self.court, sent_at=NOW + timedelta(microseconds=1))
        with self.assertNumQueries(1):
            self.assertEqual(insert([row, self.row("other")]), 2)
        kept = Notice.objects.get(pk=row.pk)
        for field in Notice._meta.concrete_fields:
            self.assertEqual(getattr(kept, field.attname), getattr(row, field.attname), field.name)

    def test_rows_that_are_there_are_left_alone_or_refused(self) -> None:
        insert([self.row("k", path="/first/")])
        self.assertEqual(insert([self.row("k", path="/second/"), self.row("new")], ignore_conflicts=True), 1)
        self.assertEqual(Notice.objects.get(key="k").path, "/first/")
        with self.assertRaises(IntegrityError), transaction.atomic():
            insert([self.row("k")])

    def test_only_the_named_fields_of_the_given_rows_are_written(self) -> None:
        rows = [self.row(key, path="/old/", error="old") for key in ("a", "b", "c")]
        insert(rows)
        for row in rows:
            row.path, row.error, row.read_at = f"/{row.key}/", "new", NOW
        with self.assertNumQueries(1):
            self.assertEqual(update(rows[:2], ("path", "read_at")), 2)
        kept = set(Notice.objects.values_list("key", "path", "error", "read_at"))
        self.assertEqual(kept, {("a", "/a/", "old", NOW), ("b", "/b/", "old", NOW), ("c", "/old/", "old", None)})

    def test_no_rows_cost_no_query(self) -> None:
        with self.assertNumQueries(0):
            self.assertEqual((insert([]), update([], ("path",))), (0, 0))
