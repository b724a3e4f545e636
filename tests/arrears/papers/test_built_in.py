"""The papers that come with the program, through the whole machine: every one is filled, typeset, and taken back as an upload."""

import pytest

from arrears.papers.answering import form_for
from arrears.papers.book import built_in, has_text
from arrears.papers.examples import example_facts
from arrears.papers.forms import FORMS, WORKER
from arrears.papers.making import Maker, finish
from arrears.papers.uploads import accept
from tests.arrears.papers.scenes import PapersTestCase, answers_of
from tests.base import TODAY

HERE = [form for form in FORMS.values() if has_text(form)]


class TestBuiltIn(PapersTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.many = cls.make_full(3)

    def test_every_paper_of_the_table_has_its_text(self):
        self.assertEqual([form.id for form in FORMS.values() if not has_text(form)], [])

    def test_each_is_filled_and_typeset_for_one_and_for_many(self):
        for claim in (self.one, self.many):
            maker = Maker(claim, TODAY)
            for form in HERE:
                if form.fits(claim.worker_count):
                    with self.subTest(form=form.id, workers=claim.worker_count):
                        worker = claim.claimants.first() if form.per == WORKER and claim.worker_count > 1 else None
                        asked = form_for([form], maker.record(form)).fields
                        answers = answers_of(form.id, **({"party": asked["party"].choices[-1][0]} if "party" in asked else {}))
                        made = finish(maker.draft(form.id, answers, worker=worker), TODAY)
                        self.assertGreaterEqual(made.pages, 1)
                        self.assertTrue(made.draft.blocks)


@pytest.mark.parametrize("form", HERE, ids=lambda form: form.id)
def test_an_office_can_take_it_home_and_bring_it_back(form) -> None:
    assert accept(built_in(form), example_facts()).warnings == []
