"""Evidence: kept as it came, refused with a sentence, handed only to those who may see it."""

import errno
import hashlib
import os
import shutil
import tempfile
from pathlib import Path
from threading import Barrier, Thread
from unittest.mock import patch

from django.conf import settings
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connections
from django.test import TransactionTestCase, override_settings
from django.urls import reverse

from arrears import casework, referrals
from arrears.evidence import add_evidence
from arrears.models import Claim, Event, Evidence
from grid.models import AccessLog
from grid.refused import Refused
from tests.arrears.pages import PagesTestCase
from tests.base import NOW, Cast

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 32
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"


def upload(name: str = "欠条.png", content: bytes = PNG) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


class OwnFolder:
    """Files of the tests lie in a folder that goes with them."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.folder = Path(tempfile.mkdtemp())
        cls.settings_here = override_settings(MEDIA_ROOT=cls.folder)
        cls.settings_here.enable()
        super().setUpClass()

    @classmethod
    def tearDownClass(cls) -> None:
        super().tearDownClass()
        cls.settings_here.disable()
        shutil.rmtree(cls.folder)

    def files(self) -> list[Path]:
        return [path for path in self.folder.rglob("*") if path.is_file()]


class EvidenceTestCase(OwnFolder, PagesTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.claim = cls.make_claim(person=cls.grid_worker)

    def tearDown(self) -> None:
        for path in self.files():
            path.unlink()

    def add(self, file: SimpleUploadedFile | None = None, **said) -> Evidence:
        return add_evidence(self.claim, file or upload(), self.grid_worker, now=NOW, **{"kind": "iou", **said})


class VerbTest(EvidenceTestCase):
    def refused(self, code: str, file: SimpleUploadedFile | None = None, **said) -> None:
        before = self.files()
        with self.assertRaises(Refused) as caught:
            self.add(file, **said)
        self.assertEqual(caught.exception.code, code)
        self.assertEqual(self.files(), before, "a refused file leaves nothing on the disk")

    def test_the_file_lies_under_a_name_of_ours_with_its_fingerprint_and_an_event(self) -> None:
        row = self.add(upload("../../../etc/欠条.png"))
        self.assertEqual((row.title, row.extension, row.mime, row.size), ("欠条", "png", "image/png", len(PNG)))
        self.assertEqual(row.sha256, hashlib.sha256(PNG).hexdigest())
        self.assertEqual([path.read_bytes() for path in self.files()], [PNG])
        self.assertEqual(self.files()[0], self.folder / "evidence/2026/03" / str(row.pk))
        self.assertEqual(self.files()[0].stat().st_mode & 0o777, settings.FILE_UPLOAD_PERMISSIONS)
        event = Event.objects.get(kind="add_evidence")
        self.assertEqual((event.facts["title"], event.facts["sha256"]), ("欠条", row.sha256))

    def test_what_it_is_is_told_by_its_bytes(self) -> None:
        self.assertEqual(self.add(upload("photo.jpg", PDF)).extension, "pdf")
        self.refused("file_active", upload("photo.png", b"<html><script>alert(1)</script>"))
        self.refused("file_empty", upload("photo.png", b""))
        self.refused("file_archive", upload("photo.png", b"Rar!\x1a\x07\x00"))

    @override_settings(EVIDENCE_MAX_BYTES=40)
    def test_a_file_that_is_too_large_is_refused(self) -> None:
        self.refused("file_large")

    def test_the_same_file_twice_is_refused_whatever_it_is_called(self) -> None:
        self.add()
        self.refused("same_file", upload("换个名字.png"))
        other = self.make_claim()
        add_evidence(other, upload(), self.grid_worker, now=NOW, kind="iou")

    def test_a_better_copy_replaces_and_both_stay(self) -> None:
        old = self.add()
        new = self.add(upload("清晰.pdf", PDF), replaces=old)
        self.assertEqual(Evidence.objects.get(replaced_by=new), old)
        self.assertEqual(len(self.files()), 2)
        self.refused("replaced_already", upload("再换.png", PNG + b"1"), replaces=old)

    def test_only_a_file_of_the_same_claim_can_be_replaced(self) -> None:
        other = add_evidence(self.make_claim(), upload(), self.grid_worker, now=NOW, kind="iou")
        self.refused("other_claim", upload("b.pdf", PDF), replaces=other)

    def test_nobody_adds_to_an_ended_claim_or_without_a_post(self) -> None:
        with self.assertRaises(Refused):
            add_evidence(self.claim, upload(), self.auditor, now=NOW, kind="iou")
        casework.advance(self.claim, "reject", self.county, now=NOW, ground="time_barred", reason="超过两年")
        self.refused("wrong_state")

    def test_a_full_disk_is_said_in_a_sentence_and_leaves_nothing(self) -> None:
        for name in ("write", "fsync"):
            with self.subTest(fails=name), self.failing_disk(name):
                self.refused("disk_full")
        self.assertFalse(Evidence.objects.exists())

    def failing_disk(self, name: str):
        full = OSError(errno.ENOSPC, "No space left on device")
        return patch("arrears.evidence.write_all" if name == "write" else "arrears.evidence.os.fsync", side_effect=full)

    def test_another_fault_of_the_disk_is_not_swallowed(self) -> None:
        with patch("arrears.evidence.os.fsync", side_effect=OSError(errno.EIO, "I/O error")), self.assertRaises(OSError):
            self.add()
        self.assertEqual(self.files(), [])

    def test_a_row_that_cannot_be_written_takes_its_file_with_it(self) -> None:
        with patch("arrears.evidence.record", side_effect=DatabaseError("no")), self.assertRaises(DatabaseError):
            self.add()
        self.assertEqual(self.files(), [])
        self.assertFalse(Evidence.objects.exists())


class AtOnceTest(OwnFolder, Cast, TransactionTestCase):
    def test_of_two_taps_with_one_file_one_is_kept_and_one_told(self) -> None:
        self.make_cast()
        claim = self.make_claim()
        together, told = Barrier(2), []

        def tap() -> None:
            together.wait()
            try:
                add_evidence(Claim.objects.get(pk=claim.pk), upload(), self.grid_worker, now=NOW, kind="iou")
                told.append("kept")
            except Refused as refusal:
                told.append(refusal.code)
            finally:
                connections.close_all()

        with patch("arrears.evidence.refuse_known", side_effect=[None, None, Refused("same_file", "已经在案")]):
            taps = [Thread(target=tap) for _ in range(2)]
            [one.start() for one in taps]
            [one.join() for one in taps]
        self.assertEqual(sorted(told), ["kept", "same_file"])
        self.assertEqual((Evidence.objects.count(), len(self.files())), (1, 1))


class AddPageTest(EvidenceTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.sign_in(self.grid_worker)
        self.address = reverse("evidence_add", args=[self.claim.pk])

    def post(self, *files: SimpleUploadedFile, **said: str):
        return self.client.post(self.address, {"kind": "iou", "files": list(files), **said})

    def test_the_page_offers_the_camera_and_several_files(self) -> None:
        response = self.client.get(self.address)
        self.assertContains(response, 'capture="environment"')
        self.assertContains(response, " multiple")
        self.assertContains(response, "工资欠条或结算单")

    def test_each_of_several_files_is_kept_and_told(self) -> None:
        response = self.client.post(self.address, {"kind": "photo", "files": [upload("甲.png"), upload("乙.pdf", PDF)], "photos": [upload("丙.png", PNG + b"3")]})
        self.assertRedirects(response, f"{reverse('claim_detail', args=[self.claim.pk])}#evidence", fetch_redirect_response=False)
        self.assertEqual({str(m) for m in get_messages(response.wsgi_request)}, {"已保存：甲", "已保存：乙", "已保存：丙"})

    def test_a_bad_file_among_good_ones_is_named_and_the_others_are_kept(self) -> None:
        response = self.post(upload("甲.png"), upload("坏.png", b"<html>"))
        said = [str(message) for message in get_messages(response.wsgi_request)]
        self.assertEqual(said[0], "已保存：甲")
        self.assertIn("没有保存“坏.png”：", said[1])
        self.assertEqual(Evidence.objects.count(), 1)

    def test_when_none_can_be_kept_the_page_says_why_with_409(self) -> None:
        self.assertContains(self.post(upload("坏.png", b"")), "没有保存“坏.png”：文件是空的", status_code=409)

    def test_without_a_file_or_with_a_wrong_kind_the_form_says_so(self) -> None:
        self.assertContains(self.client.post(self.address, {"kind": "iou"}), "请选择文件或拍照")
        self.assertContains(self.post(upload(), kind="spoon"), "还有内容需要改正")
        self.assertFalse(Evidence.objects.exists())

    def test_one_file_may_carry_a_title_and_replace_another(self) -> None:
        old = self.add()
        self.post(upload("b.pdf", PDF), title="清晰的欠条", replaces=str(old.pk))
        new = Evidence.objects.get(title="清晰的欠条")
        self.assertEqual(new.replaces, old)
        two = self.post(upload("c.png", PNG + b"1"), upload("d.png", PNG + b"2"), replaces=str(new.pk))
        self.assertContains(two, "替换时请只传一个文件")

    def test_who_may_not_add_is_told_and_out_of_scope_is_absent(self) -> None:
        self.sign_in(self.auditor)
        self.assertContains(self.post(upload()), "您的岗位不能进行这项操作", status_code=409)
        for person in (self.chief_a2, self.partner, self.outsider):
            self.sign_in(person)
            self.assertEqual(self.post(upload()).status_code, 404)
        self.assertEqual(self.client.put(self.address).status_code, 405)
        self.assertFalse(Evidence.objects.exists())


class FilePageTest(EvidenceTestCase):
    def fetch(self, row: Evidence):
        return self.client.get(reverse("evidence_file", args=[row.pk]))

    def test_a_picture_opens_in_a_sandbox_and_the_look_is_logged(self) -> None:
        row = self.add(upload('欠"条\r\nX-Evil: 1.png'), title='欠"条/\r\n甲')
        response = self.fetch(row)
        self.assertEqual(b"".join(response.streaming_content), PNG)
        self.assertEqual(response["Content-Type"], "image/png")
        self.assertEqual(response["X-Content-Type-Options"], "nosniff")
        self.assertIn("sandbox", response["Content-Security-Policy"])
        self.assertIn("no-store", response["Cache-Control"])
        self.assertEqual(
            response["Content-Disposition"],
            "inline; filename=\"evidence.png\"; filename*=UTF-8''%E6%AC%A0%22%E6%9D%A1%2F%0D%0A%E7%94%B2.png",
        )
        log = AccessLog.objects.get(act="download")
        self.assertEqual((log.person, log.subject, log.subject_id, log.region_code), (self.chief, "evidence", row.pk, "321322101"))

    def test_pdf_opens_and_everything_else_is_saved(self) -> None:
        for file, way in ((upload("a.pdf", PDF), "inline"), (upload("a.txt", "聊天记录".encode()), "attachment")):
            self.assertTrue(self.fetch(self.add(file))["Content-Disposition"].startswith(way))

    def test_a_body_sees_only_what_was_referred_to_it(self) -> None:
        shown, kept = self.add(), self.add(upload("b.pdf", PDF))
        casework.advance(self.claim, "accept", self.chief, now=NOW, conditions=True)
        self.sign_in(self.partner)
        self.assertEqual(self.fetch(shown).status_code, 404)
        referrals.refer(
            self.claim, self.county, now=NOW, kind="support", body=self.procuratorate, summary="请支持起诉", evidence=[shown]
        )
        self.assertEqual([self.fetch(shown).status_code, self.fetch(kept).status_code], [200, 404])

    def test_out_of_scope_is_absent_and_not_logged(self) -> None:
        row = self.add()
        for person in (self.chief_a2, self.county_b, self.partner, self.administrator, self.outsider):
            self.sign_in(person)
            self.assertEqual(self.fetch(row).status_code, 404)
        self.assertFalse(AccessLog.objects.filter(act="download").exists())

    def test_no_address_leads_to_a_file_without_a_check(self) -> None:
        row = self.add()
        self.client.logout()
        self.assertEqual(self.fetch(row).status_code, 302)
        for address in (f"/media/{row.file.name}", f"/{row.file.name}"):
            self.assertEqual(self.client.get(address).status_code, 404)

    def test_a_lost_file_is_absent_and_reported(self) -> None:
        row = self.add()
        os.unlink(row.file.path)
        with self.assertLogs("arrears.views.evidence", "ERROR"):
            self.assertEqual(self.fetch(row).status_code, 404)

    def test_another_method_is_not_allowed(self) -> None:
        self.assertEqual(self.client.post(reverse("evidence_file", args=[self.add().pk])).status_code, 405)
