"""The same press and the same file from several connections at one instant: one paper, one payment."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal as D
from threading import Barrier, Thread
from typing import Any

from django.db import connection
from django.test import TransactionTestCase

from arrears.evidence import add_evidence
from arrears.models import Claim, Paper, Payment
from grid.models import Person, Task
from grid.refused import Refused
from mediation.bank import taking
from mediation.bank.reading import Sheets, read
from mediation.models import Agreement
from mediation.pursuing.verbs import press
from tests.base import NOW
from tests.mediation.base import MediationCast
from tests.mediation.test_pursuing import LATE, SAID, scan

AT_ONCE = 4


class PayingRaceTest(MediationCast, TransactionTestCase):
    def setUp(self) -> None:
        self.make_cast()
        mediation = self.make_mediation("agreed")
        self.claim = mediation.claim
        add_evidence(self.claim, scan(), self.county, now=NOW, kind="wage_sheet", title="工资表")

    def at_once(self, act: Callable[[Agreement, Person], Any]) -> list[Any]:
        barrier, done = Barrier(AT_ONCE), []

        def go() -> None:
            try:
                agreement = Agreement.objects.select_related("mediation__claim", "mediation__mediator").get()
                person = Person.objects.get(pk=self.county.pk)
                barrier.wait(timeout=20)
                done.append(act(agreement, person))
            except Refused as refused:
                done.append(refused.code)
            finally:
                connection.close()

        threads = [Thread(target=go) for _each in range(AT_ONCE)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=120)
        return done

    def test_one_press_makes_one_paper_and_one_task(self) -> None:
        done = self.at_once(lambda agreement, person: press(agreement, person, now=LATE, typed=SAID).is_new)
        self.assertEqual(sorted(done), [False, False, False, True])
        self.assertEqual((Paper.objects.count(), Task.objects.filter(kind="pursuit_to_file").count()), (1, 1))

    def test_one_file_is_recorded_once(self) -> None:
        lines = f"户名,金额,日期\n李建国,1000.01,{date(2026, 3, 5)}\n李建国,1000.01,{date(2026, 3, 5)}"
        found: Sheets = read(lines.encode(), "a.csv", str(self.claim.pk), LATE.date())
        done = self.at_once(lambda agreement, person: taking.take(agreement, found, {}, person, now=LATE))
        self.assertEqual(sorted(done), [0, 0, 0, 2])
        self.assertEqual((Payment.objects.count(), Claim.objects.get().paid), (2, D("2000.02")))
