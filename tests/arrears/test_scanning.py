"""The virus scanner: a real server of its protocol over TCP and over a local socket; what it finds is set apart, and what
it could not see waits for it."""

import socket
import threading
from pathlib import Path

import pytest
from django.test import SimpleTestCase, override_settings
from django.urls import reverse

from arrears import casework, clamd, redaction, referrals, tasks
from arrears.models import Event, Evidence, RedactedCopy, ReportFile
from arrears.reports import deciding
from arrears.reports.receiving import Said, receive
from grid.models import AccessLog, Notice
from tests import clamd as daemons
from tests.arrears.test_evidence import PDF, PNG, EvidenceTestCase, upload

VIRUS = PNG + daemons.PATTERN
FOUND = "Eicar-Test-Signature"


class ProtocolTest(SimpleTestCase):
    def test_clean_and_infected_over_both_kinds_of_socket(self) -> None:
        for kind in ("tcp", "unix"):
            with self.subTest(kind), daemons.running(kind) as (daemon, address):
                self.assertEqual(clamd.found_in([b"a" * 200_000, b"b"], address, 5), "")
                self.assertEqual(daemon.heard, [b"a" * 200_000 + b"b"])
                self.assertEqual(clamd.found_in([PNG, daemons.PATTERN], address, 5), FOUND)

    def test_what_is_longer_than_it_takes_is_unscannable(self) -> None:
        with daemons.running() as (_daemon, address), self.assertRaises(clamd.Unscannable):
            clamd.found_in([b"a" * 64 * 1024] * 40, address, 5)

    def test_nobody_there_and_strange_words_are_unreachable(self) -> None:
        with self.assertRaises(clamd.Unreachable):
            clamd.found_in([b"a"], daemons.nobody(), 1)
        with self.assertRaises(clamd.Unreachable):
            clamd.found_in([b"a"], "unix:///nowhere/clamd.sock", 1)
        with daemons.running() as (daemon, address):
            daemon.answer = b"220 mail.example.test ESMTP"
            with self.assertRaises(clamd.Unreachable):
                clamd.found_in([b"a"], address, 5)

    def test_one_that_never_answers_is_given_up(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as silent:
            threading.Thread(target=silent.accept, daemon=True).start()
            with self.assertRaises(clamd.Unreachable):
                clamd.found_in([b"a"], f"tcp://127.0.0.1:{silent.getsockname()[1]}", 0.2)


@pytest.mark.parametrize("address", ["127.0.0.1:3310", "http://scanner:3310", "tcp://", "tcp://scanner/x", "unix://clamd.sock"])
def test_an_address_of_another_kind_is_refused(address: str) -> None:
    with pytest.raises(ValueError):
        clamd.check(address)


class ScannedTestCase(EvidenceTestCase):
    def setUp(self) -> None:
        super().setUp()
        context = daemons.running()
        self.daemon, self.address = context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)
        settings = override_settings(CLAMD_URL=self.address)
        settings.enable()
        self.addCleanup(settings.disable)

    def fetch(self, row: Evidence):
        return self.client.get(reverse("evidence_file", args=[row.pk]))


