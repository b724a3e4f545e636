"""The city of the benches: what falls due in it is what is wanted to."""

from datetime import datetime, timedelta

from django.test import TestCase

from bench.city import shapes
from grid.days import SHANGHAI


class Shapes(TestCase):
    def test_before_nine_of_a_working_day_no_clock_is_taken_that_would_call_at_nine(self) -> None:
        now = datetime(2026, 3, 3, 8, 58, tzinfo=SHANGHAI)  # a Tuesday
        nine = now.replace(hour=9, minute=0)
        every = shapes(now)
        self.assertTrue(any(shape.next_at == nine for shape in every if not shape.is_due))
        quiet = shapes(now, now + timedelta(hours=1))
        self.assertTrue(any(shape.is_due for shape in quiet))
        self.assertTrue(any(not shape.is_due for shape in quiet))
        self.assertFalse(any(shape.next_at == nine for shape in quiet))
        self.assertLess(len(quiet), len(every))
        self.assertEqual({shape.next_at for shape in quiet if shape.is_due}, {datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)})

    def test_at_any_other_time_all_of_them_are(self) -> None:
        now = datetime(2026, 3, 3, 10, 0, tzinfo=SHANGHAI)
        self.assertEqual(shapes(now, now + timedelta(hours=1)), shapes(now))
