"""A few simulated weeks: nothing that fell due went uncalled, and the recount would have seen it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from random import Random
from typing import Any
from unittest.mock import patch

from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.test import TestCase

from arrears.models import Event, Watch
from arrears.simulation import year
from arrears.simulation.measured import FATES, draw
from arrears.simulation.run import Outcome, simulate

DAYS, CLAIMS, SEED = 40, 10, 3


def told(look: Callable[[], None] = lambda: None) -> Outcome:
    """The weeks, taken back afterwards."""
    with transaction.atomic():
        outcome = simulate(DAYS, CLAIMS, SEED)
        look()
        transaction.set_rollback(True)
    return outcome


class Weeks(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        call_command("load_regions", verbosity=0)

    def test_every_rung_that_fell_due_was_called_and_the_same_seed_tells_the_same_weeks(self) -> None:
        first = told(lambda: self.assertTrue(Event.objects.filter(kind="alerted").exists()))
        self.assertEqual((first.claims, first.missed), (CLAIMS, []))
        self.assertGreater(first.due, CLAIMS)
        self.assertEqual(told(), first)

    def test_clocks_that_a_sweep_forgets_are_found_by_the_recount(self) -> None:
        with patch.object(year, "sweep", forgetful(year.sweep)):
            lost = told()
        self.assertTrue(lost.missed)


def forgetful(sweep: Callable[..., Any]) -> Callable[..., Any]:
    """The first time something is due, nobody is called."""
    forgotten: list[int] = []

    def sweep_less(now: datetime) -> Any:
        if not forgotten:
            forgotten.append(Watch.objects.filter(next_at__lte=now).delete()[0])
        return sweep(now)

    return sweep_less


class Measured(TestCase):
    def test_the_shares_are_whole_and_no_draw_leaves_its_deciles(self) -> None:
        rng = Random(1)
        self.assertEqual(sum(share for share, _days in FATES.values()), 1000)
        for _share, deciles in FATES.values():
            self.assertEqual((len(deciles), list(deciles)), (11, sorted(deciles)))
            self.assertTrue(all(deciles[0] <= draw(rng, deciles) <= deciles[-1] for _ in range(50)))


def test_the_same_seed_tells_the_same_weeks_to_every_process() -> None:
    """Python gives each process another order of sets and hashes; none may decide what happens."""
    command = [sys.executable, "-P", settings.ROOT / "manage.py", "simulate", "--days", "30", "--claims", "6", "--seed", "5", "--json"]
    running = [
        subprocess.Popen(command, env={**os.environ, "PYTHONHASHSEED": number}, stdout=subprocess.PIPE, text=True) for number in ("1", "2")
    ]
    told = [json.loads(process.communicate(timeout=200)[0]) for process in running]
    assert [process.returncode for process in running] == [0, 0]
    for one in told:
        del one["seconds"]
    assert told[0] == told[1]
    assert told[0]["due"] > 6
    assert told[0]["digest"]
