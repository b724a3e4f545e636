"""What somebody does to a claim while its work order is sent again, answered, or brought in with a file: on two connections, both come to
their end, one behind the other."""

from collections.abc import Callable
from threading import Thread
from time import monotonic, sleep
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import TransactionTestCase

from arrears import casework
from arrears.groups.splitting import split
from arrears.history import hold
from arrears.intake import ClaimantFacts, LineFacts
from arrears.models import Claim, Clock, Event, Evidence, Report
from arrears.reports import deciding
from arrears.sources import files, keeping, promised, sheets, taking
from arrears.sources.orders import Told, WorkOrder
from arrears.sources.places import Places
from tests.arrears.orders import SAID, day
from tests.arrears.sheets import xlsx
from tests.arrears.test_evidence import PNG
from tests.base import NOW, Cast


class AtOnceTest(Cast, TransactionTestCase):
    def setUp(self) -> None:
        self.make_cast()
        self.trouble: list[Exception] = []
        self.threads: list[Thread] = []
        self.source = keeping.add(
            self.administrator, now=NOW, code="hotline", name="热线", region=self.regions["3213"], return_way="pull", channel="hotline"
        )
        self.report = self.take()
        self.claim, self.target = deciding.accept(self.report, self.grid_worker, now=NOW), self.make_claim(
            claimants=[ClaimantFacts("王五", "13900000009", lines=[LineFacts(1000)])]
        )  # fmt: skip

    def take(self, number: str = "GD001", **said: Any) -> Report:
        order = WorkOrder(number, Told(**{**SAID, "answer_by": day(9), **said}))
        return taking.take(self.source, order, Places.of(self.source.region), now=NOW).report

    def meanwhile(self, act: Callable[[], Any]) -> Thread:
        """Does it on a connection of its own, as far as it comes without what this one holds."""

        def run() -> None:
            try:
                act()
            except Exception as trouble:
                self.trouble.append(trouble)
            finally:
                connection.close()

        thread, end = Thread(target=run), monotonic() + 20
        thread.start()
        self.threads.append(thread)
        self.addCleanup(thread.join, 30)
        while not self.somebody_waits():
            self.assertLess(monotonic(), end)
            sleep(0.02)
        return thread

    def somebody_waits(self) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            return bool(cursor.fetchone()[0])

    def merge(self) -> None:
        casework.advance(self.claim, "merge", self.chief, now=NOW, merged_into=self.target, reason="同一工地")

    def test_an_answer_that_waits_for_a_merger_is_one_of_the_claim_that_goes_on(self) -> None:
        with transaction.atomic():
            self.merge()
            thread = self.meanwhile(lambda: promised.answer(self.report, self.chief, now=NOW, text="已约谈。"))
        thread.join(30)
        clock = Clock.objects.get(rule_id="SOURCE-ANSWER")
        self.assertEqual((self.trouble, clock.claim, clock.was_met), ([], self.target, True))
        self.assertEqual(Event.objects.get(kind="source_answered").claim, self.target)

    def split_meanwhile(self, act: Callable[[], Any]) -> Claim:
        """Splitting holds the claim, then moves the report into the new one."""
        self.merge()
        with transaction.atomic():
            held = hold(Claim.objects.get(pk=self.target.pk))
            thread = self.meanwhile(act)
            new = split(held, self.county, [held.claimants.get(phone="13800000001").pk], "另一班组", now=NOW)
        thread.join(30)
        self.assertEqual(self.trouble, [])
        self.assertEqual(Report.objects.get().claim, new)
        return new

    def test_an_update_during_a_split_waits_for_it(self) -> None:
        new = self.split_meanwhile(lambda: self.take(answer_by=day(12)))
        clock = Clock.objects.running().get(rule_id="SOURCE-ANSWER")
        self.assertEqual((clock.claim, clock.due_on), (new, day(12)))
        self.assertEqual(Event.objects.get(kind="source_updated").claim, new)

    def test_a_file_during_a_split_waits_for_it(self) -> None:
        new = self.split_meanwhile(lambda: files.attach(self.source, "GD001", SimpleUploadedFile("a.png", PNG), now=NOW))
        self.assertEqual(Evidence.objects.get().claim, new)

    def test_an_answer_during_a_split_waits_for_it(self) -> None:
        new = self.split_meanwhile(lambda: promised.answer(self.report, self.chief, now=NOW, text="已约谈。"))
        self.assertEqual((Clock.objects.get(rule_id="SOURCE-ANSWER", claim=new).was_met, Event.objects.get(kind="source_answered").claim), (True, new))

    def import_meanwhile(self, *orders: tuple[str, str], act: Callable[[], Any]) -> dict[str, int]:
        """A file with these numbers and telephones says something else of each; when the first is taken in, somebody acts."""
        lines = [["工单编号", "联系电话", "事发地址", "诉求内容"], *([number, phone, "沭阳县陇集镇", "又催了一次。"] for number, phone in orders)]
        kept = sheets.Kept(sheets.put(self.source, self.county, xlsx({"工单": lines}), "x.xlsx", now=NOW), NOW.date())
        counts = sheets.bring_in(kept, self.county, now=NOW, told=lambda done, _of: done == 1 and self.meanwhile(act))
        for thread in self.threads:
            thread.join(30)
        self.assertEqual(self.trouble, [])
        return counts

    def test_a_merger_during_an_import_waits_for_it(self) -> None:
        """The file names the younger claim first, the merger takes the older first."""
        older, younger = (
            deciding.accept(self.take(number, phone=phone), self.grid_worker, now=NOW) for number, phone in (("GD003", "13800000003"), ("GD002", "13800000002"))
        )
        counts = self.import_meanwhile(
            ("GD002", "13800000002"), ("GD003", "13800000003"),
            act=lambda: casework.advance(older, "merge", self.chief, now=NOW, merged_into=younger, reason="同一工地"),
        )  # fmt: skip
        self.assertEqual(counts, {"created": 0, "known": 0, "updated": 2})
        older.refresh_from_db()
        self.assertEqual(older.merged_into, younger)
        self.assertEqual({event.claim for event in Event.objects.filter(kind="source_updated")}, {older, younger})

    def test_joining_a_report_during_an_import_waits_for_it(self) -> None:
        waiting = self.take("GD002", phone="13800000002")
        counts = self.import_meanwhile(
            ("GD001", "13800000001"), ("GD002", "13800000002"), act=lambda: deciding.join(waiting, self.chief, now=NOW, claim=self.claim),
        )  # fmt: skip
        self.assertEqual(counts, {"created": 0, "known": 0, "updated": 2})
        waiting.refresh_from_db()
        self.assertEqual((waiting.state, waiting.claim), ("joined", self.claim))
