"""A recording on the disk: a full disk, an upload that stops halfway, a file that is lost or changed, and the end of its time."""

import contextlib
import hashlib
import resource
import signal
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.test import override_settings
from django.urls import reverse

from arrears.integrity import run
from arrears.models import Claim, Event
from grid.days import day_of
from mediation import hearings
from mediation.models import OnlineRecording
from mediation.online import recording
from tests.mediation.test_online import DURING
from tests.mediation.test_online_kept import KeptTestCase

CHECK = "online_recordings"


@contextlib.contextmanager
def no_file_longer_than(most: int) -> Iterator[None]:
    """The kernel refuses what is longer (EFBIG), as a quota does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    heard = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, heard)


class RecordingOnDiskTest(KeptTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.browser, self.guest, self.recorded = self.agreed()

    @property
    def row(self) -> OnlineRecording:
        return OnlineRecording.objects.get(pk=self.recorded)

    def send(self, *parts: bytes) -> list[int]:
        begin = self.row.pieces
        return [self.piece(self.browser, self.recorded, begin + number, part).status_code for number, part in enumerate(parts)]

    def found(self) -> list[str]:
        [result] = run(self.now, only=[CHECK])
        return list(result.found.examples)

    def test_a_full_disk_is_said_and_what_was_kept_before_stays_whole(self) -> None:
        self.send(b"a" * 900)
        with no_file_longer_than(1000):
            answer = self.piece(self.browser, self.recorded, 1, b"b" * 900)
            self.assertEqual((answer.status_code, answer.json()["code"]), (409, "disk_full"))
            self.assertIn("服务器存储空间不足", answer.json()["message"])
        self.browser.ask("act", act="record_stop")
        self.assertEqual((self.row.pieces, self.row.size, self.row.sha256), (1, 900, hashlib.sha256(b"a" * 900).hexdigest()))
        self.assertEqual(Path(self.row.file.path).read_bytes(), b"a" * 900)
        self.assertEqual(self.found(), [])

    def test_an_upload_that_stops_halfway_leaves_the_pieces_that_came(self) -> None:
        self.send(b"eins", b"zwei")
        self.now = DURING + timedelta(minutes=3)
        self.assertEqual(recording.end_silent(self.now), 1)
        self.assertEqual((self.row.ended_because, self.row.sha256), ("silent", hashlib.sha256(b"einszwei").hexdigest()))
        self.assertEqual(self.piece(self.browser, self.recorded, 2, b"drei").json()["code"], "ended")

    def test_whoever_recorded_and_loads_the_page_anew_records_no_more_and_may_begin_again(self) -> None:
        self.send(b"eins")
        self.browser.peer = ""
        self.assertEqual(self.browser.turn()["recording"]["on"], "")
        self.assertEqual(self.row.ended_because, "silent")
        self.assertEqual(self.start(self.browser).status_code, 200)

    def test_a_result_noted_ends_it_with_its_fingerprint(self) -> None:
        self.send(b"eins")
        hearings.advance(self.mediation, "hold", self.mediator, now=self.now, minutes="双方到场。")
        self.assertEqual(self.browser.turn()["state"], "closed")
        self.assertEqual((self.row.ended_because, self.row.sha256), ("closed", hashlib.sha256(b"eins").hexdigest()))

    def test_a_file_that_is_shorter_or_gone_when_it_ends_gets_no_fingerprint_and_is_told(self) -> None:
        self.send(b"eins", b"zwei")
        Path(self.row.file.path).write_bytes(b"ein")
        self.browser.ask("act", act="record_stop")
        self.assertEqual((self.row.sha256, Path(self.row.file.path).read_bytes()), ("", b"ein"))
        self.assertTrue(Event.objects.filter(facts__move="online_recording_lost").exists())
        self.assertContains(self.browser.client.get(reverse("hearing_online", args=[self.hearing.pk])), "文件没有保存完整")
        self.assertEqual(len(self.found()), 1)
        second = self.start(self.browser).json()["recording"]
        self.piece(self.browser, second, 0, b"eins")
        Path(OnlineRecording.objects.get(pk=second).file.path).unlink()
        self.browser.ask("act", act="record_stop")
        self.assertEqual(self.browser.turn()["state"], "in")  # nobody is thrown out for it

    def test_the_check_finds_what_was_changed_or_lost_afterwards(self) -> None:
        self.send(b"eins", b"zwei")
        self.browser.ask("act", act="record_stop")
        self.assertEqual(self.found(), [])
        place = Path(self.row.file.path)
        place.write_bytes(b"einszwex")
        self.assertIn("与登记的指纹不符", self.found()[0])
        self.assertIn(self.row.file.name, self.found()[0])
        place.unlink()
        self.assertIn("文件不见了", self.found()[0])

    def test_its_time_ends_so_long_after_the_case(self) -> None:
        self.send(b"eins")
        self.browser.ask("act", act="record_stop")
        place, url = Path(self.row.file.path), reverse("online_recording", args=[self.recorded])
        later = DURING + timedelta(days=400)
        with self.captureOnCommitCallbacks(execute=True):
            self.assertEqual(recording.remove_old(later), 0)  # nothing is set: as long as the case is kept
            with override_settings(ONLINE_RECORDING_DAYS=365):
                self.assertEqual(recording.remove_old(later), 0)  # the case goes on
                Claim.objects.filter(pk=self.claim.pk).update(stage="closed", closed_on=day_of(DURING) + timedelta(days=36))
                self.assertEqual(recording.remove_old(later), 0)  # it ended 364 days ago
                self.assertEqual(recording.remove_old(later + timedelta(days=1)), 1)
                self.assertEqual(recording.remove_old(later + timedelta(days=1)), 0)
        self.assertEqual((place.exists(), self.row.sha256), (False, hashlib.sha256(b"eins").hexdigest()))
        told = Event.objects.get(facts__move="online_recording_removed")
        self.assertEqual((told.actor, told.facts["sha256"], told.facts["days"]), (None, self.row.sha256, 365))
        self.assertEqual((self.browser.client.get(url).status_code, self.found()), (404, []))
        self.assertContains(self.browser.client.get(reverse("hearing_online", args=[self.hearing.pk])), "已满保存期限")
