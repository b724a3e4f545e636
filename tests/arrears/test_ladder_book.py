"""Which ladder a clock follows on a day."""

from datetime import date

from django.test import SimpleTestCase

from arrears.ladders import LADDERS, Rung
from arrears.ladders.book import CLAIM_CLASSES, Book, Draft, Version, kinds_of
from arrears.ladders.rungs import rungs_from_json

DAY = date(2026, 3, 2)
SHORT = (Rung("late1", "逾期", ("level",), working_days=1),)


def version(name: str, line: tuple[str, str, str], number: int = 1, rungs: tuple[Rung, ...] = SHORT, day: date = DAY) -> Version:
    return Version(name, *line, number, rungs, day)


class Kinds(SimpleTestCase):
    def test_the_most_particular_kind_comes_first_and_any_kind_last(self) -> None:
        self.assertEqual(kinds_of(9, "", False), ("single", ""))
        self.assertEqual(kinds_of(10, "", False), ("group", ""))
        self.assertEqual(kinds_of(10, "gathering", True), ("sensitive", "festival", "group", ""))
        self.assertEqual(kinds_of(1, "", True), ("festival", "single", ""))

    def test_a_season_covers_its_first_and_its_last_day(self) -> None:
        book = Book(seasons=[(date(2026, 12, 1), date(2027, 2, 5))])
        days = {date(2026, 11, 30): False, date(2026, 12, 1): True, date(2027, 2, 5): True, date(2027, 2, 6): False}
        self.assertEqual({day: book.in_season(day) for day in days}, days)


class Choosing(SimpleTestCase):
    def chosen(self, book: Book, rule: str = "JC-ACCEPT", kinds: tuple[str, ...] = ("single", ""), day: date = DAY) -> object:
        return book.choose(rule, kinds, day).id

    def test_without_rows_it_is_the_codes_own(self) -> None:
        found = Book().choose("JC-ACCEPT", ("single", ""), DAY)
        self.assertEqual((found.id, found.number, found.rungs), (None, 0, LADDERS["legal"]))

    def test_a_kind_goes_before_any_and_within_a_kind_the_rule_before_its_family(self) -> None:
        rows = [
            version("family", ("legal", "", "")), version("rule", ("legal", "JC-ACCEPT", "")),
            version("group", ("legal", "", "group")), version("group rule", ("legal", "JC-ACCEPT", "group")),
            version("sensitive", ("legal", "", "sensitive")),
        ]  # fmt: skip
        book = Book(rows)
        self.assertEqual(self.chosen(book, "JC-INVEST"), "family")
        self.assertEqual(self.chosen(book), "rule")
        self.assertEqual(self.chosen(book, "JC-INVEST", ("group", "")), "group")
        self.assertEqual(self.chosen(book, kinds=("group", "")), "group rule")
        self.assertEqual(self.chosen(book, kinds=("sensitive", "group", "")), "sensitive")
        self.assertIsNone(self.chosen(book, "CLOSE-5"))

    def test_a_version_applies_from_its_day_and_the_latest_published_amends_what_was_to_come(self) -> None:
        later, first = date(2026, 4, 1), date(2026, 3, 1)
        book = Book([version("v1", ("legal", "", ""), 1, day=first), version("v2", ("legal", "", ""), 2, day=later)])
        self.assertEqual([self.chosen(book, day=day) for day in (date(2026, 2, 1), DAY, later)], [None, "v1", "v2"])
        amended = Book([*book.versions, version("v3", ("legal", "", ""), 3, day=first)])
        self.assertEqual([self.chosen(amended, day=day) for day in (DAY, later)], ["v3", "v3"])

    def test_a_version_without_rungs_ends_its_line(self) -> None:
        rows = [
            version("family", ("legal", "", "")), version("v1", ("legal", "", "group"), 1),
            version("v2", ("legal", "", "group"), 2, ()),
        ]  # fmt: skip
        self.assertEqual(self.chosen(Book(rows), kinds=("group", "")), "family")
        ended = Book([version("v1", ("legal", "", "")), version("v2", ("legal", "", ""), 2, ())])
        self.assertIsNone(self.chosen(ended))

    def test_a_watch_finds_its_version_whatever_is_right_today(self) -> None:
        old, new = version("v1", ("legal", "", "")), version("v2", ("legal", "", ""), 2)
        book = Book([old, new])
        self.assertIs(book.version("v1", "JC-ACCEPT"), old)
        self.assertEqual(book.version(None, "JC-ACCEPT").rungs, LADDERS["legal"])
        self.assertEqual((book.knows("v1"), book.knows(None), book.knows("v9")), (True, True, False))
        self.assertRaises(KeyError, book.version, "v9", "JC-ACCEPT")

    def test_an_unknown_rule_is_an_error_and_an_unknown_family_a_row_nobody_chooses(self) -> None:
        self.assertRaises(KeyError, Book().choose, "NO-SUCH", ("",), DAY)
        self.assertIsNone(self.chosen(Book([version("odd", ("steep", "", ""))])))

    def test_the_table_names_only_what_differs_from_the_code(self) -> None:
        self.assertEqual(Book().table(DAY), {})
        book = Book([version("group", ("legal", "JC-ACCEPT", "group")), version("sensitive", ("legal", "JC-ACCEPT", "sensitive"))])
        self.assertEqual(book.table(DAY), {
            "JC-ACCEPT": {"group": "group", "sensitive single": "sensitive", "sensitive group": "sensitive"},
        })  # fmt: skip
        self.assertEqual(book.table(date(2026, 2, 1)), {})

    def test_every_class_of_claim_has_another_set_of_kinds(self) -> None:
        self.assertEqual(len({kinds_of(*example, False) for example in CLAIM_CLASSES.values()}), len(CLAIM_CLASSES))

    def test_a_draft_stands_in_the_book_as_the_next_version_of_its_line(self) -> None:
        book = Book([version("v1", ("legal", "", ""), 1)])
        draft, then = Draft("legal", rungs=SHORT, valid_from=DAY).among(book)
        self.assertEqual((draft.number, then.choose("JC-ACCEPT", ("",), DAY)), (2, draft))

    def test_names_that_ask_for_an_acknowledgement_are_known_from_every_version(self) -> None:
        asking = (Rung("late9", "逾期", ("level",), working_days=9, ack_days=2),)
        book = Book([version("v1", ("local", "", ""), 1, asking)])
        self.assertEqual((book.asking("local"), book.asking("promise")), ({"due", "late9"}, set()))


class Json(SimpleTestCase):
    def test_every_rung_of_the_code_comes_back_as_it_was(self) -> None:
        for name, ladder in LADDERS.items():
            self.assertEqual(rungs_from_json(rung.to_json() for rung in ladder), ladder, name)

    def test_only_what_differs_is_kept_and_what_is_unknown_is_an_error(self) -> None:
        rung = Rung("late1", "逾期", ("level", "mediator@county"), working_days=1, channels=("sms",))
        stored = {"name": "late1", "label": "逾期", "tells": ["level", "mediator@county"], "working_days": 1, "channels": ["sms"]}
        self.assertEqual(rung.to_json(), stored)
        self.assertEqual(Rung.from_json(stored), rung)
        for bad in ({**stored, "weather": "fine"}, {"name": "late1"}):
            self.assertRaises(TypeError, Rung.from_json, bad)