class ScanTest(ScannedTestCase):
    def test_a_clean_file_is_shown_to_the_scanner_whole_and_opens(self) -> None:
        row = self.add()
        self.assertEqual((self.daemon.heard, Evidence.objects.get().scan), ([PNG], "clean"))
        self.assertEqual(self.fetch(row).status_code, 200)

    def test_an_infected_file_is_set_apart_told_and_opens_for_nobody(self) -> None:
        casework.advance(self.claim, "assign", self.chief, now=self.now, handler=self.grid_worker)
        row = self.add(upload("欠条.png", VIRUS))
        kept = Evidence.objects.get()
        self.assertEqual((kept.scan, kept.threat, kept.file.name), ("infected", FOUND, f"quarantine/{row.pk}"))
        self.assertEqual(self.files(), [self.folder / "quarantine" / str(row.pk)])
        self.assertEqual(Event.objects.get(kind="file_quarantined").facts["threat"], FOUND)
        told = Notice.objects.filter(kind="file_quarantined", channel="in_app")
        self.assertEqual({notice.recipient for notice in told}, {self.grid_worker, self.chief})
        self.assertContains(self.fetch(row), f"这个文件查出病毒（{FOUND}），已隔离", status_code=409)
        page = self.client.get(reverse("claim_detail", args=[self.claim.pk]))
        self.assertContains(page, "查出病毒，已隔离")

    def test_the_page_says_which_of_several_files_was_infected(self) -> None:
        self.sign_in(self.grid_worker)
        address = reverse("evidence_add", args=[self.claim.pk])
        response = self.client.post(address, {"kind": "iou", "files": [upload("好.png"), upload("坏.png", VIRUS)]}, follow=True)
        self.assertContains(response, "已保存：好")
        self.assertContains(response, "“坏.png”查出病毒，已隔离")

    def test_while_the_scanner_is_down_a_file_waits_and_the_task_has_it_scanned_later(self) -> None:
        with override_settings(CLAMD_URL=daemons.nobody()), self.assertLogs("arrears.scanning", "WARNING"):
            good, bad = self.add(), self.add(upload("b.png", VIRUS))
            self.assertEqual(tasks.scan_files(), 0)
        self.assertEqual({row.scan for row in Evidence.objects.all()}, {"waiting"})
        self.assertContains(self.client.get(reverse("claim_detail", args=[self.claim.pk])), "未查毒")
        self.assertEqual(tasks.scan_files(), 2)
        self.assertEqual([row.scan for row in Evidence.objects.filter(pk__in=[good.pk, bad.pk])], ["clean", "infected"])
        self.assertEqual(tasks.scan_files(), 0)

    def test_what_nobody_has_scanned_opens_in_the_office_but_not_outside(self) -> None:
        with override_settings(CLAMD_URL=daemons.nobody()), self.assertLogs("arrears.scanning", "WARNING"):
            row = self.add()
        casework.advance(self.claim, "accept", self.chief, now=self.now, conditions=True)
        referrals.refer(self.claim, self.county, now=self.now, kind="support", body=self.procuratorate, summary="请支持", evidence=[row])
        self.assertEqual(self.fetch(row).status_code, 200)
        self.sign_in(self.partner)
        self.assertContains(self.fetch(row), "还没有查毒", status_code=409)
        self.assertFalse(AccessLog.objects.filter(person=self.partner, act="download").exists())
        tasks.scan_files()
        self.assertEqual(self.fetch(row).status_code, 200)

    def test_without_a_scanner_nothing_waits(self) -> None:
        with override_settings(CLAMD_URL=""):
            row = self.add()
            self.assertEqual((tasks.scan_files(), row.scan, row.waits_for_scan), (0, "waiting", False))
            self.assertNotContains(self.client.get(reverse("claim_detail", args=[self.claim.pk])), "未查毒")

    def test_a_redacted_copy_is_scanned_too(self) -> None:
        row = self.add()
        with self.assertLogs("arrears.scanning", "WARNING"), override_settings(CLAMD_URL=daemons.nobody()):
            redaction.upload_redacted(row, upload("遮.pdf", PDF + daemons.PATTERN), self.grid_worker, now=self.now)
        self.assertEqual(tasks.scan_files(), 1)
        copy = RedactedCopy.objects.get()
        self.assertEqual((copy.scan, Path(copy.file.path).exists()), ("infected", True))
        page = self.client.get(reverse("evidence_redacted", args=[row.pk, copy.pk]))
        self.assertContains(page, "已隔离", status_code=409)

    def test_the_same_file_in_a_merged_claim_is_set_apart_there_too(self) -> None:
        with override_settings(CLAMD_URL=daemons.nobody()), self.assertLogs("arrears.scanning", "WARNING"):
            self.add(upload("b.png", VIRUS))
        target = self.make_claim()
        casework.advance(self.claim, "merge", self.county, now=self.now, merged_into=target, reason="同一工地")
        self.assertEqual(tasks.scan_files(), 1)
        self.assertEqual({row.scan for row in Evidence.objects.all()}, {"infected"})
        self.assertContains(self.fetch(target.evidence.get()), "已隔离", status_code=409)
        self.assertEqual({event.claim for event in Event.objects.filter(kind="file_quarantined")}, {self.claim, target})
        self.assertEqual(set(Notice.objects.filter(kind="file_quarantined").values_list("subject_id", flat=True)), {target.pk})

    def test_a_lost_file_does_not_hold_up_the_others(self) -> None:
        with override_settings(CLAMD_URL=daemons.nobody()), self.assertLogs("arrears.scanning", "WARNING"):
            lost, other = self.add(), self.add(upload("b.pdf", PDF))
        Path(lost.file.path).unlink()
        with self.assertLogs("arrears.scanning", "ERROR"):
            self.assertEqual(tasks.scan_files(), 2)
        self.assertEqual([row.scan for row in Evidence.objects.filter(pk__in=[lost.pk, other.pk])], ["unscannable", "clean"])


