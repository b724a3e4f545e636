"""A disk that is really full, at every place where a packet or a paper writes: one sentence, no half file, the claim as it was."""

import contextlib
import resource
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.test import override_settings

from arrears.models import Claim, Claimant, Event, Packet, Paper
from arrears.papers import fonts
from arrears.papers.issuing import issue
from arrears.papers.packets import Wish, again, ask, make_next
from grid.refused import Refused
from tests.arrears.papers.office import OfficeTestCase
from tests.arrears.papers.scenes import answers_of
from tests.arrears.papers.test_packets import typed
from tests.base import NOW


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


@contextlib.contextmanager
def no_fonts_but_ours(folder: Path) -> Iterator[None]:
    empty = folder / "fonts"
    empty.mkdir(exist_ok=True)
    for kept in (fonts.others, fonts.fonts):
        kept.cache_clear()
    try:
        with override_settings(PAPER_FONTS=str(empty)):
            yield
    finally:
        for kept in (fonts.others, fonts.fonts):
            kept.cache_clear()


class DiskFull(OfficeTestCase):
    def ask(self) -> Packet:
        forms = ("F-16", "F-20", "L-02")
        return ask(self.one, Wish("support", forms), typed(*forms), self.chief, now=NOW, send=lambda: None)

    def test_a_paper(self) -> None:
        with no_file_longer_than(2000), self.assertRaises(Refused) as refusal:
            issue(self.one, "F-16", self.chief, now=NOW, answers=answers_of("F-16"))
        self.assertEqual(refusal.exception.code, "disk_full")
        self.assertEqual((self.files(), Paper.objects.count()), ([], 0))

    def test_a_packet_at_every_length_and_then_with_room_again(self) -> None:
        free = self.ask()
        make_next(NOW)
        free.refresh_from_db()
        self.before, self.issued = self.files(), Paper.objects.count()
        packet = self.ask()
        for most in (1, free.pdf_size // 2, (free.pdf_size + free.zip_size) // 2):  # before the PDF, within it, within the ZIP
            with no_file_longer_than(most):
                self.assertTrue(make_next(NOW))
            with self.subTest(most=most):
                packet.refresh_from_db()
                self.assertEqual(packet.state, "failed")
                self.assertIn("存储空间不足", packet.refused)
                self.assertEqual((self.files(), Paper.objects.count()), (self.before, self.issued))
                self.assertEqual(Event.objects.filter(kind="packet_made").count(), 1)
            again(packet, self.chief, now=NOW, send=lambda: None)
        self.assertTrue(make_next(NOW))
        packet.refresh_from_db()
        self.assertEqual((packet.state, Paper.objects.count()), ("made", 2 * self.issued))

    def test_a_character_that_no_font_of_the_machine_has(self) -> None:
        """Nobody's name is printed as a box: the sentence says which character it is and what to do; once there is a font, it is made."""
        worker = self.one.claimants.get()
        Claimant.objects.filter(pk=worker.pk).update(name="𠮷建国")
        events, stage = Event.objects.filter(claim=self.one).count(), self.one.stage
        packet = self.ask()
        with no_fonts_but_ours(self.folder):
            self.assertTrue(make_next(NOW))
        packet.refresh_from_db()
        self.assertEqual(packet.state, "failed")
        self.assertIn("“𠮷”（U+20BB7）", packet.refused)
        self.assertEqual((self.files(), Paper.objects.count(), Event.objects.filter(claim=self.one).count()), ([], 0, events))
        self.assertEqual(Claim.objects.get(pk=self.one.pk).stage, stage)
        Claimant.objects.filter(pk=worker.pk).update(name=worker.name)
        again(packet, self.chief, now=NOW, send=lambda: None)
        with no_fonts_but_ours(self.folder):
            self.assertTrue(make_next(NOW))
        packet.refresh_from_db()
        self.assertEqual((packet.state, packet.refused), ("made", ""))

    def test_a_small_disk_that_is_really_full(self) -> None:
        place = Path(tempfile.mkdtemp(prefix="xinan-disk-"))
        self.addCleanup(shutil.rmtree, place, ignore_errors=True)
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(place)], capture_output=True)
        if mounted.returncode:
            self.skipTest("a small disk can only be mounted by root")
        self.addCleanup(subprocess.run, ["umount", str(place)])
        packet = self.ask()
        with override_settings(MEDIA_ROOT=place):
            self.assertTrue(make_next(NOW))
            packet.refresh_from_db()
            self.assertEqual(packet.state, "failed")
            self.assertIn("存储空间不足", packet.refused)
            self.assertEqual([path for path in place.rglob("*") if path.is_file()], [])
        self.assertEqual(Paper.objects.count(), 0)
