"""A real worker is killed while it counts what a calendar year changes; another one goes on where it was."""

from collections import Counter
from datetime import date

from arrears.models import CalendarYear, Claim, Clock, Event
from arrears.rules import RULES
from arrears.year_loading import AT_HAND, load_year
from grid.models import Notice
from tests.arrears.test_calendar_page import DECEMBER, YEAR
from tests.base import NOW
from tests.faults.workers import RealWorkers

CLAIMS = 2400  # twelve batches
GUESSED, COUNTED = date(2027, 3, 3), date(2027, 3, 2)  # 60 working days from 1 December 2026


class CalendarKilled(RealWorkers):
    def setUp(self) -> None:
        super().setUp()
        claims = Claim.objects.bulk_create(
            Claim(
                number=f"宿欠〔2026〕321322-{n:05d}", region_id="321322101", city_code="3213", county_code="321322",
                township_code="321322101", channel="patrol", received_on=NOW.date(), registered_at=NOW, handler=self.grid_worker,
            )
            for n in range(CLAIMS)
        )  # fmt: skip
        assert RULES["CASE-WHOLE-60"].length == 60 and CLAIMS > AT_HAND
        Clock.objects.bulk_create(
            Clock(claim=claim, rule_id="CASE-WHOLE-60", started_on=date(2026, 12, 1), natural_on=GUESSED, due_on=GUESSED, is_provisional=True)
            for claim in claims
        )  # fmt: skip

    def left(self) -> int:
        return Clock.objects.filter(is_provisional=True).count()

    def test_another_worker_goes_on_where_a_killed_one_was_and_each_owner_hears_once(self) -> None:
        said = load_year(YEAR.encode(), now=DECEMBER, name="2027.csv", later=lambda: None)
        self.assertIn("正在后台重新计算", said[-1])
        self.assertEqual(self.left(), CLAIMS)

        first = self.start()
        self.send("arrears.tasks.recount_years")
        self.wait(lambda: self.left() < CLAIMS)
        self.kill(first)
        left = self.left()
        self.assertTrue(0 < left < CLAIMS, left)  # otherwise this test has shown nothing
        row = CalendarYear.objects.get()
        self.assertIsNone(row.counted_at)
        self.assertFalse(Notice.objects.filter(kind="calendar_moved").exists())

        self.start()
        self.send("arrears.tasks.recount_years", times=3)  # several at once
        self.wait(lambda: CalendarYear.objects.filter(counted_at__isnull=False).exists())
        self.assertEqual(Counter(Clock.objects.values_list("due_on", "is_provisional")), {(COUNTED, False): CLAIMS})
        moved = Event.objects.filter(kind="clock_moved")
        self.assertEqual((moved.count(), moved.values("claim").distinct().count()), (CLAIMS, CLAIMS))
        told = Notice.objects.filter(kind="calendar_moved", channel="in_app")
        self.assertEqual([(one.recipient, one.facts["count"]) for one in told], [(self.grid_worker, CLAIMS)])
        self.assertEqual(CalendarYear.objects.get().counts, {"moved": CLAIMS, "told": 1})