class ReportFilesTest(ScannedTestCase):
    """What a stranger sends with a report is scanned when it comes, and again looked at nowhere before it was."""

    def report(self, content: bytes, name: str = "欠条.png") -> ReportFile:
        said = Said(region=self.regions["321322101"], phone="13800000001", employer="孙老板")
        return receive(said, now=self.now, uploads=[upload(name, content)]).files.get()

    def open_file(self, file: ReportFile):
        return self.client.get(reverse("report_file", args=[file.pk]))

    def test_a_clean_one_opens_in_the_browser(self) -> None:
        file = self.report(PNG)
        self.assertEqual((self.daemon.heard, file.scan), ([PNG], "clean"))
        response = self.open_file(file)
        self.assertEqual((response.status_code, response["Content-Disposition"][:6]), (200, "inline"))
        self.assertIn("sandbox", response["Content-Security-Policy"])

    def test_an_infected_one_is_set_apart_told_and_opens_for_nobody_also_as_evidence(self) -> None:
        file = self.report(VIRUS)
        self.assertEqual((file.scan, file.threat, file.file.name), ("infected", FOUND, f"quarantine/{file.pk}"))
        self.assertEqual(self.open_file(file).status_code, 409)
        self.assertContains(self.client.get(reverse("report_detail", args=[file.report_id])), "查出病毒，已隔离")
        told = Notice.objects.filter(kind="report_infected", channel="in_app")
        self.assertEqual({notice.recipient for notice in told}, {self.grid_worker, self.chief})
        claim = deciding.accept(file.report, self.grid_worker, now=self.now)
        self.assertEqual([(row.scan, row.threat) for row in claim.evidence.all()], [("infected", FOUND)])
        self.assertEqual(self.fetch(claim.evidence.get()).status_code, 409)
        self.assertTrue(claim.events.filter(kind="file_quarantined").exists())

    def test_before_it_was_scanned_it_opens_for_nobody_and_then_for_all(self) -> None:
        with override_settings(CLAMD_URL=daemons.nobody()):
            file = self.report(PNG)
            self.assertContains(self.open_file(file), "还没有查毒", status_code=409)
        self.assertEqual(tasks.scan_files(), 1)
        self.assertEqual(self.open_file(file).status_code, 200)

    def test_found_after_it_became_evidence_it_is_set_apart_in_both_places(self) -> None:
        with override_settings(CLAMD_URL=daemons.nobody()):
            file = self.report(VIRUS)
            claim = deciding.accept(file.report, self.grid_worker, now=self.now)
        tasks.scan_files()
        file.refresh_from_db()
        self.assertEqual((file.scan, claim.evidence.get().scan, file.file.name), ("infected", "infected", claim.evidence.get().file.name))
        self.assertTrue(file.report.events.filter(kind="infected").exists())
        self.assertEqual(set(Notice.objects.filter(kind__in=("file_quarantined", "report_infected")).values_list("subject_id", flat=True)), {claim.pk})

    def test_what_cannot_be_scanned_is_saved_and_never_shown_in_the_browser(self) -> None:
        file = self.report(PNG)
        ReportFile.objects.update(scan="unscannable")
        self.assertEqual(self.open_file(file)["Content-Disposition"][:10], "attachment")

    def test_without_a_scanner_pictures_open_and_documents_are_saved(self) -> None:
        with override_settings(CLAMD_URL=""):
            picture, paper = self.report(PNG), self.report(PDF, "合同.pdf")
            self.assertEqual([self.open_file(one)["Content-Disposition"][:6] for one in (picture, paper)], ["inline", "attach"])
