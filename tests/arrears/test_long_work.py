"""Work that a task does for a page: whoever hears of it at the same moment leaves it to the one who is at it."""

from datetime import timedelta
from threading import Thread
from typing import Any

from django.db import connection
from django.test import TransactionTestCase
from django.utils.translation import gettext_lazy

from arrears import long_work
from arrears.models import OrderSheet
from arrears.sources import importing, keeping
from tests.base import NOW, Cast


class AtOnceTest(Cast, TransactionTestCase):
    def setUp(self) -> None:
        self.make_cast()
        source = keeping.add(self.administrator, now=NOW, code="hotline", name="热线", region=self.regions["3213"], return_way="pull", channel="hotline")
        sheet = {"source": source, "name": "x", "tables": "", "answers": "", "uploaded_at": NOW}
        self.row, self.other = (
            OrderSheet.objects.create(person=person, asked_at=at, **sheet) for person, at in ((self.county, NOW), (self.county_b, NOW + timedelta(minutes=1)))
        )
        self.done: list[Any] = []
        self.said: list[bool] = []

    def take(self, language_of: Any = lambda _row: "zh-hans", work: Any = None) -> bool:
        work = work or (lambda row: self.done.append(row.pk) or OrderSheet.objects.filter(pk=row.pk).update(result={}))
        return long_work.take_next(importing.waiting, work, importing.refuse, language_of, gettext_lazy("导入没有成功，请稍后再试；多次不成功请联系系统管理员。"))

    def on_another_connection(self) -> None:
        def run() -> None:
            self.said.append(self.take())
            connection.close()

        thread = Thread(target=run)
        thread.start()
        thread.join(30)

    def test_between_the_try_that_is_counted_and_the_work_nobody_else_uses_up_its_tries(self) -> None:
        calls = []

        def language_of(row: OrderSheet) -> str:
            calls.append(row.pk)
            if len(calls) == 2:  # counted, not yet begun
                for _hint in range(4):
                    self.on_another_connection()
            return "zh-hans"

        self.assertTrue(self.take(language_of))
        self.assertEqual(self.said, [True, False, False, False])  # the other file, and then none
        self.assertEqual(self.done, [self.other.pk, self.row.pk])
        self.assertEqual(set(OrderSheet.objects.values_list("tries", "refused")), {(1, "")})

    def test_what_went_wrong_is_let_go(self) -> None:
        def fail(_row: OrderSheet) -> None:
            raise ValueError("of the test")

        with self.assertLogs("arrears.long_work", "ERROR"):
            self.take(work=fail)
        self.row.refresh_from_db()
        self.other.delete()
        self.assertTrue(self.row.refused)
        OrderSheet.objects.filter(pk=self.row.pk).update(refused="")
        self.on_another_connection()
        self.assertEqual((self.said, self.done), ([True], [self.row.pk]))
