"""A file that no row names is told of within a week; one that a row names, or that is still young, never."""

import os
from datetime import timedelta
from pathlib import Path

from django.db import connection
from django.test.utils import CaptureQueriesContext

from arrears import integrity
from arrears.evidence import add_evidence
from arrears.papers.issuing import issue
from arrears.papers.keeping import path_of
from arrears.papers.packets import Wish, ask, make_next
from tests.arrears.papers.office import OfficeTestCase
from tests.arrears.papers.scenes import answers_of
from tests.arrears.papers.test_packets import typed
from tests.arrears.test_evidence import upload
from tests.base import NOW

DAY = timedelta(days=1)


class UnnamedFilesTest(OfficeTestCase):
    def told(self, first_night=NOW) -> list[str]:
        nights = [first_night + night * DAY for night in range(7)]
        return sorted(name for night in nights for one in integrity.run(night, ["unnamed_files"]) for name in one.found.examples)

    def age(self, days: int) -> None:
        for path in self.media.rglob("*"):
            moment = (NOW - days * DAY).timestamp()
            os.utime(path, (moment, moment))

    def left(self, name: str) -> Path:
        place = self.media / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(b"somebody's papers")
        return place

    def test_what_a_killed_worker_left_is_told_and_what_rows_name_is_not(self) -> None:
        paper = issue(self.one, "F-16", self.chief, now=NOW, answers=answers_of("F-16"))
        add_evidence(self.one, upload(), self.grid_worker, now=NOW, kind="iou")
        ask(self.one, Wish("support", ("F-16", "L-02")), typed("F-16", "L-02"), self.chief, now=NOW, send=lambda: None)
        self.assertTrue(make_next(NOW))
        self.age(30)
        self.assertEqual(self.told(), [])
        left = ["papers/2026/03/0199a0f2-0000-7000-8000-000000000001.pdf", "evidence/2025/12/0199a0f2-0000-7000-8000-000000000002", "papers/odd.part"]
        for name in left:
            self.left(name)
        # the right key in another month is nobody's either
        self.left(f"papers/1999/01/{paper.pk}.pdf")
        self.age(30)
        self.assertEqual(self.told(), sorted([*left, f"papers/1999/01/{paper.pk}.pdf"]))
        self.assertTrue(path_of(paper, "pdf").is_file())  # told, not removed

    def test_a_row_may_still_be_on_its_way(self) -> None:
        self.left("evidence/2026/03/0199a0f2-0000-7000-8000-000000000002")
        self.age(1)
        self.assertEqual(list(integrity.run(NOW, ["unnamed_files"])[0].found.examples), [])
        self.assertEqual(len(self.told(NOW + 2 * DAY)), 1)

    def test_thirty_files_take_no_more_questions_than_three(self) -> None:
        asked = []
        for number in range(30):
            self.left(f"evidence/2026/03/{number}")
            self.age(30)
            if number in (2, 29):
                turn = next(night for night in range(7) if integrity.run(NOW + night * DAY, ["unnamed_files"])[0].found.count)
                with CaptureQueriesContext(connection) as queries:
                    found = integrity.run(NOW + turn * DAY, ["unnamed_files"])[0].found
                asked.append(len(queries))
        self.assertEqual((found.count, len(found.examples)), (30, integrity.EXAMPLES))
        self.assertEqual(asked[0], asked[1])
