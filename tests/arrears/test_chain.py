"""The chain of events: written by the database whatever writes them, and broken by whoever goes behind its back."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from hashlib import sha256
from importlib import import_module

from django.db import connection, transaction
from django.test import TransactionTestCase

from arrears import chain
from arrears.chain import CHANGED, MISSING, BrokenLink
from arrears.history import event_row, record
from arrears.models import Claim, Event
from grid.bulk import insert
from tests.base import NOW, Cast, CastTestCase

migration = import_module("arrears.migrations.0006_event_chain")


@contextmanager
def behind_its_back() -> Iterator[None]:
    """As somebody who may do everything in the database."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE arrears_event DISABLE TRIGGER append_only")
        yield
        cursor.execute("ALTER TABLE arrears_event ENABLE TRIGGER append_only")


def links(claim: Claim) -> list[tuple[int, bytes]]:
    return [(event.seq, bytes(event.digest)) for event in claim.events.order_by("seq")]


class Chain(CastTestCase):
    def setUp(self) -> None:
        self.claim, self.other = self.make_claim(), self.make_claim()
        for day in range(3):
            record(self.claim, "note", self.chief, now=NOW + timedelta(days=day), note=f"第{day}天，去了工地。")

    def test_events_are_numbered_and_each_digest_rests_on_the_one_before(self) -> None:
        found = links(self.claim)
        self.assertEqual([seq for seq, _digest in found], [1, 2, 3, 4])
        self.assertEqual({len(digest) for _seq, digest in found}, {32})
        self.assertEqual(len({digest for _seq, digest in found}), 4)
        self.assertEqual(chain.count_broken(9)[1], [])

    def test_the_one_who_writes_is_told_the_number(self) -> None:
        self.assertEqual(record(self.claim, "note", None, now=NOW, note="…").seq, 5)

    def test_the_digest_can_be_computed_by_anybody_from_the_columns(self) -> None:
        last, event = self.claim.events.order_by("seq")[2:4]
        content = (
            f'[{event.seq}, "{event.pk}", "{self.claim.pk}", "note", "{self.chief.pk}", "{event.actor_post}", '
            f'{int(event.at.timestamp()) * 1_000_000}, {(event.happened_on - NOW.date().replace(1970, 1, 1)).days}, '
            '"registered", "township", "{\\"note\\": \\"第2天，去了工地。\\"}"]'
        )
        self.assertEqual(sha256(bytes(last.digest) + content.encode()).digest(), bytes(event.digest))

    def test_many_rows_in_one_statement_are_chained_in_their_order(self) -> None:
        rows = [event_row(claim, "note", None, now=NOW, note=str(n)) for n in range(3) for claim in (self.claim, self.other)]
        insert(rows)
        self.assertEqual([event.facts for event in self.claim.events.order_by("seq")[4:]], [{"note": str(n)} for n in range(3)])
        self.assertEqual([seq for seq, _ in links(self.other)], [1, 2, 3, 4])
        Event.objects.bulk_create([event_row(self.claim, "note", None, now=NOW, note="bulk")])
        self.assertEqual(len(links(self.claim)), 8)
        self.assertEqual(chain.count_broken(9)[1], [])

    def test_nobody_chooses_a_number_or_a_digest(self) -> None:
        event = event_row(self.claim, "note", None, now=NOW)
        event.seq, event.digest = 99, b"mine"
        event.save(force_insert=True)
        self.assertEqual([seq for seq, _ in links(self.claim)], [1, 2, 3, 4, 5])
        self.assertEqual(chain.count_broken(9)[1], [])

    def test_a_changed_event_is_found_whatever_was_changed(self) -> None:
        for change in (
            {"facts": {"note": "去过了。"}}, {"at": NOW - timedelta(microseconds=1)}, {"happened_on": "2026-02-01"},
            {"actor": self.county}, {"actor_post": "局长"}, {"stage": "paid"}, {"level": "city"}, {"kind": "accept"},
        ):  # fmt: skip
            with self.subTest(change), transaction.atomic():
                with behind_its_back():
                    self.claim.events.filter(seq=3).update(**change)
                self.assertEqual(chain.count_broken(9)[1], [BrokenLink(self.claim.pk, 3, CHANGED)])
                transaction.set_rollback(True)

    def test_a_forged_digest_breaks_the_next_link(self) -> None:
        with behind_its_back():
            self.claim.events.filter(seq=2).update(digest=b"x" * 32)
        self.assertEqual([(link.seq, link.what) for link in chain.count_broken(9)[1]], [(2, CHANGED), (3, CHANGED)])

    def test_a_missing_event_is_found_at_the_next_one(self) -> None:
        with behind_its_back():
            self.claim.events.filter(seq__in=[1, 3]).delete()
        self.assertEqual([(link.seq, link.what) for link in chain.count_broken(9)[1]], [(2, MISSING), (4, MISSING)])
        self.assertEqual(list(chain.check([self.other.pk])), [])
        self.assertEqual(len(list(chain.check([self.claim.pk]))), 2)

    def test_small_batches_see_every_claim(self) -> None:
        with behind_its_back():
            Event.objects.filter(seq=1).update(kind="accept")
        self.assertEqual(chain.count_broken(1)[0], len(chain.count_broken(9)[1]))  # all are counted, few are told
        self.assertEqual(len(chain.count_broken(1)[1]), 1)
        self.assertEqual({link.claim_id for link in chain.count_broken(9, batch=1)[1]}, {self.claim.pk, self.other.pk})

    def test_a_session_in_another_time_zone_reads_the_same_chain(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL TimeZone = 'America/New_York'; SET LOCAL DateStyle = 'German'")
        self.assertEqual(chain.count_broken(9)[1], [])

    def test_what_was_there_before_the_chain_is_linked_in_the_order_of_its_time(self) -> None:
        before = links(self.claim)
        with behind_its_back(), connection.cursor() as cursor:
            cursor.execute("ALTER TABLE arrears_event DROP CONSTRAINT event_chain")
            cursor.execute("UPDATE arrears_event SET seq = 0, digest = ''")
            cursor.execute(migration.BACKFILL)
        self.assertEqual(links(self.claim), before)
        self.assertEqual(chain.count_broken(9)[1], [])


class TwoWriters(Cast, TransactionTestCase):
    """Nobody holds the claim: the database alone keeps them apart."""

    def test_writers_side_by_side_make_one_chain(self) -> None:
        self.make_cast()
        claims = [self.make_claim(), self.make_claim()]
        troubles: list[Exception] = []

        def write(mine: int) -> None:
            try:
                for turn in range(20):
                    with transaction.atomic():
                        record(claims[turn % 2], "note", None, now=NOW, note=str(mine))
                        record(claims[turn % 2], "note", None, now=NOW, note="again")
            except Exception as trouble:
                troubles.append(trouble)
            finally:
                connection.close()

        writers = [threading.Thread(target=write, args=[n]) for n in range(4)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        self.assertEqual(troubles, [])
        for claim in claims:
            self.assertEqual([seq for seq, _ in links(claim)], list(range(1, 82)))
        self.assertEqual(chain.count_broken(9)[1], [])
