"""A real worker is killed while it makes a packet: no half packet and the claim as it was; then another worker makes it."""

from pathlib import Path

from django.conf import settings
from django.utils import timezone

from arrears import long_work
from arrears.models import Claim, Event, Packet, Paper
from arrears.papers import packets
from arrears.papers.keeping import path_of
from arrears.papers.packets import Wish, ask
from tests.arrears.papers.scenes import PapersTestCase
from tests.arrears.papers.test_packets import typed
from tests.faults.workers import RealWorkers

WORKERS = 40


class PacketKilled(RealWorkers):
    def setUp(self) -> None:
        super().setUp()
        self.claim = PapersTestCase.make_full.__func__(type(self), WORKERS)
        self.packet = ask(self.claim, Wish("support", ("F-20", "L-02")), typed("F-20", "L-02"), self.chief, now=timezone.now(), send=lambda: None)
        self.before = set(self.files())

    def files(self) -> list[Path]:
        return [path for name in ("papers", "packets") for path in (Path(settings.MEDIA_ROOT) / name).rglob("*") if path.is_file()]

    def test_a_killed_packet_leaves_nothing_and_is_made_good_by_the_next_worker(self) -> None:
        events = Event.objects.filter(claim=self.claim).count()
        first = self.start()
        self.send("arrears.tasks.make_packets")
        self.wait(lambda: long_work.percent(self.packet.pk) > 30)
        self.kill(first)
        self.assertLess(long_work.percent(self.packet.pk), 95)  # otherwise this test has shown nothing
        row = Packet.objects.get()
        self.assertEqual((row.state, row.tries, len(row.numbers)), ("asked", 1, WORKERS + 1))
        self.assertEqual((Paper.objects.count(), Event.objects.filter(claim=self.claim).count()), (0, events))
        self.assertEqual(set(self.files()), self.before)
        self.assertEqual(Claim.objects.get(pk=self.claim.pk).stage, "accepted")

        self.start()
        self.wait(lambda: self.sent_again() and Packet.objects.get().state != "asked")
        made = Packet.objects.get()
        self.assertEqual((made.state, made.refused, made.documents), ("made", "", WORKERS + 1))
        self.assertEqual(made.numbers, row.numbers)  # no number is lost to the one that was killed
        self.assertEqual(sorted(Paper.objects.values_list("number", flat=True)), sorted(row.numbers))
        self.assertTrue(all(path_of(made, kind).is_file() for kind in ("zip", "pdf")))
        self.assertEqual(Event.objects.filter(claim=self.claim, kind="packet_made").count(), 1)
        self.assertEqual((packets.make_next(timezone.now()), Paper.objects.count()), (False, WORKERS + 1))
        self.assertFalse((Path(settings.MEDIA_ROOT) / "unfinished" / str(made.pk)).exists())

    def sent_again(self) -> bool:
        """As beat does: until the database has given up the first worker's transaction, the row is still its own."""
        if Packet.objects.filter(tries__lt=2).exists():
            self.send("arrears.tasks.make_packets")
        return True
