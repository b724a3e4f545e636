"""A real worker is killed in the middle of a sweep; another one finishes. Nothing is lost or doubled.

What becomes of messages when everything is killed, tests/faults/test_faults.py shows.
"""

from collections import Counter
from datetime import date, datetime
from typing import Any

from arrears.models import Claim, Clock, Event, Watch
from grid.days import SHANGHAI
from grid.models import Notice
from tests.base import NOW
from tests.faults.workers import RealWorkers

CLOCKS = 2500  # three batches

class WorkerKilled(RealWorkers):
    """Due on Monday 9 March; two rungs are left: late3 tells chief and county and climbs, late5 tells county and city."""

    def setUp(self) -> None:
        super().setUp()
        claims = Claim.objects.bulk_create(
            Claim(
                number=f"宿欠〔2026〕321322-{n:05d}", region_id="321322101", city_code="3213", county_code="321322",
                township_code="321322101", channel="patrol", received_on=NOW.date(), registered_at=NOW,
            )
            for n in range(CLOCKS)
        )  # fmt: skip
        due = date(2026, 3, 9)
        clocks = Clock.objects.bulk_create(
            Clock(claim=claim, rule_id="JC-ACCEPT", started_on=NOW.date(), natural_on=due, due_on=due) for claim in claims
        )
        late3 = datetime(2026, 3, 12, 9, 0, tzinfo=SHANGHAI)
        Watch.objects.bulk_create(Watch(clock=clock, rung=3, next_at=late3) for clock in clocks)
    def test_another_worker_finishes_what_a_killed_one_began(self) -> None:
        first = self.start()
        self.send("arrears.tasks.sweep")
        self.wait(lambda: self.waiting() < CLOCKS)
        self.kill(first)
        left = self.waiting()
        self.assertTrue(0 < left < CLOCKS, left)  # otherwise this test has shown nothing
        self.check_written(CLOCKS - left)

        self.start()
        self.send("arrears.tasks.sweep", times=2)  # two processes at once
        self.wait(lambda: not self.waiting())
        self.check_written(CLOCKS)

    def events(self) -> Any:
        return Event.objects.filter(kind__in=("climbed", "alerted"))

    def waiting(self) -> int:
        """Of the clocks that were due; an order that a rung issues starts another."""
        return Watch.objects.filter(clock__rule_id="JC-ACCEPT").count()

    def check_written(self, clocks: int) -> None:
        """Whole batches only; each rung of each clock once, each person once per clock and channel."""
        levels = Counter(Claim.objects.values_list("level", flat=True))
        self.assertEqual(levels, +Counter(county=clocks, township=CLOCKS - clocks))
        events = Counter(self.events().values_list("kind", "facts__rung"))
        self.assertEqual(events, {("climbed", "late3"): clocks, ("alerted", "late5"): clocks})
        self.assertEqual(self.events().values("claim", "kind").distinct().count(), 2 * clocks)
        told = Counter((who, channel, key.rsplit(":", 1)[1]) for key, who, channel in
                       Notice.objects.filter(key__contains=":late").values_list("key", "recipient__username", "channel"))  # fmt: skip
        rungs = {"zhangzhen": "late3", "xianan": "late5", "shidu": "late5"}
        self.assertEqual(told, {(who, channel, rung): clocks for who, rung in rungs.items() for channel in ("in_app", "email")})
