"""Joining, moving and moving many at the same instant, over connections of their own: each is done or refused with a sentence, the
database ends none of them as a deadlock, and what stands then is whole."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from threading import Barrier, Thread
from time import sleep
from typing import Any

from django.db import connection
from django.test import TransactionTestCase

from grid.refused import Refused
from mediation import batches, hearings
from mediation.models import Hearing
from tests.base import NOW
from tests.mediation.base import at
from tests.mediation.test_schedule_properties import Scene, check_no_orphan, check_no_overlap

ROUNDS, SEED = 6, 20260302


class RaceTest(Scene, TransactionTestCase):
    def setUp(self) -> None:
        self.make_scene()
        self.problems: list[BaseException] = []
        self.done: list[str] = []

    def at_once(self, chance: Random, *acts: Callable[[], Any]) -> None:
        barrier = Barrier(len(acts))

        def go(act: Callable[[], Any], wait: float) -> None:
            try:
                barrier.wait(timeout=10)
                sleep(wait)
                self.done.append(act())
            except Refused as refused:
                self.done.append(refused.code)
            except BaseException as error:
                self.problems.append(error)
            finally:
                connection.close()

        threads = [Thread(target=go, args=(act, chance.random() * 0.03)) for act in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)

    def move(self, which: int, name: str, now: datetime, **answers: Any) -> str:
        mediation = self.fresh(which)
        hearings.advance(mediation, name, self.county, now=now, **{**self.answers_for(name, mediation), **answers})
        return "done"

    def many(self, now: datetime) -> str:
        outcomes = self.move_many(now, batches.KEEP_TIME, room=False)
        for outcome in outcomes:
            self.assertNotEqual(outcome.code, "busy")
        return "many"

    def test_join_against_move_against_many(self) -> None:
        chance, length = Random(SEED), timedelta(minutes=60)
        for which, clock in enumerate(("08:30", "10:00", "11:30", "14:00")):
            self.move(which, "schedule", NOW, starts_at=at(clock), ends_at=at(clock) + length)
        for number in range(1, ROUNDS + 1):
            self.race(chance, NOW + timedelta(minutes=number))
        check_no_orphan(self)
        self.assertEqual(len(self.done), 4 * ROUNDS)
        self.assertIn("done", self.done)
        self.assertIn("many", self.done)

    def race(self, chance: Random, now: datetime) -> None:
        length = timedelta(minutes=60)
        starts = at("08:30") + timedelta(minutes=15 * chance.randrange(20))
        next_day = starts + timedelta(days=1)
        target = Hearing.objects.live().get(mediation=self.rows[0])
        mediator = self.mediator2 if chance.random() < 0.5 else self.mediator
        self.at_once(
            chance,
            lambda: self.move(1, "join", now, hearing=target),
            lambda: self.move(0, "postpone", now, starts_at=next_day, ends_at=next_day + length, mediator=mediator, together=True),
            lambda: self.move(2, "postpone", now, starts_at=starts, ends_at=starts + length, mediator=mediator, room=self.room2),
            lambda: self.many(now),
        )
        self.assertEqual(self.problems, [])
        check_no_overlap(self)
        self.move_back(now + timedelta(seconds=30))

    def move_back(self, now: datetime) -> None:
        """The first two again tomorrow, apart, if that can be had."""
        for which, clock in ((0, "08:30"), (1, "10:00")):
            try:
                self.move(which, "postpone", now, starts_at=at(clock), ends_at=at(clock) + timedelta(minutes=60))
            except Refused:
                continue
