"""A real worker is killed while it registers a wage sheet of thousands: no claim and the whole draft, then, by another
worker, one claim."""

from datetime import date

from django.utils import timezone

from arrears import drafts, long_work, sheet_registering, wage_sheets
from arrears.identity import make_id
from arrears.models import Claim, Claimant, ClaimLine, IntakeDraft, SheetLine, WageSheet
from grid.ids import uuid7
from tests.arrears.test_intake_pages import STORY, WHERE, WHOM
from tests.faults.workers import RealWorkers

WORKERS = 4000  # several batches
SURNAMES, GIVEN = "王李张刘陈杨赵黄", "建国志强秀英桂花永福大勇春梅小军国庆玉兰"


def name_of(number: int) -> str:
    return SURNAMES[number % 8] + GIVEN[number // 8 % 20] + GIVEN[number // 160 % 20]


class SheetKilled(RealWorkers):
    def setUp(self) -> None:
        super().setUp()
        now = timezone.now()
        pk = uuid7()
        said = {"whom": WHOM, "where": WHERE, "sheet": {"worker_count": "", "contact_rule": "open"}, "story": STORY}
        for step, typed in said.items():
            fields = {name: [value] for name, value in typed.items()}
            self.draft = drafts.keep(self.grid_worker, pk, step, fields, "check", now=now)
        drafts.take_road(self.draft, "sheet", now=now)
        lines = [f"{name_of(n)}\t{make_id('321322', date(1980, 1, 1 + n % 28), n % 999)}\t3000" for n in range(WORKERS)]
        wage_sheets.put(self.draft, "\n".join(["姓名\t身份证号\t欠薪", *lines]).encode(), "工资表.txt", now=now)
        sheet_registering.ask(self.draft, {}, now=now, send=lambda: None)

    def test_a_killed_registration_leaves_nothing_and_is_made_good_by_the_next_worker(self) -> None:
        first = self.start()
        self.send("arrears.tasks.register_sheets")
        self.wait(lambda: long_work.percent(self.draft.pk) > 15)  # the first of the workers are written
        self.kill(first)
        self.assertLess(long_work.percent(self.draft.pk), 90)  # otherwise this test has shown nothing
        for model in (Claim, Claimant, ClaimLine):
            self.assertFalse(model.objects.exists(), model)
        row = WageSheet.objects.get()
        self.assertEqual((row.is_under_way, row.tries, row.lines.count()), (True, 1, WORKERS))

        self.start()
        self.wait(lambda: self.sent_again() and Claim.objects.exists())
        claim = Claim.objects.get()
        self.assertEqual((claim.worker_count, claim.claimed), (WORKERS, 3000 * WORKERS))
        self.assertEqual((Claimant.objects.count(), ClaimLine.objects.count(), claim.evidence.count()), (WORKERS, WORKERS, 1))
        self.assertEqual(claim.events.filter(kind="register").count(), 1)
        for model in (IntakeDraft, WageSheet, SheetLine):
            self.assertFalse(model.objects.exists(), model)
        self.assertEqual((sheet_registering.register_next(timezone.now()), Claim.objects.count()), (False, 1))

    def sent_again(self) -> bool:
        """As beat does: until the database has given up the first worker's transaction, the row is still its own."""
        if WageSheet.objects.filter(tries__lt=2).exists():
            self.send("arrears.tasks.register_sheets")
        return True
