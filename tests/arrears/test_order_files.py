"""What an office attaches to its order: once, looked at as every file, evidence once the order is a claim."""

from typing import Any

from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile

from arrears import casework, tasks
from arrears.models import Event, ReportFile
from arrears.reports import deciding
from grid.models import Notice
from tests import clamd as daemons
from tests.arrears.orders import OrdersTestCase
from tests.arrears.test_evidence import PNG
from tests.base import NOW

HERE = "/api/v1/work-orders/files/"
CSV = "姓名,金额\n李建国,8000\n"


class FilesTest(OrdersTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.client.logout()
        cache.clear()
        self.source = self.make_source()
        self.token = self.token_of(self.source)
        self.report = self.take(self.source).report

    def send(self, content: str | bytes = CSV, name: str = "工资.csv", token: str | None = None, **said: str) -> Any:
        data = content.encode() if isinstance(content, str) else content
        posted = {"external_number": "GD001", "file": SimpleUploadedFile(name, data), **said}
        return self.client.post(HERE, posted, headers={"Authorization": f"Bearer {token or self.token}"})

    def refused(self, code: str, answer: Any) -> None:
        self.assertEqual((answer.status_code, answer.json()["code"]), (409, code), answer.content)

    def test_it_waits_with_the_report_and_whoever_answers_hears_of_it(self) -> None:
        answer = self.send(file_number="F-1", title="工资表")
        self.assertEqual(answer.status_code, 201, answer.content)
        said = answer.json()
        row = ReportFile.objects.get()
        self.assertEqual((said["result"], said["file_number"], said["title"], said["sha256"], said["scan"]), ("created", "F-1", "工资表", row.sha256, "waiting"))
        self.assertEqual((row.report, row.external_number, row.size), (self.report, "F-1", len(CSV.encode())))
        self.assertTrue(Notice.objects.filter(kind="report_added", subject_id=self.report.pk).exists())
        claim = self.accept(self.report)
        self.assertEqual(claim.evidence.get().sha256, row.sha256)

    def test_sent_again_it_is_one_by_its_number_or_by_its_content(self) -> None:
        self.send(file_number="F-1")
        for said in ({"file_number": "F-1"}, {}, {"file_number": "F-2"}):
            answer = self.send(**said)
            self.assertEqual((answer.status_code, answer.json()["result"], answer.json()["file_number"]), (200, "known", "F-1"))
        self.assertEqual(ReportFile.objects.count(), 1)
        self.refused("file_number_used", self.send("别的,内容\n1,2\n", file_number="F-1"))
        self.assertEqual(self.send("别的,内容\n1,2\n", file_number="F-2").status_code, 201)
        self.assertEqual(self.send("第三,份\n1,2\n").status_code, 201)  # without a number
        self.assertEqual(self.send("第四,份\n1,2\n").status_code, 201)

    def test_of_a_claim_it_is_evidence_at_once_and_its_handler_hears_of_it(self) -> None:
        claim = self.accept(self.report)
        self.assertEqual(self.send(file_number="F-1").status_code, 201)
        self.assertEqual(claim.evidence.get().sha256, ReportFile.objects.get().sha256)
        self.assertTrue(Event.objects.filter(claim=claim, kind="add_evidence").exists())
        self.assertTrue(Notice.objects.filter(kind="order_changed", subject_id=claim.pk).exists())
        self.assertEqual(self.send(file_number="F-1").status_code, 200)
        self.assertEqual(claim.evidence.count(), 1)

    def test_merged_it_goes_where_the_matter_goes_on(self) -> None:
        claim, target = self.accept(self.report), self.make_claim()
        casework.advance(claim, "merge", self.chief, now=NOW, merged_into=target, reason="同一工地")
        self.send()
        self.assertEqual((target.evidence.count(), claim.evidence.count()), (1, 0))

    def test_what_is_refused_says_why_and_leaves_nothing(self) -> None:
        self.refused("file_type", self.send(b"MZ\x90\x00" + bytes(60), "x.exe"))
        self.assertEqual(self.send(b"", "x.csv").status_code, 400)
        with self.settings(EVIDENCE_MAX_BYTES=8):
            self.refused("file_large", self.send())
        self.refused("no_order", self.send(external_number="GD999"))
        deciding.decline(self.report, self.chief, now=NOW, reason="重复。")
        self.refused("declined", self.send())
        self.assertFalse(ReportFile.objects.exists())

    def test_an_ended_claim_takes_no_more(self) -> None:
        claim = self.accept(self.report)
        casework.advance(claim, "withdraw", self.chief, now=NOW, reason="已付", confirmed=True)
        self.refused("claim_closed", self.send())

    def test_another_office_has_no_such_order_and_nobody_comes_without_a_token(self) -> None:
        other = self.make_source("platform")
        self.refused("no_order", self.send(token=self.token_of(other)))
        self.assertEqual(self.client.post(HERE, {"external_number": "GD001", "file": SimpleUploadedFile("x.csv", CSV.encode())}).status_code, 401)
        self.assertEqual(self.client.post(HERE, {"external_number": "GD001"}, headers={"Authorization": f"Bearer {self.token}"}).status_code, 400)

    def test_a_virus_is_set_apart_with_the_evidence(self) -> None:
        claim = self.accept(self.report)
        with daemons.running() as (_daemon, address), self.settings(CLAMD_URL=address):
            answer = self.send(PNG + daemons.PATTERN, "x.png")
        self.assertEqual(answer.json()["scan"], "infected")
        self.assertEqual(claim.evidence.get().scan, "infected")
        self.assertEqual(Event.objects.get(kind="file_quarantined").claim, claim)
        told = Notice.objects.filter(kind="file_quarantined", subject_id=claim.pk, channel="in_app")
        self.assertEqual({notice.recipient for notice in told}, {self.chief, self.grid_worker})
        self.assertFalse(Notice.objects.filter(kind="report_infected").exists())  # the inbox has done with it
        self.assertTrue(self.report.events.filter(kind="infected").exists())

    def test_of_one_file_that_is_report_and_evidence_the_scanner_is_asked_once(self) -> None:
        claim = self.accept(self.report)
        with daemons.running() as (daemon, address), self.settings(CLAMD_URL=address):
            self.send(PNG, "x.png")
            self.assertEqual((claim.evidence.get().scan, ReportFile.objects.get().scan, tasks.scan_files(), len(daemon.heard)), ("clean", "clean", 0, 1))
